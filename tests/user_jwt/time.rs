use std::time::Duration;

use intercom_identity::{
    JwtError::{self, Claim, Expired, NotYetValid},
    UnixTime, UserJwt,
};

use crate::{HEADER, KEY, NOW, SECRET, TestResult, forge, second};

/// The outcome with these claims beside the `user_id`, at a time, with a leeway.
fn outcome(claims: &str, now: UnixTime, leeway: Duration) -> Result<(), JwtError> {
    let token = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711"{claims}}}"#));
    token.parse::<UserJwt>()?.verify_with_leeway(&SECRET, now, leeway).map(drop)
}

const fn seconds(leeway: u64) -> Duration {
    Duration::from_secs(leeway)
}

#[test]
fn token_is_valid_up_to_the_second_before_its_expiry() -> TestResult {
    let jwt: UserJwt = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","exp":{NOW}}}"#)).parse()?;
    assert_eq!(jwt.verify(&SECRET, second(NOW - 1))?.expiry(), Some(second(NOW)));
    assert_eq!(jwt.verify(&SECRET, second(NOW)), Err(Expired));
    assert_eq!(jwt.verify(&SECRET, second(NOW + 1)), Err(Expired));
    Ok(())
}

#[test]
fn leeway_puts_the_expiry_off_by_so_many_whole_seconds() {
    let exp = format!(r#","exp":{NOW}"#);
    for (leeway, late_by, expected) in [
        (seconds(0), 0, Err(Expired)),
        (seconds(1), 0, Ok(())),
        (seconds(1), 1, Err(Expired)),
        (seconds(60), 59, Ok(())),
        (seconds(60), 60, Err(Expired)),
        (seconds(60), 61, Err(Expired)),
        (Duration::from_millis(999), 0, Err(Expired)),
        (Duration::from_millis(1999), 0, Ok(())),
        (Duration::from_millis(1999), 1, Err(Expired)),
        (Duration::MAX, 200_000_000_000, Ok(())),
    ] {
        assert_eq!(outcome(&exp, second(NOW + late_by), leeway), expected, "{late_by} s late, {leeway:?}");
    }
}

#[test]
fn token_is_valid_from_the_second_of_its_nbf_on() {
    let nbf = format!(r#","nbf":{NOW}"#);
    for (leeway, early_by, expected) in [
        (seconds(0), 1, Err(NotYetValid)),
        (seconds(0), 0, Ok(())),
        (seconds(0), -1, Ok(())),
        (seconds(60), 61, Err(NotYetValid)),
        (seconds(60), 60, Ok(())),
        (Duration::from_millis(999), 1, Err(NotYetValid)),
        (Duration::from_millis(1999), 1, Ok(())),
        (Duration::MAX, NOW, Ok(())),
    ] {
        assert_eq!(outcome(&nbf, second(NOW - early_by), leeway), expected, "{early_by} s early, {leeway:?}");
    }
}

#[test]
fn token_without_exp_never_expires_and_one_without_nbf_was_always_valid() {
    assert_eq!(outcome("", UnixTime::MAX, Duration::ZERO), Ok(()));
    assert_eq!(outcome("", UnixTime::MIN, Duration::ZERO), Ok(()));
}

#[test]
fn token_that_is_valid_at_no_time_has_expired_if_its_expiry_has_passed() {
    let claims = format!(r#","exp":{},"nbf":{}"#, NOW, NOW + 10);
    assert_eq!(outcome(&claims, second(NOW - 1), Duration::ZERO), Err(NotYetValid));
    assert_eq!(outcome(&claims, second(NOW), Duration::ZERO), Err(Expired));
    assert_eq!(outcome(&claims, second(NOW + 10), Duration::ZERO), Err(Expired));
}

#[test]
fn other_times_that_a_token_may_have_are_not_looked_at() {
    let claims = format!(r#","iat":{},"auth_time":"x","nbF":{0}"#, NOW + 1_000_000);
    assert_eq!(outcome(&claims, second(NOW), Duration::ZERO), Ok(()));
}

/// `NumericDate` is any JSON number (RFC 7519, section 2).
#[test]
fn time_may_be_written_as_any_number_and_its_fraction_is_dropped() -> TestResult {
    for (number, second_of_it) in [
        ("1767225600", NOW),
        ("1767225600.0", NOW),
        ("1767225600.999", NOW),
        ("1.7672256e9", NOW),
        ("17672256E+2", NOW),
        ("1767225600000e-3", NOW),
        ("0", 0),
        ("-0", 0),
        ("-0.5", 0),
        ("-1", -1),
        ("-1.5", -1),
        ("253402300799", 253_402_300_799),
        ("253402300799.5", 253_402_300_799),
        ("-253402300799", -253_402_300_799),
    ] {
        let jwt: UserJwt = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","exp":{number}}}"#)).parse()?;
        let claims = jwt.verify_with_leeway(&SECRET, UnixTime::MIN, seconds(1))?;
        assert_eq!(claims.expiry(), Some(second(second_of_it)), "{number}");

        let nbf = format!(r#","nbf":{number}"#);
        assert_eq!(outcome(&nbf, second(second_of_it), Duration::ZERO), Ok(()), "{number}");
        if second_of_it > UnixTime::MIN.as_seconds() {
            assert_eq!(outcome(&nbf, second(second_of_it - 1), Duration::ZERO), Err(NotYetValid), "{number}");
        }
    }
    Ok(())
}

#[test]
fn time_that_is_no_number_or_a_count_of_milliseconds_is_refused() {
    for value in [
        r#""1767225600""#,
        r#""""#,
        r#""2026-01-01T00:00:00Z""#,
        "true",
        "[1767225600]",
        "{}",
        "1767225600000",
        "253402300800",
        "-253402300800",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "-9223372036854775809",
        "1e300",
        "-1e300",
        "1e999",
    ] {
        for name in ["exp", "nbf"] {
            let claims = format!(r#","{name}":{value}"#);
            assert_eq!(outcome(&claims, second(NOW), Duration::MAX), Err(Claim { name }), "{name} {value}");
        }
    }
}

#[test]
fn time_that_is_null_does_not_make_a_token_eternal() {
    for (claim, name) in [(r#","exp":null"#, "exp"), (r#","nbf":null"#, "nbf")] {
        assert_eq!(outcome(claim, second(0), Duration::ZERO), Err(Claim { name }));
    }
}

#[test]
fn last_moment_there_is_expires_like_any_other() {
    let exp = format!(r#","exp":{}"#, UnixTime::MAX.as_seconds());
    assert_eq!(outcome(&exp, second(UnixTime::MAX.as_seconds() - 1), Duration::ZERO), Ok(()));
    assert_eq!(outcome(&exp, UnixTime::MAX, Duration::ZERO), Err(Expired));
    assert_eq!(outcome(&exp, UnixTime::MAX, Duration::MAX), Err(Expired));
}
