//! Which texts and keys are secrets, and why others are refused.

#[path = "support/reference.rs"]
mod reference;

use intercom_identity::{Secret, SecretError, UserHash, UserId};

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

/// Secrets cannot be compared, but what they sign can.
fn signature(secret: Result<Secret, SecretError>) -> Result<[u8; 32], SecretError> {
    secret.map(|secret| UserHash::compute(&secret, UserId::from(1_u32)).to_bytes())
}

fn signature_keyed_with(key: &[u8]) -> [u8; 32] {
    reference::hmac_sha256(key, b"1")
}

#[test]
fn text_of_the_dashboard_is_the_key_as_it_is() {
    let other_characters = "-_+/.~".repeat(6);
    for text in [SECRET, &other_characters, &format!("{SECRET}="), &format!("{SECRET}=="), &format!("_dG9rO{SECRET}")] {
        let expected = Ok(signature_keyed_with(text.as_bytes()));
        assert_eq!(signature(Secret::new(text)), expected, "{text}");
        assert_eq!(signature(text.parse()), expected, "{text}");
        assert_eq!(signature(text.to_owned().try_into()), expected, "{text}");
    }
}

#[test]
fn text_of_32_characters_or_more_is_taken_whole_and_a_shorter_one_is_refused() {
    for length in 1..=200 {
        let text: String = ('0'..='9').chain('A'..='Z').chain('a'..='z').cycle().take(length).collect();
        let expected = if length < 32 {
            Err(SecretError::TooShort { found: length })
        } else {
            Ok(signature_keyed_with(text.as_bytes()))
        };
        assert_eq!(signature(Secret::new(&text)), expected, "{length} characters");
    }
}

#[test]
fn text_that_is_no_secret_is_refused_with_the_reason() {
    use SecretError::{AccessToken, Empty, TooShort, UnexpectedCharacter};

    for (text, error) in [
        ("", Empty),
        ("pi3243fa", TooShort { found: 8 }), // an app id
        ("null", TooShort { found: 4 }),
        ("undefined", TooShort { found: 9 }),
        ("=", TooShort { found: 1 }),
        ("${INTERCOM_SECRET}", UnexpectedCharacter),
        ("<intercom-secret>", UnexpectedCharacter),
        ("INTERCOM_SECRET=abc", UnexpectedCharacter),
        ("Bearer kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY", UnexpectedCharacter),
        ("\"kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY\"", UnexpectedCharacter),
        ("'kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY'", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY\n", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY\r\n", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYp\nLh3DkJ9vT2xQ7mWc4RbZ8nY", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYp\u{200b}Lh3DkJ9vT2xQ7mWc4RbZ8nY", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY\u{feff}", UnexpectedCharacter),
        ("\u{feff}kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY\0", UnexpectedCharacter),
        ("=kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY", UnexpectedCharacter),
        ("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY===", UnexpectedCharacter),
        // an API access token: base64 of `tok:` and more
        ("dG9rOjEyMzQ1Njc4XzEyMzRfMTIzNF8xMjM0XzEyMzQ1Njc4OTAxMjoxOjA=", AccessToken),
        ("dG9rOjEyMzQ1Njc4XzEyMzRfMTIzNF8xMjM0XzEyMzQ1Njc4OTAxMjoxOjA=\n", AccessToken),
        ("dG9rO", AccessToken),
    ] {
        assert_eq!(signature(Secret::new(text)), Err(error), "{text:?}");
        assert_eq!(signature(text.parse()), Err(error), "{text:?}");
        assert_eq!(signature(text.to_owned().try_into()), Err(error), "{text:?}");
        let what_to_do = match error {
            Empty => "the secret is empty: set it to the identity verification secret that Intercom's settings show",
            TooShort { .. } => "copy the identity verification secret from Intercom's settings, not the app id",
            UnexpectedCharacter => "remove line breaks, spaces, quotes and placeholders",
            _ => "the secret is an API access token: use the identity verification secret from Intercom's settings",
        };
        assert!(error.to_string().ends_with(what_to_do), "{error}");
    }
    assert!(TooShort { found: 8 }.to_string().starts_with("the secret has 8 characters, fewer than 32: "));
}

#[test]
fn no_other_ascii_character_is_part_of_a_secret() {
    for character in '\0'..='\x7f' {
        let text = SECRET.replace('9', &character.to_string());
        let expected = if character.is_ascii_alphanumeric() || "-_+/.~".contains(character) {
            Ok(signature_keyed_with(text.as_bytes()))
        } else {
            Err(SecretError::UnexpectedCharacter)
        };
        assert_eq!(signature(Secret::new(&text)), expected, "{character:?}");
    }
}

#[test]
fn any_bytes_but_none_are_a_key() {
    for key in [b"secret".as_slice(), b"secret\n", b"\"\"", b"dG9rO", b"\0", b"\xff\xfe", &[0xaa; 64], &[0xaa; 4096]] {
        assert_eq!(signature(Secret::from_bytes(key)), Ok(signature_keyed_with(key)), "{key:?}");
    }
    assert_eq!(signature(Secret::from_bytes(&[])), Err(SecretError::Empty));
}

#[cfg(feature = "serde")]
mod serde {
    use ::serde::{
        Deserialize,
        de::{IntoDeserializer, value::Error},
    };

    use super::*;

    fn read<'de>(value: impl IntoDeserializer<'de, Error>) -> Result<Secret, Error> {
        Secret::deserialize(value.into_deserializer())
    }

    fn words<E: ToString>(outcome: Result<Secret, E>) -> Option<String> {
        outcome.err().map(|error| error.to_string())
    }

    #[test]
    fn secret_is_read_from_a_string_as_new_takes_it() -> Result<(), Box<dyn std::error::Error>> {
        let escaped = format!("\"\\u006b{}\"", SECRET.trim_start_matches('k'));
        for secret in [read(SECRET)?, read(SECRET.to_owned())?, serde_json::from_str(&escaped)?] {
            assert_eq!(signature(Ok(secret)), Ok(signature_keyed_with(SECRET.as_bytes())));
        }
        for (text, error) in [("", SecretError::Empty), ("pi3243fa", SecretError::TooShort { found: 8 })] {
            assert_eq!(words(read(text)), Some(error.to_string()));
            assert_eq!(words(read(text.to_owned())), Some(error.to_string()));
        }
        Ok(())
    }

    /// Some formats take text without quotation marks for a number: it must not become another key.
    #[test]
    fn number_is_no_secret_whatever_its_type() {
        let long = 12_345_678_901_234_567_890_123_456_789_012_345_678_i128;
        let long = [words(read(long)), words(read(long.unsigned_abs()))];
        let short = [words(read(u64::MAX)), words(read(i64::MIN)), words(read(1.5)), words(read(true))];
        let json = ["4711", "-4711", "4711.5", "12345678901234567890123456789012345678"];
        for words in long.into_iter().chain(short).chain(json.map(|json| words(serde_json::from_str(json)))) {
            assert!(words.as_ref().is_some_and(|words| words.contains("expected a string")), "{words:?}");
        }
    }
}
