use core::fmt;

use super::Rejection;
use crate::{Identity, IdentityError, Platform, UnixTime};

/// A client's request: who its user is, and the proof.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Email, Platform, verify::AuthRequest};
///
/// let visitor = AuthRequest::new(Platform::Web);
/// let user = visitor.identity(Email::new("ada@example.com")?).user_hash("7f7d4f…");
/// let shown = format!("{user:?}");
/// assert!(shown.contains("Email([REDACTED])"));
/// # Ok::<(), intercom_identity::IdentityError>(())
/// ```
#[derive(Clone, Copy)]
#[must_use = "a request does nothing until it is authenticated"]
pub struct AuthRequest<'a> {
    pub(super) platform: Platform,
    pub(super) names: Names<'a>,
    pub(super) user_hash: Option<&'a str>,
    pub(super) user_jwt: Option<(&'a str, UnixTime)>,
    pub(super) known_user_id: Option<&'a str>,
}

/// Whom a request names.
#[derive(Clone, Copy)]
pub(super) enum Names<'a> {
    Checked(Identity<'a>),
    Sent { user_id: Option<&'a str>, email: Option<&'a str> },
}

impl<'a> AuthRequest<'a> {
    /// A visitor's request on a platform.
    pub const fn new(platform: Platform) -> Self {
        let names = Names::Sent { user_id: None, email: None };
        Self { platform, names, user_hash: None, user_jwt: None, known_user_id: None }
    }

    /// Names the user.
    pub fn identity(self, identity: impl Into<Identity<'a>>) -> Self {
        Self { names: Names::Checked(identity.into()), ..self }
    }

    /// Names the user as the client did, unchecked.
    ///
    /// If both are missing or empty, the request names nobody: templates write empty names for visitors. What
    /// [`Identity::new`] refuses otherwise, such as an empty `user_id` beside an email, is a
    /// [`Rejection::MalformedIdentity`](super::Rejection::MalformedIdentity), so it reaches the decision and the tally.
    pub const fn named(self, user_id: Option<&'a str>, email: Option<&'a str>) -> Self {
        Self { names: Names::Sent { user_id, email }, ..self }
    }

    /// Adds the user hash, as the text that came over the wire. An empty one counts as missing.
    pub const fn user_hash(self, user_hash: &'a str) -> Self {
        let user_hash = if user_hash.is_empty() { None } else { Some(user_hash) };
        Self { user_hash, ..self }
    }

    /// Adds the `user_id` that your records have for this user. It does not affect the decision:
    /// [`Authenticator::diagnose`](super::Authenticator::diagnose) tells whether it was signed, while the client sends only
    /// the email or another id.
    pub const fn known_user_id(self, user_id: &'a str) -> Self {
        Self { known_user_id: Some(user_id), ..self }
    }

    /// Why a user without an accepted proof is refused.
    pub(super) const fn without_accepted_proof(&self) -> Rejection {
        let nothing_sent = self.user_hash.is_none() && self.user_jwt.is_none();
        if nothing_sent { Rejection::MissingProof } else { Rejection::ProofNotAccepted }
    }

    /// Whom the request names; `None` if nobody.
    pub(super) fn named_identity(&self) -> Result<Option<Identity<'a>>, IdentityError> {
        match self.names {
            Names::Checked(identity) => Ok(Some(identity)),
            Names::Sent { user_id, email } if [user_id, email].into_iter().flatten().all(str::is_empty) => Ok(None),
            Names::Sent { user_id, email } => Identity::new(user_id, email).map(Some),
        }
    }
}

/// A proof can be replayed: only whether there is one is shown.
impl fmt::Debug for AuthRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { platform, names: _, user_hash, user_jwt, known_user_id } = self;
        f.debug_struct("AuthRequest")
            .field("platform", platform)
            .field("identity", &self.named_identity())
            .field("user_hash", &user_hash.map(|_| format_args!("[REDACTED]")))
            .field("user_jwt", &user_jwt.map(|_| format_args!("[REDACTED]")))
            .field("known_user_id", &known_user_id.map(|_| format_args!("[REDACTED]")))
            .finish()
    }
}
