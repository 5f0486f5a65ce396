use crate::identity::lenient_base64;

/// The fewest characters of a text that is a secret: app ids have 8, secrets 40 and more.
const SHORTEST: usize = 32;

/// Why a string or a key is not a [`Secret`](super::Secret).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// The key is empty, or zero bytes alone.
    #[error("the secret is empty: set it to the identity verification secret that Intercom's settings show")]
    Empty,
    /// The text is shorter than any Intercom secret.
    #[error(
        "the secret has {found} characters, fewer than 32: \
         copy the identity verification secret from Intercom's settings, not the app id"
    )]
    TooShort {
        /// The number of characters found.
        found: usize,
    },
    /// A character never occurs in Intercom's secrets.
    #[error(
        "the secret has a character that Intercom's secrets never have: remove line breaks, spaces, quotes and placeholders"
    )]
    UnexpectedCharacter,
    /// The text is an access token for Intercom's API, another kind of credential.
    #[error("the secret is an API access token: use the identity verification secret from Intercom's settings")]
    AccessToken,
    /// The text stands for a secret, such as `YOUR_INTERCOM_IDENTITY_VERIFICATION_SECRET`.
    #[error("the secret is a placeholder: replace it with the identity verification secret from Intercom's settings")]
    Placeholder,
    /// The text is a secret that was encoded once more, in base64 or hexadecimal.
    #[error(
        "the secret was encoded once more, in base64 or hexadecimal: decode it, so that it is as Intercom's settings show it"
    )]
    Encoded,
}

impl SecretError {
    pub(super) fn check_text(text: &str) -> Result<(), Self> {
        /// Base64 of `tok:`, which every access token starts with.
        const ACCESS_TOKEN: &str = "dG9rO";

        let unpadded = text.strip_suffix('=').unwrap_or(text);
        let unpadded = unpadded.strip_suffix('=').unwrap_or(unpadded);
        if text.is_empty() {
            Err(Self::Empty)
        } else if text.starts_with(ACCESS_TOKEN) {
            Err(Self::AccessToken)
        } else if !unpadded.bytes().all(is_expected) {
            Err(Self::UnexpectedCharacter)
        } else if text.len() < SHORTEST {
            Err(Self::TooShort { found: text.len() })
        } else if is_placeholder(text) {
            Err(Self::Placeholder)
        } else if is_encoded(text) {
            Err(Self::Encoded)
        } else {
            Ok(())
        }
    }
}

fn is_expected(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+/.~".contains(&byte)
}

/// Whether the characters are too few or too much alike to be random.
fn is_placeholder(text: &str) -> bool {
    let has = |class: fn(&u8) -> bool| text.as_bytes().iter().any(class);
    let one_letter_case = !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase));
    let different = text.bytes().fold(0_u128, |seen, byte| seen | 1 << byte).count_ones();
    !has(u8::is_ascii_digit) && (one_letter_case || text.contains('.')) || different < 8
}

/// Whether it is base64, in either alphabet, or hexadecimal of enough characters that a secret may have and perhaps a line
/// break. 32 random bytes are such characters once in 10¹⁷. Decoded byte by byte: nothing is stored that would have to be
/// wiped.
fn is_encoded(text: &str) -> bool {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let hexadecimal = pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    may_be_secret(lenient_base64::decode_either(text).map(Some)) || odd.is_empty() && may_be_secret(hexadecimal)
}

fn may_be_secret(mut decoded: impl Iterator<Item = Option<u8>>) -> bool {
    let length = decoded.try_fold(0, |length, byte| {
        byte.is_some_and(|byte| is_expected(byte) || b"=\r\n".contains(&byte)).then_some(length + 1)
    });
    length.is_some_and(|length| length >= SHORTEST)
}
