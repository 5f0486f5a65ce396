//! What an operator counts before turning enforcement on.

#![cfg(target_has_atomic = "64")]

use std::{error::Error, thread};

use intercom_identity::{
    Admission, AuthRequest, Authenticator, Counts,
    Enforcement::{self, Enforce, Observe, RefuseInvalid},
    Keyring,
    Platform::{self, Android, Ios, Web},
    Secret, Tally, UserHash, UserId,
};
use static_assertions::assert_impl_all;

type TestResult = Result<(), Box<dyn Error>>;

assert_impl_all!(Tally: Send, Sync);

fn counts(verified: u64, missing: u64, invalid: u64, unidentified: u64) -> Counts {
    let mut counts = Counts::default();
    (counts.verified, counts.missing, counts.invalid, counts.unidentified) = (verified, missing, invalid, unidentified);
    counts
}

/// A user whose hash holds, two without a hash, four whose hash fails in four ways, and a visitor.
fn record_eight(tally: &Tally, platform: Platform, enforcement: Enforcement) -> TestResult {
    let keyring = Keyring::new().with([Ios, Web], Secret::new("secret")?);
    let authenticator = Authenticator::new(keyring).enforcement(platform, enforcement);
    let record = |request| tally.record(platform, &authenticator.authenticate(&request));

    let visitor = AuthRequest::new(platform);
    let user = visitor.identity(UserId::new("Message")?);
    let own = UserHash::compute(&Secret::new("secret")?, UserId::new("Message")?);
    let forged = UserHash::compute(&Secret::new("another secret")?, UserId::new("Message")?);
    let not_hex = own.as_str().replace('a', "x");

    record(user.user_hash(own.as_str()));
    record(user);
    record(user);
    for fails in [forged.as_str(), &own.as_str()[1..], &not_hex, ""] {
        record(user.user_hash(fails));
    }
    record(visitor);
    Ok(())
}

#[test]
fn tally_starts_at_nothing() {
    for tally in [Tally::new(), Tally::default()] {
        for &platform in Platform::ALL {
            assert_eq!(tally.counts(platform), counts(0, 0, 0, 0));
        }
    }
}

#[test]
fn counts_are_of_what_came_in_and_so_the_same_under_every_enforcement() -> TestResult {
    for enforcement in [Observe, RefuseInvalid, Enforce] {
        let tally = Tally::new();
        record_eight(&tally, Web, enforcement)?;
        assert_eq!(tally.counts(Web), counts(1, 2, 4, 1), "{enforcement:?}");
    }
    Ok(())
}

#[test]
fn hash_that_no_secret_is_there_for_is_invalid() -> TestResult {
    for enforcement in [Observe, RefuseInvalid, Enforce] {
        let tally = Tally::new();
        record_eight(&tally, Android, enforcement)?;
        assert_eq!(tally.counts(Android), counts(0, 2, 5, 1), "{enforcement:?}");
    }
    Ok(())
}

#[test]
fn platforms_are_counted_apart() -> TestResult {
    let tally = Tally::new();
    record_eight(&tally, Ios, Enforce)?;
    record_eight(&tally, Ios, Enforce)?;
    record_eight(&tally, Web, Enforce)?;
    assert_eq!(tally.counts(Ios), counts(2, 4, 8, 2));
    assert_eq!(tally.counts(Web), counts(1, 2, 4, 1));
    assert_eq!(tally.counts(Android), counts(0, 0, 0, 0));
    Ok(())
}

#[test]
fn nothing_is_lost_when_several_threads_record_in_one_static_tally() -> TestResult {
    static TALLY: Tally = Tally::new();
    const THREADS: usize = 8;
    const ROUNDS: usize = 2_000;

    let authenticator = Authenticator::new(Keyring::new().with([Ios], Secret::new("secret")?));
    let own = UserHash::compute(&Secret::new("secret")?, UserId::new("Message")?);
    let visitor = AuthRequest::new(Ios);
    let user = visitor.identity(UserId::new("Message")?);
    let requests = [visitor, user, user.user_hash("forged"), user.user_hash(own.as_str())];

    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for request in requests.iter().cycle().take(requests.len() * ROUNDS) {
                    TALLY.record(Ios, &authenticator.authenticate(request));
                }
            });
        }
    });
    let each = (THREADS * ROUNDS) as u64;
    assert_eq!(TALLY.counts(Ios), counts(each, each, each, each));
    Ok(())
}

#[test]
fn counts_can_be_read_while_others_record_and_never_go_back() {
    const RECORDS: u64 = 10_000;

    let tally = Tally::new();
    let outcome = Ok(Admission::Unidentified);
    thread::scope(|scope| {
        scope.spawn(|| (0..RECORDS).for_each(|_| tally.record(Ios, &outcome)));
        let mut last = 0;
        while last < RECORDS {
            let now = tally.counts(Ios).unidentified;
            assert!((last..=RECORDS).contains(&now), "{now} after {last}");
            last = now;
        }
    });
}
