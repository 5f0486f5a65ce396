mod access;

use alloc::string::String;
use core::{fmt, time::Duration};

use serde::{Serialize, Serializer, ser::SerializeMap};

pub use self::access::{Access, Subject};
use crate::{
    Admission, JwtError, Secret, UnixTime,
    jwt::{Compact, Type},
};

/// Issues and verifies the access tokens of an auth server: what a client, once let in, shows to the APIs behind it.
///
/// A token is an HS256 JSON Web Token with the claims `sub` (the identifier that was proved or claimed, absent for a
/// visitor), `aud`, `iat` and `exp`, and two of its own: `identity` (`verified`, `unverified` or `unidentified`) and
/// `identifier` (whether `sub` is a `user_id` or an `email`). Its `typ` is `at+jwt`, so that it is never taken for a
/// [`UserJwt`](crate::UserJwt), nor one for it.
///
/// The secret is the auth server's and its APIs' own: not Intercom's, and not one that signs anything else.
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use intercom_identity::{
///     Access, AccessTokenError, AccessTokens, AuthRequest, Authenticator, JwtError, Keyring, Platform, Secret, UnixTime,
///     UserId,
/// };
///
/// let authenticator = Authenticator::new(Keyring::new().with([Platform::Ios], Secret::new("abc123")?));
/// let request = AuthRequest::new(Platform::Ios)
///     .identity(UserId::from(1_u32))
///     .user_hash("f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3");
/// let admission = authenticator.authenticate(&request)?;
///
/// let tokens = AccessTokens::new(Secret::new("the auth server's own")?, "messages", Duration::from_secs(900));
/// let now = UnixTime::from_seconds(1_767_225_600)?;
/// let token = tokens.issue(&admission, now)?;
///
/// let access = tokens.verify(token.as_str(), now)?;
/// let Access::Verified(subject) = access else { panic!("not verified") };
/// assert_eq!(subject.identity().identifier(), "1");
///
/// let later = now + Duration::from_secs(900);
/// assert_eq!(tokens.verify(token.as_str(), later), Err(AccessTokenError::Token(JwtError::Expired)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AccessTokens {
    secret: Secret,
    audience: String,
    lifetime: Duration,
    leeway: Duration,
}

impl AccessTokens {
    /// Tokens for one audience, the API or group of APIs that they are for, valid for so many whole seconds.
    #[must_use]
    pub fn new(secret: Secret, audience: impl Into<String>, lifetime: Duration) -> Self {
        Self { secret, audience: audience.into(), lifetime, leeway: Duration::ZERO }
    }

    /// Allows the clocks of who issues and who verifies to differ by so many whole seconds. Without it, by none.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// Issues a token for who was let in.
    ///
    /// # Errors
    ///
    /// [`AccessTokenError::Token`] with [`JwtError::Length`] if the identifier is so long that the token would be.
    pub fn issue(&self, admission: &Admission<'_>, now: UnixTime) -> Result<AccessToken, AccessTokenError> {
        let claims = Claims { admission, audience: &self.audience, issued_at: now, expires_at: now + self.lifetime };
        let claims = serde_json::to_string(&claims).map_err(|_| JwtError::Claims)?;
        Ok(AccessToken(Compact::sign(&self.secret, Type::AccessToken, &claims)?))
    }

    /// Checks a token that a client shows: what it gives access as.
    ///
    /// # Errors
    ///
    /// - [`AccessTokenError::Token`] if it is malformed, made up or has expired.
    /// - [`AccessTokenError::Audience`] if it is for another audience.
    pub fn verify(&self, token: &str, now: UnixTime) -> Result<Access, AccessTokenError> {
        let token = Compact::parse(token, Type::AccessToken)?;
        let claims = token.verify(&self.secret).ok_or_else(|| token.refusal())?.claims()?;
        if claims.text(claim::AUDIENCE)?.as_deref() != Some(&self.audience) {
            return Err(AccessTokenError::Audience);
        }
        let name = claim::EXPIRES_AT;
        let expires_at = claims.time(name)?.ok_or(JwtError::Claim { name })?;
        if now >= expires_at + self.leeway {
            return Err(JwtError::Expired.into());
        }
        Ok(Access::read(&claims)?)
    }
}

/// What a client shows to an API: `Authorization: Bearer …`. `Debug` does not show it.
#[derive(Clone)]
pub struct AccessToken(Compact<String>);

impl AccessToken {
    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whoever has the token has access: the text is not shown.
impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("AccessToken([REDACTED])")
    }
}

impl Serialize for AccessToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why a token gives no access.
///
/// A client is told no more than status 401 and `WWW-Authenticate: Bearer error="invalid_token"` (RFC 6750, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessTokenError {
    /// It is malformed, made up or has expired.
    #[error(transparent)]
    Token(#[from] JwtError),
    /// It is for another audience.
    #[error("the token is for another audience")]
    Audience,
}

/// The claims as a token states them; [`Access::read`] is the other direction.
struct Claims<'a> {
    admission: &'a Admission<'a>,
    audience: &'a str,
    issued_at: UnixTime,
    expires_at: UnixTime,
}

impl Serialize for Claims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { admission, audience, issued_at, expires_at } = self;
        let mut claims = serializer.serialize_map(None)?;
        if let Some(identity) = admission.identity() {
            claims.serialize_entry(claim::SUBJECT, identity.identifier())?;
            claims.serialize_entry(claim::IDENTIFIER, identity.identifier_name())?;
        }
        claims.serialize_entry(claim::IDENTITY, admission.label())?;
        claims.serialize_entry(claim::AUDIENCE, audience)?;
        claims.serialize_entry(claim::ISSUED_AT, &issued_at.as_seconds())?;
        claims.serialize_entry(claim::EXPIRES_AT, &expires_at.as_seconds())?;
        claims.end()
    }
}

mod claim {
    pub(super) const SUBJECT: &str = "sub";
    pub(super) const AUDIENCE: &str = "aud";
    pub(super) const ISSUED_AT: &str = "iat";
    pub(super) const EXPIRES_AT: &str = "exp";
    pub(super) const IDENTITY: &str = "identity";
    pub(super) const IDENTIFIER: &str = "identifier";
}
