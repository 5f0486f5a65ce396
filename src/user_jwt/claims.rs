use alloc::{
    borrow::{Cow, ToOwned},
    string::{String, ToString},
};
use core::{fmt, time::Duration};

use serde::{Serialize, Serializer, de::DeserializeOwned, ser::Error};
use serde_json::value::RawValue;

use super::{JwtError, finite::is_finite};
use crate::{
    Email, Identity, UnixTime, UserId,
    jwt::{Object, Payload, quoted},
};

/// What an app server says of a user in a [`UserJwt`](super::UserJwt).
///
/// Intercom refuses a token without `user_id`, so there are no claims without one. The others stand in the token in the
/// order in which they are set.
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
#[derive(Clone)]
#[must_use = "claims are worth nothing until they are signed"]
pub struct UserClaims {
    user_id: String,
    email: Option<String>,
    expires_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    /// All of that, and the attributes, as they are signed.
    claims: Object,
}

impl UserClaims {
    /// Claims of the user with this id, and nothing else.
    pub fn new(user_id: UserId<'_>) -> Self {
        let user_id = user_id.as_str();
        let mut claims = Object::empty();
        claims.add(Self::USER_ID, &quoted(user_id));
        Self { user_id: user_id.to_owned(), email: None, expires_at: None, not_before: None, claims }
    }

    /// Sets `email`.
    pub fn email(mut self, email: Email<'_>) -> Self {
        self.claims.set(Self::EMAIL, &quoted(email.as_str()));
        Self { email: Some(email.as_str().to_owned()), ..self }
    }

    /// Sets `exp`, the first second at which the token is no longer valid. Without it the token never expires.
    pub fn expires_at(mut self, time: UnixTime) -> Self {
        self.claims.set(Self::EXPIRY, &time.as_seconds().to_string());
        Self { expires_at: Some(time), ..self }
    }

    /// Sets `nbf`, the first second at which the token is valid. Without it the token is valid at once.
    pub fn not_before(mut self, time: UnixTime) -> Self {
        self.claims.set(Self::START, &time.as_seconds().to_string());
        Self { not_before: Some(time), ..self }
    }

    /// Adds an attribute of the user, of any name that is not reserved and any value that serializes to JSON.
    ///
    /// # Errors
    ///
    /// - [`AttributeError::Reserved`] for `user_id`, `email`, `exp` and `nbf`, which have methods of their own.
    /// - [`AttributeError::Duplicate`] if there is one of the name.
    /// - [`AttributeError::NonFiniteNumber`] if some number in it is infinite or not a number: JSON would have `null`.
    /// - [`AttributeError::NotJson`] if it does not serialize to JSON.
    pub fn attribute(mut self, name: &str, value: &impl Serialize) -> Result<Self, AttributeError> {
        if Self::RESERVED.contains(&name) {
            return Err(AttributeError::Reserved);
        }
        if self.claims.get(name).is_some() {
            return Err(AttributeError::Duplicate);
        }
        if !is_finite(value) {
            return Err(AttributeError::NonFiniteNumber);
        }
        let value = serde_json::to_string(value).map_err(|_| AttributeError::NotJson)?;
        self.claims.add(name, &value);
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

    /// The first second at which the token is valid.
    #[must_use]
    pub const fn start(&self) -> Option<UnixTime> {
        self.not_before
    }

    /// Reads an attribute; `None` if there is none of the name.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotJson`] if it is not JSON of that type.
    pub fn read_attribute<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, AttributeError> {
        if Self::RESERVED.contains(&name) {
            return Ok(None);
        }
        self.claims.get(name).map(serde_json::from_str).transpose().map_err(|_| AttributeError::NotJson)
    }

    fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.claims.members().filter(|(name, _)| !Self::RESERVED.contains(name))
    }

    const USER_ID: &'static str = "user_id";
    const EMAIL: &'static str = "email";
    const EXPIRY: &'static str = "exp";
    const START: &'static str = "nbf";
    const RESERVED: [&'static str; 4] = [Self::USER_ID, Self::EMAIL, Self::EXPIRY, Self::START];

    pub(super) fn as_json(&self) -> &str {
        self.claims.as_json()
    }

    pub(crate) fn read(payload: &Payload<'_>, now: UnixTime, leeway: Duration) -> Result<Self, JwtError> {
        let claims = payload.claims()?;
        let malformed = |name| move |_| JwtError::Claim { name };
        let user_id = claims.text(Self::USER_ID)?.unwrap_or_default().into_owned();
        UserId::new(&user_id).map_err(malformed(Self::USER_ID))?;
        let email = claims.text(Self::EMAIL)?.map(Cow::into_owned);
        email.as_deref().map(Email::new).transpose().map_err(malformed(Self::EMAIL))?;
        let expires_at = claims.time(Self::EXPIRY)?;
        let not_before = claims.time(Self::START)?;

        if expires_at.is_some_and(|expiry| now >= expiry + leeway) {
            Err(JwtError::Expired)
        } else if not_before.is_some_and(|start| now + leeway < start) {
            Err(JwtError::NotYetValid)
        } else {
            Ok(Self { user_id, email, expires_at, not_before, claims })
        }
    }
}

/// Attributes are equal if their JSON is the same text: `1` is not `1.0`. The order in which they were set does not matter.
impl PartialEq for UserClaims {
    fn eq(&self, other: &Self) -> bool {
        let Self { user_id, email, expires_at, not_before, claims: _ } = self;
        *user_id == other.user_id
            && *email == other.email
            && *expires_at == other.expires_at
            && *not_before == other.not_before
            && self.attributes().eq(other.attributes())
    }
}

impl Eq for UserClaims {}

impl Serialize for UserClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(self.as_json()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// What is said of a user is personal data: it is not shown.
impl fmt::Debug for UserClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user_id: _, email: _, expires_at, not_before, claims: _ } = self;
        let mut claims = f.debug_struct("UserClaims");
        claims.field("expires_at", expires_at).field("not_before", not_before).finish_non_exhaustive()
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
