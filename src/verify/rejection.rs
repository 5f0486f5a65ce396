#[cfg(feature = "jwt")]
use crate::jwt::JwtError;
use crate::{IdentityError, NoSecret, ParseUserHashError};

/// Why a request is refused.
///
/// Log the variant, and send the client its [`answer`](Self::answer).
#[doc(alias = "hmac_mismatch")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The request names a user and has no proof.
    #[error("no user hash or JSON Web Token was sent")]
    MissingProof,
    /// The request names a user, and its only proof is of a kind that the platform does not accept.
    #[error("the proof is of a kind that this platform does not accept: accept it, or send the other kind")]
    ProofNotAccepted,
    /// The string is not a user hash that this platform accepts.
    #[error(transparent)]
    MalformedUserHash(ParseUserHashError),
    /// The hash is of another identifier, was made with another secret or is forged.
    #[error("the user hash does not match the identity")]
    UserHashMismatch,
    /// A JSON Web Token was sent as the user hash.
    #[error(
        "a JSON Web Token was sent as the user hash: send it as intercom_user_jwt on the web, by setUserJwt in an app"
    )]
    UserJwtAsUserHash,
    /// Both a user hash and a JSON Web Token were sent. A client sends one of them, never both.
    #[error("both a user hash and a JSON Web Token were sent: send the token alone")]
    #[cfg(feature = "jwt")]
    UserHashAndUserJwt,
    /// The JSON Web Token is malformed, forged or not valid now.
    #[error(transparent)]
    #[cfg(feature = "jwt")]
    InvalidUserJwt(#[from] JwtError),
    /// The JSON Web Token is valid, but for another user than the request names.
    #[error("the JSON Web Token is for another identity")]
    #[cfg(feature = "jwt")]
    IdentityMismatch,
    /// The request names a user with a malformed identity. Not a failed check: status 400.
    #[error(transparent)]
    MalformedIdentity(#[from] IdentityError),
    /// No secret serves the platform, so nothing can be verified. A mistake of the server: status 500.
    #[error("no secret serves the platform: add one to the keyring")]
    NoSecret,
}

impl Rejection {
    /// What to respond with: the same for every failed check, so that the client learns nothing about which part was wrong.
    #[must_use]
    pub const fn answer(&self) -> Answer {
        match self {
            Self::MalformedIdentity(_) => {
                Answer { status_code: 400, code: "parameter_invalid", message: "The user_id or email is malformed" }
            }
            Self::NoSecret => {
                Answer { status_code: 500, code: "server_error", message: "Identity Verification is not configured" }
            }
            _ => Answer { status_code: 401, code: "hmac_mismatch", message: "Failed Identity Verification check" },
        }
    }

    /// A short, stable name of the reason for metrics and logs, such as `missing_proof`.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::MissingProof => "missing_proof",
            Self::ProofNotAccepted => "proof_not_accepted",
            Self::MalformedUserHash(_) => "malformed_user_hash",
            Self::UserHashMismatch => "user_hash_mismatch",
            Self::UserJwtAsUserHash => "user_jwt_as_user_hash",
            #[cfg(feature = "jwt")]
            Self::UserHashAndUserJwt => "user_hash_and_user_jwt",
            #[cfg(feature = "jwt")]
            Self::InvalidUserJwt(error) => error.label(),
            #[cfg(feature = "jwt")]
            Self::IdentityMismatch => "identity_mismatch",
            Self::MalformedIdentity(_) => "malformed_identity",
            Self::NoSecret => "no_secret",
        }
    }

    /// Why a text is not a user hash.
    pub(super) fn malformed(user_hash: &str, error: ParseUserHashError) -> Self {
        /// Base64url of `{"`, which every header starts with.
        const HEADER: &str = "eyJ";

        if user_hash.starts_with(HEADER) && user_hash.split('.').count() == 3 {
            Self::UserJwtAsUserHash
        } else {
            Self::MalformedUserHash(error)
        }
    }

    /// Whether there was no proof to check, as opposed to one that fails.
    pub(super) const fn is_missing(&self) -> bool {
        matches!(self, Self::MissingProof | Self::ProofNotAccepted)
    }
}

/// The response to a refused request, and all that the client gets.
///
/// For a failed check it is what Intercom sends to its mobile SDKs, but for the `request_id`. With feature `serde` it
/// serializes as the body of the response, in the form of Intercom's errors.
///
/// # Examples
///
/// ```
/// use intercom_identity::verify::Rejection;
///
/// let answer = Rejection::UserHashMismatch.answer();
/// assert_eq!(answer.status_code, 401);
/// # #[cfg(feature = "json")]
/// assert_eq!(
///     serde_json::to_string(&answer)?,
///     concat!(
///         r#"{"type":"error.list","errors":[{"code":"hmac_mismatch","#,
///         r#""message":"Failed Identity Verification check"}]}"#,
///     ),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status: 401 for a failed check, 400 for a malformed identity, 500 without a secret.
    pub status_code: u16,
    /// The error code.
    pub code: &'static str,
    /// The error message, in English.
    pub message: &'static str,
}

/// As the whole body of the response.
#[cfg(feature = "serde")]
impl serde::Serialize for Answer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use alloc::collections::BTreeMap;

        use serde::ser::SerializeStruct;

        let Self { status_code: _, code, message } = *self;
        let mut list = serializer.serialize_struct("ErrorList", 2)?;
        list.serialize_field("type", "error.list")?;
        list.serialize_field("errors", &[BTreeMap::from([("code", code), ("message", message)])])?;
        list.end()
    }
}

impl From<NoSecret> for Rejection {
    fn from(_: NoSecret) -> Self {
        Self::NoSecret
    }
}
