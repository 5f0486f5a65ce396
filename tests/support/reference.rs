//! HMAC-SHA256 by another library, keyed anew for every message.

use ring::hmac::{HMAC_SHA256, Key, sign};

#[expect(clippy::expect_used, reason = "a tag of SHA-256 has 32 bytes")]
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    sign(&Key::new(HMAC_SHA256, key), message).as_ref().try_into().expect("a tag of SHA-256 has 32 bytes")
}
