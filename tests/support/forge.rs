//! Tokens as anybody can make them, of any header and payload: with `ring`, by none of the crate's rules.

use ring::hmac;

pub(crate) const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

pub(crate) fn token(key: &str, header: &str, payload: impl AsRef<[u8]>) -> String {
    sign(key, &format!("{}.{}", base64url(header), base64url(payload)))
}

/// The text, whatever it is, followed by its signature.
pub(crate) fn sign(key: &str, text: &str) -> String {
    format!("{text}.{}", base64url(tag(key, text)))
}

/// The HMAC-SHA256 of the text.
pub(crate) fn tag(key: &str, text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), text.as_bytes())
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    let of_three = |bytes: &[u8]| {
        let number = [16, 8, 0].iter().zip(bytes).map(|(shift, byte)| usize::from(*byte) << shift).sum::<usize>();
        let sextets = [18, 12, 6, 0].map(|shift| number >> shift & 63);
        sextets.into_iter().take(bytes.len() + 1).filter_map(|sextet| DIGITS.chars().nth(sextet)).collect::<String>()
    };
    bytes.as_ref().chunks(3).map(of_three).collect()
}
