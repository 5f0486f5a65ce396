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

/// Proof of who a user is, which only a successful check produces. It holds what was proved and nothing else.
///
/// A function that takes a `Verified` cannot be called for an unproved user.
///
/// # Examples
///
/// ```
/// use intercom_identity::verify::Verified;
///
/// fn conversations_of(user: &Verified) -> String {
///     format!("/conversations?user_id={}", user.identifier())
/// }
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
    /// A user hash proves one identifier: the `user_id`, or the email of a user without one. A JSON Web Token proves what
    /// it says. What the client merely claimed beside that is in the request.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        self.identity.get()
    }

    /// The identifier that was proved: the `user_id`, or the email of a user without one.
    ///
    /// An email can be the `user_id` of another user, so key your own data by [`identity`](Self::identity), which says
    /// which of the two it is.
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
    /// Who the client claims the user to be; `None` if it names nobody, or names somebody in a malformed way.
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
