mod admission;
#[cfg(feature = "jwt")]
mod jwt;
#[cfg(not(feature = "jwt"))]
#[path = "authenticator/no_jwt.rs"]
mod jwt;
mod rejection;
mod request;
#[cfg(feature = "serde")]
mod request_body;

pub use admission::{Admission, Unverified, Verified};
pub use rejection::Rejection;
pub use request::AuthRequest;
#[cfg(feature = "serde")]
pub use request_body::AuthRequestBody;

use crate::{Identity, Keyring, Platform, UnixTime, UserHash, identity::OwnedIdentity, platform::PerPlatform};

/// The auth server's decision: does this request come from the user it names?
///
/// It holds the secrets and the settings of each platform, and never changes: share one between threads by reference or
/// in an `Arc`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{
///     Admission, AuthRequest, Authenticator, Keyring, Platform, Rejection, Secret, UserId,
/// };
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let authenticator = Authenticator::new(Keyring::new().with([Platform::Ios], secret));
///
/// let request = AuthRequest::new(Platform::Ios)
///     .identity(UserId::from(4711_u32))
///     .user_hash("7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495");
/// let Admission::Verified(user) = authenticator.authenticate(&request)? else {
///     panic!("not verified")
/// };
/// assert_eq!(user.identifier(), "4711");
///
/// let request = AuthRequest::new(Platform::Ios).identity(UserId::from(4711_u32));
/// assert_eq!(authenticator.authenticate(&request), Err(Rejection::MissingProof));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Authenticator {
    pub(crate) keyring: Keyring,
    enforcement: PerPlatform<Enforcement>,
    proofs: PerPlatform<Proofs>,
    user_jwts: jwt::Policy,
}

impl Authenticator {
    /// An authenticator that accepts user hashes and enforces on every platform.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self {
            keyring,
            enforcement: PerPlatform::default(),
            proofs: PerPlatform::default(),
            user_jwts: jwt::Policy::default(),
        }
    }

    /// Sets how strictly one platform is enforced.
    #[must_use]
    pub fn enforcement(mut self, platform: Platform, enforcement: Enforcement) -> Self {
        self.enforcement.set(platform, enforcement);
        self
    }

    /// Decides on a request, with the [enforcement](Self::enforcement) of its platform.
    ///
    /// A request that names nobody is [`Admission::Unidentified`], whatever the enforcement and with or without a hash: it
    /// comes from a visitor, or from a client that set the hash before its user logged in. An accepted JSON Web Token
    /// names its user itself.
    ///
    /// # Errors
    ///
    /// The reason is for your log. Tell the client no more than [`Rejection::status_code`], [`Rejection::code`] and
    /// [`Rejection::message`].
    pub fn authenticate(&self, request: &AuthRequest<'_>) -> Result<Admission, Rejection> {
        self.authenticate_with(request, *self.enforcement.get(request.platform))
    }

    /// Decides on a request, with an enforcement for this request alone: for old versions of an app, for a percentage of
    /// users, or as a kill switch.
    ///
    /// # Errors
    ///
    /// As [`authenticate`](Self::authenticate).
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{
    ///     Admission, AuthRequest, Authenticator, Enforcement, Keyring, Platform, Rejection,
    ///     Secret, UserId,
    /// };
    ///
    /// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
    /// let authenticator = Authenticator::new(Keyring::new().with([Platform::Ios], secret));
    /// let request = AuthRequest::new(Platform::Ios).identity(UserId::from(4711_u32));
    ///
    /// // Version 1 of the app sends no hash.
    /// let admission = authenticator.authenticate_with(&request, Enforcement::RefuseInvalid)?;
    /// assert!(matches!(admission, Admission::Unverified(_)));
    ///
    /// assert_eq!(authenticator.authenticate(&request), Err(Rejection::MissingProof));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn authenticate_with(
        &self,
        request: &AuthRequest<'_>,
        enforcement: Enforcement,
    ) -> Result<Admission, Rejection> {
        match self.check(request) {
            Ok(Some(user)) => Ok(Admission::Verified(user)),
            Ok(None) => Ok(Admission::Unidentified),
            Err(reason) if enforcement.tolerates(&reason) => {
                let claimed = request.identity.ok().flatten().map(OwnedIdentity::from);
                Ok(Admission::Unverified(Unverified { claimed, platform: request.platform, reason }))
            }
            Err(reason) => Err(reason),
        }
    }

    /// Who is proved; nobody if nobody is named.
    pub(crate) fn check(&self, request: &AuthRequest<'_>) -> Result<Option<Verified>, Rejection> {
        let platform = request.platform;
        let named = request.identity.map_err(Rejection::MalformedIdentity)?;
        let nothing_sent = request.user_hash.is_none() && request.user_jwt.is_none();
        match (self.accepted(request), named) {
            ((Some(_), Some(_)), _) => Err(Rejection::UserHashAndUserJwt),
            ((None, Some((user_jwt, now))), named) => self.check_user_jwt(platform, user_jwt, now, named).map(Some),
            ((_, None), None) => Ok(None),
            ((Some(user_hash), None), Some(named)) => self.check_user_hash(platform, user_hash, named).map(Some),
            ((None, None), Some(_)) if nothing_sent => Err(Rejection::MissingProof),
            ((None, None), Some(_)) => Err(Rejection::ProofNotAccepted),
        }
    }

    /// The proofs of a kind that the platform accepts.
    pub(crate) fn accepted<'a>(&self, request: &AuthRequest<'a>) -> (Option<&'a str>, Option<(&'a str, UnixTime)>) {
        match self.proofs.get(request.platform) {
            Proofs::UserHash => (request.user_hash, None),
            Proofs::UserJwt => (None, request.user_jwt),
            Proofs::Either => (request.user_hash, request.user_jwt),
        }
    }

    fn check_user_hash(
        &self,
        platform: Platform,
        user_hash: &str,
        identity: Identity<'_>,
    ) -> Result<Verified, Rejection> {
        let parsed = match platform {
            Platform::Web => UserHash::parse_any_case(user_hash),
            Platform::Ios | Platform::Android => user_hash.parse(),
        };
        let parsed = parsed.map_err(|error| Rejection::malformed(user_hash, error))?;
        let checked = self.keyring.check(platform, |secret| parsed.verify(secret, identity).ok())?;
        let ((), by_signing_secret) = checked.ok_or(Rejection::UserHashMismatch)?;
        let identity = OwnedIdentity::proved_by_hash(identity);
        Ok(Verified { identity, claims: None, platform, by_signing_secret })
    }
}

/// How strictly a platform is enforced, so that verification can be turned on step by step.
///
/// Start with [`Observe`](Self::Observe) and count with a [`Tally`](crate::Tally). Once nothing invalid arrives, switch to
/// [`RefuseInvalid`](Self::RefuseInvalid). Once every user sends a proof, use [`Enforce`](Self::Enforce).
///
/// | | no proof | a proof that fails | a proof that holds |
/// |---|---|---|---|
/// | `Enforce` | refused | refused | verified |
/// | `RefuseInvalid` | unverified | refused | verified |
/// | `Observe` | unverified | unverified | verified |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enforcement {
    /// Refuses users without a valid proof.
    #[default]
    Enforce,
    /// Accepts users without a proof as [`Unverified`], and refuses a proof that fails.
    RefuseInvalid,
    /// Refuses nothing. A user without a valid proof, for whatever reason, is [`Unverified`].
    Observe,
}

impl Enforcement {
    const fn tolerates(self, reason: &Rejection) -> bool {
        match self {
            Self::Enforce => false,
            Self::RefuseInvalid => reason.is_missing(),
            Self::Observe => true,
        }
    }
}

/// Which proofs a platform accepts. A proof that is not accepted counts as missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the protocol has two proofs")]
pub enum Proofs {
    /// User hashes alone.
    #[default]
    UserHash,
    /// JSON Web Tokens alone.
    UserJwt,
    /// Either one. A client sends a hash or a token, never both.
    Either,
}
