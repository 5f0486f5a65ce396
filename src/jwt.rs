//! JSON Web Tokens, the successor of the user hash: HS256, signed with the same [`Secret`](crate::Secret).
//!
//! Use [`UserClaims`] and [`UserJwt`] in place of an identity and its hash, and
//! [`MessengerSettings::with_user_jwt`](crate::MessengerSettings::with_user_jwt) to boot the messenger with them.
//! [`UserJwt::verify`] checks one token; an auth server also needs feature `verify`.

mod error;
mod members;
mod messenger_settings;
mod user_claims;
mod user_jwt;

pub use error::JwtError;
pub use messenger_settings::SettingsError;
pub use user_claims::UserClaims;
pub use user_jwt::UserJwt;
#[cfg(feature = "verify")]
pub(crate) use user_jwt::{Compact, Payload};
