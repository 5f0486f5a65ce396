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
}

names! {
    Platform { Ios = "ios", Android = "android", Web = "web" },
    ParsePlatformError: "unknown platform: use ios, android or web"
}
