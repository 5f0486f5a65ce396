use core::fmt;

use crate::{Identity, Platform};

/// What a client asks to be let in with: who its user is, and the hash that proves it.
///
/// # Examples
///
/// ```
/// use intercom_identity::{AuthRequest, Email, Platform};
///
/// let visitor = AuthRequest::new(Platform::Web);
/// let user = visitor.identity(Email::new("ada@example.com")?).user_hash("6ef24f…");
/// assert_eq!(
///     format!("{user:?}"),
///     "AuthRequest { platform: Web, identity: Some(Email(Email([REDACTED]))), user_hash: Some([REDACTED]) }",
/// );
/// # Ok::<(), intercom_identity::IdentityError>(())
/// ```
#[derive(Clone, Copy)]
#[must_use = "a request does nothing until it is authenticated"]
pub struct AuthRequest<'a> {
    pub(super) platform: Platform,
    pub(super) identity: Option<Identity<'a>>,
    pub(super) user_hash: Option<&'a str>,
}

impl<'a> AuthRequest<'a> {
    /// A request of a visitor on a platform.
    pub const fn new(platform: Platform) -> Self {
        Self { platform, identity: None, user_hash: None }
    }

    /// Names the user.
    pub fn identity(self, identity: impl Into<Identity<'a>>) -> Self {
        Self { identity: Some(identity.into()), ..self }
    }

    /// Adds the hash, as the text that came over the wire.
    pub const fn user_hash(self, user_hash: &'a str) -> Self {
        Self { user_hash: Some(user_hash), ..self }
    }
}

/// The identity is personal data and a hash can be replayed: neither is shown.
impl fmt::Debug for AuthRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { platform, identity, user_hash } = self;
        f.debug_struct("AuthRequest")
            .field("platform", platform)
            .field("identity", identity)
            .field("user_hash", &user_hash.map(|_| format_args!("[REDACTED]")))
            .finish()
    }
}
