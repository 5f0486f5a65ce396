//! The user's JSON Web Token: what is signed, what is believed, and what is refused for which reason.

#![cfg(feature = "jwt")]

mod attributes;
mod claims;
#[path = "../forge/mod.rs"]
mod forge;
mod header;
mod properties;
mod published;
mod signature;
mod signing;
mod structure;
mod time;

use std::{error::Error, sync::LazyLock};

use intercom_identity::{JwtError, Secret, UnixTime, UserClaims, UserJwt};

type TestResult = Result<(), Box<dyn Error>>;

const KEY: &str = "abc123";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const CLAIMS: &str = r#"{"user_id":"4711"}"#;
/// 2026-01-01 00:00 UTC.
const NOW: i64 = 1_767_225_600;

#[expect(clippy::expect_used, reason = "the key is not empty")]
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new(KEY).expect("the key is not empty"));

#[expect(clippy::expect_used, reason = "no test goes beyond the years that there are")]
fn second(since_1970: i64) -> UnixTime {
    UnixTime::from_seconds(since_1970).expect("no test goes beyond the years that there are")
}

/// What becomes of a text that a client sends.
fn verify(text: &str) -> Result<UserClaims, JwtError> {
    text.parse::<UserJwt>()?.verify(&SECRET, second(NOW))
}

/// What becomes of a token that whoever has the secret made.
fn verify_claims(payload: impl AsRef<[u8]>) -> Result<UserClaims, JwtError> {
    verify(&forge::token(KEY, HEADER, payload))
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let flip = |(at, byte): (usize, &u8)| if at == bit / 8 { byte ^ (1 << (bit % 8)) } else { *byte };
    bytes.iter().enumerate().map(flip).collect()
}
