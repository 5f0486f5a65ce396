//! The first byte is the length of the key, which follows; the rest is the identifier.
#![no_main]

use std::collections::HashSet;

use data_encoding::HEXLOWER_PERMISSIVE;
use intercom_identity::{Email, Identity, IdentityError, Secret, SecretError, UserHash, UserHashMismatch, UserId};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|data: &[u8]| {
    let Some((&length, rest)) = data.split_first() else { return };
    let Some((key, identifier)) = rest.split_at_checked(length.into()) else { return };
    let Ok(identifier) = str::from_utf8(identifier) else { return };

    refuses_signing_inputs(identifier);
    if let Ok(text) = str::from_utf8(key) {
        assert_eq!(Secret::new(text).err(), error_of_text(text));
        if let Ok(secret) = Secret::new(text) {
            agrees_with_oracle(&secret, key, identifier);
        }
    }
    match Secret::from_raw_key(key) {
        Ok(secret) => agrees_with_oracle(&secret, key, identifier),
        Err(error) => {
            assert_eq!(error, SecretError::Empty);
            assert_eq!(oracle::hmac_sha256(key, b""), oracle::hmac_sha256([], b""));
        }
    }
});

fn error_of_text(text: &str) -> Option<SecretError> {
    let padding = text.bytes().rev().take(2).take_while(|byte| *byte == b'=').count();
    if text.is_empty() {
        Some(SecretError::Empty)
    } else if text.starts_with("dG9rO") {
        Some(SecretError::AccessToken)
    } else if !text[..text.len() - padding].chars().all(is_expected) {
        Some(SecretError::UnexpectedCharacter)
    } else if text.len() < 32 {
        Some(SecretError::TooShort { found: text.len() })
    } else if is_placeholder(text) {
        Some(SecretError::Placeholder)
    } else {
        is_encoded(text).then_some(SecretError::Encoded)
    }
}

fn is_expected(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_+/.~".contains(character)
}

fn is_placeholder(text: &str) -> bool {
    let one_case = text == text.to_lowercase() || text == text.to_uppercase();
    let different: HashSet<_> = text.chars().collect();
    different.len() < 8 || !text.contains(|digit: char| digit.is_ascii_digit()) && (one_case || text.contains('.'))
}

fn is_encoded(text: &str) -> bool {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    let text = text.replace('-', "+").replace('_', "/");
    let bits: Vec<_> = text.chars().filter_map(|digit| DIGITS.find(digit)).flat_map(bits_of).collect();
    let bytes = bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    [Ok(bytes), HEXLOWER_PERMISSIVE.decode(text.as_bytes())].into_iter().flatten().any(|bytes: Vec<u8>| {
        let mut characters = bytes.iter().copied().map(char::from);
        bytes.len() >= 32 && characters.all(|character| is_expected(character) || "=\r\n".contains(character))
    })
}

fn bits_of(sextet: usize) -> [u8; 6] {
    [5, 4, 3, 2, 1, 0].map(|place| u8::from(sextet >> place & 1 == 1))
}

/// Whatever else a header has and whatever the payload is; and a payload that says something, whatever the header is.
fn refuses_signing_inputs(text: &str) {
    assert!(text.contains('.') || !oracle::may_be_signing_input(text));
    let header = json!({ "kid": text, "alg": "HS256" }).to_string();
    assert!(oracle::may_be_signing_input(&oracle::signing_input(&header, text)));
    let payload = json!({ "user_id": text }).to_string();
    assert!(oracle::may_be_signing_input(&oracle::signing_input(text, &payload)));
}

fn agrees_with_oracle(secret: &Secret, key: &[u8], identifier: &str) {
    match UserId::new(identifier) {
        Ok(user_id) => {
            is_hash_of(secret, key, user_id);
            let email = Email::new("ada@example.com").expect("it has an @");
            is_hash_of(secret, key, (user_id, email));
        }
        Err(IdentityError::EmptyUserId) => assert_eq!(identifier, ""),
        Err(IdentityError::Placeholder) => assert!(oracle::is_placeholder(identifier)),
        Err(error) => assert_eq!(error, IdentityError::JwtSigningInput),
    }
    match Email::new(identifier) {
        Ok(email) => is_hash_of(secret, key, email),
        Err(IdentityError::EmptyEmail) => assert_eq!(identifier, ""),
        Err(IdentityError::EmailWithoutAt) => assert!(!identifier.contains('@')),
        Err(error) => assert_eq!(error, IdentityError::JwtSigningInput),
    }
    if let Ok(integer) = identifier.parse::<i64>() {
        assert_eq!(UserId::from(integer).as_str(), integer.to_string());
        is_hash_of(secret, key, UserId::from(integer));
    }
}

fn is_hash_of<'a>(secret: &Secret, key: &[u8], identity: impl Into<Identity<'a>>) {
    let identity = identity.into();
    let expected = oracle::user_hash(key, identity.identifier());

    let hash = UserHash::compute(secret, identity);
    assert_eq!(hash.as_str(), expected);
    assert_eq!(hash.to_bytes(), oracle::hmac_sha256(key, identity.identifier().as_bytes()));
    assert_eq!(hash.verify(secret, identity), Ok(()));

    let position = usize::from(hash.to_bytes()[0]) % 64;
    let forged: UserHash = oracle::with_another_digit(&expected, position).parse().expect("it has 64 digits");
    assert_ne!(hash, forged);
    assert_eq!(forged.verify(secret, identity), Err(UserHashMismatch));

    let longer = format!("{}0", identity.identifier());
    if let Ok(another) = UserId::new(&longer) {
        assert_eq!(hash.verify(secret, another), Err(UserHashMismatch));
    }
}
