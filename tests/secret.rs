//! What is taken for a secret, what is refused, and why.

mod reference;

use intercom_identity::{Secret, SecretError, UserHash, UserId};

/// Base64 of `tok:` and a made-up remainder, which is how Intercom's API access tokens look.
const ACCESS_TOKEN: &str = "dG9rOjEyMzQ1Njc4XzEyMzRfMTIzNF8xMjM0XzEyMzQ1Njc4OTAxMjoxOjA=";

/// Secrets cannot be compared, but what they sign can.
fn signature(secret: Result<Secret, SecretError>) -> Result<[u8; 32], SecretError> {
    secret.map(|secret| UserHash::compute(&secret, UserId::from(1_u32)).to_bytes())
}

fn signature_keyed_with(key: &[u8]) -> [u8; 32] {
    reference::hmac_sha256(key, b"1")
}

#[test]
fn text_is_the_key_as_it_is() {
    for text in ["secret", "two words", "c2VjcmV0", "736563726574", "a\0b", "p\u{e4}ss", "pa\u{308}ss", "🔑"] {
        assert_eq!(signature(Secret::new(text)), Ok(signature_keyed_with(text.as_bytes())), "{text:?}");
    }
}

#[test]
fn every_length_from_1_to_200_bytes_is_taken_whole() {
    for length in 1..=200 {
        let text: String = ('!'..='~').cycle().take(length).collect();
        assert_eq!(signature(Secret::new(&text)), Ok(signature_keyed_with(text.as_bytes())), "{length} bytes");
    }
}

#[test]
fn empty_text_is_refused() {
    assert_eq!(Secret::new("").err(), Some(SecretError::Empty));
}

#[test]
fn text_that_starts_or_ends_with_white_space_is_refused() {
    for text in [" secret", "secret ", "secret\n", "secret\r\n", "\tsecret", "secret\u{a0}", "\u{3000}secret"] {
        assert_eq!(Secret::new(text).err(), Some(SecretError::SurroundingWhitespace), "{text:?}");
    }
}

#[test]
fn text_of_nothing_but_white_space_is_refused() {
    for text in [" ", "\n", "\u{a0}", " \t\r\n\u{2003}"] {
        assert_eq!(Secret::new(text).err(), Some(SecretError::SurroundingWhitespace), "{text:?}");
    }
}

#[test]
fn byte_order_mark_of_a_file_counts_as_white_space() {
    assert_eq!(Secret::new("\u{feff}secret").err(), Some(SecretError::SurroundingWhitespace));
}

#[test]
fn access_token_is_refused() {
    for text in [ACCESS_TOKEN, "dG9rO"] {
        assert_eq!(Secret::new(text).err(), Some(SecretError::AccessToken), "{text:?}");
    }
}

#[test]
fn white_space_around_an_access_token_is_named_first() {
    assert_eq!(Secret::new(&format!("{ACCESS_TOKEN}\n")).err(), Some(SecretError::SurroundingWhitespace));
}

#[test]
fn text_that_only_resembles_an_access_token_is_taken() {
    for text in ["xdG9rO", "abcdG9rOdef", "secretdG9rO", "dG9r", "dg9rO"] {
        assert_eq!(signature(Secret::new(text)), Ok(signature_keyed_with(text.as_bytes())), "{text:?}");
    }
}

#[test]
fn no_bytes_are_refused() {
    assert_eq!(Secret::from_bytes(&[]).err(), Some(SecretError::Empty));
}

#[test]
fn any_bytes_are_a_key() {
    for key in [b" ".as_slice(), b"\n", b"secret\n", b"\0", b"\xff\xfe", ACCESS_TOKEN.as_bytes(), &[0xaa; 4096]] {
        assert_eq!(signature(Secret::from_bytes(key)), Ok(signature_keyed_with(key)), "{key:?}");
    }
}

#[test]
fn parsing_and_converting_a_text_agree_with_new() {
    for text in ["secret", "", "\n", " secret", ACCESS_TOKEN] {
        let made = signature(Secret::new(text));
        assert_eq!(signature(text.parse()), made, "{text:?}");
        assert_eq!(signature(text.to_owned().try_into()), made, "{text:?}");
    }
}

#[test]
fn debug_is_redacted() -> Result<(), SecretError> {
    let secret = Secret::new("secret")?;
    assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
    assert_eq!(format!("{secret:#?}"), "Secret([REDACTED])");
    Ok(())
}
