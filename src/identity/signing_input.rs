//! Why no identifier may be the signed part of a JSON Web Token.
//!
//! Intercom's hashes and tokens are HMACs with one secret. Whoever may choose their own id and chooses
//! `base64url(header).base64url(payload)` gets, as the hash of that id, the signature of a token with any payload. So an
//! identifier is refused if anything before its last dot can be read as a header, or anything after its first dot as a
//! payload, in any way that a library decodes base64 and reads JSON. Both are looked for: a payload may be compressed or
//! not be encoded at all, and some libraries never read the header.

use super::lenient_base64::{self, ALPHABETS};

/// One of these bytes, then one of the next, and so on, with anything in between.
type Pattern = &'static [&'static [u8]];

const QUOTE: &[u8] = b"\"'";
const COLON: &[u8] = b":=";

/// What follows the `{` of `{"alg":"HS256"}`. jsrsasign needs no colon and takes `]` for `}`. Gson, which nimbus-jose-jwt
/// uses, needs no quotation marks, or single ones, and takes `=` for a colon.
const HEADERS: [Pattern; 5] = [
    &[b"\"", b"\"", b"\"", b"\"", b"}]"],
    &[QUOTE, QUOTE, COLON, QUOTE, QUOTE, b"}"],
    &[QUOTE, QUOTE, COLON, b"H", b"S", b"2", b"5", b"6", b"}"],
    &[b"a", b"l", b"g", COLON, QUOTE, QUOTE, b"}"],
    &[b"a", b"l", b"g", COLON, b"H", b"S", b"2", b"5", b"6", b"}"],
];

/// What follows the `{` of `{"user_id":1}`.
const PAYLOADS: [Pattern; 1] = [&[b"\"", b"\"", b":", b"}"]];

/// The least that a header and a payload take in base64: `{alg:HS256}`, `{"i":1}`.
const SHORTEST_HEADER: usize = 15;
const SHORTEST_PAYLOAD: usize = 10;

/// No id is longer. Whoever sends the text chooses its length, and a third of random ones of this length are refused anyway.
pub(crate) const LONGEST: usize = 1024;

/// The longest token accepted or made, in bytes: what common servers take as a header line.
#[cfg(any(feature = "jwt", feature = "verify"))]
pub(crate) const LONGEST_USER_JWT: usize = 8 * LONGEST;

/// Whether some library could read the text as header and payload of a token.
#[inline]
pub(super) fn may_be(identifier: &str) -> bool {
    identifier.contains('.') && can_be_read(identifier)
}

fn can_be_read(identifier: &str) -> bool {
    let header = identifier.rsplit_once('.').map(|(header, _)| header);
    let payload = identifier.split_once('.').map(|(_, payload)| payload);
    identifier.len() > LONGEST
        || header.is_some_and(|header| header.len() >= SHORTEST_HEADER && decodes_to(header, HEADERS))
        || payload.is_some_and(|payload| payload.len() >= SHORTEST_PAYLOAD && decodes_to(payload, PAYLOADS))
}

#[expect(clippy::cast_possible_truncation, reason = "it is what Node does")]
fn decodes_to<const N: usize>(text: &str, patterns: [Pattern; N]) -> bool {
    let differs = |byte: u8| !byte.is_ascii() || b"+-/_=".contains(&byte);
    let readings = if text.bytes().any(differs) { ALPHABETS.len() } else { 1 };
    // Node decodes half a surrogate pair by its low byte, but hashes it as U+FFFD.
    text.contains('\u{fffd}')
        || ALPHABETS.iter().take(readings).any(|alphabet| {
            // Most libraries skip what is not base64; Node first cuts every UTF-16 unit to a byte.
            let cut = text.encode_utf16().map(|unit| unit as u8);
            contains(lenient_base64::decode(text.bytes(), alphabet), patterns)
                || !text.is_ascii() && contains(lenient_base64::decode(cut, alphabet), patterns)
        })
}

/// Whether a `{` and then one of the patterns is in the bytes. In one pass: whoever sends the text chooses its length.
fn contains<const N: usize>(bytes: impl Iterator<Item = u8>, mut patterns: [Pattern; N]) -> bool {
    bytes.skip_while(|byte| *byte != b'{').skip(1).any(|byte| {
        patterns.iter_mut().any(|pattern| {
            if pattern.first().is_some_and(|expected| expected.contains(&byte)) {
                pattern.split_off_first();
            }
            pattern.is_empty()
        })
    })
}
