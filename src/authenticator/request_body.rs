use core::fmt;

use serde::{Deserialize, Deserializer, de::Error};

use super::AuthRequest;
use crate::{
    Platform, UnixTime,
    unquoted::{self, Text, TextOrInteger},
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
///     Admission, AuthRequestBody, Authenticator, Keyring, Platform, Secret, UnixTime,
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
            .user_jwt(user_jwt.unwrap_or_default(), now)
    }
}

/// The identity is personal data, and a proof can be replayed: nothing is shown.
impl fmt::Debug for AuthRequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Fields { user_id: _, email: _, user_hash: _, user_jwt: _, number: () }) = self;
        f.write_str("AuthRequestBody([REDACTED])")
    }
}

impl<'de> Deserialize<'de> for AuthRequestBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        unquoted::object(deserializer).map(Self)
    }
}

fn no_object<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    Err(D::Error::custom("expected an object"))
}
