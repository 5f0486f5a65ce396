mod error;
#[cfg(test)]
mod tests;

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{mem::ManuallyDrop, ops::BitOr, str::FromStr};

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

pub use self::error::SecretError;

/// Upper bounds on the stack, in bytes, used by keying and by hashing; `tests/wiping.rs` looks for what is left.
/// Frames that are not optimised are many times larger.
const STACK: usize = if cfg!(debug_assertions) { 32_768 } else { 4096 };
const HASHING_STACK: usize = if cfg!(debug_assertions) { 32_768 } else { 1152 };

/// The secret that a workspace shares with Intercom, for one or several platforms.
///
/// The text is hashed into the two keyed states of HMAC-SHA256 when the value is made, and is not kept. Both states live
/// in one heap allocation, so a move leaves no copy behind. They are wiped on drop. The stack that keying and
/// hashing use is wiped after each use.
///
/// A secret cannot be cloned, compared, printed or serialized. Share a `Secret`, a `Keyring` or an `Authenticator` by
/// reference or in an `Arc`: a configuration with `#[derive(Clone)]` holds an `Arc<Keyring>`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Secret, SecretError, UserHash, UserId};
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let hash = UserHash::compute(&secret, UserId::from(4711_u32));
/// assert_eq!(
///     hash.as_str(),
///     "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495",
/// );
///
/// // What often goes wrong is refused when the server starts, not when a customer logs in.
/// assert_eq!(Secret::new("").err(), Some(SecretError::Empty));
/// let app_id = Secret::new("pi3243fa");
/// assert_eq!(app_id.err(), Some(SecretError::TooShort { found: 8 }));
/// let placeholder = Secret::new("YOUR_INTERCOM_IDENTITY_VERIFICATION_SECRET");
/// assert_eq!(placeholder.err(), Some(SecretError::Placeholder));
///
/// assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias("hmac", "identity verification", "identity verification secret", "secret key", "secure mode"))]
pub struct Secret {
    /// Not an `Hmac`: at opt-level s, its buffer left the outer block in memory.
    keyed: Box<HmacCore<Sha256>>,
}

impl Secret {
    /// Makes a secret from the text that Intercom's dashboard shows. Its bytes are the key: the text is not decoded.
    ///
    /// Intercom's secrets have 40 characters or more, today 43 of base64url.
    ///
    /// # Errors
    ///
    /// - [`SecretError::Empty`] if the text is empty: HMAC would take it, and then anybody could sign.
    /// - [`SecretError::AccessToken`] if it is an access token for Intercom's API.
    /// - [`SecretError::UnexpectedCharacter`] if a character is not an ASCII letter, a digit or one of `-_+/.~`, or `=`
    ///   other than up to two at the end: a line break, quotes or a template.
    /// - [`SecretError::TooShort`] if it has fewer than 32 characters: an app id, for example.
    /// - [`SecretError::Placeholder`] if it has no digit and either letters of only one case or a dot, or if it has fewer
    ///   than 8 different characters: `process.env.INTERCOM_SECRET_FOR_THE_WEB`. By chance, 1 in 10¹⁵ secrets of 43
    ///   characters looks like that.
    /// - [`SecretError::Encoded`] if it is base64 or hexadecimal of at least 32 characters that a secret may have: a secret
    ///   that was encoded once more, with or without a line break.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        SecretError::check_text(text)?;
        Ok(Self::keyed_with(text.as_bytes()))
    }

    /// Makes a secret from the bytes of a key, such as another vendor's or the one of a published sample.
    ///
    /// The only check is that the key is not empty. For the secret of an Intercom workspace, use [`Secret::new`], or
    /// `Secret::try_from` for bytes that were decrypted or read from a file.
    ///
    /// # Errors
    ///
    /// [`SecretError::Empty`] if the key is empty or up to 64 zero bytes: HMAC pads keys with zeros, so these are all the
    /// same key.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{Secret, UserHash, UserId};
    ///
    /// // RFC 4231, test case 1
    /// let hash = UserHash::compute(&Secret::from_raw_key(&[0x0b; 20])?, UserId::new("Hi There")?);
    /// assert_eq!(
    ///     hash.as_str(),
    ///     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_raw_key(key: &[u8]) -> Result<Self, SecretError> {
        /// SHA-256's block, to which HMAC pads a key with zeros.
        const BLOCK: usize = 64;

        // Every byte is read, so the time does not depend on their values.
        let any = key.iter().fold(0, |any, byte| any | byte);
        if any == 0 && key.len() <= BLOCK { Err(SecretError::Empty) } else { Ok(Self::keyed_with(key)) }
    }

    /// Accepts any key, even an empty one.
    #[expect(clippy::expect_used, reason = "`new_from_slice` is fallible for MACs of fixed key size; HMAC takes any")]
    pub(crate) fn keyed_with(key: &[u8]) -> Self {
        // `hmac` leaves the key and its padded blocks on the stack.
        let keyed = on_wiped_stack(|| Box::new(HmacCore::new_from_slice(key).expect("HMAC takes a key of any length")));
        Self { keyed }
    }

    /// Gives the HMAC-SHA256 of the message to `read`. Whatever `read` leaves on the stack is wiped with the tag.
    pub(crate) fn mac<T>(&self, message: &[u8], read: impl FnOnce(&[u8; 32]) -> T) -> T {
        on_stack_wiped_to::<HASHING_STACK, T>(|| {
            // Nothing here wipes itself: the frame is wiped.
            let mut core = ManuallyDrop::new(HmacCore::clone(&self.keyed));
            let mut buffer = ManuallyDrop::new(Buffer::<HmacCore<Sha256>>::default());
            let mut tag = Output::<HmacCore<Sha256>>::default();
            buffer.digest_blocks(message, |blocks| core.update_blocks(blocks));
            core.finalize_fixed_core(&mut buffer, &mut tag);
            read(tag.as_ref())
        })
    }
}

/// Runs the function in a stack frame of its own and wipes what it leaves there: the values of secret bytes, which a move
/// copies, and the copies that the compiler makes. What it returns is moved, so it must hold no secret but on the heap.
pub(crate) fn on_wiped_stack<T>(function: impl FnOnce() -> T) -> T {
    on_stack_wiped_to::<STACK, T>(function)
}

fn on_stack_wiped_to<const DEPTH: usize, T>(function: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn in_its_own_frame<T>(function: impl FnOnce() -> T) -> T {
        function()
    }

    let result = in_its_own_frame(function);
    zeroize_stack::<DEPTH>();
    result
}

/// Equality in constant time, eight bytes at a time: `subtle` compares slices byte by byte.
pub(crate) fn ct_eq<const N: usize>(a: &[u8; N], b: &[u8; N]) -> Choice {
    const { assert!(N.is_multiple_of(8), "no byte may be left out") };
    let ((a, _), (b, _)) = (a.as_chunks(), b.as_chunks());
    let differences = a.iter().zip(b).map(|(a, b)| u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b));
    differences.fold(0, u64::bitor).ct_eq(&0)
}

/// The states wipe themselves: `sha2` is built with its `zeroize` feature.
impl ZeroizeOnDrop for Secret {}

/// The same as [`Secret::new`].
impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

/// The same as [`Secret::new`], but consumes the text and wipes it, even if it is refused.
impl TryFrom<String> for Secret {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&Zeroizing::new(text))
    }
}

/// The same as [`Secret::new`], but consumes the bytes of the text and wipes them, even if they are refused.
impl TryFrom<Vec<u8>> for Secret {
    type Error = SecretError;

    fn try_from(text: Vec<u8>) -> Result<Self, Self::Error> {
        let text = Zeroizing::new(text);
        Self::new(str::from_utf8(&text).map_err(|_| SecretError::UnexpectedCharacter)?)
    }
}

redacted_debug!(Secret);

/// From a string, as [`Secret::new`] takes it. A string that the deserializer hands over is wiped; one that it only lends
/// is not.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::unquoted::string(deserializer, Self::new)
    }
}
