//! User hashes and secrets in configuration files and messages. Here, as always, what is private is not quoted.

#![cfg(feature = "serde")]

use std::{collections::BTreeMap, error::Error, fmt::Display};

use intercom_identity::{Secret, SecretError, UserHash, UserId};
use serde::{
    Deserialize,
    de::{
        DeserializeOwned, IntoDeserializer,
        value::{Error as ValueError, StrDeserializer},
    },
};
use serde_json::{Value, json};

type TestResult = Result<(), Box<dyn Error>>;

/// Of the `user_id` 1, with the secret `abc123`.
const HASH: &str = "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3";

/// Reads a text that the deserializer lends.
fn lent<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    T::deserialize(StrDeserializer::<ValueError>::new(text)).map_err(|error| error.to_string())
}

/// Reads a text that the deserializer hands over.
fn owned<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|error| error.to_string())
}

fn words<T, E: Display>(outcome: Result<T, E>) -> Option<String> {
    outcome.err().map(|error| error.to_string())
}

fn signature(secret: &Secret) -> UserHash {
    UserHash::compute(secret, UserId::from(1_u32))
}

#[test]
fn user_hash_is_written_as_its_text() -> TestResult {
    assert_eq!(serde_json::to_value(HASH.parse::<UserHash>()?)?, json!(HASH));
    Ok(())
}

#[test]
fn user_hash_is_read_from_its_text() -> TestResult {
    let hash: UserHash = HASH.parse()?;
    assert_eq!(lent(HASH), Ok(hash.clone()));
    assert_eq!(owned(HASH), Ok(hash));
    Ok(())
}

#[test]
fn malformed_user_hash_is_refused_in_the_words_of_the_parse_error() {
    for text in [String::new(), HASH.replace("b3", ""), HASH.to_uppercase(), HASH.replace('f', "g")] {
        let refusal = words(text.parse::<UserHash>());
        assert!(refusal.is_some(), "{text}");
        assert_eq!(words(lent::<UserHash>(&text)), refusal);
        assert_eq!(words(owned::<UserHash>(&text)), refusal);
    }
}

#[test]
fn secret_is_read_from_its_text() -> TestResult {
    assert_eq!(signature(&lent("abc123")?).as_str(), HASH);
    assert_eq!(signature(&owned("abc123")?).as_str(), HASH);
    Ok(())
}

#[test]
fn malformed_secret_is_refused_in_the_words_of_its_error() {
    for (text, error) in [
        ("", SecretError::Empty),
        ("swordfish\n", SecretError::SurroundingWhitespace),
        ("dG9rOnN3b3JkZmlzaA==", SecretError::AccessToken),
    ] {
        assert_eq!(lent::<Secret>(text).err(), Some(error.to_string()));
        assert_eq!(owned::<Secret>(text).err(), Some(error.to_string()));
    }
}

#[test]
fn json_escapes_are_resolved_first() -> TestResult {
    let escaped = format!(r#""\u0066{}""#, HASH.trim_start_matches('f'));
    assert_eq!(serde_json::from_str::<UserHash>(&escaped)?.as_str(), HASH);
    assert_eq!(signature(&serde_json::from_str(r#""abc\u00312\u0033""#)?).as_str(), HASH);
    let padded = serde_json::from_str::<Secret>(r#""abc123\n""#);
    assert!(words(padded).is_some_and(|words| words.starts_with("the secret starts or ends with white space")));
    Ok(())
}

#[test]
fn configuration_holds_secrets_and_messages_hold_hashes() -> TestResult {
    #[derive(Deserialize)]
    struct Configuration {
        secrets: BTreeMap<String, Secret>,
        issued: Vec<UserHash>,
        next: Option<Secret>,
    }

    let text = format!(r#"{{ "secrets": {{ "web": "abc123" }}, "issued": ["{HASH}"], "next": null }}"#);
    let configuration: Configuration = serde_json::from_reader(text.as_bytes())?;
    assert_eq!(configuration.secrets.get("web").map(signature).as_ref(), configuration.issued.first());
    assert!(configuration.next.is_none());
    Ok(())
}

#[test]
fn value_that_is_not_text_is_refused_and_not_quoted() {
    fn refused<'a>(value: impl IntoDeserializer<'a, ValueError> + Clone) {
        let secret = Secret::deserialize(value.clone().into_deserializer());
        assert_eq!(words(secret).as_deref(), Some("expected a secret"));
        let hash = UserHash::deserialize(value.into_deserializer());
        assert_eq!(words(hash).as_deref(), Some("expected a user hash"));
    }

    refused(true);
    refused(7_355_608_u32);
    refused(-7_355_608_i64);
    refused(u64::MAX);
    refused(i128::MIN);
    refused(u128::MAX);
    refused(7355.608);
    refused(());
    refused(b"swordfish".as_slice());
    refused(vec!["swordfish"]);
    refused(BTreeMap::from([("swordfish", "swordfish")]));
}

#[test]
fn json_that_is_not_text_is_refused_and_not_quoted() {
    for json in
        ["7355608", "-7355608", "7355608.5", "true", "null", r#"["swordfish"]"#, r#"{"swordfish": "swordfish"}"#]
    {
        let secret = words(serde_json::from_str::<Secret>(json));
        assert_eq!(secret.as_deref(), Some("expected a secret"), "{json}");
        let hash = words(serde_json::from_str::<UserHash>(json));
        assert_eq!(hash.as_deref(), Some("expected a user hash"), "{json}");
    }
}
