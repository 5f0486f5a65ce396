//! The first byte is the length of the key, which follows; the rest is the identifier.
#![no_main]

use intercom_identity::{Email, Identity, IdentityError, Secret, SecretError, UserHash, UserHashMismatch, UserId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&length, rest)) = data.split_first() else { return };
    let Some((key, identifier)) = rest.split_at_checked(length.into()) else { return };
    let Ok(identifier) = str::from_utf8(identifier) else { return };

    if let Ok(text) = str::from_utf8(key) {
        assert_eq!(Secret::new(text).err(), error_of_text(text));
        if let Ok(secret) = Secret::new(text) {
            agrees_with_oracle(&secret, key, identifier);
        }
    }
    match Secret::from_bytes(key) {
        Ok(secret) => agrees_with_oracle(&secret, key, identifier),
        Err(error) => assert_eq!((error, key), (SecretError::Empty, [].as_slice())),
    }
});

fn error_of_text(text: &str) -> Option<SecretError> {
    let is_edge_white = |edge: Option<char>| edge.is_some_and(char::is_whitespace);
    if text.is_empty() {
        Some(SecretError::Empty)
    } else if is_edge_white(text.chars().next())
        || is_edge_white(text.chars().next_back())
        || text.as_bytes().starts_with(&[0xef, 0xbb, 0xbf])
    {
        Some(SecretError::SurroundingWhitespace)
    } else {
        text.starts_with("dG9rO").then_some(SecretError::AccessToken)
    }
}

fn agrees_with_oracle(secret: &Secret, key: &[u8], identifier: &str) {
    match UserId::new(identifier) {
        Ok(user_id) => {
            is_hash_of(secret, key, user_id);
            let email = Email::new("ada@example.com").expect("it has an @");
            is_hash_of(secret, key, (user_id, email));
        }
        Err(error) => assert_eq!((error, identifier), (IdentityError::EmptyUserId, "")),
    }
    match Email::new(identifier) {
        Ok(email) => is_hash_of(secret, key, email),
        Err(IdentityError::EmptyEmail) => assert_eq!(identifier, ""),
        Err(error) => {
            assert_eq!(error, IdentityError::EmailWithoutAt);
            assert!(!identifier.contains('@'));
        }
    }
    if let Ok(integer) = identifier.parse::<u64>() {
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
    let another = UserId::new(&longer).expect("it is not empty");
    assert_eq!(hash.verify(secret, another), Err(UserHashMismatch));
}
