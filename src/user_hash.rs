use core::str::FromStr;

use subtle::{Choice, ConstantTimeEq};

use crate::{Identity, Secret, secret};

/// The proof that an app server vouches for a user: 64 lower-case hexadecimal digits of HMAC-SHA256.
///
/// It is `user_hash` in the web messenger's settings, and what the mobile SDKs take in `setUserHash`.
///
/// A hash never expires. Anybody who has seen one can replay it until the secret is rotated, so `Debug` does not show it.
/// Equality is in constant time.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Email, Secret, UserHash, UserHashMismatch, UserId};
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let user_id = UserId::from(4711_u32);
/// let hash = UserHash::compute(&secret, user_id);
/// assert_eq!(
///     hash.as_str(),
///     "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495",
/// );
///
/// // The other side, with the text that came over the wire.
/// let received: UserHash =
///     "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495".parse()?;
/// received.verify(&secret, (user_id, Email::new("ada@example.com")?))?;
/// let as_email = received.verify(&secret, Email::new("ada@example.com")?);
/// assert_eq!(as_email, Err(UserHashMismatch));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias("user_hash", "userHash", "setUserHash", "hmac", "signature", "identifier_hash"))]
#[derive(Clone)]
pub struct UserHash {
    digits: [u8; Self::LENGTH],
}

impl UserHash {
    const LENGTH: usize = 64;

    /// Computes the hash of the identity's [identifier](Identity::identifier).
    #[must_use]
    #[inline]
    pub fn compute<'a>(secret: &Secret, identity: impl Into<Identity<'a>>) -> Self {
        secret.mac(identity.into().identifier().as_bytes(), Self::of_tag)
    }

    /// Checks that this hash, which came from outside, is the one that the secret gives to the identity.
    ///
    /// It takes the same time wherever the two differ, and the expected hash is wiped.
    ///
    /// # Errors
    ///
    /// [`UserHashMismatch`] if it is the hash of another identity, was made with another secret or is forged.
    #[inline]
    pub fn verify<'a>(&self, secret: &Secret, identity: impl Into<Identity<'a>>) -> Result<(), UserHashMismatch> {
        let matches = secret.mac(identity.into().identifier().as_bytes(), |tag| Self::of_tag(tag).ct_eq(self));
        if matches.into() { Ok(()) } else { Err(UserHashMismatch) }
    }

    /// The hash as 64 lower-case hexadecimal digits, to send. To check one, use [`verify`](Self::verify): `==` on text is not in
    /// constant time.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "hexadecimal digits are ASCII")]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.digits).expect("hexadecimal digits are ASCII")
    }

    /// The hash as 32 bytes, for vendors that want it in base64.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "the digits are 64 and hexadecimal")]
    pub fn to_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        hex::decode_to_slice(self.digits, &mut bytes).expect("the digits are 64 and hexadecimal");
        bytes
    }

    #[inline]
    fn of_tag(tag: &[u8; 32]) -> Self {
        let mut digits = [0; Self::LENGTH];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(tag) {
            *pair = hex_digits(*byte);
        }
        Self { digits }
    }

    #[inline]
    fn from_digits(digits: &[u8; Self::LENGTH]) -> Result<Self, ParseUserHashError> {
        // `&` looks at every digit, so that the compiler can look at many at once.
        if digits.iter().fold(true, |so_far, digit| so_far & matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self { digits: *digits })
        } else if digits.iter().all(u8::is_ascii_hexdigit) {
            Err(ParseUserHashError::UpperCase)
        } else {
            Err(ParseUserHashError::NotHex)
        }
    }
}

/// No table and no branch: until a hash has matched, the digits of the expected one are secret. Both digits are made in
/// one number, in which compilers see no choice to branch on.
#[inline]
const fn hex_digits(byte: u8) -> [u8; 2] {
    const FROM_AFTER_9_TO_A: u16 = (b'a' - (b'9' + 1)) as u16;
    let nibbles = u16::from_le_bytes([byte >> 4, byte & 0xf]);
    // What is above 9 reaches the top bit of its byte.
    let letters = ((nibbles + 0x7676) >> 7) & 0x0101;
    (nibbles + u16::from_le_bytes([b'0'; 2]) + letters * FROM_AFTER_9_TO_A).to_le_bytes()
}

#[inline]
fn digits_of(text: &str) -> Result<&[u8; UserHash::LENGTH], ParseUserHashError> {
    text.as_bytes().try_into().map_err(|_| ParseUserHashError::Length { found: text.len() })
}

impl ConstantTimeEq for UserHash {
    #[inline]
    fn ct_eq(&self, other: &Self) -> Choice {
        secret::ct_eq(&self.digits, &other.digits)
    }
}

/// In constant time.
impl PartialEq for UserHash {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for UserHash {}

/// Takes what the mobile messenger takes: 64 lower-case hexadecimal digits. See [`ParseUserHashError`].
impl FromStr for UserHash {
    type Err = ParseUserHashError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_digits(digits_of(text)?)
    }
}

as_text!(UserHash);

// A hash can be replayed.
redacted_debug!(UserHash);

/// The hash is not the one that the secret gives to the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the user hash does not match the identity")]
#[expect(clippy::exhaustive_structs, reason = "to say more would help somebody who guesses")]
pub struct UserHashMismatch;

/// Why a string is not a [`UserHash`].
///
/// # Examples
///
/// ```
/// use intercom_identity::{ParseUserHashError, UserHash};
///
/// assert_eq!("aa747c".parse::<UserHash>(), Err(ParseUserHashError::Length { found: 6 }));
/// assert_eq!("AB".repeat(32).parse::<UserHash>(), Err(ParseUserHashError::UpperCase));
/// assert_eq!("xy".repeat(32).parse::<UserHash>(), Err(ParseUserHashError::NotHex));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseUserHashError {
    /// It is not 64 bytes long. SHA-1 has 40 digits, base64 of SHA-256 has 44, a JSON Web Token has more than 100.
    #[error("a user hash has 64 hexadecimal digits, not {found}: send HMAC-SHA256 in hexadecimal")]
    Length {
        /// The length found, in bytes.
        found: usize,
    },
    /// It is hexadecimal with upper-case letters, which the mobile messenger refuses.
    #[error("the user hash has upper-case digits: send it in lower case")]
    UpperCase,
    /// A character is not a hexadecimal digit.
    #[error("the user hash has a character that is not a hexadecimal digit: send HMAC-SHA256 in hexadecimal")]
    NotHex,
}
