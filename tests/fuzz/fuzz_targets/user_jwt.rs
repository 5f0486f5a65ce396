//! The text is a token; and it is a header and, from the second line on, a payload, which are signed with the secret.
#![no_main]

use std::{sync::LazyLock, time::Duration};

use intercom_identity::{
    Access, AccessTokens, Email, Identity, JwtError, Secret, Subject, UserClaims, UserId, UserJwt,
};
use libfuzzer_sys::fuzz_target;
use oracle::{AccessClaims, KEYS, NOW};
use serde_json::Value;

const AUDIENCE: &str = "messages";

static SECRETS: LazyLock<[Secret; 2]> = LazyLock::new(|| KEYS.map(secret));
static TOKENS: LazyLock<[AccessTokens; 2]> =
    LazyLock::new(|| KEYS.map(|key| AccessTokens::new(secret(key), AUDIENCE, Duration::from_mins(15))));

fn secret(key: &str) -> Secret {
    Secret::new(key).expect("it is a secret")
}

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
    for (key, tokens) in KEYS.iter().zip(TOKENS.iter()) {
        let outcome = tokens.verify(token, NOW).map(|access| match access {
            Access::Verified(subject) => names(&subject, true),
            Access::Unverified(subject) => names(&subject, false),
            Access::Unidentified => AccessClaims::Unidentified,
        });
        assert_eq!(outcome, oracle::access_token(key, AUDIENCE, token));
    }
}

fn says_the_same(claims: &UserClaims, expected: &oracle::UserClaims) {
    assert_eq!(claims.identity().user_id().as_ref().map(UserId::as_str), Some(expected.user_id.as_str()));
    assert_eq!(claims.identity().email().as_ref().map(Email::as_str), expected.email.as_deref());
    assert_eq!((claims.expiry(), claims.start()), (expected.expires_at, expected.not_before));
    for reserved in ["user_id", "email", "exp", "nbf"] {
        assert_eq!(claims.read_attribute::<Value>(reserved), Ok(None));
    }
    for (name, value) in &expected.attributes {
        let value = serde_json::from_str::<Value>(value.get()).ok();
        assert_eq!(claims.read_attribute::<Value>(name).ok(), value.map(Some));
    }
}

fn names(subject: &Subject, verified: bool) -> AccessClaims {
    match subject.identity() {
        Identity::UserId(user_id) => AccessClaims::UserId { verified, user_id: user_id.as_str().to_owned() },
        Identity::Email(email) => AccessClaims::Email { verified, email: email.as_str().to_owned() },
        Identity::UserIdAndEmail(..) => panic!("a token names its subject by one identifier"),
    }
}
