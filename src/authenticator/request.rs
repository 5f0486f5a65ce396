use core::fmt;

#[cfg(feature = "jwt")]
use crate::UnixTime;
use crate::{Identity, Platform};

/// What a client asks to be let in with: who its user is, and what proves it.
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
///     "AuthRequest { platform: Web, identity: Some(Email(Email([REDACTED]))), proof: UserHash([REDACTED]) }",
/// );
/// # Ok::<(), intercom_identity::IdentityError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a request does nothing until it is authenticated"]
pub struct AuthRequest<'a> {
    pub(super) platform: Platform,
    pub(super) identity: Option<Identity<'a>>,
    pub(super) proof: Proof<'a>,
}

impl<'a> AuthRequest<'a> {
    /// A request of a visitor on a platform.
    pub const fn new(platform: Platform) -> Self {
        Self { platform, identity: None, proof: Proof::Missing }
    }

    /// Names the user.
    pub fn identity(self, identity: impl Into<Identity<'a>>) -> Self {
        Self { identity: Some(identity.into()), ..self }
    }

    /// Adds the hash, as the text that came over the wire.
    pub const fn user_hash(self, user_hash: &'a str) -> Self {
        let proof = match self.proof {
            Proof::Missing | Proof::UserHash(_) => Proof::UserHash(user_hash),
            #[cfg(feature = "jwt")]
            Proof::UserJwt(..) | Proof::Both => Proof::Both,
        };
        Self { proof, ..self }
    }

    /// Adds the JSON Web Token, as the text that came over the wire, and when it came: it may have expired.
    ///
    /// A client sends a token or a hash, never both.
    #[cfg(feature = "jwt")]
    pub const fn user_jwt(self, user_jwt: &'a str, received: UnixTime) -> Self {
        let proof = match self.proof {
            Proof::Missing | Proof::UserJwt(..) => Proof::UserJwt(user_jwt, received),
            Proof::UserHash(_) | Proof::Both => Proof::Both,
        };
        Self { proof, ..self }
    }
}

/// What a request proves its identity with.
#[derive(Clone, Copy)]
pub(super) enum Proof<'a> {
    Missing,
    UserHash(&'a str),
    #[cfg(feature = "jwt")]
    UserJwt(&'a str, UnixTime),
    #[cfg(feature = "jwt")]
    Both,
}

/// A proof can be replayed: it is not shown.
impl fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "Missing",
            Self::UserHash(_) => "UserHash([REDACTED])",
            #[cfg(feature = "jwt")]
            Self::UserJwt(..) => "UserJwt([REDACTED])",
            #[cfg(feature = "jwt")]
            Self::Both => "Both",
        })
    }
}
