//! What the targets hold the crate against: its rules a second time, on other implementations of HMAC, hexadecimal
//! digits, base64 and the reading of JSON.

mod jwt;

use data_encoding::HEXLOWER;
use intercom_identity::UnixTime;
use ring::hmac;

pub use self::jwt::{AccessClaims, UserClaims, access_token, sign, user_jwt};

/// The secrets that the targets know, the one in use first.
pub const KEYS: [&str; 2] = ["abc123", "abc124"];

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

/// The same digits but for one.
#[must_use]
pub fn with_another_digit(user_hash: &str, position: usize) -> String {
    let mut digits = user_hash.to_owned();
    let other = if &digits[position..=position] == "0" { "1" } else { "0" };
    digits.replace_range(position..=position, other);
    digits
}
