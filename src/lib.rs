//! x
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

mod identity;
mod secret;
#[cfg(feature = "serde")]
mod text;
mod user_hash;

pub use identity::{Email, Identity, IdentityError, UserId};
pub use secret::{Secret, SecretError};
pub use user_hash::{ParseUserHashError, UserHash, UserHashMismatch};
