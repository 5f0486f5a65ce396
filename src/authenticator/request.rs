use core::fmt;

use crate::{Identity, IdentityError, Platform, UnixTime};

/// A client's request: who its user is, and the proof.
///
/// # Examples
///
/// ```
/// use intercom_identity::{AuthRequest, Email, Platform};
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
    pub(crate) platform: Platform,
    pub(crate) identity: Result<Option<Identity<'a>>, IdentityError>,
    pub(crate) user_hash: Option<&'a str>,
    pub(crate) user_jwt: Option<(&'a str, UnixTime)>,
    pub(crate) known_user_id: Option<&'a str>,
}

impl<'a> AuthRequest<'a> {
    /// A visitor's request on a platform.
    pub const fn new(platform: Platform) -> Self {
        Self { platform, identity: Ok(None), user_hash: None, user_jwt: None, known_user_id: None }
    }

    /// Names the user.
    pub fn identity(self, identity: impl Into<Identity<'a>>) -> Self {
        Self { identity: Ok(Some(identity.into())), ..self }
    }

    /// Names the user as the client did, unchecked.
    ///
    /// If both are missing or empty, the request names nobody: templates write empty names for visitors. What
    /// [`Identity::new`] refuses otherwise, such as an empty `user_id` beside an email, is a
    /// [`Rejection::MalformedIdentity`](super::Rejection::MalformedIdentity), so it reaches the decision and the tally.
    pub fn named(self, user_id: Option<&'a str>, email: Option<&'a str>) -> Self {
        let names_nobody = [user_id, email].into_iter().flatten().all(str::is_empty);
        let identity = if names_nobody { Ok(None) } else { Identity::new(user_id, email).map(Some) };
        Self { identity, ..self }
    }

    /// Adds the user hash, as the text that came over the wire. An empty one counts as missing.
    pub const fn user_hash(self, user_hash: &'a str) -> Self {
        let user_hash = if user_hash.is_empty() { None } else { Some(user_hash) };
        Self { user_hash, ..self }
    }

    /// Adds the JSON Web Token, as the text that came over the wire, and the current time: it may have expired. An empty
    /// one counts as missing.
    ///
    /// A token is checked only if the platform accepts tokens: see `Authenticator::accept`, feature `jwt`.
    pub const fn user_jwt(self, user_jwt: &'a str, now: UnixTime) -> Self {
        let user_jwt = if user_jwt.is_empty() { None } else { Some((user_jwt, now)) };
        Self { user_jwt, ..self }
    }

    /// Adds the `user_id` that your records have for a user whom the client names by email alone. It decides nothing:
    /// [`Authenticator::diagnose`](super::Authenticator::diagnose) tells whether it was hashed by mistake. It is ignored if
    /// the request names a `user_id`.
    pub const fn known_user_id(self, user_id: &'a str) -> Self {
        Self { known_user_id: Some(user_id), ..self }
    }
}

/// A proof can be replayed: only whether there is one is shown.
impl fmt::Debug for AuthRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { platform, identity, user_hash, user_jwt, known_user_id } = self;
        f.debug_struct("AuthRequest")
            .field("platform", platform)
            .field("identity", identity)
            .field("user_hash", &user_hash.map(|_| format_args!("[REDACTED]")))
            .field("user_jwt", &user_jwt.map(|_| format_args!("[REDACTED]")))
            .field("known_user_id", &known_user_id.map(|_| format_args!("[REDACTED]")))
            .finish()
    }
}
