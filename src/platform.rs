use core::{fmt, str::FromStr};

/// Where a messenger runs. A workspace has a secret for each platform; one secret may serve several.
///
/// React Native, Flutter and Capacitor apps are [`Ios`](Self::Ios) or [`Android`](Self::Android): the device decides.
///
/// # Examples
///
/// ```
/// use intercom_identity::{ParsePlatformError, Platform};
///
/// assert_eq!("ios".parse(), Ok(Platform::Ios));
/// assert_eq!(Platform::Android.as_str(), "android");
/// assert_eq!("iOS".parse::<Platform>(), Err(ParsePlatformError));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Platform {
    /// The SDK for iOS.
    Ios,
    /// The SDK for Android.
    Android,
    /// The messenger in a web page.
    Web,
}

impl Platform {
    /// Every platform.
    pub const ALL: &[Self] = &[Self::Ios, Self::Android, Self::Web];

    /// The platform's name in lower case, for a path, a label or a variable: `ios`, `android`, `web`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ios => "ios",
            Self::Android => "android",
            Self::Web => "web",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Takes what [`Platform::as_str`] gives.
impl FromStr for Platform {
    type Err = ParsePlatformError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|platform| platform.as_str() == name).ok_or(ParsePlatformError)
    }
}

/// As its name, in every format.
#[cfg(feature = "serde")]
impl serde::Serialize for Platform {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Platform {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::unquoted::string(deserializer, Self::from_str)
    }
}

/// The string is not the name of a [`Platform`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown platform: use ios, android or web")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
pub struct ParsePlatformError;

/// A value for each platform.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PerPlatform<T>(pub(crate) [T; Platform::ALL.len()]);

#[expect(clippy::indexing_slicing, reason = "there is one for each platform")]
impl<T> PerPlatform<T> {
    pub(crate) const fn get(&self, platform: Platform) -> &T {
        &self.0[platform as usize]
    }

    pub(crate) const fn set(&mut self, platform: Platform, value: T)
    where
        T: Copy,
    {
        self.0[platform as usize] = value;
    }
}
