use alloc::{borrow::ToOwned, string::String};
use core::{fmt, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{JwtError, user_jwt::Payload};
use crate::{
    AttributeError, Email, Identity, IdentityError, UnixTime, UserId,
    attributes::{self, Attributes},
};

/// What an app server says about a user in a [`UserJwt`](super::UserJwt).
///
/// Intercom refuses a token without `user_id`, so claims always have one. For a user known by email alone, Intercom's
/// plugin for `WordPress` uses the email as `user_id` too.
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use intercom_identity::{AttributeError, Email, UnixTime, UserId, jwt::UserClaims};
///
/// let in_an_hour = UnixTime::now() + Duration::from_secs(3600);
/// let claims = UserClaims::new(UserId::from(4711_u32), in_an_hour)
///     .email(Email::new("ada@example.com")?)
///     .attribute("plan", "pro")?
///     .attribute("seats", 12)?;
/// assert_eq!(claims.read_attribute("seats"), Ok(Some(12)));
///
/// let reserved = claims.clone().attribute("user_id", "1");
/// assert_eq!(reserved.err(), Some(AttributeError::Reserved));
/// let duplicate = claims.attribute("seats", 13);
/// assert_eq!(duplicate.err(), Some(AttributeError::Duplicate));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "claims do nothing until they are signed"]
pub struct UserClaims(Claims);

/// As they are signed.
#[derive(Clone, PartialEq, Eq, Serialize)]
struct Claims {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<UnixTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<UnixTime>,
    #[serde(flatten)]
    attributes: Attributes,
}

impl UserClaims {
    const USER_ID: &'static str = "user_id";
    const EMAIL: &'static str = "email";
    pub(crate) const EXPIRES_AT: &'static str = "exp";
    const NOT_BEFORE: &'static str = "nbf";
    const RESERVED: [&'static str; 4] = [Self::USER_ID, Self::EMAIL, Self::EXPIRES_AT, Self::NOT_BEFORE];

    /// Claims of the user with this id. The token is valid before `expires_at`, not at it.
    ///
    /// Intercom documents no limit; its examples use 1, 2 and 12 hours. Keep it short: a token can be replayed until then.
    pub fn new(user_id: UserId<'_>, expires_at: UnixTime) -> Self {
        let Self(claims) = Self::without_expiry(user_id);
        Self(Claims { exp: Some(expires_at), ..claims })
    }

    /// Claims of the user with this id, in a token that is valid until the secret is rotated.
    pub fn without_expiry(user_id: UserId<'_>) -> Self {
        let user_id = user_id.as_str().to_owned();
        Self(Claims { user_id, email: None, exp: None, nbf: None, attributes: Attributes::default() })
    }

    /// Sets `email`.
    pub fn email(self, email: Email<'_>) -> Self {
        let Self(claims) = self;
        Self(Claims { email: Some(email.as_str().to_owned()), ..claims })
    }

    /// Adds an attribute of the user: any value that serializes to JSON. If it is `null`, it is left out; `NaN` and infinite
    /// numbers are `null`. Times are in seconds, as in [`MessengerSettings::attribute`](crate::MessengerSettings::attribute).
    ///
    /// # Errors
    ///
    /// - [`AttributeError::Reserved`] for `user_id`, `email`, `exp` and `nbf`.
    /// - [`AttributeError::Duplicate`] if there is an attribute of that name, and neither value is `null`.
    /// - [`AttributeError::NotJson`] if the value does not serialize to JSON.
    /// - [`AttributeError::NotSeconds`] if `created_at` is not a whole number of seconds from 1970 to 9999.
    pub fn attribute(mut self, name: &str, value: impl Serialize) -> Result<Self, AttributeError> {
        if Self::RESERVED.contains(&name) {
            return Err(AttributeError::Reserved);
        }
        self.0.attributes.add(name, attributes::json(value)?)?;
        Ok(self)
    }

    /// Who the user is.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        let Self(Claims { user_id, email, .. }) = self;
        (UserId::known(user_id), email.as_deref().map(Email::known)).into()
    }

    /// The first second at which the token is no longer valid.
    #[must_use]
    pub const fn expires_at(&self) -> Option<UnixTime> {
        self.0.exp
    }

    /// Reads an attribute; `None` if there is none of that name, or it is `null`.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotJson`] if it is not of that type.
    pub fn read_attribute<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, AttributeError> {
        let value = self.0.attributes.get(name);
        value.map(T::deserialize).transpose().map_err(|_| AttributeError::NotJson)
    }

    /// The names of the claims other than the identity.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let Claims { exp, nbf, attributes, .. } = &self.0;
        let times = [exp.map(|_| Self::EXPIRES_AT), nbf.map(|_| Self::NOT_BEFORE)];
        attributes.0.keys().map(String::as_str).chain(times.into_iter().flatten())
    }

    #[expect(clippy::expect_used, reason = "strings, numbers and JSON serialize")]
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("strings, numbers and JSON serialize")
    }

    pub(crate) fn read(payload: Payload<'_>) -> Result<Self, JwtError> {
        let ([user_id, email, exp, nbf], attributes) = payload.decode(Self::RESERVED)?;
        Ok(Self(Claims {
            user_id: read_user_id(user_id, payload)?,
            email: read_email(email)?,
            exp: read_time(exp, Self::EXPIRES_AT)?,
            nbf: read_time(nbf, Self::NOT_BEFORE)?,
            attributes,
        }))
    }

    pub(crate) fn check_time(&self, now: UnixTime, leeway: Duration) -> Result<(), JwtError> {
        if self.0.exp.is_some_and(|expires_at| now >= expires_at + leeway) {
            Err(JwtError::Expired)
        } else if self.0.nbf.is_some_and(|not_before| now + leeway < not_before) {
            Err(JwtError::NotYetValid)
        } else {
            Ok(())
        }
    }
}

/// A string, or an integer as its decimal text: Intercom's own samples sign the id as the database has it.
fn read_user_id(claim: Option<Value>, payload: Payload<'_>) -> Result<String, JwtError> {
    let malformed = JwtError::Claim { name: UserClaims::USER_ID };
    let user_id = match claim {
        Some(Value::String(user_id)) => user_id,
        Some(Value::Number(_)) => payload.integer_id().ok_or(malformed)?,
        _ => return Err(malformed),
    };
    UserId::new(&user_id).map_err(|_| malformed)?;
    Ok(user_id)
}

/// A string that is not an email counts as absent: Django's users have an empty one by default.
fn read_email(claim: Option<Value>) -> Result<Option<String>, JwtError> {
    let malformed = JwtError::Claim { name: UserClaims::EMAIL };
    match claim {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(email)) => match Email::new(&email) {
            Ok(_) => Ok(Some(email)),
            Err(IdentityError::EmptyEmail | IdentityError::EmailWithoutAt) => Ok(None),
            Err(_) => Err(malformed),
        },
        Some(_) => Err(malformed),
    }
}

/// A `NumericDate` (RFC 7519, section 2), its fraction dropped. `null` is an error: JavaScript writes it for a date that it
/// could not compute, and a token must not live forever because of it.
fn read_time(claim: Option<Value>, name: &'static str) -> Result<Option<UnixTime>, JwtError> {
    let Some(claim) = claim else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, far beyond the bounds of `UnixTime`")]
    let seconds = claim.as_i64().or_else(|| claim.as_f64().map(|seconds| seconds as i64));
    let time = seconds.and_then(|seconds| UnixTime::from_seconds(seconds).ok());
    time.map(Some).ok_or(JwtError::Claim { name })
}

/// Claims are personal data: only the times are shown.
impl fmt::Debug for UserClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Claims { user_id: _, email: _, exp, nbf, attributes: _ }) = self;
        f.debug_struct("UserClaims").field("exp", exp).field("nbf", nbf).finish_non_exhaustive()
    }
}
