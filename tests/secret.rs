//! Which texts and keys are secrets, and why others are refused.

#[path = "support/reference.rs"]
mod reference;

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD, Engine};
use intercom_identity::{
    Secret,
    SecretError::{self, AccessToken, Empty, Encoded, Placeholder, TooShort, UnexpectedCharacter},
    UserHash, UserId,
};

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

/// Secrets cannot be compared, but what they sign can.
fn signature(secret: Result<Secret, SecretError>) -> Result<[u8; 32], SecretError> {
    secret.map(|secret| UserHash::compute(&secret, UserId::from(1_u32)).to_bytes())
}

fn signature_keyed_with(key: &[u8]) -> [u8; 32] {
    reference::hmac_sha256(key, b"1")
}

/// By every way in.
#[track_caller]
fn assert_text(text: &str, error: Option<SecretError>) {
    let expected = error.map_or_else(|| Ok(signature_keyed_with(text.as_bytes())), Err);
    for secret in [Secret::new(text), text.parse(), text.to_owned().try_into(), text.to_owned().into_bytes().try_into()]
    {
        assert_eq!(signature(secret), expected, "{text:?}");
    }
}

#[test]
fn text_of_the_dashboard_is_the_key_as_it_is() {
    for text in [SECRET, &format!("{SECRET}-_+/.~="), &format!("{SECRET}=="), &format!("_dG9rO{SECRET}")] {
        assert_text(text, None);
    }
}

#[test]
fn text_of_32_characters_or_more_is_taken_whole_and_a_shorter_one_is_refused() {
    for length in 1..=200 {
        let text: String = ('0'..='9').chain('A'..='Z').chain('a'..='z').cycle().take(length).collect();
        assert_text(&text, (length < 32).then_some(TooShort { found: length }));
    }
}

#[test]
fn text_that_is_no_secret_is_refused_with_the_most_helpful_reason() {
    for (text, error) in [
        ("", Empty),
        ("pi3243fa", TooShort { found: 8 }), // an app id
        ("null", TooShort { found: 4 }),
        ("undefined", TooShort { found: 9 }),
        ("process.env.INTERCOM_SECRET", TooShort { found: 27 }),
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
        ("YOUR_INTERCOM_IDENTITY_VERIFICATION_SECRET", Placeholder),
        ("your-intercom-identity-verification-secret", Placeholder),
        ("changeme-changeme-changeme-changeme", Placeholder),
        ("process.env.INTERCOM_SECRET_FOR_THE_WEB", Placeholder),
        ("config.intercomIdentityVerificationSecret", Placeholder),
        ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Placeholder),
        ("0123456012345601234560123456012345601234", Placeholder),
        ("AbCd1/+AbCd1/+AbCd1/+AbCd1/+AbCd1/+AbCd1", Placeholder),
        ("-_+/.~=-_+/.~=-_+/.~=-_+/.~=-_+/.~==", UnexpectedCharacter),
        ("-_+/.~-_+/.~-_+/.~-_+/.~-_+/.~-_+/.~==", Placeholder),
        ("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4", Placeholder), // base64 of `x` alone
    ] {
        assert_text(text, Some(error));
        let what_to_do = match error {
            Empty => "the secret is empty: set it to the identity verification secret that Intercom's settings show",
            TooShort { .. } => "copy the identity verification secret from Intercom's settings, not the app id",
            UnexpectedCharacter => "remove line breaks, spaces, quotes and placeholders",
            Placeholder => "replace it with the identity verification secret from Intercom's settings",
            _ => "the secret is an API access token: use the identity verification secret from Intercom's settings",
        };
        assert!(error.to_string().ends_with(what_to_do), "{error}");
    }
    assert!(TooShort { found: 8 }.to_string().starts_with("the secret has 8 characters, fewer than 32: "));
    assert!(Encoded.to_string().ends_with(": decode it, so that it is as Intercom's settings show it"));
}

#[test]
fn text_that_could_be_random_is_no_placeholder() {
    for text in [
        "yourIntercomIdentityVerificationSecret",     // both cases, no dot
        "your-1ntercom-identity-verification-secret", // a digit
        "process.env.INTERCOM_SECRET_FOR_THE_WEB_2",  // a digit
        "abcdefg1abcdefg1abcdefg1abcdefg1",           // eight characters
        "abcdefgHabcdefgHabcdefgHabcdefgH",
    ] {
        assert_text(text, None);
    }
}

/// A chart or a pipeline does it, with the line break of `echo` or without. If it was done twice, one finds out twice.
#[test]
fn secret_that_was_encoded_once_more_is_refused() {
    let digits = "ef2c2e3d6d95d3dedabdaf40970444";
    let odd = "kJ~vT/xQ.mW~4R~Z8~Yp~h3~kJ~vT~xQ~";
    let forms = [SECRET, &format!("{SECRET}="), odd, &format!("{digits}42"), &format!("{digits}4==")];
    for text in forms.into_iter().flat_map(|text| ["", "\n", "\r\n"].map(|line_break| format!("{text}{line_break}"))) {
        for engine in [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&text);
            assert_text(&encoded, Some(Encoded));
            assert_text(&engine.encode(&encoded), Some(Encoded));
        }
        for encoded in [hex::encode(&text), hex::encode_upper(&text)] {
            assert_text(&encoded, Some(Encoded));
            assert_text(&format!("{encoded}4"), None);
        }
    }
    // Too short, and a character that no secret has: what was encoded is no secret.
    for text in [&format!("{digits}4"), &format!("{SECRET} "), &format!("{SECRET}\0"), &format!("{SECRET}é")] {
        assert_text(&BASE64_URL_SAFE_NO_PAD.encode(text), None);
        assert_text(&hex::encode(text), None);
    }
}

#[test]
fn no_other_ascii_character_is_part_of_a_secret() {
    for character in '\0'..='\x7f' {
        let text = SECRET.replace('9', &character.to_string());
        let is_expected = character.is_ascii_alphanumeric() || "-_+/.~".contains(character);
        assert_text(&text, (!is_expected).then_some(UnexpectedCharacter));
    }
}

#[test]
fn bytes_that_are_no_text_are_no_secret() {
    for bytes in [b"\xff\xfe".to_vec(), [SECRET.as_bytes(), b"\xe9"].concat(), vec![0xaa; 32]] {
        assert_eq!(signature(bytes.try_into()), Err(UnexpectedCharacter));
    }
}

#[test]
fn any_key_but_the_empty_one_is_a_raw_key() {
    let mut zeros_and_one = [0; 64];
    zeros_and_one[63] = 1;
    for key in [b"secret".as_slice(), b"secret\n", b"\"\"", b"dG9rO", b"\xff\xfe", &zeros_and_one, &[0xaa; 64]] {
        assert_eq!(signature(Secret::from_raw_key(key)), Ok(signature_keyed_with(key)), "{key:?}");
    }
    // HMAC pads keys with zeros to 64 bytes and hashes longer ones.
    for length in 0..=64 {
        assert_eq!(signature_keyed_with(&vec![0; length]), signature_keyed_with(&[]));
        assert_eq!(signature(Secret::from_raw_key(&vec![0; length])), Err(Empty), "{length} zeros");
    }
    assert_eq!(signature(Secret::from_raw_key(&[0; 65])), Ok(signature_keyed_with(&[0; 65])));
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
