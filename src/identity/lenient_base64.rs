//! Base64 as the most lenient libraries decode it. Only for texts that are refused or explained, never for a proof.

/// The characters of value 62, of value 63 and, beside `A`, of value 0.
pub(crate) type Alphabet = [&'static [u8]; 3];

/// Both alphabets at once, the URL-safe one and the standard one. jjwt takes padding anywhere for value 0.
pub(crate) const ALPHABETS: [Alphabet; 5] =
    [[b"+-", b"/_", b""], [b"-", b"_", b""], [b"+", b"/", b""], [b"+-", b"/_", b"="], [b"-", b"_", b"="]];

/// Skips what is not in the alphabet, and bits that make no whole byte.
pub(crate) fn decode(text: impl Iterator<Item = u8>, alphabet: &Alphabet) -> impl Iterator<Item = u8> {
    let (mut bits, mut length) = (0_u16, 0);
    text.filter_map(|byte| sextet(byte, alphabet)).filter_map(move |sextet| {
        bits = bits << 6 | u16::from(sextet);
        length += 6;
        if length < 8 {
            return None;
        }
        length -= 8;
        let [_, byte] = (bits >> length).to_be_bytes();
        Some(byte)
    })
}

fn sextet(byte: u8, [value_62, value_63, value_0]: &Alphabet) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        _ if value_62.contains(&byte) => Some(62),
        _ if value_63.contains(&byte) => Some(63),
        _ if value_0.contains(&byte) => Some(0),
        _ => None,
    }
}
