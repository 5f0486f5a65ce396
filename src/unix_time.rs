use core::time::Duration;

/// A time in whole **seconds** since 1970-01-01 00:00 UTC, as JSON Web Tokens count it (RFC 7519, `NumericDate`).
///
/// With feature `serde` it serializes as that number, which suits Intercom's `created_at`.
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
/// // Milliseconds are out of range.
/// assert_eq!(UnixTime::from_seconds(1_767_225_600_000), Err(UnixTimeError));
/// # Ok::<(), UnixTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct UnixTime(i64);

impl UnixTime {
    /// The last second of the year 9999, the latest that is accepted.
    pub const MAX: Self = Self(253_402_300_799);
    /// As far before 1970 as [`MAX`](Self::MAX) is after it.
    pub const MIN: Self = Self(-Self::MAX.0);

    /// The time this many seconds after 1970-01-01 00:00 UTC, or before it if negative.
    ///
    /// # Errors
    ///
    /// [`UnixTimeError`] if it is before [`MIN`](Self::MIN) or after [`MAX`](Self::MAX): most likely it is in milliseconds.
    pub const fn from_seconds(seconds: i64) -> Result<Self, UnixTimeError> {
        if Self::MIN.0 <= seconds && seconds <= Self::MAX.0 { Ok(Self(seconds)) } else { Err(UnixTimeError) }
    }

    /// The seconds since 1970-01-01 00:00 UTC.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// The current time. Absent on `wasm32-unknown-unknown`, which has no clock.
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    #[must_use]
    pub fn now() -> Self {
        std::time::SystemTime::now().into()
    }
}

/// Adds whole seconds, up to [`UnixTime::MAX`].
impl core::ops::Add<Duration> for UnixTime {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs())).min(Self::MAX)
    }
}

/// Rounds down to whole seconds, within [`UnixTime::MIN`] and [`UnixTime::MAX`].
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

/// The number of seconds is out of range: most likely it is in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time is out of range: give it in seconds, not in milliseconds")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
pub struct UnixTimeError;
