#[cfg(test)]
mod tests;

use alloc::{boxed::Box, string::String};
use core::{fmt, mem::ManuallyDrop, ops::BitOr, str::FromStr};

use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::{
        Output,
        block_api::{Buffer, FixedOutputCore, UpdateCore},
    },
};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{ZeroizeOnDrop, Zeroizing, zeroize_stack};

/// How deep, in bytes, keying and hashing write into the stack, rounded up; `tests/wiping.rs` looks at what is left.
/// Frames that are not optimised are many times larger.
const KEYING_STACK: usize = if cfg!(debug_assertions) { 32_768 } else { 4096 };
const HASHING_STACK: usize = if cfg!(debug_assertions) { 32_768 } else { 1152 };

/// The secret that a workspace shares with Intercom for one or several platforms.
///
/// It is keyed once: the text is hashed into the two states of HMAC-SHA256 when the value is made, and is not kept. Both
/// states live in one heap allocation, so that a move leaves no copy behind, and are wiped on drop, as is the stack
/// that keying and hashing have used.
///
/// There is no way to clone, compare, print or serialize a secret. Share one by reference, or in an `Arc`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Secret, SecretError, UserHash, UserId};
///
/// let secret = Secret::new("secret")?;
/// let hash = UserHash::compute(&secret, UserId::new("Message")?);
/// assert_eq!(hash.as_str(), "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597");
///
/// // What goes wrong with secrets in practice is refused when the server starts, not when a customer logs in.
/// assert_eq!(Secret::new("").err(), Some(SecretError::Empty));
/// assert_eq!(Secret::new("secret\n").err(), Some(SecretError::SurroundingWhitespace));
///
/// assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Secret {
    keyed: Box<HmacCore<Sha256>>,
}

impl Secret {
    /// Makes a secret from the text that Intercom's dashboard shows, its bytes as they are.
    ///
    /// Today that is 43 characters of base64url, but the text itself is the key: it is not decoded.
    ///
    /// # Errors
    ///
    /// - [`SecretError::Empty`] if there is no text: HMAC would accept it, and everybody could sign.
    /// - [`SecretError::SurroundingWhitespace`] if it starts or ends with white space, such as the newline of a file, or
    ///   starts with a byte order mark.
    /// - [`SecretError::AccessToken`] if it is an Intercom API access token.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{Secret, SecretError};
    ///
    /// let token = "dG9rOjEyMzQ1Njc4XzEyMzRfMTIzNF8xMjM0XzEyMzQ1Njc4OTAxMjoxOjA=";
    /// assert_eq!(Secret::new(token).err(), Some(SecretError::AccessToken));
    /// ```
    pub fn new(text: &str) -> Result<Self, SecretError> {
        SecretError::check_text(text)?;
        Self::from_bytes(text.as_bytes())
    }

    /// Makes a secret from any key that is not empty, for the vendors that share the scheme but not the text form.
    ///
    /// # Errors
    ///
    /// [`SecretError::Empty`] if there are no bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{Secret, UserHash, UserId};
    ///
    /// let hash = UserHash::compute(&Secret::from_bytes(&[0x0b; 20])?, UserId::new("Hi There")?);
    /// // RFC 4231, test case 1
    /// assert_eq!(hash.as_str(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_bytes(key: &[u8]) -> Result<Self, SecretError> {
        if key.is_empty() {
            return Err(SecretError::Empty);
        }
        let keyed = keyed_on_its_own_stack(key);
        zeroize_stack::<KEYING_STACK>();
        Ok(Self { keyed })
    }

    /// HMAC-SHA256 of the message.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        let tag = self.mac_on_its_own_stack(message);
        zeroize_stack::<HASHING_STACK>();
        tag
    }

    /// Nothing here wipes itself: the caller wipes the frame.
    #[inline(never)]
    fn mac_on_its_own_stack(&self, message: &[u8]) -> [u8; 32] {
        let mut core = ManuallyDrop::new(HmacCore::clone(&self.keyed));
        let mut buffer = ManuallyDrop::new(Buffer::<HmacCore<Sha256>>::default());
        let mut tag = Output::<HmacCore<Sha256>>::default();
        buffer.digest_blocks(message, |blocks| core.update_blocks(blocks));
        core.finalize_fixed_core(&mut buffer, &mut tag);
        tag.into()
    }
}

/// `hmac` leaves the key and its padded blocks on the stack, so it gets a frame that its caller can wipe.
#[inline(never)]
#[expect(clippy::unnecessary_box_returns, reason = "by value, the states would pass through the caller's frame")]
#[expect(clippy::expect_used, reason = "`new_from_slice` is fallible for MACs of fixed key size; HMAC takes any")]
fn keyed_on_its_own_stack(key: &[u8]) -> Box<HmacCore<Sha256>> {
    Box::new(HmacCore::new_from_slice(key).expect("HMAC takes a key of any length"))
}

/// Equality in constant time, eight bytes at a time: `subtle` compares slices byte by byte.
pub(crate) fn ct_eq<const N: usize>(a: &[u8; N], b: &[u8; N]) -> Choice {
    let ((words_of_a, rest_of_a), (words_of_b, rest_of_b)) = (a.as_chunks(), b.as_chunks());
    let words = words_of_a.iter().zip(words_of_b).map(|(a, b)| u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b));
    let rest = rest_of_a.iter().zip(rest_of_b).map(|(a, b)| u64::from(a ^ b));
    words.chain(rest).fold(0, u64::bitor).ct_eq(&0)
}

/// The states wipe themselves: `sha2` is built with its `zeroize` feature.
impl ZeroizeOnDrop for Secret {}

impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

/// Consumes the text and wipes it, whatever the outcome.
impl TryFrom<String> for Secret {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keyed: _ } = self;
        f.write_str("Secret([REDACTED])")
    }
}

/// Reads the secret from its text; a text that the deserializer hands over is wiped, one that it only lends is not.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer, "a secret", Self::new)
    }
}

/// Why a text or a key is not a [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is nothing to key with.
    #[error("the secret is empty")]
    Empty,
    /// The text starts or ends with white space, which would be part of the key.
    #[error("the secret starts or ends with white space")]
    SurroundingWhitespace,
    /// The text is an access token for Intercom's API, another kind of credential.
    #[error("the secret is an API access token, not an identity verification secret")]
    AccessToken,
}

impl SecretError {
    fn check_text(text: &str) -> Result<(), Self> {
        /// Base64 of `tok:`, which every access token starts with.
        const ACCESS_TOKEN: &str = "dG9rO";
        /// What some editors put at the start of a file; to Unicode it is no white space.
        const BYTE_ORDER_MARK: char = '\u{feff}';

        if text.trim() != text || text.starts_with(BYTE_ORDER_MARK) {
            Err(Self::SurroundingWhitespace)
        } else if text.starts_with(ACCESS_TOKEN) {
            Err(Self::AccessToken)
        } else {
            Ok(())
        }
    }
}
