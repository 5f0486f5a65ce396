//! Tokens as anybody can make them: of any header and payload, by none of the crate's rules.

#[path = "../reference/mod.rs"]
mod reference;

use base64ct::{Base64UrlUnpadded, Encoding};

pub(crate) fn token(key: &str, header: &str, payload: impl AsRef<[u8]>) -> String {
    sign(key, &format!("{}.{}", base64url(header), base64url(payload)))
}

/// The text, whatever it is, with its signature behind it.
pub(crate) fn sign(key: &str, text: &str) -> String {
    format!("{text}.{}", base64url(tag(key, text)))
}

pub(crate) fn tag(key: &str, text: &str) -> [u8; 32] {
    reference::hmac_sha256(key.as_bytes(), text.as_bytes())
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}
