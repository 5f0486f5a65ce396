use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

use super::AuthRequest;
use crate::{
    Platform, UnixTime,
    unquoted::{self, is_integer},
};

/// The JSON object that a client sends: `user_id` (a string, or an integer of 64 bits), `email`, `user_hash`
/// and `user_jwt` (or `intercom_user_jwt`), each of them optional.
///
/// `null` counts as absent. Other fields are ignored: Intercom's clients send names, companies and attributes beside
/// these. A duplicate field is an error. No error quotes the body.
///
/// # Examples
///
/// ```
/// use intercom_identity::{
///     Keyring, Platform, Secret, UnixTime,
///     verify::{Admission, AuthRequestBody, Authenticator},
/// };
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], secret));
/// let json = r#"{
///     "user_id": 4711,
///     "email": "ada@example.com",
///     "user_hash": "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495"
/// }"#;
///
/// let body: AuthRequestBody = serde_json::from_str(json)?;
/// let request = body.request(Platform::Web, UnixTime::now());
/// assert!(matches!(authenticator.authenticate(&request), Ok(Admission::Verified(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuthRequestBody(Fields);

#[derive(Clone, Deserialize)]
struct Fields {
    user_id: Option<TextOrInteger>,
    email: Option<Text>,
    user_hash: Option<Text>,
    #[serde(alias = "intercom_user_jwt")]
    user_jwt: Option<Text>,
    /// So `serde_json` gives a number, where another crate has turned on its `arbitrary_precision`.
    #[serde(default, rename = "$serde_json::private::Number", deserialize_with = "no_object")]
    number: (),
}

impl AuthRequestBody {
    /// The request, given what the body does not say: the platform whose client sent it, and the current time.
    pub fn request(&self, platform: Platform, now: UnixTime) -> AuthRequest<'_> {
        let Self(Fields { user_id, email, user_hash, user_jwt, number: () }) = self;
        let user_id = user_id.as_ref().map(|TextOrInteger(user_id)| user_id.as_str());
        let [email, user_hash, user_jwt] =
            [email, user_hash, user_jwt].map(|field| field.as_ref().map(|Text(text)| text.as_str()));
        AuthRequest::new(platform)
            .named(user_id, email)
            .user_hash(user_hash.unwrap_or_default())
            .sent_user_jwt(user_jwt.unwrap_or_default(), now)
    }
}

impl<'a> AuthRequest<'a> {
    pub(super) const fn sent_user_jwt(self, user_jwt: &'a str, now: UnixTime) -> Self {
        let user_jwt = if user_jwt.is_empty() { None } else { Some((user_jwt, now)) };
        Self { user_jwt, ..self }
    }
}

// The identity is personal data, and a proof can be replayed.
redacted_debug!(AuthRequestBody);

impl<'de> Deserialize<'de> for AuthRequestBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        unquoted::object(deserializer).map(Self)
    }
}

fn no_object<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    Err(D::Error::custom("expected an object"))
}

/// A string of any content.
#[derive(Clone)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        unquoted::string(deserializer, |text| Ok::<_, fmt::Error>(Self(text.to_owned())))
    }
}

/// A string, or the decimal text of an integer.
#[derive(Clone)]
struct TextOrInteger(String);

impl<'de> Deserialize<'de> for TextOrInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl<'de> Visitor<'de> for Scalar {
            type Value = TextOrInteger;

            expecting! { "a string or an integer of 64 bits", not }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOrInteger(text.to_owned()))
            }

            fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
                Ok(TextOrInteger(integer.to_string()))
            }

            fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
                Ok(TextOrInteger(integer.to_string()))
            }

            /// A number, where another crate has turned on `arbitrary_precision` of `serde_json`.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                match map.next_entry()? {
                    Some((Text(name), Text(number)))
                        if name == "$serde_json::private::Number" && is_integer(&number) =>
                    {
                        Ok(TextOrInteger(number))
                    }
                    _ => Err(A::Error::custom("expected a string or an integer of 64 bits")),
                }
            }
        }

        deserializer.deserialize_any(Scalar)
    }
}
