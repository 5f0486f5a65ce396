//! What an operator counts before turning enforcement on, and before an old secret or the user hashes go.

#![cfg(all(feature = "jwt", feature = "verify", target_has_atomic = "64"))]

mod support;

use std::thread;

use intercom_identity::{
    Keyring,
    Platform::{self, Android, Ios, Web},
    Secret, UnixTime, UserId,
    verify::{
        AuthRequest, Authenticator, Counts,
        Enforcement::{self, Enforce, Observe, RefuseInvalid},
        Tally,
    },
};
use static_assertions::assert_impl_all;

use support::TestResult;

assert_impl_all!(Tally: Send, Sync);

const NEW: &str = "N3wSecretN3wSecretN3wSecretN3wSecretN3wSec1";
const OLD: &str = "0ldSecret0ldSecret0ldSecret0ldSecret0ldSec1";
/// Of `user-7`, with either.
const BY_NEW: &str = "6a898f3e4b53702512f2c9e5fe4d99d275f17a7b42a8d4c66a4bf757c0c6430c";
const BY_OLD: &str = "6f8d38c1ac0b4013e262581c8be67832e83edcc6df8129712d215c0154094b85";

fn server(platform: Platform, enforcement: Enforcement) -> TestResult<Authenticator> {
    let keyring = Keyring::new().with([Ios, Web], Secret::new(NEW)?).with([Ios, Web], Secret::new(OLD)?);
    Ok(Authenticator::new(keyring).enforcement(platform, enforcement))
}

/// Three users whose hash holds, one of them by the older secret; three without a hash and one with a token; three whose
/// hash fails and one whose identity is malformed; and two visitors.
fn record_all(tally: &Tally, platform: Platform, enforcement: Enforcement) -> TestResult {
    let authenticator = server(platform, enforcement)?;
    let user = AuthRequest::new(platform).identity(UserId::new("user-7")?);
    for request in [
        user.user_hash(BY_NEW),
        user.user_hash(BY_NEW),
        user.user_hash(BY_OLD),
        user,
        user,
        user.user_hash(""),
        user.user_jwt("a.b.c", UnixTime::MIN),
        user.user_hash("f028"),
        user.user_hash("eyJhbGci.e30."),
        user.user_hash(BY_NEW).named(Some("user-8"), None),
        user.user_hash(BY_NEW).named(Some(""), Some("ada@example.com")),
        user.named(None, None),
        user.named(Some(""), Some("")).user_hash(BY_NEW),
    ] {
        tally.record(platform, &authenticator.authenticate(&request));
    }
    Ok(())
}

/// What is counted of [`record_all`], so many times.
fn counted(times: u64) -> Counts {
    let mut counts = Counts::default();
    counts.verified = 3 * times;
    counts.verified_by_older_secret = times;
    counts.missing = 4 * times;
    counts.invalid = 4 * times;
    counts.unidentified = 2 * times;
    counts
}

#[test]
fn counts_are_of_what_came_in_and_so_the_same_under_every_enforcement() -> TestResult {
    for enforcement in [Observe, RefuseInvalid, Enforce] {
        let tally = Tally::default();
        record_all(&tally, Web, enforcement)?;
        assert_eq!(tally.counts(Web), counted(1), "{enforcement:?}");
        let outcomes = [("verified", 3), ("missing", 4), ("invalid", 4), ("unidentified", 2), ("no_secret", 0)];
        assert_eq!(tally.counts(Web).outcomes(), outcomes, "every request in one of them");
    }
    Ok(())
}

#[test]
fn proof_that_no_secret_can_check_is_counted_apart_from_what_users_did_wrong() -> TestResult {
    for enforcement in [Observe, RefuseInvalid, Enforce] {
        let tally = Tally::new();
        record_all(&tally, Android, enforcement)?;
        let mut expected = counted(1);
        // The three hashes that hold elsewhere, and the one of another user.
        (expected.verified, expected.verified_by_older_secret) = (0, 0);
        (expected.no_secret, expected.invalid) = (4, 3);
        assert_eq!(tally.counts(Android), expected, "{enforcement:?}");
    }
    Ok(())
}

#[test]
fn platforms_are_counted_apart_and_start_at_zero() -> TestResult {
    let tally = Tally::new();
    record_all(&tally, Ios, Enforce)?;
    record_all(&tally, Ios, Enforce)?;
    record_all(&tally, Web, Enforce)?;
    assert_eq!([Ios, Web, Android].map(|platform| tally.counts(platform)), [counted(2), counted(1), Counts::default()]);
    Ok(())
}

/// Claims `{"user_id":"user-7"}`, the first by `NEW`, the second by `OLD`; made with Python's `hmac`.
#[test]
fn users_verified_by_token_are_counted_apart_and_a_bad_token_is_invalid_and_not_missing() -> TestResult {
    const HEADER_AND_CLAIMS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoidXNlci03In0";
    let by_new = format!("{HEADER_AND_CLAIMS}.Onv1xpq0KiBwwy3kNBlNOmDRFaj1GnzcfxAaG1mBuBM");
    let by_old = format!("{HEADER_AND_CLAIMS}.4BA2dOXUF2wZtmiFFsycE55cgY7F-FYidXuwlhQHw9U");

    let authenticator = server(Web, Observe)?.accept(Web, intercom_identity::verify::Proofs::Either);
    let (tally, visitor, now) = (Tally::new(), AuthRequest::new(Web), UnixTime::from_seconds(1_767_225_600)?);
    let user = visitor.identity(UserId::new("user-7")?);
    for request in [
        visitor.user_jwt(&by_new, now),
        user.user_jwt(&by_old, now),
        user.user_hash(BY_OLD),
        visitor.user_jwt(HEADER_AND_CLAIMS, now),
        user.user_hash(BY_NEW).user_jwt(&by_new, now),
        user.user_jwt("", now),
    ] {
        tally.record(Web, &authenticator.authenticate(&request));
    }
    let mut expected = Counts::default();
    (expected.verified, expected.verified_by_user_jwt, expected.verified_by_older_secret) = (3, 2, 2);
    (expected.invalid, expected.missing) = (2, 1);
    assert_eq!(tally.counts(Web), expected);
    Ok(())
}

#[test]
fn nothing_is_lost_when_several_threads_record_in_one_static_tally() {
    static TALLY: Tally = Tally::new();
    thread::scope(|scope| {
        let records = [(); 8].map(|()| scope.spawn(|| (0..50).all(|_| record_all(&TALLY, Ios, Enforce).is_ok())));
        for record in records {
            assert_eq!(record.join().ok(), Some(true));
        }
    });
    assert_eq!(TALLY.counts(Ios), counted(8 * 50));
}
