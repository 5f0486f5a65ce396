//! The rules of the crate a second time, for the targets to compare with: on other implementations of HMAC, hexadecimal
//! digits and base64.

mod jwt;

use data_encoding::HEXLOWER;
use intercom_identity::{IdentityError, UnixTime, UserId};
use ring::hmac;

pub use self::jwt::{UserClaims, sign, signing_input, user_jwt};

/// The secrets of the targets, the signing one first.
pub const KEYS: [&str; 2] = ["abc123", "abc124"];

/// What a program writes where it has no id.
#[must_use]
pub fn is_placeholder(user_id: &str) -> bool {
    ["undefined", "null", "None", "nil", "NaN", "[object Object]"].contains(&user_id)
}

/// 2026-01-01 00:00 UTC.
pub const NOW: UnixTime = match UnixTime::from_seconds(1_767_225_600) {
    Ok(now) => now,
    Err(_) => unreachable!(),
};

#[must_use]
pub fn hmac_sha256(key: impl AsRef<[u8]>, message: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), message);
    tag.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[must_use]
pub fn user_hash(key: impl AsRef<[u8]>, identifier: &str) -> String {
    HEXLOWER.encode(&hmac_sha256(key, identifier.as_bytes()))
}

/// The same digits except for one.
#[must_use]
pub fn with_another_digit(user_hash: &str, position: usize) -> String {
    let mut digits = user_hash.to_owned();
    let other = if &digits[position..=position] == "0" { "1" } else { "0" };
    digits.replace_range(position..=position, other);
    digits
}

/// Whether the crate takes the identifier for part of a token; `compute_verify` checks that it does where it must.
#[must_use]
pub fn may_be_signing_input(identifier: &str) -> bool {
    UserId::new(identifier) == Err(IdentityError::JwtSigningInput)
}
