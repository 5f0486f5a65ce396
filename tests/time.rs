//! Time is whole seconds, as JSON Web Tokens count it.

use core::time::Duration;

use intercom_identity::{UnixTime, UnixTimeError};

/// 9999-12-31 23:59:59 UTC.
const LAST: i64 = 253_402_300_799;

#[test]
fn every_second_from_min_to_max_is_a_time_and_no_other() -> Result<(), UnixTimeError> {
    assert_eq!((UnixTime::MIN.as_seconds(), UnixTime::MAX.as_seconds()), (-LAST, LAST));
    for seconds in [-LAST, 1 - LAST, -1, 0, 1, 1_767_225_600, LAST - 1, LAST] {
        assert_eq!(UnixTime::from_seconds(seconds)?.as_seconds(), seconds);
    }
    for seconds in [i64::MIN, -LAST - 1, LAST + 1, 1_767_225_600_000, i64::MAX] {
        assert_eq!(UnixTime::from_seconds(seconds), Err(UnixTimeError), "{seconds}");
    }
    assert!(UnixTime::MIN < UnixTime::from_seconds(0)? && UnixTime::from_seconds(0)? < UnixTime::MAX);
    assert_eq!(UnixTimeError.to_string(), "the time is out of range: give it in seconds, not in milliseconds");
    Ok(())
}

#[test]
fn whole_seconds_are_added_up_to_max_and_the_rest_is_dropped() -> Result<(), UnixTimeError> {
    for (time, duration, later) in [
        (0, Duration::from_secs(3600), 3600),
        (-1, Duration::from_secs(1), 0),
        (10, Duration::ZERO, 10),
        (10, Duration::from_millis(1_999), 11),
        (-LAST, Duration::from_secs(2 * LAST.unsigned_abs()), LAST),
        (LAST - 1, Duration::from_secs(2), LAST),
        (LAST, Duration::from_secs(1), LAST),
        (-LAST, Duration::MAX, LAST),
        (0, Duration::MAX, LAST),
    ] {
        assert_eq!((UnixTime::from_seconds(time)? + duration).as_seconds(), later, "{time} + {duration:?}");
    }
    Ok(())
}

#[cfg(feature = "serde")]
#[test]
fn time_is_its_number_of_seconds_in_json() -> Result<(), Box<dyn std::error::Error>> {
    for (seconds, json) in [(1_767_225_600, "1767225600"), (-1, "-1"), (LAST, "253402300799")] {
        assert_eq!(serde_json::to_string(&UnixTime::from_seconds(seconds)?)?, json);
    }
    Ok(())
}

#[cfg(feature = "std")]
mod system_time {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    /// 100 ns is the finest that the clock of Windows tells.
    #[test]
    fn fraction_of_a_second_is_rounded_down_before_and_after_1970() {
        for (nanoseconds, after, before) in
            [(0, 0, 0), (100, 0, -1), (999_999_900, 0, -1), (1_000_000_000, 1, -1), (1_000_000_100, 1, -2)]
        {
            let distance = Duration::from_nanos(nanoseconds);
            assert_eq!(UnixTime::from(UNIX_EPOCH + distance).as_seconds(), after, "{distance:?}");
            assert_eq!(UnixTime::from(UNIX_EPOCH - distance).as_seconds(), before, "{distance:?}");
        }
    }

    /// The clock of Windows begins in the year 1601.
    #[cfg(unix)]
    #[test]
    fn time_beyond_min_and_max_counts_as_these() {
        let last = Duration::from_secs(LAST.unsigned_abs());
        for beyond in [last, last + Duration::from_secs(1), Duration::from_secs(i64::MAX.unsigned_abs())] {
            assert_eq!(UnixTime::from(UNIX_EPOCH + beyond), UnixTime::MAX);
            assert_eq!(UnixTime::from(UNIX_EPOCH - beyond), UnixTime::MIN);
        }
        assert_eq!(UnixTime::from(UNIX_EPOCH - last - Duration::from_nanos(1)), UnixTime::MIN);
        assert_eq!(UnixTime::from(UNIX_EPOCH - last + Duration::from_secs(1)).as_seconds(), 1 - LAST);
    }

    #[test]
    fn now_is_what_the_system_clock_shows() {
        let before = UnixTime::from(SystemTime::now());
        let now = UnixTime::now();
        assert!(before <= now && now <= UnixTime::from(SystemTime::now()));
    }
}
