#[cfg(feature = "jwt")]
use core::time::Duration;

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

use self::{admission::By, request::Proof};
use crate::{Identity, Keyring, Platform, UserHash, platform::PerPlatform};
#[cfg(feature = "jwt")]
use crate::{
    UnixTime, UserClaims,
    jwt::{Compact, Type},
};

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
    #[cfg(feature = "jwt")]
    leeway: Duration,
}

impl Authenticator {
    /// An authenticator that enforces on every platform.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self {
            keyring,
            enforcement: PerPlatform::default(),
            #[cfg(feature = "jwt")]
            leeway: Duration::ZERO,
        }
    }

    /// Sets how strictly one platform is enforced.
    #[must_use]
    pub fn enforcement(mut self, platform: Platform, enforcement: Enforcement) -> Self {
        *self.enforcement.get_mut(platform) = enforcement;
        self
    }

    /// Allows the clock of the app server to differ by so many whole seconds, for the JSON Web Tokens that it signs.
    /// Without it, by none.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// Decides on a request.
    ///
    /// One that names nobody is [`Admission::Unidentified`] whatever the enforcement, with a hash or without: a visitor,
    /// or a client that has set the hash before its user logged in. A JSON Web Token names its user itself; one that
    /// fails names nobody, so unless the request does, it is refused whatever the enforcement.
    ///
    /// # Errors
    ///
    /// Why the request is refused, for your log; the client is told no more than [`Rejection::status_code`],
    /// [`Rejection::code`] and [`Rejection::message`].
    pub fn authenticate<'a>(&self, request: &AuthRequest<'a>) -> Result<Admission<'a>, Rejection> {
        let AuthRequest { platform, identity, proof } = *request;
        let checked = match (proof, identity) {
            #[cfg(feature = "jwt")]
            (Proof::UserJwt(user_jwt, received), named) => self.check_user_jwt(platform, user_jwt, received, named),
            #[cfg(feature = "jwt")]
            (Proof::Both, _) => Err(Rejection::UserHashAndUserJwt),
            (_, None) => return Ok(Admission::Unidentified),
            (Proof::UserHash(user_hash), Some(identity)) => self.check_user_hash(platform, user_hash, identity),
            (Proof::Missing, Some(_)) => Err(Rejection::MissingUserHash),
        };
        match (checked, identity) {
            (Ok(by), _) => Ok(Admission::Verified(Verified { by, platform })),
            (Err(reason), Some(identity)) if self.enforcement.get(platform).tolerates(&reason) => {
                Ok(Admission::Unverified(Unverified { identity, platform, reason }))
            }
            (Err(reason), _) => Err(reason),
        }
    }

    fn check_user_hash<'a>(
        &self,
        platform: Platform,
        user_hash: &str,
        identity: Identity<'a>,
    ) -> Result<By<'a>, Rejection> {
        let parsed = match platform {
            Platform::Web => UserHash::parse_any_case(user_hash),
            Platform::Ios | Platform::Android => user_hash.parse(),
        };
        let parsed = parsed.map_err(|error| Rejection::malformed(user_hash, error))?;
        let verified = self.keyring.check(platform, |secret| parsed.verify(secret, identity).ok())?;
        verified.map(|()| By::UserHash(identity)).ok_or(Rejection::UserHashMismatch)
    }

    #[cfg(feature = "jwt")]
    fn check_user_jwt<'a>(
        &self,
        platform: Platform,
        user_jwt: &str,
        received: UnixTime,
        named: Option<Identity<'_>>,
    ) -> Result<By<'a>, Rejection> {
        let parsed = Compact::parse(user_jwt, Type::UserJwt)?;
        let verified = self.keyring.check(platform, |secret| parsed.verify(secret))?;
        let claims = UserClaims::read(&verified.ok_or_else(|| parsed.refusal())?, received, self.leeway)?;
        if named.is_none_or(|named| agrees(claims.identity(), named)) {
            Ok(By::UserJwt(claims))
        } else {
            Err(Rejection::IdentityMismatch)
        }
    }
}

/// Whether a token's identity is the one that the request names beside it, so far as it names one. Where users are known
/// by email alone, some app servers put the email into the token's `user_id`.
#[cfg(feature = "jwt")]
fn agrees(token: Identity<'_>, named: Identity<'_>) -> bool {
    match named {
        Identity::UserId(user_id) => token.user_id() == Some(user_id),
        Identity::Email(email) => token.email().map_or(token.identifier() == email.as_str(), |token| token == email),
        Identity::UserIdAndEmail(user_id, email) => {
            token.user_id() == Some(user_id) && token.email().is_none_or(|token| token == email)
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
