//! Intercom identity verification: prove to Intercom's messenger who a user is, and check that proof.
//!
//! ```
//! use intercom_identity::{Secret, UserHash, UserId};
//!
//! // Once, when the server starts.
//! let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
//!
//! // For the user of the session, never for an id that the caller sends.
//! let hash = UserHash::compute(&secret, UserId::from(4711_i64));
//! assert_eq!(
//!     hash.as_str(),
//!     "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Without verification, anybody could boot the messenger with somebody else's id in a browser's console, and read that
//! person's conversations. So Intercom asks your back end for a proof: the *user hash*, or its successor, a JSON Web Token.
//!
//! This crate is not affiliated with Intercom.
#![cfg_attr(all(any(doc, doctest), feature = "jwt", feature = "verify"), doc = include_str!("guide/tasks.md"))]
//!
//! # The two sides
//!
//! **An app server** knows who is logged in. It signs: [`Secret`] and [`Identity`] make a [`UserHash`]. With feature `json`,
//! `MessengerSettings` holds identity and proof together, safe inside a page.
//!
//! **An auth server** receives what the client sends. It verifies: an [`Authenticator`] takes an [`AuthRequest`] and gives
//! an [`Admission`] or a [`Rejection`]. Only a successful check produces a [`Verified`].
//!
//! ```
//! # #[cfg(feature = "verify")] {
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
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rule
//!
//! A user hash is the lower-case hexadecimal HMAC-SHA256 of the `user_id`, or of the email only if there is no `user_id`. The
//! key is the text of the secret. The bytes are exactly those that the client sends: nothing is trimmed, lower-cased or
//! normalised. An empty `user_id` is an error, never treated as missing. A visitor has neither id nor email, and identity
//! verification does not apply to them. [`Identity`] is the rule as a type.
//!
//! Source: "Installing Intercom", section on identity verification, at developers.intercom.com.
//!
//! # Security
//!
//! `SECURITY.md` has the threat model, and for each promise the command that shows it. In short:
//!
//! - A secret, its padded blocks and its keyed states are gone from memory once the [`Secret`] is dropped. Your own copies
//!   are not: pass a `String` to `Secret::try_from` and it is wiped.
//! - Hashes and signatures are compared in constant time.
//! - No error, `Debug` output or panic message of this crate holds a byte of a secret, an identifier, a hash or a token.
//! - There is no `unsafe` in this crate. HMAC and SHA-256 come from `hmac` and `sha2`.
//! - A user hash never expires: anybody who has seen one can replay it until the secret is rotated. Send it over TLS, do not
//!   log it, and do not let a response that carries one be cached.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `std` | yes | `UnixTime::now` and `From<SystemTime>`; without it the crate is `no_std` with `alloc` |
//! | `serde` | no | [`UserHash`] and [`Platform`] as text, [`Keyring`] and [`Secret`] from configuration, `AuthRequestBody` |
//! | `json` | no | `MessengerSettings`; implies `serde` |
//! | `jwt` | no | `UserJwt`, `UserClaims`, and tokens in the `Authenticator`; implies `json` |
//!
//! A feature adds methods and types. Turning one on changes no verdict. [`Tally`] needs atomics of 64 bits.
//!
//! # Not in here
//!
//! The crate does no I/O and keeps no global state. It reads no environment, and no clock but in `UnixTime::now`. Loading
//! secrets, receiving requests and issuing access tokens of your own are up to you. Intercom's REST API, its access tokens
//! and its webhook signatures use other credentials.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[macro_use]
mod macros;

#[cfg(feature = "json")]
mod attributes;
#[cfg(all(any(doc, doctest), feature = "jwt", feature = "verify"))]
pub mod guide;
mod identity;
#[cfg(feature = "jwt")]
pub mod jwt;
mod keyring;
#[cfg(feature = "json")]
mod messenger_settings;
mod platform;
mod secret;
mod unix_time;
#[cfg(feature = "serde")]
#[macro_use]
mod unquoted;
mod user_hash;
#[cfg(feature = "verify")]
pub mod verify;

#[cfg(feature = "json")]
pub use attributes::AttributeError;
pub use identity::{Email, Identity, IdentityError, UserId};
pub use keyring::{Keyring, NoSecret};
#[cfg(feature = "json")]
pub use messenger_settings::MessengerSettings;
pub use platform::{ParsePlatformError, Platform};
pub use secret::{Secret, SecretError};
pub use unix_time::{UnixTime, UnixTimeError};
pub use user_hash::{ParseUserHashError, UserHash, UserHashMismatch};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(all(doctest, feature = "verify"))]
#[doc = include_str!("../tests/misuse.md")]
struct Misuse;

#[cfg(all(doctest, feature = "jwt", feature = "verify"))]
#[doc = include_str!("../tests/misuse_jwt.md")]
struct MisuseOfTokens;
