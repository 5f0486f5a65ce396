use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::{convert::Infallible, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

use super::AuthRequest;
use crate::{Identity, IdentityError, Platform, UnixTime, text};

/// The JSON object that a client sends to be let in: `user_id` (text or integer), `email`, `user_hash` and, with feature
/// `jwt`, `user_jwt`, each of them optional.
///
/// `null` is as good as left out. Anything else that is not as described is an error, a field of another name or one
/// that stands there twice included: a hash in a misspelt field would count as missing.
///
/// # Examples
///
/// ```
/// use intercom_identity::{
///     Admission, AuthRequestBody, Authenticator, Keyring, Platform, Secret, UnixTime,
/// };
///
/// let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], Secret::new("abc123")?));
/// let json = r#"{
///     "user_id": 1,
///     "email": "ada@example.com",
///     "user_hash": "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3"
/// }"#;
///
/// let body: AuthRequestBody = serde_json::from_str(json)?;
/// let request = body.request(Platform::Web, UnixTime::now())?;
/// assert!(matches!(authenticator.authenticate(&request), Ok(Admission::Verified(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct AuthRequestBody {
    user_id: Option<String>,
    email: Option<String>,
    user_hash: Option<String>,
    #[cfg(feature = "jwt")]
    user_jwt: Option<String>,
}

impl AuthRequestBody {
    /// The request that this is the body of, given what the body does not say: the platform whose client sent it, and
    /// the time it came in.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] if the `user_id` or the email is present but cannot be one. A body without either is a
    /// visitor's.
    pub fn request(&self, platform: Platform, received: UnixTime) -> Result<AuthRequest<'_>, IdentityError> {
        let mut request = AuthRequest::new(platform);
        match Identity::new(self.user_id.as_deref(), self.email.as_deref()) {
            Ok(identity) => request = request.identity(identity),
            Err(IdentityError::Unidentified) => {}
            Err(error) => return Err(error),
        }
        if let Some(user_hash) = &self.user_hash {
            request = request.user_hash(user_hash);
        }
        #[cfg(feature = "jwt")]
        if let Some(user_jwt) = &self.user_jwt {
            request = request.user_jwt(user_jwt, received);
        }
        #[cfg(not(feature = "jwt"))]
        let _ = received;
        Ok(request)
    }
}

/// The identity is personal data, and a proof can be replayed: only which fields there are is shown.
impl fmt::Debug for AuthRequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = |field: &Option<String>| field.as_ref().map(|_| format_args!("[REDACTED]"));
        let mut body = f.debug_struct("AuthRequestBody");
        body.field("user_id", &redacted(&self.user_id));
        body.field("email", &redacted(&self.email));
        body.field("user_hash", &redacted(&self.user_hash));
        #[cfg(feature = "jwt")]
        body.field("user_jwt", &redacted(&self.user_jwt));
        body.finish()
    }
}

impl<'de> Deserialize<'de> for AuthRequestBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut is_object = false;
        let body = deserializer.deserialize_map(BodyVisitor { is_object: &mut is_object });
        body.map_err(|error| if is_object { error } else { text::not_quoting("an object") })
    }
}

struct BodyVisitor<'a> {
    is_object: &'a mut bool,
}

impl<'de> Visitor<'de> for BodyVisitor<'_> {
    type Value = AuthRequestBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        *self.is_object = true;
        let mut body = AuthRequestBody::default();
        let mut seen = Vec::new();
        while let Some(field) = map.next_key::<Field>()? {
            if seen.contains(&field) {
                return Err(A::Error::custom("a field stands there twice"));
            }
            match field {
                Field::UserId => body.user_id = map.next_value::<Option<TextOrInteger>>()?.map(|value| value.0),
                Field::Email => body.email = map.next_value::<Option<Text>>()?.map(|value| value.0),
                Field::UserHash => body.user_hash = map.next_value::<Option<Text>>()?.map(|value| value.0),
                #[cfg(feature = "jwt")]
                Field::UserJwt => body.user_jwt = map.next_value::<Option<Text>>()?.map(|value| value.0),
            }
            seen.push(field);
        }
        Ok(body)
    }
}

#[derive(PartialEq, Eq)]
enum Field {
    UserId,
    Email,
    UserHash,
    #[cfg(feature = "jwt")]
    UserJwt,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a field", |name| match name {
            "user_id" => Ok(Self::UserId),
            "email" => Ok(Self::Email),
            "user_hash" => Ok(Self::UserHash),
            #[cfg(feature = "jwt")]
            "user_jwt" => Ok(Self::UserJwt),
            _ => Err("a field has an unknown name"),
        })
    }
}

struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a text", |text| Ok::<_, Infallible>(Self(text.to_owned())))
    }
}

struct TextOrInteger(String);

impl<'de> Deserialize<'de> for TextOrInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize_or_integer(deserializer, "a text or a whole number").map(Self)
    }
}
