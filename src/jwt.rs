//! JSON Web Tokens, the successor of the user hash: HS256 with the same secret.

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
