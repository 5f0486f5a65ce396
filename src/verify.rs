//! The auth server's side: check what clients send, decide, count, and explain what fails.
//!
//! ```
//! use intercom_identity::{
//!     Keyring, Platform, Secret, UserId,
//!     verify::{Admission, AuthRequest, Authenticator, Rejection},
//! };
//!
//! let mobile = Secret::new("3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z")?;
//! let web = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
//! let keyring = Keyring::new()
//!     .with([Platform::Ios, Platform::Android], mobile)
//!     .with([Platform::Web], web);
//! let authenticator = Authenticator::new(keyring);
//!
//! let request = AuthRequest::new(Platform::Web)
//!     .identity(UserId::new("4711")?)
//!     .user_hash("7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495");
//! let Admission::Verified(user) = authenticator.authenticate(&request)? else {
//!     panic!("not verified")
//! };
//! assert_eq!(user.identifier(), "4711");
//!
//! // The same hash does not prove another identity.
//! let request = request.identity(UserId::new("4712")?);
//! assert_eq!(authenticator.authenticate(&request), Err(Rejection::UserHashMismatch));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - An [`Authenticator`] holds the secrets and how strictly each platform is enforced. It takes an [`AuthRequest`] and
//!   gives an [`Admission`] or a [`Rejection`].
//! - Only a successful check produces a [`Verified`], so a function that takes one cannot be called for an unproved user.
//! - A [`Rejection`] is for your log; its [`Answer`] is all that the client gets.
//! - [`Enforcement`] and `Tally` turn verification on without locking anybody out.
//! - [`Authenticator::diagnose`] says why a proof does not match.

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
