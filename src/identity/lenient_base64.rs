//! Base64 as the most lenient libraries decode it. Only for texts that are refused or explained, never for a proof.

/// The characters of value 62, and those of value 63.
pub(super) type Alphabet = [&'static [u8]; 2];

/// Both at once, the URL-safe one, and the standard one.
pub(super) const ALPHABETS: [Alphabet; 3] = [[b"+-", b"/_"], [b"-", b"_"], [b"+", b"/"]];

/// Whether a character outside the alphabet counts as the digit 0, as `A` does. If not, it is skipped.
pub(super) type IsZero = fn(u8) -> bool;

pub(super) const ZEROS: [IsZero; 4] = [
    |_| false,                          // most libraries
    |_| true,                           // CryptoJS, and expo-jwt with it
    |byte| byte == b'=',                // jjwt
    |byte| !byte.is_ascii_whitespace(), // like CryptoJS, but white space is removed first
];

/// As most lenient libraries do: in either alphabet, with what is in neither skipped.
pub(crate) fn decode_either(text: &str) -> impl Iterator<Item = u8> {
    let ([either, ..], [skipped, ..]) = (ALPHABETS, ZEROS);
    decode(text.bytes(), either, skipped)
}

/// Leaves out bits that make no whole byte.
pub(super) fn decode(text: impl Iterator<Item = u8>, alphabet: Alphabet, is_zero: IsZero) -> impl Iterator<Item = u8> {
    let (mut bits, mut length) = (0_u16, 0);
    text.filter_map(move |byte| digit(byte, alphabet, is_zero)).filter_map(move |digit| {
        bits = bits << 6 | u16::from(digit);
        length += 6;
        if length < 8 {
            return None;
        }
        length -= 8;
        let [_, byte] = (bits >> length).to_be_bytes();
        Some(byte)
    })
}

fn digit(byte: u8, [value_62, value_63]: Alphabet, is_zero: IsZero) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        _ if value_62.contains(&byte) => Some(62),
        _ if value_63.contains(&byte) => Some(63),
        _ => is_zero(byte).then_some(0),
    }
}
