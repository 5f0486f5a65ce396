//! The recipe that the crate replaces: the `hmac` crate, keyed anew for every message.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(message).finalize().into_bytes().into()
}
