#[cfg(feature = "serde")]
mod configuration;

use alloc::vec::Vec;
use core::borrow::Borrow;

use crate::{Platform, Secret};

/// Which secrets serve which platform.
///
/// The first secret added for a platform signs; every one added for it verifies. So a secret is rotated without an
/// outage: create the new one at Intercom and add it after the old one. Once every server that verifies knows both, put
/// the new one first. Drop the old one once nothing signed with it is still in use: see
/// `Counts::verified_by_older_secret` in feature `verify`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Keyring, NoSecret, Platform, Secret, UserHash, UserId};
///
/// let new = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let old = Secret::new("3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z")?;
/// let keyring = Keyring::new()
///     .with([Platform::Ios, Platform::Android], new)
///     .with([Platform::Ios, Platform::Android], old)
///     .require([Platform::Ios, Platform::Android])?;
///
/// let hash = UserHash::compute(keyring.secret(Platform::Ios)?, UserId::from(4711_u32));
/// assert_eq!(
///     hash.as_str(),
///     "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495",
/// );
///
/// let missing = keyring.secret(Platform::Web);
/// assert_eq!(missing.err(), Some(NoSecret { platform: Platform::Web }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With feature `serde`, a keyring comes from a configuration: a map of platform to secret, or to a list of secrets of
/// which the first signs. So one environment variable, such as `APP_INTERCOM__WEB`, replaces the secrets of one
/// platform. With `figment`, a variable may hold a list; with `config`, only a file can.
///
/// No error of this crate quotes what it found, so a secret in the wrong place is not shown:
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use intercom_identity::Keyring;
///
/// let config = r#"{
///     "ios": "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z",
///     "web": [
///         "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY",
///         "Qw8eR7tY6uI5oP4aS3dF2gH1jK0lZ9xC8vB7nM6qW5e"
///     ]
/// }"#;
/// let keyring: Keyring = serde_json::from_str(config)?;
///
/// let swapped = r#"{ "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z": "ios" }"#;
/// let error = serde_json::from_str::<Keyring>(swapped).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "unknown platform: use ios, android or web at line 1 column 47",
/// );
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Keyring {
    pub(crate) keys: Vec<Key>,
}

#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) platforms: Vec<Platform>,
    pub(crate) secret: Secret,
}

impl Keyring {
    /// An empty keyring.
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: Vec::new() }
    }

    /// Adds a secret for one or several platforms, after those already added. It replaces none: the first one still signs.
    ///
    /// A keyring is for one workspace: what any of its secrets signed is verified.
    #[must_use]
    pub fn with(mut self, platforms: impl IntoIterator<Item = impl Borrow<Platform>>, secret: Secret) -> Self {
        let platforms = platforms.into_iter().map(|platform| *platform.borrow()).collect();
        self.keys.push(Key { platforms, secret });
        self
    }

    /// Checks that each of these platforms has a secret. Call it when the server starts.
    ///
    /// Pass a list of your own rather than [`Platform::ALL`], which may grow.
    ///
    /// # Errors
    ///
    /// [`NoSecret`] with the first platform that has none.
    pub fn require(self, platforms: impl IntoIterator<Item = impl Borrow<Platform>>) -> Result<Self, NoSecret> {
        for platform in platforms {
            self.secret(*platform.borrow())?;
        }
        Ok(self)
    }

    /// The secret that signs for the platform. During a rotation it does not verify every hash: `Authenticator`, in feature
    /// `verify`, tries the others, too.
    ///
    /// # Errors
    ///
    /// [`NoSecret`] if none was added for it.
    pub fn secret(&self, platform: Platform) -> Result<&Secret, NoSecret> {
        self.secrets(platform).next().ok_or(NoSecret { platform })
    }

    pub(crate) fn secrets(&self, platform: Platform) -> impl Iterator<Item = &Secret> {
        self.keys.iter().filter(move |key| key.platforms.contains(&platform)).map(|key| &key.secret)
    }
}

/// No secret serves the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no secret for the platform {platform}: add one to the keyring")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
pub struct NoSecret {
    /// The platform that was asked for.
    pub platform: Platform,
}
