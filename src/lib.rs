//! Intercom identity verification: prove to Intercom's messenger who a user is, and check that proof.
//!
//! ```
//! use intercom_identity::{Secret, UserHash, UserId};
//!
//! // Once, when the server starts.
//! let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
//!
//! // Use the logged-in user's id, never one from the request.
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
//! | you want to | use | `cargo add intercom-identity` |
//! |---|---|---|
//! | sign: prove who your user is | [`Secret`], [`Identity`], [`UserHash`], [`Keyring`] | |
//! | boot the messenger, identity and proof together | `MessengerSettings` | `--features json` |
//! | check the proof on a server of your own | module `verify` | `--features verify` |
//! | sign JSON Web Tokens, which Intercom recommends today | module `jwt` | `--features jwt` |
//!
//! This crate is not affiliated with Intercom.
#![cfg_attr(all(any(doc, doctest), feature = "jwt", feature = "verify"), doc = include_str!("guide/tasks.md"))]
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
//! | `serde` | no | [`UserHash`] and [`Platform`] as text, [`Keyring`] and [`Secret`] from configuration |
//! | `json` | no | `MessengerSettings`; implies `serde` |
//! | `verify` | no | module `verify`: the auth server's side; with `serde` also the body of a request |
//! | `jwt` | no | module `jwt`, and tokens in `verify`; implies `json` |
//!
//! A feature adds methods and types. Turning one on changes no verdict. `Tally` needs 64-bit atomics.
//!
//! # Not in here
//!
//! The crate does no I/O and keeps no global state. It does not read the environment, and reads the clock only in
//! `UnixTime::now`. Loading secrets, receiving requests and issuing access tokens of your own are up to you. Intercom's REST
//! API, its access tokens and its webhook signatures use other credentials.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[macro_use]
mod macros;
#[cfg(feature = "serde")]
#[macro_use]
mod unquoted;

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
