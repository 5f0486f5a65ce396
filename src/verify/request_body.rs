use alloc::vec::Vec;
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use super::AuthRequest;
use crate::{
    Platform, UnixTime,
    unquoted::{Text, TextOrInteger},
};

/// The JSON object that a client sends: `user_id` (a string or a 64-bit integer), `email`, `user_hash` and
/// `user_jwt`, each of them optional.
///
/// `userId`, `userHash` and `userJwt` are read as well, and `intercom_user_jwt` and `intercomUserJwt` for the token. If a
/// field is there in two spellings, the values must be equal, unless one of them is `null`.
///
/// `null` counts as absent. Other fields are ignored: Intercom's clients send names, companies and attributes beside
/// these. A duplicate field is an error. No error quotes the body.
///
/// If you flatten it into a struct of yours, that struct must have none of these fields: it would take them away, and the
/// request would name nobody. Do not flatten an `Option` of it, which hides every error.
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

#[derive(Clone, Default)]
struct Fields {
    user_id: Option<Text>,
    email: Option<Text>,
    user_hash: Option<Text>,
    user_jwt: Option<Text>,
}

impl AuthRequestBody {
    /// The request, given what the body does not say: the platform whose client sent it, and the current time.
    pub fn request(&self, platform: Platform, now: UnixTime) -> AuthRequest<'_> {
        let Self(Fields { user_id, email, user_hash, user_jwt }) = self;
        let [user_id, email, user_hash, user_jwt] =
            [user_id, email, user_hash, user_jwt].map(|field| field.as_ref().map(|Text(text)| text.as_str()));
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
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            expecting! { "an object", not visit_i64(i64) visit_u64(u64) visit_str(&str) }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let (mut fields, mut spellings) = (Fields::default(), Vec::new());
                while let Some(Text(name)) = map.next_key()? {
                    let (field, value) = match name.as_str() {
                        "user_id" | "userId" => {
                            let user_id: Option<TextOrInteger> = map.next_value()?;
                            (&mut fields.user_id, user_id.map(|TextOrInteger(text)| text))
                        }
                        "email" => (&mut fields.email, map.next_value()?),
                        "user_hash" | "userHash" => (&mut fields.user_hash, map.next_value()?),
                        "user_jwt" | "userJwt" | "intercom_user_jwt" | "intercomUserJwt" => {
                            (&mut fields.user_jwt, map.next_value()?)
                        }
                        // A number that is no integer, if another crate enables `arbitrary_precision` of `serde_json`.
                        "$serde_json::private::Number" => return Err(A::Error::custom("expected an object")),
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    let differs = field.is_some() && value.is_some() && *field != value;
                    if differs || spellings.contains(&name) {
                        return Err(A::Error::custom(format_args!("duplicate field `{}`", *name)));
                    }
                    spellings.push(name);
                    *field = field.take().or(value);
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_any(Object).map(Self)
    }
}
