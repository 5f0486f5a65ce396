//! Intercom identity verification: sign a user's identity on the app server, verify it on the auth server.
//!
//! ```
//! use intercom_identity::{Secret, UserHash, UserId};
//!
//! let secret = Secret::new("secret")?; // once, when the server starts
//! let hash = UserHash::compute(&secret, UserId::new("Message")?);
//! assert_eq!(hash.as_str(), "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Intercom's messenger asks an app server to prove who its user is. Otherwise anybody could boot the messenger with
//! somebody else's id in a browser's console, and read that person's conversations.
//!
//! This crate is not affiliated with Intercom.
//!
//! # The two sides
//!
//! An **app server** knows who is logged in. It hands the app or the page the [`UserHash`] of the session's user, and
//! the client passes it on: `setUserHash` on iOS and Android, `user_hash` in a page's settings. Compute it for the user of
//! the session, never for an id that the caller sends: whoever may choose the id gets everybody's hash.
//!
//! An **auth server** receives what the client sends. It makes an [`AuthRequest`] of it, and an [`Authenticator`] decides:
//! an [`Admission`], in which [`Verified`] is a proof that nothing but a check can make, or a [`Rejection`], with a reason
//! for your log and none for the client.
//!
//! ```
//! use intercom_identity::{Admission, AuthRequest, Authenticator, Email, Identity, Keyring, Platform, Rejection, Secret};
//!
//! let keyring = Keyring::new()
//!     .with([Platform::Ios, Platform::Android], Secret::new("the mobile secret")?)
//!     .with([Platform::Web], Secret::new("secret")?);
//! let authenticator = Authenticator::new(keyring);
//!
//! let identity = Identity::new(Some("Message"), Some("ada@example.com"))?;
//! let request = AuthRequest::new(Platform::Web)
//!     .identity(identity)
//!     .user_hash("aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597");
//! match authenticator.authenticate(&request)? {
//!     Admission::Verified(user) => assert_eq!(user.identity().identifier(), "Message"),
//!     Admission::Unverified(_) | Admission::Unidentified => unreachable!("a valid hash, and enforcement is on"),
//! }
//!
//! // The same hash does not prove another identity.
//! let request = request.identity(Email::new("ada@example.com")?);
//! assert_eq!(authenticator.authenticate(&request), Err(Rejection::UserHashMismatch));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rule
//!
//! A user hash is the lower-case hexadecimal HMAC-SHA256 of the `user_id`, or of the email only if there is no `user_id`,
//! keyed with the text of the secret. The bytes are exactly those that the client sends: nothing is trimmed, lower-cased
//! or normalised, here or there. What is present but empty is an error and never taken for absent. A visitor, who has
//! neither, has no hash, and none of this concerns them. [`Identity`] is the rule as a type.
//!
//! Each platform has a secret, and so does each workspace, a test workspace included. A [`Keyring`] knows which serves
//! which, several at a time while one is rotated.
//!
//! # Turning it on
//!
//! [`Enforcement`] is set per platform and starts out strict. On a platform with users whose app does not send hashes yet,
//! begin with [`Enforcement::Observe`], and let a [`Tally`] count what would be refused.
//!
//! # JSON Web Tokens
//!
//! Intercom now recommends an HS256 JWT over the user hash, signed with the same secret; hashes go on working. With
//! feature `jwt`, `UserJwt` and `UserClaims` are to it what [`UserHash`] and [`Identity`] are to the hash, an
//! [`AuthRequest`] takes either, and `AccessTokens` issues what a client that was let in shows to the APIs behind.
//!
//! # Security
//!
//! What is promised, each with a command that shows it in `SECURITY.md`:
//!
//! - A secret's text, its padded blocks and its keyed states are gone from the process's memory once the [`Secret`] is
//!   dropped, however it was moved and used. What is yours is not: the text you made it of, unless it is a `String` that
//!   you hand over. Nor are registers, swap and core dumps.
//! - Comparing takes the same time wherever a hash or a signature is wrong, and nothing before it depends on the expected
//!   one.
//! - No error, no `Debug` output and no panic message holds a byte of a secret, an identifier, a hash or a token.
//! - There is no `unsafe` in this crate, and HMAC and SHA-256 are those of the `hmac` and `sha2` crates.
//!
//! What is not: a user hash never expires, so whoever has seen one can replay it until the secret is rotated. Send it over
//! TLS, do not log it, do not cache the answer that holds it.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `std` | yes | `UnixTime::now` and `From<SystemTime>`; without it the crate is `no_std` with `alloc` |
//! | `serde` | no | [`UserHash`] and [`Platform`] as text, [`Secret`] from configuration, `AuthRequestBody` |
//! | `jwt` | no | JSON Web Tokens; implies `serde` |
//!
//! # Not only Intercom
//!
//! These products have the same scheme, the hexadecimal HMAC-SHA256 of an id or email under another name, so [`UserHash`]
//! serves them too; check with the vendor which identifier is hashed.
//!
//! | product | name of the hash | differs in |
//! |---|---|---|
//! | Chatwoot | `identifier_hash` | |
//! | Help Scout Beacon | `signature` | |
//! | Front | `userHash` | |
//! | Novu | `subscriberHash` | |
//! | Crisp, Gleap, Featurebase, Unlayer, Chatbase | | |
//! | `MagicBell`, Engagespot | | base64 of [`UserHash::to_bytes`] |
//! | Pylon | | the secret is hexadecimal: decode it, then [`Secret::from_bytes`] |
//!
//! # Not in here
//!
//! No I/O, no clock that you do not pass in but `UnixTime::now`, no environment, no randomness, no global: where secrets
//! come from and how requests arrive is yours. Not Intercom's REST API, its access tokens or its webhook signatures, which
//! are other credentials.

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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../tests/misuse.md")]
struct Misuse;

#[cfg(all(doctest, feature = "jwt"))]
#[doc = include_str!("../tests/misuse_jwt.md")]
struct MisuseOfTokens;
