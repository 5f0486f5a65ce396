use alloc::{borrow::ToOwned, string::String};
use core::{fmt, time::Duration};

use serde::{Serialize, Serializer, de::DeserializeOwned, ser::SerializeMap};

use super::{JwtError, finite::is_finite};
use crate::{
    Email, Identity, UnixTime, UserId,
    jwt::{Members, Payload},
};

/// What an app server says of a user in a [`UserJwt`](super::UserJwt).
///
/// Intercom refuses a token without `user_id`, so there are no claims without one.
///
/// # Examples
///
/// ```
/// use intercom_identity::{AttributeError, UserClaims, UserId};
///
/// let claims = UserClaims::new(UserId::new("4711")?).attribute("seats", &12)?;
/// assert_eq!(claims.read_attribute("seats"), Ok(Some(12)));
///
/// assert_eq!(claims.clone().attribute("user_id", &"1").err(), Some(AttributeError::Reserved));
/// assert_eq!(claims.clone().attribute("seats", &13).err(), Some(AttributeError::Duplicate));
/// assert_eq!(claims.attribute("score", &f64::NAN).err(), Some(AttributeError::NonFiniteNumber));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "claims are worth nothing until they are signed"]
pub struct UserClaims {
    user_id: String,
    email: Option<String>,
    expires_at: Option<UnixTime>,
    attributes: Members,
}

impl UserClaims {
    /// Claims of the user with this id, and nothing else.
    pub fn new(user_id: UserId<'_>) -> Self {
        Self { user_id: user_id.as_str().to_owned(), email: None, expires_at: None, attributes: Members::default() }
    }

    /// Sets `email`.
    pub fn email(self, email: Email<'_>) -> Self {
        Self { email: Some(email.as_str().to_owned()), ..self }
    }

    /// Sets `exp`, the first second at which the token is no longer valid. Without it the token never expires.
    pub fn expires_at(self, time: UnixTime) -> Self {
        Self { expires_at: Some(time), ..self }
    }

    /// Adds an attribute of the user, of any name that is not reserved and any value that serializes to JSON.
    ///
    /// # Errors
    ///
    /// - [`AttributeError::Reserved`] for `user_id`, `email` and `exp`, which have methods of their own.
    /// - [`AttributeError::Duplicate`] if there is one of the name.
    /// - [`AttributeError::NonFiniteNumber`] if some number in it is infinite or not a number: JSON would have `null`.
    /// - [`AttributeError::NotJson`] if it does not serialize to JSON.
    pub fn attribute(mut self, name: &str, value: &impl Serialize) -> Result<Self, AttributeError> {
        if Self::RESERVED.contains(&name) {
            return Err(AttributeError::Reserved);
        }
        if self.attributes.contains(name) {
            return Err(AttributeError::Duplicate);
        }
        if !is_finite(value) {
            return Err(AttributeError::NonFiniteNumber);
        }
        self.attributes.insert(name, value).map_err(|_| AttributeError::NotJson)?;
        Ok(self)
    }

    /// Who the user is.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        let user_id = UserId::checked_before(&self.user_id);
        match &self.email {
            Some(email) => Identity::UserIdAndEmail(user_id, Email::checked_before(email)),
            None => Identity::UserId(user_id),
        }
    }

    /// The first second at which the token is no longer valid.
    #[must_use]
    pub const fn expiry(&self) -> Option<UnixTime> {
        self.expires_at
    }

    /// Reads an attribute; `None` if there is none of the name.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotJson`] if it is not JSON of that type.
    pub fn read_attribute<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, AttributeError> {
        let value = self.attributes.get(name).map(|value| serde_json::from_str(value.get()));
        value.transpose().map_err(|_| AttributeError::NotJson)
    }

    const USER_ID: &'static str = "user_id";
    const EMAIL: &'static str = "email";
    const EXPIRY: &'static str = "exp";
    const RESERVED: [&'static str; 3] = [Self::USER_ID, Self::EMAIL, Self::EXPIRY];
    const NOT_BEFORE: &'static str = "nbf";

    pub(crate) fn read(payload: &Payload<'_>, now: UnixTime, leeway: Duration) -> Result<Self, JwtError> {
        let mut claims = payload.claims()?;
        let malformed = |name| move |_| JwtError::Claim { name };
        let user_id: String = claims.read(Self::USER_ID)?.unwrap_or_default();
        UserId::new(&user_id).map_err(malformed(Self::USER_ID))?;
        let email: Option<String> = claims.read(Self::EMAIL)?;
        email.as_deref().map(Email::new).transpose().map_err(malformed(Self::EMAIL))?;
        let expires_at = claims.read_time(Self::EXPIRY)?;
        let not_before = claims.read_time(Self::NOT_BEFORE)?;
        for name in Self::RESERVED {
            claims.remove(name);
        }

        if expires_at.is_some_and(|expiry| now >= expiry + leeway) {
            Err(JwtError::Expired)
        } else if not_before.is_some_and(|start| now + leeway < start) {
            Err(JwtError::NotYetValid)
        } else {
            Ok(Self { user_id, email, expires_at, attributes: claims })
        }
    }
}

impl Serialize for UserClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { user_id, email, expires_at, attributes } = self;
        let mut claims = serializer.serialize_map(None)?;
        claims.serialize_entry(Self::USER_ID, user_id)?;
        if let Some(email) = email {
            claims.serialize_entry(Self::EMAIL, email)?;
        }
        if let Some(expiry) = expires_at {
            claims.serialize_entry(Self::EXPIRY, &expiry.as_seconds())?;
        }
        for (name, value) in attributes.iter() {
            claims.serialize_entry(name, value)?;
        }
        claims.end()
    }
}

/// What is said of a user is personal data: it is not shown.
impl fmt::Debug for UserClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user_id: _, email: _, expires_at, attributes: _ } = self;
        f.debug_struct("UserClaims").field("expires_at", expires_at).finish_non_exhaustive()
    }
}

/// Why an attribute cannot be added to [`UserClaims`], or read from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributeError {
    /// The name is a claim that has a method of its own.
    #[error("the name of the attribute is reserved")]
    Reserved,
    /// There is an attribute of that name.
    #[error("there is an attribute of that name")]
    Duplicate,
    /// A number is infinite or not a number.
    #[error("a number in the attribute is not finite")]
    NonFiniteNumber,
    /// The value is not JSON of its type.
    #[error("the attribute is not JSON of its type")]
    NotJson,
}
