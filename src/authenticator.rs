mod admission;
mod rejection;
mod request;
#[cfg(feature = "serde")]
mod request_body;

pub use admission::{Admission, Unverified, Verified};
pub use rejection::Rejection;
pub use request::AuthRequest;
#[cfg(feature = "serde")]
pub use request_body::AuthRequestBody;

use crate::{Identity, Keyring, Platform, UserHash, platform::PerPlatform};

/// The auth server's decision: is a request from the user whom it names?
///
/// It holds the secrets and how strictly each platform is enforced, and nothing that changes: share one between threads
/// by reference, or in an `Arc`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Admission, AuthRequest, Authenticator, Keyring, Platform, Rejection, Secret, UserId};
///
/// let keyring = Keyring::new().with([Platform::Ios], Secret::new("abc123")?);
/// let authenticator = Authenticator::new(keyring);
///
/// let request = AuthRequest::new(Platform::Ios)
///     .identity(UserId::from(1_u32))
///     .user_hash("f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3");
/// let Admission::Verified(user) = authenticator.authenticate(&request)? else { panic!("not verified") };
/// assert_eq!(user.identity().identifier(), "1");
///
/// let request = AuthRequest::new(Platform::Ios).identity(UserId::from(1_u32));
/// assert_eq!(authenticator.authenticate(&request).err(), Some(Rejection::MissingUserHash));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Authenticator {
    keyring: Keyring,
    enforcement: PerPlatform<Enforcement>,
}

impl Authenticator {
    /// An authenticator that enforces on every platform.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self { keyring, enforcement: PerPlatform::default() }
    }

    /// Sets how strictly one platform is enforced.
    #[must_use]
    pub fn enforcement(mut self, platform: Platform, enforcement: Enforcement) -> Self {
        *self.enforcement.get_mut(platform) = enforcement;
        self
    }

    /// Decides on a request.
    ///
    /// One that names nobody is [`Admission::Unidentified`] whatever the enforcement, with a hash or without: a visitor,
    /// or a client that has set the hash before its user logged in.
    ///
    /// # Errors
    ///
    /// Why the request is refused, for your log; the client is told no more than [`Rejection::status_code`],
    /// [`Rejection::code`] and [`Rejection::message`].
    pub fn authenticate<'a>(&self, request: &AuthRequest<'a>) -> Result<Admission<'a>, Rejection> {
        let platform = request.platform;
        let Some(identity) = request.identity else { return Ok(Admission::Unidentified) };
        match self.check(platform, identity, request.user_hash) {
            Ok(()) => Ok(Admission::Verified(Verified::new(identity, platform))),
            Err(reason) if self.enforcement.get(platform).tolerates(&reason) => {
                Ok(Admission::Unverified(Unverified::new(identity, platform, reason)))
            }
            Err(reason) => Err(reason),
        }
    }

    fn check(&self, platform: Platform, identity: Identity<'_>, user_hash: Option<&str>) -> Result<(), Rejection> {
        let user_hash = user_hash.ok_or(Rejection::MissingUserHash)?;
        let user_hash = match platform {
            Platform::Web => UserHash::parse_any_case(user_hash)?,
            Platform::Ios | Platform::Android => user_hash.parse()?,
        };
        if self.keyring.any(platform, |secret| user_hash.verify(secret, identity).is_ok())? {
            Ok(())
        } else {
            Err(Rejection::UserHashMismatch)
        }
    }
}

/// How strictly a platform is enforced, so that verification can be turned on step by step.
///
/// Start with [`Observe`](Self::Observe) and count with a [`Tally`](crate::Tally) until nothing invalid comes in; go on
/// with [`RefuseInvalid`](Self::RefuseInvalid) until nothing without a hash does; then [`Enforce`](Self::Enforce).
///
/// | | no hash | a hash that fails | a hash that holds |
/// |---|---|---|---|
/// | `Enforce` | refused | refused | verified |
/// | `RefuseInvalid` | unverified | refused | verified |
/// | `Observe` | unverified | unverified | verified |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enforcement {
    /// Refuses who has no valid hash.
    #[default]
    Enforce,
    /// Lets pass as [`Unverified`] who has no hash, and refuses a hash that fails.
    RefuseInvalid,
    /// Lets everybody pass, as [`Unverified`] who has no valid hash.
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
