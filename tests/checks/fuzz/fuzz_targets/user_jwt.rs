//! The text is a token; and it is a header and, from the second line on, a payload, which get signed.
#![no_main]

use std::sync::LazyLock;

use intercom_identity::{
    Email, Secret, UserId,
    jwt::{JwtError, UserClaims, UserJwt},
};
use libfuzzer_sys::fuzz_target;
use oracle::{KEYS, NOW};
use serde_json::Value;

static SECRETS: LazyLock<[Secret; 2]> =
    LazyLock::new(|| KEYS.map(|key| Secret::from_raw_key(key.as_bytes()).expect("it is not empty")));

fuzz_target!(|text: &str| {
    check(text);
    let (header, payload) = text.split_once('\n').unwrap_or((r#"{"alg":"HS256"}"#, text));
    check(&oracle::sign(KEYS[0], header, payload));
});

fn check(token: &str) {
    for (key, secret) in KEYS.iter().zip(SECRETS.iter()) {
        let parsed = token.parse::<UserJwt>().inspect(|jwt| assert_eq!(jwt.as_str(), token));
        match (parsed.and_then(|jwt| jwt.verify(secret, NOW)), oracle::user_jwt(key, token)) {
            (Ok(claims), Ok(expected)) => {
                says_the_same(&claims, &expected);
                let signed_again = UserJwt::sign(secret, &claims).and_then(|jwt| jwt.verify(secret, NOW));
                assert!(matches!(signed_again, Err(JwtError::Length { .. })) || signed_again == Ok(claims));
            }
            (outcome, expected) => assert_eq!(outcome.err(), expected.err()),
        }
    }
}

fn says_the_same(claims: &UserClaims, expected: &oracle::UserClaims) {
    assert_eq!(claims.identity().user_id().as_ref().map(UserId::as_str), Some(expected.user_id.as_str()));
    assert_eq!(claims.identity().email().as_ref().map(Email::as_str), expected.email.as_deref());
    assert_eq!(claims.expires_at(), expected.expires_at);
    for reserved in ["user_id", "email", "exp", "nbf"] {
        assert_eq!(claims.read_attribute::<Value>(reserved), Ok(None));
    }
    for (name, value) in &expected.attributes {
        assert_eq!(claims.read_attribute(name), Ok(Some(value.clone())));
    }
}
