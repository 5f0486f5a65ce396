use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use crate::{
    AttributeError, Identity, Keyring, NoSecret, Platform, UserHash,
    attributes::{self, Attributes},
};

/// What a page or an app boots the messenger with: the identity, its proof and any other setting, together.
///
/// The identity sent is the identity signed, there is one proof or none, and [`to_script_json`](Self::to_script_json) is
/// safe inside a page. On the web these are `intercomSettings`, what `Intercom('boot', …)` and `Intercom('update', …)`
/// take. An app logs in with `user_id` if there is one, else with `email`, after it has set the proof.
///
/// `Serialize` is for a JSON response. In a page, print [`to_script_json`](Self::to_script_json): plain JSON runs what a name
/// such as `</script><script>…` says.
///
/// Settings carry a proof: send them only to the session's own user, with `Cache-Control: private, no-store`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Email, Keyring, MessengerSettings, Platform, Secret, UserId};
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let keyring = Keyring::new().with([Platform::Web], secret);
///
/// let user = (UserId::from(4711_u32), Email::new("ada@example.com")?);
/// let settings = MessengerSettings::with_user_hash(&keyring, Platform::Web, user)?
///     .attribute("app_id", "a1b2c3d4")?
///     .attribute("name", "Ada </script>")?;
/// assert_eq!(
///     settings.to_script_json(),
///     concat!(
///         r#"{"user_id":"4711","email":"ada@example.com","#,
///         r#""user_hash":"#,
///         r#""7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495","#,
///         r#""app_id":"a1b2c3d4","name":"Ada \u003c/script\u003e"}"#,
///     ),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias("intercomSettings", "boot"))]
#[derive(Clone, Default, Serialize)]
#[must_use = "settings do nothing until a client boots with them"]
pub struct MessengerSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(flatten)]
    proof: Option<Proof>,
    #[serde(flatten)]
    attributes: Attributes,
    /// The names of what the token says.
    #[serde(skip)]
    signed: Vec<String>,
}

/// By the name that the client gives it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Proof {
    UserHash(UserHash),
    #[cfg(feature = "jwt")]
    IntercomUserJwt(String),
    #[cfg(feature = "jwt")]
    UserJwt(String),
}

impl MessengerSettings {
    /// The settings of a visitor, without identity or proof.
    pub fn visitor() -> Self {
        Self::default()
    }

    /// The settings of a user, with the user hash of the identity: `user_id` and `email` where known, and `user_hash`.
    ///
    /// # Errors
    ///
    /// [`NoSecret`] if the keyring has none for the platform.
    pub fn with_user_hash<'a>(
        keyring: &Keyring,
        platform: Platform,
        identity: impl Into<Identity<'a>>,
    ) -> Result<Self, NoSecret> {
        let identity = identity.into();
        let user_hash = UserHash::compute(keyring.secret(platform)?, identity);
        Ok(Self::of(Some(identity), Proof::UserHash(user_hash), Vec::new()))
    }

    pub(crate) fn of(identity: Option<Identity<'_>>, proof: Proof, signed: Vec<String>) -> Self {
        let user_id = identity.and_then(|identity| Some(identity.user_id()?.as_str().to_owned()));
        let email = identity.and_then(|identity| Some(identity.email()?.as_str().to_owned()));
        Self { user_id, email, proof: Some(proof), signed, ..Self::visitor() }
    }

    /// Adds anything else that the messenger boots with, such as `app_id`, `name`, `created_at` or an attribute of your
    /// own. The name is your program's, never a user's. If the value is `null`, the attribute is left out; `NaN` and
    /// infinite numbers are `null`.
    ///
    /// A time is in **seconds** since 1970, as [`UnixTime`](crate::UnixTime) serializes: `created_at`, and every attribute
    /// whose name ends in `_at`, which Intercom shows as dates. Only `created_at` is checked.
    ///
    /// # Errors
    ///
    /// - [`AttributeError::Reserved`] for a name that carries identity or proof in any client, such as `user_id` or
    ///   `userHash`, and for `__proto__` at any depth.
    /// - [`AttributeError::Signed`] if the token has a claim of that name.
    /// - [`AttributeError::Duplicate`] if there is an attribute of that name, and neither value is `null`.
    /// - [`AttributeError::NotJson`] if the value does not serialize to JSON.
    /// - [`AttributeError::NotSeconds`] if `created_at` is not a whole number of seconds from 1970 to 9999.
    pub fn attribute(mut self, name: &str, value: impl Serialize) -> Result<Self, AttributeError> {
        let value = attributes::json(value)?;
        if is_reserved(name) || sets_prototype(&value) {
            return Err(AttributeError::Reserved);
        }
        if self.signed.iter().any(|signed| signed == name) {
            return Err(AttributeError::Signed);
        }
        self.attributes.add(name, value)?;
        Ok(self)
    }

    /// The settings as JSON that is safe inside a page, in printable ASCII: `<`, `>`, `&`, `'`, `` ` ``, `$`, U+007F and
    /// everything beyond ASCII is written `\uxxxx`.
    ///
    /// It is safe as an object in a `<script>`, in a `<script type="application/json">` and in a single-quoted attribute,
    /// without more escaping, and in an attribute that a template escapes. It is not safe in a double-quoted attribute that
    /// nothing escapes, nor inside a JavaScript string, as in `JSON.parse('…')`. It does not depend on the page's charset,
    /// unless that is UTF-16. In a template, print it unescaped.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "strings and JSON serialize")]
    pub fn to_script_json(&self) -> String {
        let json = serde_json::to_string(self).expect("strings and JSON serialize");
        let mut script = String::with_capacity(json.len());
        for character in json.chars() {
            // In JSON, all of these are inside strings.
            if matches!(character, '<' | '>' | '&' | '\'' | '`' | '$' | '\u{7f}'..) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(script, "\\u{unit:04x}");
                }
            } else {
                script.push(character);
            }
        }
        script
    }
}

/// In a JavaScript object this key sets the prototype.
const PROTOTYPE: &str = "__proto__";

/// Whether the name carries identity or proof in any of Intercom's clients.
fn is_reserved(name: &str) -> bool {
    let in_settings = matches!(name, "user_id" | "email" | "user_hash" | "intercom_user_jwt" | "user_jwt" | PROTOTYPE);
    in_settings || matches!(name, "userId" | "userHash" | "intercomUserJwt" | "userJwt")
}

fn sets_prototype(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().any(sets_prototype),
        Value::Object(members) => members.iter().any(|(name, value)| name == PROTOTYPE || sets_prototype(value)),
        _ => false,
    }
}

// Settings hold personal data and a proof.
redacted_debug!(MessengerSettings);
