#[cfg(not(feature = "jwt"))]
use core::convert::Infallible as UserClaims;

use super::{Rejection, owned_identity::OwnedIdentity};
#[cfg(feature = "jwt")]
use crate::jwt::UserClaims;
use crate::{Identity, Platform};

/// The outcome of an accepted request.
///
/// It owns what it holds, so it can outlive the request: put it into request extensions or move it into a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an accepted user may be unverified or nobody"]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new kind of admission must not pass unnoticed through a caller's `match`"
)]
pub enum Admission {
    /// A user whose identity is proved.
    Verified(Verified),
    /// A user without a valid proof, accepted because the platform does not enforce: anybody can claim that identity.
    Unverified(Unverified),
    /// Nobody: a visitor.
    Unidentified,
}

impl Admission {
    /// The user, if their identity is proved.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::verify::Admission;
    ///
    /// assert!(Admission::Unidentified.verified().is_none());
    /// ```
    #[must_use]
    pub fn verified(self) -> Option<Verified> {
        match self {
            Self::Verified(user) => Some(user),
            Self::Unverified(_) | Self::Unidentified => None,
        }
    }

    /// A short, stable name for metrics and logs: `verified`, `unverified`, `unidentified`.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Verified(_) => "verified",
            Self::Unverified(_) => "unverified",
            Self::Unidentified => "unidentified",
        }
    }
}

/// Proof of who a user is, which only a successful check produces.
///
/// A function that takes a `Verified` cannot be called for an unproved user.
///
/// It holds what was proved: of a token, its claims; of a user hash, the text of one identifier. Whether that is a `user_id`
/// or an email is the client's word, so store data by kind and text, as below. It does not name a workspace: you know whose
/// [`Authenticator`](super::Authenticator) you asked.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use intercom_identity::{
///     Keyring, Platform, Secret, UserId,
///     verify::{Admission, AuthRequest, Authenticator, Verified},
/// };
///
/// /// By kind and identifier: the email of one user can be the `user_id` of another.
/// type Conversations = HashMap<(&'static str, String), Vec<String>>;
///
/// fn conversations_of<'a>(user: &Verified, all: &'a Conversations) -> &'a [String] {
///     let key = (user.identity().kind(), user.identifier().to_owned());
///     all.get(&key).map_or(&[], Vec::as_slice)
/// }
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], secret));
/// let request = AuthRequest::new(Platform::Web)
///     .identity(UserId::from(4711_u32))
///     .user_hash("7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495");
/// let Admission::Verified(user) = authenticator.authenticate(&request)? else {
///     panic!("not verified")
/// };
///
/// let all = HashMap::from([(("user_id", "4711".to_owned()), vec!["Hello".to_owned()])]);
/// assert_eq!(conversations_of(&user, &all), ["Hello"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub(super) identity: OwnedIdentity,
    pub(super) claims: Option<UserClaims>,
    pub(super) platform: Platform,
    pub(super) by_signing_secret: bool,
}

impl Verified {
    /// Who the user is.
    ///
    /// A user hash proves one identifier: the `user_id`, or the email of a user without one. A token proves its claims. What
    /// the client merely claimed beside that is in the request.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        self.identity.get()
    }

    /// The identifier that was proved: the `user_id`, or the email of a user without one.
    ///
    /// The email of one user can be the `user_id` of another, so store data by [`Identity::kind`] and identifier together.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.identity.identifier()
    }

    /// The platform whose secret proved it.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// Whether it was proved by the secret that signs, rather than by an older one in the keyring.
    #[must_use]
    pub const fn by_signing_secret(&self) -> bool {
        self.by_signing_secret
    }

    pub(super) const fn is_by_user_jwt(&self) -> bool {
        self.claims.is_some()
    }
}

/// A user without a valid proof, accepted because the platform does not enforce yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    pub(super) claimed: Option<OwnedIdentity>,
    pub(super) platform: Platform,
    pub(super) reason: Rejection,
}

impl Unverified {
    /// Who the client claims the user to be; `None` if it names nobody, or the identity is malformed.
    #[must_use]
    pub fn claimed(&self) -> Option<Identity<'_>> {
        self.claimed.as_ref().map(OwnedIdentity::get)
    }

    /// The platform that the request came from.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// Why the user is not verified: the reason for a refusal once the platform is enforced.
    #[must_use]
    pub const fn reason(&self) -> &Rejection {
        &self.reason
    }
}
