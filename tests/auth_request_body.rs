//! How the JSON body that a client sends becomes a request.

#![cfg(feature = "serde")]

use std::error::Error;

use intercom_identity::{
    Admission, AuthRequestBody, Authenticator, Enforcement, Identity, IdentityError, Keyring, ParseUserHashError,
    Platform::Web,
    Rejection::{self, MalformedUserHash, MissingUserHash},
    Secret, UnixTime, UnixTimeError,
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};

type TestResult = Result<(), Box<dyn Error>>;

const FIELDS: &[&str] = &[
    "user_id",
    "email",
    "user_hash",
    #[cfg(feature = "jwt")]
    "user_jwt",
];

/// Secret `abc123`, claims `{"user_id":"1"}`; made with Python's `hmac`.
#[cfg(feature = "jwt")]
const USER_JWT: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiMSJ9.Psxhycd9qOh6FxuxKjVzyxa1c3hwakARUC_fop6pz1A";

fn received() -> Result<UnixTime, UnixTimeError> {
    UnixTime::from_seconds(1_767_225_600)
}

/// What a server without a secret, which only observes, sees of a request.
#[derive(Debug, PartialEq)]
struct Seen {
    user_id: Option<String>,
    email: Option<String>,
    unverified: Option<Rejection>,
}

fn seen(json: &str) -> Result<Seen, Box<dyn Error>> {
    let body: AuthRequestBody = serde_json::from_str(json)?;
    let server = Authenticator::new(Keyring::new()).enforcement(Web, Enforcement::Observe);
    match server.authenticate(&body.request(Web, received()?)?)? {
        Admission::Unverified(user) => Ok(Seen {
            user_id: user.identity().user_id().map(|user_id| user_id.as_str().into()),
            email: user.identity().email().map(|email| email.as_str().into()),
            unverified: Some(*user.reason()),
        }),
        Admission::Unidentified => Ok(Seen { user_id: None, email: None, unverified: None }),
        Admission::Verified(_) => Err("verified without a secret".into()),
    }
}

fn user_id(json: &str) -> Result<Option<String>, Box<dyn Error>> {
    Ok(seen(&format!(r#"{{"user_id":{json}}}"#))?.user_id)
}

/// The text of the error, without where it is.
fn refusal(json: &str) -> Option<String> {
    let error = serde_json::from_str::<AuthRequestBody>(json).err()?;
    let position = format!(" at line {} column {}", error.line(), error.column());
    Some(error.to_string().replace(&position, ""))
}

/// Secret `abc123`, `user_id` `1`: from the tests of Intercom's Node client.
#[test]
fn user_id_as_text_or_as_integer_is_verified_with_the_same_hash() -> TestResult {
    let server = Authenticator::new(Keyring::new().with([Web], Secret::new("abc123")?));
    let hash = "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3";
    for user_id in [json!("1"), json!(1)] {
        let json = json!({ "user_id": user_id, "email": "ada@example.com", "user_hash": hash }).to_string();
        let body: AuthRequestBody = serde_json::from_str(&json)?;
        let admission = server.authenticate(&body.request(Web, received()?)?)?;
        assert_eq!(admission.label(), "verified", "{json}");
    }
    Ok(())
}

#[test]
fn every_integer_up_to_64_bits_is_its_decimal_text() -> TestResult {
    for integer in [0, 1, 4711, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
        assert_eq!(user_id(&integer.to_string())?, Some(integer.to_string()));
    }
    Ok(())
}

#[test]
fn text_that_looks_like_a_number_stays_as_it_is() -> TestResult {
    for text in ["01", "-1", "+1", "1.0", "1e3", " 1", "1 ", "18446744073709551616"] {
        assert_eq!(user_id(&format!("\"{text}\""))?.as_deref(), Some(text));
    }
    Ok(())
}

#[test]
fn anything_but_a_text_or_a_whole_number_is_refused_as_the_user_id() {
    for value in [
        "-1",
        "-0",
        "1.0",
        "1e3",
        "18446744073709551616",
        "-9223372036854775809",
        "true",
        "false",
        "[]",
        r#"["4711"]"#,
        "{}",
        r#"{"$oid":"4711"}"#,
    ] {
        let refusal = refusal(&format!(r#"{{"user_id":{value}}}"#));
        assert_eq!(refusal.as_deref(), Some("expected a text or a whole number"), "{value}");
    }
}

#[test]
fn anything_but_a_text_is_refused_in_every_other_field() {
    for field in FIELDS.iter().filter(|field| **field != "user_id") {
        for value in [
            "4711",
            "0",
            "-4711",
            "47.11",
            "18446744073709551616",
            "true",
            "false",
            r#"["ada@example.com"]"#,
            r#"{"ada":"example.com"}"#,
        ] {
            let refusal = refusal(&format!(r#"{{"{field}":{value}}}"#));
            assert_eq!(refusal.as_deref(), Some("expected a text"), "{field} {value}");
        }
    }
}

#[test]
fn anything_but_an_object_is_refused_as_the_body() {
    for json in [r#""f02877f2""#, "4711", "-4711", "47.11", "true", "null", "[]", r#"[{"user_id":"4711"}]"#] {
        assert_eq!(refusal(json).as_deref(), Some("expected an object"), "{json}");
    }
}

#[test]
fn every_field_can_be_left_out_and_null_is_as_good() -> TestResult {
    for present in 0..8_u8 {
        let field = |bit, text| (present & bit != 0).then_some(text);
        let (user_id, email, user_hash) = (field(1, "4711"), field(2, "ada@x"), field(4, "f028"));
        let reason = user_id.or(email).map(|_| match user_hash {
            Some(_) => MalformedUserHash(ParseUserHashError::Length { found: 4 }),
            None => MissingUserHash,
        });

        let null = json!({ "user_id": user_id, "email": email, "user_hash": user_hash });
        let fields = null.as_object().into_iter().flatten();
        let left_out: Value =
            fields.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect();
        for json in [null, left_out] {
            let expected =
                Seen { user_id: user_id.map(str::to_owned), email: email.map(str::to_owned), unverified: reason };
            assert_eq!(seen(&json.to_string())?, expected, "{json}");
        }
    }
    Ok(())
}

#[test]
fn body_that_says_nothing_is_a_visitors() -> TestResult {
    let body = AuthRequestBody::default();
    let server = Authenticator::new(Keyring::new());
    assert_eq!(server.authenticate(&body.request(Web, received()?)?), Ok(Admission::Unidentified));
    Ok(())
}

#[test]
fn identifier_that_is_present_but_cannot_be_one_is_an_error_whatever_the_other_is() -> TestResult {
    for (fields, expected) in [
        (json!({ "user_id": "" }), IdentityError::EmptyUserId),
        (json!({ "user_id": "", "email": null }), IdentityError::EmptyUserId),
        (json!({ "user_id": "", "email": "ada@example.com" }), IdentityError::EmptyUserId),
        (json!({ "email": "" }), IdentityError::EmptyEmail),
        (json!({ "user_id": "4711", "email": "" }), IdentityError::EmptyEmail),
        (json!({ "email": "ada" }), IdentityError::EmailWithoutAt),
        (json!({ "user_id": 4711, "email": "ada" }), IdentityError::EmailWithoutAt),
    ] {
        let body: AuthRequestBody = serde_json::from_value(fields.clone())?;
        assert_eq!(body.request(Web, received()?).err(), Some(expected), "{fields}");
    }
    Ok(())
}

#[test]
fn hash_that_is_present_but_empty_is_malformed_and_not_missing() -> TestResult {
    let seen = seen(r#"{"user_id":"4711","user_hash":""}"#)?;
    assert_eq!(seen.unverified, Some(MalformedUserHash(ParseUserHashError::Length { found: 0 })));
    Ok(())
}

#[test]
fn field_of_another_name_is_refused() {
    for name in ["", "userId", "User_id", "USER_ID", "user_id ", "user-hash", "userHash", "hash", "id", "app_id"] {
        for value in ["null", "\"4711\"", "[]"] {
            assert_eq!(
                refusal(&format!(r#"{{"user_id":"4711","{name}":{value}}}"#)).as_deref(),
                Some("a field has an unknown name"),
                "{name}",
            );
        }
    }
}

#[test]
fn field_that_stands_there_twice_is_refused_even_if_it_is_null_or_says_the_same() {
    for field in FIELDS {
        for (first, second) in [("null", "null"), ("null", "\"a@b\""), ("\"a@b\"", "null"), ("\"a@b\"", "\"a@b\"")] {
            let twice = format!(r#"{{"{field}":{first},"{field}":{second}}}"#);
            assert_eq!(refusal(&twice).as_deref(), Some("a field stands there twice"), "{twice}");
        }
    }
    let apart = r#"{"user_id":"4711","email":"a@b","user\u005fid":4712}"#;
    assert_eq!(refusal(apart).as_deref(), Some("a field stands there twice"));
}

#[test]
fn escapes_are_read_in_names_and_in_values() -> TestResult {
    for (json, text) in [
        (r#"{"email":"ada\u0040example.com"}"#, "ada@example.com"),
        (r#"{"em\u0061il":"ada@example.com"}"#, "ada@example.com"),
        (r#"{"email":"\"ada\\\/lovelace\"@x"}"#, r#""ada\/lovelace"@x"#),
        (r#"{"email":"\u0000\b\f\n\r\t@"}"#, "\0\u{8}\u{c}\n\r\t@"),
        (r#"{"email":"\ud83d\ude00@ẞ"}"#, "😀@ẞ"),
    ] {
        assert_eq!(seen(json)?.email.as_deref(), Some(text), "{json}");
    }
    Ok(())
}

#[test]
fn what_is_not_json_is_refused_and_not_quoted() {
    for bytes in [
        b"".as_slice(),
        b"{",
        br#"{"user_id":"secretive"#,
        br#"{"user_id":"secretive""#,
        b"secretive",
        b"user_id=secretive",
        b"{'user_id':'secretive'}",
        br#"{"user_id":secretive}"#,
        br#"{"user_id":"secretive",}"#,
        br#"{"user_id":"secretive"}{}"#,
        br#"{"user_id":"secretive\ud83d"}"#,
        b"{\"user_id\":\"secretive\xff\"}",
        b"{\"user_id\":\"secretive\n\"}",
        br#"{"user_id":0123456789}"#,
        br#"{"user_id":0x123456789}"#,
        br#"{"user_id":123456789e999}"#,
    ] {
        let json = String::from_utf8_lossy(bytes);
        let refusal = serde_json::from_slice::<AuthRequestBody>(bytes).err().map(|error| error.to_string());
        assert!(refusal.is_some_and(|text| !text.contains("secret") && !text.contains("123456")), "{json}");
    }
}

#[test]
fn body_can_be_read_from_a_stream() -> TestResult {
    let body: AuthRequestBody = serde_json::from_reader(r#"{"user_id":4711,"email":"\u0061@b"}"#.as_bytes())?;
    let server = Authenticator::new(Keyring::new()).enforcement(Web, Enforcement::Observe);
    let request = body.request(Web, received()?)?;
    let Ok(Admission::Unverified(user)) = server.authenticate(&request) else { return Err("not let in".into()) };
    assert_eq!(user.identity(), Identity::new(Some("4711"), Some("a@b"))?);
    Ok(())
}

#[cfg(feature = "jwt")]
#[test]
fn user_jwt_is_taken_instead_of_the_hash_and_never_beside_it() -> TestResult {
    let server = Authenticator::new(Keyring::new().with([Web], Secret::new("abc123")?));
    let outcome = |fields: Value| -> Result<Result<&'static str, Rejection>, Box<dyn Error>> {
        let body: AuthRequestBody = serde_json::from_value(fields)?;
        let request = body.request(Web, received()?)?;
        Ok(server.authenticate(&request).map(|admission| admission.label()))
    };
    assert_eq!(outcome(json!({ "user_jwt": USER_JWT }))?, Ok("verified"));
    assert_eq!(outcome(json!({ "user_jwt": USER_JWT, "user_hash": null }))?, Ok("verified"));
    assert_eq!(outcome(json!({ "user_jwt": USER_JWT, "user_hash": "" }))?, Err(Rejection::UserHashAndUserJwt));
    assert_eq!(outcome(json!({ "user_id": 1, "user_jwt": null }))?, Err(MissingUserHash));
    assert_eq!(outcome(json!({ "user_id": 1, "user_hash": USER_JWT }))?, Err(Rejection::UserJwtAsUserHash));
    Ok(())
}

#[cfg(not(feature = "jwt"))]
#[test]
fn user_jwt_is_an_unknown_field_to_who_cannot_check_it() {
    assert_eq!(refusal(r#"{"user_jwt":null}"#).as_deref(), Some("a field has an unknown name"));
}

#[test]
fn debug_shows_which_fields_there_are_and_no_value() -> TestResult {
    let body: AuthRequestBody = serde_json::from_str(r#"{"user_id":4711,"user_hash":"f028"}"#)?;
    let user_jwt = if cfg!(feature = "jwt") { ", user_jwt: None" } else { "" };
    assert_eq!(
        format!("{body:?}"),
        format!("AuthRequestBody {{ user_id: Some([REDACTED]), email: None, user_hash: Some([REDACTED]){user_jwt} }}"),
    );
    Ok(())
}

/// A JSON value that says `secretive` or `4815162342` wherever it can.
fn any_json() -> impl Strategy<Value = Value> {
    let number = 4_815_162_342_i64;
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        Just(json!("secretive")),
        Just(json!("")),
        Just(json!(number)),
        Just(json!(-number)),
        Just(json!(4_815.162_342)),
    ];
    let name =
        prop_oneof![4 => prop::sample::select(FIELDS).prop_map(str::to_owned), 1 => Just("secretive".to_owned())];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name.clone(), inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn error_never_quotes_what_was_sent(value in any_json()) {
        for error in [
            serde_json::from_str::<AuthRequestBody>(&value.to_string()).err(),
            serde_json::from_value::<AuthRequestBody>(value).err(),
        ] {
            let text = error.map(|error| format!("{error} {error:?}")).unwrap_or_default();
            prop_assert!(!text.contains("secretive") && !text.contains("4815"), "{}", text);
        }
    }

    #[test]
    fn every_text_is_taken_as_it_is(user_id in option::of("(?s).+"), email in option::of("(?s).*@.*")) {
        let json = json!({ "user_id": user_id, "email": email }).to_string();
        let seen = seen(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!((seen.user_id, seen.email), (user_id, email));
    }
}
