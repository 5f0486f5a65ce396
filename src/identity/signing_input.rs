//! Why no identifier may be the signed part of a JSON Web Token.
//!
//! Intercom's hashes and tokens are HMACs with one secret. Anyone who may choose their own id and chooses
//! `base64url(header).base64url(payload)` gets, as the hash of that id, the signature of a token with any payload. So an
//! identifier is refused if anything before its last dot can be read as a header, or anything after its first dot as a
//! payload, in any way that a library decodes base64 and reads JSON. Both are looked for: a payload may be compressed or
//! not be encoded at all, and some libraries never read the header.
//!
//! Bytes that a reader drops, such as those that are not UTF-8, hide nothing here, nor does an escape, of any dialect. Not
//! looked for, because no library is known to read it: a group of digits that ends early, at `=` or an unknown character; a
//! second encoding, such as `%4A`; overlong UTF-8 whose later bytes are ASCII; a byte whose high bit is cut off.

use super::lenient_base64::{ALPHABETS, ZEROS, decode};

/// No text of at most this length holds a token if it is ASCII without an upper-case letter and without `=`.
///
/// Each of its digits is at least 26, or 0 for an unknown character. So the first byte of a group of three is none of 0x04 to
/// 0x67, and a quotation mark can only be the third. Behind the name of a member stands a colon or white space, which would be
/// a first byte: there is no JSON. Nor is there `HS256` or `user_id`, however quoted and escaped.
///
/// That leaves readers that drop bytes or fold overlong UTF-8. Even if an unknown character could also end a group, they would
/// need a dot and 14 digits for `hs256` and 15 for `user_id`, or 25 for the payload where no header is read: `{"user_id"1`, if
/// they need neither a colon nor an end. Only if such a reader did without quotation marks, or looked for a shorter name, would
/// fewer do. `tests/identity.rs` searches all this.
const LONGEST_PLAIN: usize = 25;

/// One of these characters, then one of the next, and so on, with anything in between.
type Pattern = &'static [&'static [u8]];

const QUOTE: &[u8] = b"\"'";
const COLON: &[u8] = b":=";

/// What follows the `{` of a header: two strings, as JSON or Gson takes them; or, whatever a reader takes for JSON, `alg` and
/// `HS256`, of which a backslash may escape each character (a digit is in its own escape). jsrsasign needs no colon; `HAProxy`
/// and Mongoose, no end; Gson and Json.NET, no quotation marks; and Json.NET takes either case of letters.
const HEADERS: [Pattern; 2] =
    [&[QUOTE, QUOTE, COLON, QUOTE, QUOTE, b"}"], &[b"aA\\", b"lL\\", b"gG\\", b"hH\\", b"sS\\", b"2", b"5", b"6"]];

/// What follows the `{` of a payload: any member, or `user_id` in the same way. l8w8jwt needs no colon.
const PAYLOADS: [Pattern; 2] =
    [&[b"\"", b"\"", b":", b"}"], &[b"uU\\", b"sS\\", b"eE\\", b"rR\\", b"_\\", b"iI\\", b"dD\\"]];

/// The shortest base64 of a header and of a payload: `{alg:HS256}`, `{"i":1}`.
const SHORTEST_HEADER: usize = 15;
const SHORTEST_PAYLOAD: usize = 10;

/// No id is longer. The sender controls the length, and many random texts of this length are refused anyway.
pub(crate) const LONGEST: usize = 1024;

/// The longest token accepted or made, in bytes: what common servers take as a header line.
#[cfg(any(feature = "jwt", feature = "verify"))]
pub(crate) const LONGEST_USER_JWT: usize = 8 * LONGEST;

/// Whether some library could read the text as header and payload of a token.
#[inline]
pub(super) fn may_be(identifier: &str) -> bool {
    // Looks at every byte, so that the compiler takes sixteen at once.
    let plain = |so_far, byte| so_far & !matches!(byte, b'A'..=b'Z' | b'=' | 0x80..);
    let is_plain = identifier.len() <= LONGEST_PLAIN && identifier.bytes().fold(true, plain);
    !is_plain && identifier.contains('.') && can_be_read(identifier)
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
    // Node decodes half a surrogate pair by its low byte, but hashes it as U+FFFD.
    text.contains('\u{fffd}')
        || is_read_as(&text.bytes(), patterns)
        // Node cuts every UTF-16 unit to a byte. To those who take what is beyond ASCII for the digit 0, it is one for each
        // byte, for each unit or for each character.
        || !text.is_ascii()
            && (is_read_as(&text.encode_utf16().map(|unit| unit as u8), patterns)
                || is_read_as(&text.encode_utf16().map(|unit| unit.try_into().unwrap_or(u8::MAX)), patterns)
                || is_read_as(&text.chars().map(|character| character.try_into().unwrap_or(u8::MAX)), patterns))
}

fn is_read_as<const N: usize>(text: &(impl Iterator<Item = u8> + Clone), patterns: [Pattern; N]) -> bool {
    let has = |differs: fn(u8) -> bool| text.clone().any(differs);
    let alphabets = if has(|byte| b"+-/_".contains(&byte)) { ALPHABETS.len() } else { 1 };
    let zeros = if has(|byte| byte == b'=' || byte.is_ascii_whitespace()) {
        ZEROS.len()
    } else if has(|byte| !byte.is_ascii_alphanumeric()) {
        2
    } else {
        1
    };
    ALPHABETS.into_iter().take(alphabets).any(|alphabet| {
        let mut zeros = ZEROS.into_iter().take(zeros);
        zeros.any(|is_zero| contains(decode(text.clone(), alphabet, is_zero), patterns))
    })
}

/// Whether a `{` and then one of the patterns is in the bytes. In one pass: the sender controls the length.
fn contains<const N: usize>(bytes: impl Iterator<Item = u8>, mut patterns: [Pattern; N]) -> bool {
    let mut last = [0; 3];
    let mut characters = bytes.map(|byte| {
        let [_, second, third] = last;
        last = [second, third, byte];
        folded(last)
    });
    characters.any(|character| character == b'{')
        && characters.any(|character| {
            patterns.iter_mut().any(|pattern| {
                if pattern.first().is_some_and(|expected| expected.contains(&character)) {
                    pattern.split_off_first();
                }
                pattern.is_empty()
            })
        })
}

/// The last byte, or the ASCII character that ends with it in overlong UTF-8: `{` is C1 BB, E0 81 BB or F0 80 81 BB to lenient
/// decoders, such as js-base64 without `TextDecoder`.
const fn folded(bytes: [u8; 3]) -> u8 {
    match bytes {
        [_, high @ 0xc0..=0xc1, low @ 0x80..=0xbf] | [0x80 | 0xe0, high @ 0x80..=0x81, low @ 0x80..=0xbf] => {
            high << 6 | low & 0x3f
        }
        [.., byte] => byte,
    }
}
