use alloc::vec::Vec;

use crate::{Platform, Secret, platform::PerPlatform};

/// Which secrets serve which platform.
///
/// The first secret added for a platform signs; every one added for it verifies. So a secret is rotated without an
/// outage: create the new one at Intercom and add it behind the old, let every server that verifies know it, put it
/// first, and drop the old one when nothing that was signed with it is left in use.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Keyring, NoSecret, Platform, Secret, UserHash, UserId};
///
/// let keyring = Keyring::new()
///     .with([Platform::Ios, Platform::Android], Secret::new("the new mobile secret")?)
///     .with([Platform::Ios, Platform::Android], Secret::new("the old mobile secret")?);
///
/// let hash = UserHash::compute(keyring.secret(Platform::Ios)?, UserId::from(4711_u32));
/// assert_eq!(hash.as_str(), "e21ab477d4b1f2cf03279dba15310f4861eb91ca47f91d19a2c492c341aba8e9");
///
/// assert_eq!(keyring.secret(Platform::Web).err(), Some(NoSecret { platform: Platform::Web }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Keyring {
    keys: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    serves: PerPlatform<bool>,
    secret: Secret,
}

impl Keyring {
    /// A keyring without a secret.
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: Vec::new() }
    }

    /// Adds a secret for one or several platforms, behind those that are there.
    #[must_use]
    pub fn with(mut self, platforms: impl IntoIterator<Item = Platform>, secret: Secret) -> Self {
        let mut serves = PerPlatform::default();
        for platform in platforms {
            *serves.get_mut(platform) = true;
        }
        self.keys.push(Key { serves, secret });
        self
    }

    /// The secret that signs for the platform.
    ///
    /// # Errors
    ///
    /// [`NoSecret`] if none was added for it.
    pub fn secret(&self, platform: Platform) -> Result<&Secret, NoSecret> {
        self.secrets(platform).next().ok_or(NoSecret { platform })
    }

    /// What the check makes of the first of the platform's secrets that passes it. Every one is tried, so that the time
    /// it takes does not tell which.
    pub(crate) fn check<T>(
        &self,
        platform: Platform,
        check: impl Fn(&Secret) -> Option<T>,
    ) -> Result<Option<T>, NoSecret> {
        self.secret(platform)?;
        Ok(self.secrets(platform).map(check).fold(None, Option::or))
    }

    fn secrets(&self, platform: Platform) -> impl Iterator<Item = &Secret> {
        self.keys.iter().filter(move |key| *key.serves.get(platform)).map(|key| &key.secret)
    }
}

/// No secret serves the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no secret serves the platform {platform}")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
pub struct NoSecret {
    /// The platform that was asked for.
    pub platform: Platform,
}
