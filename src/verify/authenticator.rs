use super::{
    Admission, AuthRequest, Rejection, Unverified, Verified, owned_identity::OwnedIdentity, per_platform::PerPlatform,
};
use crate::{Keyring, ParseUserHashError, Platform, Secret, UserHash};

/// The auth server's decision: does this request come from the user it names?
///
/// It holds the secrets and the settings of each platform, and never changes: share one between threads by reference or
/// in an `Arc`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{
///     Keyring, Platform, Secret, UserId,
///     verify::{Admission, AuthRequest, Authenticator, Rejection},
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
    pub(super) keyring: Keyring,
    pub(super) policies: PerPlatform<Policy>,
}

/// What is set for one platform.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Policy {
    enforcement: Enforcement,
    #[cfg(feature = "jwt")]
    pub(super) user_jwts: super::user_jwt::Policy,
}

impl Authenticator {
    /// An authenticator that accepts user hashes and enforces on every platform.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self { keyring, policies: PerPlatform::default() }
    }

    /// Sets how strictly one platform is enforced.
    #[must_use]
    pub const fn enforcement(mut self, platform: Platform, enforcement: Enforcement) -> Self {
        self.policies.get_mut(platform).enforcement = enforcement;
        self
    }

    /// The secrets: one keyring signs and verifies.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Decides on a request, with the [enforcement](Self::enforcement) of its platform.
    ///
    /// A request that names nobody is [`Admission::Unidentified`], whatever the enforcement and with or without a hash: it
    /// comes from a visitor, or from a client that set the hash before its user logged in. An accepted JSON Web Token
    /// names its user itself.
    ///
    /// **`Ok` is no proof.** Do not check with `is_ok` or `if let Err`: a request without identity and hash is `Ok`, under
    /// every enforcement. Take the user from [`Admission::verified`], and serve what is theirs, not what the request names.
    ///
    /// # Errors
    ///
    /// The reason is for your log. Send the client [`Rejection::answer`] and nothing more.
    pub fn authenticate(&self, request: &AuthRequest<'_>) -> Result<Admission, Rejection> {
        self.authenticate_with(request, self.policies.get(request.platform).enforcement)
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
    ///     Keyring, Platform, Secret, UserId,
    ///     verify::{Admission, AuthRequest, Authenticator, Enforcement, Rejection},
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
                let claimed = request.named_identity().ok().flatten().map(OwnedIdentity::from);
                Ok(Admission::Unverified(Unverified { claimed, platform: request.platform, reason }))
            }
            Err(reason) => Err(reason),
        }
    }

    /// The verified user; `None` if the request names nobody.
    pub(super) fn check(&self, request: &AuthRequest<'_>) -> Result<Option<Verified>, Rejection> {
        if let Some(decision) = self.check_user_jwt(request) {
            return decision;
        }
        let Some(identity) = request.named_identity()? else { return Ok(None) };
        let user_hash = request.user_hash.ok_or_else(|| request.without_accepted_proof())?;
        let parsed = match user_hash.parse::<UserHash>() {
            // The web messenger takes either case.
            Err(ParseUserHashError::UpperCase) if request.platform == Platform::Web => {
                user_hash.to_ascii_lowercase().parse()
            }
            parsed => parsed,
        };
        let parsed = parsed.map_err(|error| Rejection::malformed(user_hash, error))?;
        let checked = self.first_that_passes(request.platform, |secret| parsed.verify(secret, identity).ok())?;
        let ((), by_signing_secret) = checked.ok_or(Rejection::UserHashMismatch)?;
        Ok(Some(Verified {
            identity: OwnedIdentity::proved_by_hash(identity),
            claims: None,
            platform: request.platform,
            by_signing_secret,
        }))
    }

    /// The first of the platform's secrets that passes the check: what the check gave, and whether that secret signs.
    /// Every secret is tried, so that the time it takes does not tell which one passed.
    pub(super) fn first_that_passes<T>(
        &self,
        platform: Platform,
        check: impl Fn(&Secret) -> Option<T>,
    ) -> Result<Option<(T, bool)>, Rejection> {
        let mut secrets = self.keyring.secrets(platform);
        let signing = check(secrets.next().ok_or(Rejection::NoSecret)?);
        let older = secrets.map(check).fold(None, Option::or);
        Ok(signing.map(|passed| (passed, true)).or(older.map(|passed| (passed, false))))
    }

    /// Without feature `jwt`, a token never decides.
    #[cfg(not(feature = "jwt"))]
    #[expect(clippy::unused_self, reason = "it stands in for the method of that name in `user_jwt.rs`")]
    const fn check_user_jwt(&self, _: &AuthRequest<'_>) -> Option<Result<Option<Verified>, Rejection>> {
        None
    }
}

/// How strictly a platform is enforced, so that verification can be turned on step by step.
///
/// Start with [`Observe`](Self::Observe) and count with a [`Tally`](super::Tally). Once nothing invalid arrives, switch to
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

names! {
    Enforcement { Enforce = "enforce", RefuseInvalid = "refuse_invalid", Observe = "observe" },
    ParseEnforcementError: "unknown enforcement: use enforce, refuse_invalid or observe"
}
