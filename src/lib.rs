//! x
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "jwt")]
mod access_token;
mod authenticator;
mod identity;
#[cfg(feature = "jwt")]
mod jwt;
mod keyring;
mod platform;
mod secret;
#[cfg(target_has_atomic = "64")]
mod tally;
#[cfg(feature = "serde")]
mod text;
mod time;
mod user_hash;
#[cfg(feature = "jwt")]
mod user_jwt;

#[cfg(feature = "jwt")]
pub use access_token::{Access, AccessToken, AccessTokenError, AccessTokens, Subject};
#[cfg(feature = "serde")]
pub use authenticator::AuthRequestBody;
pub use authenticator::{Admission, AuthRequest, Authenticator, Enforcement, Rejection, Unverified, Verified};
pub use identity::{Email, Identity, IdentityError, UserId};
pub use keyring::{Keyring, NoSecret};
pub use platform::{ParsePlatformError, Platform};
pub use secret::{Secret, SecretError};
#[cfg(target_has_atomic = "64")]
pub use tally::{Counts, Tally};
pub use time::{UnixTime, UnixTimeError};
pub use user_hash::{ParseUserHashError, UserHash, UserHashMismatch};
#[cfg(feature = "jwt")]
pub use user_jwt::{AttributeError, JwtError, UserClaims, UserJwt};
