use super::Rejection;
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
/// # use intercom_identity::{Identity, Platform, UserId, Verified};
/// let user = Verified { identity: UserId::from(1_u32).into(), platform: Platform::Web };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    identity: Identity<'a>,
    platform: Platform,
}

impl<'a> Verified<'a> {
    pub(super) const fn new(identity: Identity<'a>, platform: Platform) -> Self {
        Self { identity, platform }
    }

    /// Who it is. Of an identity with both, it is the `user_id` that is proved; the email is as the client said.
    #[must_use]
    pub const fn identity(&self) -> Identity<'_> {
        self.identity
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
    identity: Identity<'a>,
    platform: Platform,
    reason: Rejection,
}

impl<'a> Unverified<'a> {
    pub(super) const fn new(identity: Identity<'a>, platform: Platform, reason: Rejection) -> Self {
        Self { identity, platform, reason }
    }

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
