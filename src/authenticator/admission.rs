use super::Rejection;
#[cfg(feature = "jwt")]
use crate::UserClaims;
use crate::{Identity, Platform};

/// What a request is let in as.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "who is let in matters as much as that somebody is"]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new kind of admission must not pass unnoticed through a caller's `match`"
)]
pub enum Admission<'a> {
    /// The user whom the request names, proved.
    Verified(Verified<'a>),
    /// The user whom the request names, not proved: anybody can claim that.
    Unverified(Unverified<'a>),
    /// Nobody: a visitor.
    Unidentified,
}

impl Admission<'_> {
    /// A short stable name for metrics and logs: `verified`, `unverified`, `unidentified`.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Verified(_) => "verified",
            Self::Unverified(_) => "unverified",
            Self::Unidentified => "unidentified",
        }
    }

    /// Whom the request names, proved or not.
    #[cfg(feature = "jwt")]
    pub(crate) fn identity(&self) -> Option<Identity<'_>> {
        match self {
            Self::Verified(user) => Some(user.identity()),
            Self::Unverified(user) => Some(user.identity()),
            Self::Unidentified => None,
        }
    }
}

/// Proof that a user is who the request says: only [`Authenticator::authenticate`](super::Authenticator::authenticate)
/// makes one.
///
/// A function that asks for a `Verified` cannot be called for anybody else.
///
/// # Examples
///
/// ```
/// use intercom_identity::Verified;
///
/// fn conversations_of(user: &Verified<'_>) -> String {
///     format!("/conversations?user_id={}", user.identity().identifier())
/// }
/// ```
///
/// It cannot be made by hand, nor can what is not proved be taken for it:
///
/// ```compile_fail,E0451
/// # use intercom_identity::{Platform, Verified};
/// let user = Verified { by: todo!(), platform: Platform::Web };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    pub(super) by: By<'a>,
    pub(super) platform: Platform,
}

/// What proved the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum By<'a> {
    UserHash(Identity<'a>),
    #[cfg(feature = "jwt")]
    UserJwt(UserClaims),
}

impl Verified<'_> {
    /// Who it is.
    ///
    /// A hash proves the [identifier](Identity::identifier): of an identity with both, the email is only what the client
    /// says. A JSON Web Token proves all that it says.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        match &self.by {
            By::UserHash(identity) => *identity,
            #[cfg(feature = "jwt")]
            By::UserJwt(claims) => claims.identity(),
        }
    }

    /// What the JSON Web Token says of the user, if it was one that proved who it is.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub const fn claims(&self) -> Option<&UserClaims> {
        match &self.by {
            By::UserHash(_) => None,
            By::UserJwt(claims) => Some(claims),
        }
    }

    /// The platform whose secret proved it.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.platform
    }
}

/// A user whom a request names without proof, let in because the platform is not enforced yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified<'a> {
    pub(super) identity: Identity<'a>,
    pub(super) platform: Platform,
    pub(super) reason: Rejection,
}

impl Unverified<'_> {
    /// Who it claims to be.
    #[must_use]
    pub const fn identity(&self) -> Identity<'_> {
        self.identity
    }

    /// The platform it came from.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// Why it is not verified: what it will be refused for when the platform is enforced.
    #[must_use]
    pub const fn reason(&self) -> &Rejection {
        &self.reason
    }
}
