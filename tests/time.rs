//! Time is whole seconds, as JSON Web Tokens count it.

use core::time::Duration;

use intercom_identity::{UnixTime, UnixTimeError};
use proptest::prelude::*;

/// 9999-12-31 23:59:59 UTC.
const LAST: i64 = 253_402_300_799;

#[test]
fn every_second_from_min_to_max_is_a_time() -> Result<(), UnixTimeError> {
    assert_eq!((UnixTime::MIN.as_seconds(), UnixTime::MAX.as_seconds()), (-LAST, LAST));
    for seconds in [-LAST, 1 - LAST, -1, 0, 1, 1_767_225_600, LAST - 1, LAST] {
        assert_eq!(UnixTime::from_seconds(seconds)?.as_seconds(), seconds);
    }
    Ok(())
}

#[test]
fn seconds_beyond_min_and_max_are_refused() {
    for seconds in [i64::MIN, -LAST - 1, LAST + 1, i64::MAX] {
        assert_eq!(UnixTime::from_seconds(seconds), Err(UnixTimeError), "{seconds}");
    }
}

/// Only those of before 1978 could be taken for seconds.
#[test]
fn milliseconds_of_today_are_refused() {
    for milliseconds in [1_767_225_600_000, 253_402_300_800] {
        assert_eq!(UnixTime::from_seconds(milliseconds), Err(UnixTimeError));
    }
}

#[test]
fn time_can_be_a_constant() {
    const NEW_YEAR: Result<UnixTime, UnixTimeError> = UnixTime::from_seconds(1_767_225_600);
    assert_eq!(NEW_YEAR.map(UnixTime::as_seconds), Ok(1_767_225_600));
}

#[test]
fn times_are_ordered_as_they_come() -> Result<(), UnixTimeError> {
    let times = [UnixTime::MIN, UnixTime::from_seconds(-1)?, UnixTime::from_seconds(0)?, UnixTime::MAX];
    assert!(times.is_sorted_by(|earlier, later| earlier < later));
    Ok(())
}

#[test]
fn whole_seconds_are_added_and_the_rest_is_dropped() -> Result<(), UnixTimeError> {
    for (time, duration, later) in [
        (0, Duration::from_secs(3600), 3600),
        (-1, Duration::from_secs(1), 0),
        (10, Duration::ZERO, 10),
        (10, Duration::from_millis(1_999), 11),
        (-LAST, Duration::from_secs(2 * LAST.unsigned_abs()), LAST),
    ] {
        assert_eq!((UnixTime::from_seconds(time)? + duration).as_seconds(), later, "{time} + {duration:?}");
    }
    Ok(())
}

#[test]
fn addition_stops_at_max() -> Result<(), UnixTimeError> {
    for time in [UnixTime::MIN, UnixTime::from_seconds(0)?, UnixTime::MAX] {
        assert_eq!(time + Duration::MAX, UnixTime::MAX);
    }
    assert_eq!(UnixTime::MAX + Duration::from_secs(1), UnixTime::MAX);
    assert_eq!(UnixTime::from_seconds(LAST - 1)? + Duration::from_secs(2), UnixTime::MAX);
    Ok(())
}

#[test]
fn error_says_what_a_time_is() {
    assert_eq!(UnixTimeError.to_string(), "the time is not a count of seconds between the years -6060 and 9999",);
}

proptest! {
    #[test]
    fn addition_is_that_of_wider_numbers_cut_at_max(seconds in -LAST..=LAST, duration in any::<u64>()) {
        let later = UnixTime::from_seconds(seconds)? + Duration::from_secs(duration);
        let exact = i128::from(seconds) + i128::from(duration);
        prop_assert_eq!(i128::from(later.as_seconds()), exact.min(i128::from(LAST)));
    }
}

#[cfg(feature = "std")]
mod system_time {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    fn seconds(time: SystemTime) -> i64 {
        UnixTime::from(time).as_seconds()
    }

    #[test]
    fn fraction_of_a_second_is_rounded_down_after_1970() {
        for (since, rounded) in [(0, 0), (1, 0), (999_999_999, 0), (1_000_000_000, 1), (1_999_999_999, 1)] {
            assert_eq!(seconds(UNIX_EPOCH + Duration::from_nanos(since)), rounded, "{since} ns");
        }
    }

    /// 100 ns is the finest that the clock of Windows tells.
    #[test]
    fn fraction_of_a_second_is_rounded_down_before_1970() {
        for (before, rounded) in [(100, -1), (999_999_900, -1), (1_000_000_000, -1), (1_000_000_100, -2)] {
            assert_eq!(seconds(UNIX_EPOCH - Duration::from_nanos(before)), rounded, "{before} ns");
        }
    }

    /// The clock of Windows begins in the year 1601.
    #[cfg(unix)]
    #[test]
    fn time_beyond_min_and_max_is_taken_for_these() {
        for beyond in [LAST.unsigned_abs() + 1, i64::MAX.unsigned_abs()] {
            assert_eq!(UnixTime::from(UNIX_EPOCH + Duration::from_secs(beyond)), UnixTime::MAX);
            assert_eq!(UnixTime::from(UNIX_EPOCH - Duration::from_secs(beyond)), UnixTime::MIN);
        }
        let last = Duration::from_secs(LAST.unsigned_abs());
        assert_eq!(seconds(UNIX_EPOCH + last), LAST);
        assert_eq!(seconds(UNIX_EPOCH - last), -LAST);
        assert_eq!(UnixTime::from(UNIX_EPOCH - last - Duration::from_nanos(1)), UnixTime::MIN);
    }

    #[test]
    fn now_is_what_the_system_clock_shows() {
        let before = UnixTime::from(SystemTime::now());
        let now = UnixTime::now();
        assert!(before <= now && now <= UnixTime::from(SystemTime::now()));
    }
}
