//! The auth server's side: check what a client sends, decide, count, and explain what fails.

mod admission;
mod authenticator;
mod mistake;
mod owned_identity;
mod per_platform;
mod rejection;
mod request;
#[cfg(feature = "serde")]
mod request_body;
#[cfg(target_has_atomic = "64")]
mod tally;
#[cfg(feature = "jwt")]
mod user_jwt;

pub use admission::{Admission, Unverified, Verified};
pub use authenticator::{Authenticator, Enforcement, ParseEnforcementError};
pub use mistake::Mistake;
pub use rejection::{Answer, Rejection};
pub use request::AuthRequest;
#[cfg(feature = "serde")]
pub use request_body::AuthRequestBody;
#[cfg(target_has_atomic = "64")]
pub use tally::{Counts, Tally};
#[cfg(feature = "jwt")]
pub use user_jwt::{ParseProofsError, Proofs};
