#[cfg(feature = "jwt")]
use crate::JwtError;
use crate::{NoSecret, ParseUserHashError};

/// Why a request is refused.
///
/// The variants are for your log. What the client is told is the same for all of them, so that it says nothing about
/// which part was wrong: [`status_code`](Self::status_code), [`code`](Self::code), [`message`](Self::message).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The request names a user and proves nothing.
    #[error("the user hash is missing")]
    MissingUserHash,
    /// The hash cannot be one on this platform.
    #[error(transparent)]
    MalformedUserHash(ParseUserHashError),
    /// The hash is not the identity's: of another identifier, made with another secret, or made up.
    #[error("the user hash does not match the identity")]
    UserHashMismatch,
    /// A JSON Web Token stands where the hash belongs.
    #[error("there is a JSON Web Token in the place of the user hash")]
    UserJwtAsUserHash,
    /// The request has a hash and a JSON Web Token: a client sends one or the other.
    #[cfg(feature = "jwt")]
    #[error("there are a user hash and a JSON Web Token")]
    UserHashAndUserJwt,
    /// The JSON Web Token is malformed, made up or not valid now.
    #[cfg(feature = "jwt")]
    #[error(transparent)]
    InvalidUserJwt(#[from] JwtError),
    /// The JSON Web Token is valid, for a user who is not the one that the request names.
    #[cfg(feature = "jwt")]
    #[error("the JSON Web Token is another identity's")]
    IdentityMismatch,
    /// No secret serves the platform, so that nothing can be verified: a mistake in the server's configuration.
    #[error("no secret serves the platform")]
    NoSecret,
}

impl Rejection {
    /// The HTTP status to answer with: 401.
    #[must_use]
    pub const fn status_code(&self) -> u16 {
        401
    }

    /// The code of the error in Intercom's own answer to its mobile SDKs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "hmac_mismatch"
    }

    /// The message of the error in Intercom's own answer to its mobile SDKs.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        "Failed Identity Verification check"
    }

    /// A short stable name of the reason for metrics and logs, such as `missing_user_hash`.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::MissingUserHash => "missing_user_hash",
            Self::MalformedUserHash(_) => "malformed_user_hash",
            Self::UserHashMismatch => "user_hash_mismatch",
            Self::UserJwtAsUserHash => "user_jwt_as_user_hash",
            #[cfg(feature = "jwt")]
            Self::UserHashAndUserJwt => "user_hash_and_user_jwt",
            #[cfg(feature = "jwt")]
            Self::InvalidUserJwt(JwtError::Expired) => "expired_user_jwt",
            #[cfg(feature = "jwt")]
            Self::InvalidUserJwt(_) => "invalid_user_jwt",
            #[cfg(feature = "jwt")]
            Self::IdentityMismatch => "identity_mismatch",
            Self::NoSecret => "no_secret",
        }
    }

    /// Why a text in the place of the hash is none.
    pub(super) fn malformed(user_hash: &str, error: ParseUserHashError) -> Self {
        /// Base64url of `{"`, which every header starts with.
        const HEADER: &str = "eyJ";

        if user_hash.starts_with(HEADER) && user_hash.split('.').count() == 3 {
            Self::UserJwtAsUserHash
        } else {
            Self::MalformedUserHash(error)
        }
    }

    /// Whether nothing was presented, as opposed to something that fails.
    pub(crate) const fn is_missing(&self) -> bool {
        matches!(self, Self::MissingUserHash)
    }
}

impl From<NoSecret> for Rejection {
    fn from(_: NoSecret) -> Self {
        Self::NoSecret
    }
}
