use crate::{IdentityError, JwtError, NoSecret, ParseUserHashError};

/// Why a request is refused.
///
/// Log the variant. Send the client the same response for every failed check, so that it learns nothing about which part
/// was wrong. Respond as Intercom does, with [`status_code`](Self::status_code) and this JSON:
///
/// ```
/// use intercom_identity::Rejection;
/// use serde_json::json;
///
/// let rejection = Rejection::UserHashMismatch;
/// let error = json!({ "code": rejection.code(), "message": rejection.message() });
/// let body = json!({ "type": "error.list", "errors": [error] });
///
/// assert_eq!(rejection.status_code(), 401);
/// assert_eq!(body["errors"][0]["code"], "hmac_mismatch");
/// assert_eq!(body["errors"][0]["message"], "Failed Identity Verification check");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The request names a user and has no proof.
    #[error("no user hash or JSON Web Token was sent")]
    MissingProof,
    /// The request names a user, and its only proof is of a kind that the platform does not accept.
    #[error("the proof is of a kind that this platform does not accept")]
    ProofNotAccepted,
    /// The string is not a user hash that this platform accepts.
    #[error(transparent)]
    MalformedUserHash(ParseUserHashError),
    /// The hash is of another identifier, was made with another secret or is forged.
    #[error("the user hash does not match the identity")]
    UserHashMismatch,
    /// A JSON Web Token was sent as the user hash.
    #[error("a JSON Web Token was sent as the user hash")]
    UserJwtAsUserHash,
    /// Both a user hash and a JSON Web Token were sent. A client sends one of them, never both.
    #[error("both a user hash and a JSON Web Token were sent")]
    UserHashAndUserJwt,
    /// The JSON Web Token is malformed, forged or not valid now.
    #[error(transparent)]
    InvalidUserJwt(#[from] JwtError),
    /// The JSON Web Token is valid, but for another user than the request names.
    #[error("the JSON Web Token is for another identity")]
    IdentityMismatch,
    /// The request names a user in a way that cannot be right. Not a failed check: status 400.
    #[error(transparent)]
    MalformedIdentity(IdentityError),
    /// No secret serves the platform, so nothing can be verified. A mistake of the server: status 500.
    #[error("no secret serves the platform: add one to the keyring")]
    NoSecret,
}

impl Rejection {
    /// The HTTP status to respond with: 401 for a failed check, 400 for a malformed identity, 500 without a secret.
    #[must_use]
    pub const fn status_code(&self) -> u16 {
        self.answer().0
    }

    /// The error code to respond with. For a failed check, it is the one that Intercom sends to its mobile SDKs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.answer().1
    }

    /// The error message to respond with. For a failed check, it is the one that Intercom sends to its mobile SDKs.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        self.answer().2
    }

    /// What the client is told: the same for every failed check.
    const fn answer(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::MalformedIdentity(_) => (400, "parameter_invalid", "The user_id or email is malformed"),
            Self::NoSecret => (500, "server_error", "Identity Verification is not configured"),
            _ => (401, "hmac_mismatch", "Failed Identity Verification check"),
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
            Self::UserHashAndUserJwt => "user_hash_and_user_jwt",
            Self::InvalidUserJwt(error) => error.label(),
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
    pub(crate) const fn is_missing(&self) -> bool {
        matches!(self, Self::MissingProof | Self::ProofNotAccepted)
    }
}

impl From<NoSecret> for Rejection {
    fn from(_: NoSecret) -> Self {
        Self::NoSecret
    }
}
