mod claims;
mod finite;

use alloc::string::String;
use core::{fmt, str::FromStr, time::Duration};

use subtle::{Choice, ConstantTimeEq};

pub use self::claims::{AttributeError, UserClaims};
use crate::{
    Secret, UnixTime,
    jwt::{Compact, Type},
};

/// The successor of the [user hash](crate::UserHash): a JSON Web Token in which an app server vouches for a user.
///
/// It is `intercom_user_jwt` in the web messenger's settings, and what the mobile SDKs take in `setUserJwt`. It is signed
/// with the same [`Secret`], always with HS256.
///
/// Until it expires, whoever has it can replay it: `Debug` does not show it. Equality is in constant time.
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use intercom_identity::{Email, JwtError, Secret, UnixTime, UserClaims, UserId, UserJwt};
///
/// let secret = Secret::new("abc123")?;
/// let now = UnixTime::from_seconds(1_767_225_600)?;
///
/// let claims = UserClaims::new(UserId::from(4711_u32))
///     .email(Email::new("ada@example.com")?)
///     .expires_at(now + Duration::from_secs(3600))
///     .attribute("plan", &"pro")?;
/// let jwt = UserJwt::sign(&secret, &claims)?;
/// assert!(jwt.as_str().starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
///
/// // The other side, with the text that came over the wire.
/// let received: UserJwt = jwt.as_str().parse()?;
/// let claims = received.verify(&secret, now)?;
/// assert_eq!(claims.identity().identifier(), "4711");
/// assert_eq!(claims.read_attribute::<String>("plan")?.as_deref(), Some("pro"));
///
/// assert_eq!(received.verify(&secret, now + Duration::from_secs(3600)), Err(JwtError::Expired));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UserJwt(Compact<String>);

impl UserJwt {
    /// Signs the claims.
    ///
    /// # Errors
    ///
    /// [`JwtError::Length`] if they make a token that [`FromStr`] would refuse.
    #[inline]
    pub fn sign(secret: &Secret, claims: &UserClaims) -> Result<Self, JwtError> {
        Compact::sign(secret, Type::UserJwt, claims.as_json()).map(Self)
    }

    /// Checks that this token, which came from outside, was signed with the secret and is valid now; gives what it says.
    ///
    /// It takes the same time wherever the signature differs. Nothing of what the token says is looked at before the
    /// signature is verified, but its header.
    ///
    /// # Errors
    ///
    /// - [`JwtError::Signature`] if it was signed with another secret, or made up; [`JwtError::Base64`] if what
    ///   stands in the signature's place is not even base64url.
    /// - [`JwtError::Expired`] from the second of its `exp` on; [`JwtError::NotYetValid`] before that of its `nbf`.
    /// - [`JwtError::Base64`], [`JwtError::Claims`], [`JwtError::Claim`] if who has the secret signed what is no claims of
    ///   a user.
    pub fn verify(&self, secret: &Secret, now: UnixTime) -> Result<UserClaims, JwtError> {
        self.verify_with_leeway(secret, now, Duration::ZERO)
    }

    /// The same, with clocks allowed to differ by so many whole seconds.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_with_leeway(&self, secret: &Secret, now: UnixTime, leeway: Duration) -> Result<UserClaims, JwtError> {
        let payload = self.0.verify(secret).ok_or_else(|| self.0.refusal())?;
        UserClaims::read(&payload, now, leeway)
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Takes a token apart, strictly: three parts, and a header that asks for HS256. The other two parts are left to
/// [`verify`](UserJwt::verify). See [`JwtError`].
impl FromStr for UserJwt {
    type Err = JwtError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Compact::parse(text, Type::UserJwt).map(|token| Self(token.into_owned()))
    }
}

impl fmt::Display for UserJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A token can be replayed: the text is not shown.
impl fmt::Debug for UserJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("UserJwt([REDACTED])")
    }
}

impl ConstantTimeEq for UserJwt {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.as_str().as_bytes().ct_eq(other.as_str().as_bytes())
    }
}

/// In constant time for tokens of one length.
impl PartialEq for UserJwt {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for UserJwt {}

impl serde::Serialize for UserJwt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// As strict as [`FromStr`].
impl<'de> serde::Deserialize<'de> for UserJwt {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer, "a JSON Web Token", Self::from_str)
    }
}

/// Why a text is not a token, or a token not a valid one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwtError {
    /// It is longer than 8 KiB.
    #[error("the token has {found} bytes, more than 8192")]
    Length {
        /// The length found, in bytes.
        found: usize,
    },
    /// It does not have exactly three parts.
    #[error("the token does not have three parts")]
    Parts,
    /// A part is not canonical base64url without padding.
    #[error("a part of the token is not canonical base64url without padding")]
    Base64,
    /// The header is not a JSON object, or one with a member twice.
    #[error("the header of the token is not an object with members that stand there once")]
    Header,
    /// The header's `alg` is not `HS256`, the only one there is: `none`, for example, or another case.
    #[error("the algorithm of the token is not HS256")]
    Algorithm,
    /// The header has `crit`: extensions that must be understood, and none is.
    #[error("the token has critical extensions")]
    Critical,
    /// The header's `typ` is of another kind of token.
    #[error("the token is of another type")]
    Type,
    /// The signature is not the one that the secret gives to the token.
    #[error("the signature of the token is not the one that the secret gives")]
    Signature,
    /// The payload is not a JSON object, or one with a member twice.
    #[error("the claims of the token are not an object with members that stand there once")]
    Claims,
    /// A claim is missing that must be there, or is not of its type.
    #[error("the claim {name} of the token is missing or malformed")]
    Claim {
        /// The name of the claim.
        name: &'static str,
    },
    /// It was valid until a moment that has passed.
    #[error("the token has expired")]
    Expired,
    /// It will be valid from a moment that is still to come.
    #[error("the token is not valid yet")]
    NotYetValid,
}
