use core::time::Duration;

/// A moment in whole **seconds** since 1970-01-01 00:00 UTC, as JSON Web Tokens count time (RFC 7519, `NumericDate`).
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use intercom_identity::{UnixTime, UnixTimeError};
///
/// let now = UnixTime::from_seconds(1_767_225_600)?; // 2026-01-01 00:00 UTC
/// assert_eq!((now + Duration::from_secs(3600)).as_seconds(), 1_767_229_200);
///
/// // A clock that counts milliseconds does not get far.
/// assert_eq!(UnixTime::from_seconds(1_767_225_600_000), Err(UnixTimeError));
/// # Ok::<(), UnixTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The last second of the year 9999, the latest moment there is.
    pub const MAX: Self = Self(253_402_300_799);
    /// As far before 1970 as [`MAX`](Self::MAX) is behind it.
    pub const MIN: Self = Self(-Self::MAX.0);

    /// A moment so many seconds after 1970 began, or before if negative.
    ///
    /// # Errors
    ///
    /// [`UnixTimeError`] if that is beyond [`MIN`](Self::MIN) or [`MAX`](Self::MAX): milliseconds, most likely.
    pub const fn from_seconds(seconds: i64) -> Result<Self, UnixTimeError> {
        if Self::MIN.0 <= seconds && seconds <= Self::MAX.0 { Ok(Self(seconds)) } else { Err(UnixTimeError) }
    }

    /// The seconds since 1970 began.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// The moment this is called at.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn now() -> Self {
        std::time::SystemTime::now().into()
    }
}

/// Whole seconds later, at most [`UnixTime::MAX`].
impl core::ops::Add<Duration> for UnixTime {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs())).min(Self::MAX)
    }
}

/// Whole seconds, rounded down; at least [`UnixTime::MIN`], at most [`UnixTime::MAX`].
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for UnixTime {
    fn from(time: std::time::SystemTime) -> Self {
        match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => Self(0) + since,
            Err(before) => {
                let before = before.duration();
                let seconds = before.as_secs().saturating_add(u64::from(before.subsec_nanos() > 0));
                Self(0_i64.saturating_sub_unsigned(seconds)).max(Self::MIN)
            }
        }
    }
}

/// The count of seconds is out of range: most likely it is a count of milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time is not a count of seconds between the years -6060 and 9999")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
pub struct UnixTimeError;
