use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{Admission, Platform, Rejection, platform::PerPlatform};

/// Counts what comes in on each platform, to tell when enforcement can be turned on.
///
/// Recording takes `&self` and no lock: share one between threads by reference, in an `Arc`, or in a `static`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{AuthRequest, Authenticator, Enforcement, Keyring, Platform, Secret, Tally, UserId};
///
/// static TALLY: Tally = Tally::new();
///
/// let keyring = Keyring::new().with([Platform::Web], Secret::new("secret")?);
/// let authenticator = Authenticator::new(keyring).enforcement(Platform::Web, Enforcement::Observe);
///
/// let outcome = authenticator.authenticate(&AuthRequest::new(Platform::Web).identity(UserId::new("Message")?));
/// TALLY.record(Platform::Web, &outcome);
///
/// assert_eq!(TALLY.counts(Platform::Web).missing, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Tally {
    counters: PerPlatform<Counters>,
}

#[derive(Debug, Default)]
struct Counters {
    verified: AtomicU64,
    missing: AtomicU64,
    invalid: AtomicU64,
    unidentified: AtomicU64,
}

impl Counters {
    const fn new() -> Self {
        let [verified, missing, invalid, unidentified] = [const { AtomicU64::new(0) }; 4];
        Self { verified, missing, invalid, unidentified }
    }
}

impl Tally {
    /// A tally of nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { counters: PerPlatform::new(Counters::new(), Counters::new(), Counters::new()) }
    }

    /// Counts one outcome of [`Authenticator::authenticate`](crate::Authenticator::authenticate).
    pub fn record(&self, platform: Platform, outcome: &Result<Admission<'_>, Rejection>) {
        let Counters { verified, missing, invalid, unidentified } = self.counters.get(platform);
        let reason = match outcome {
            Ok(Admission::Verified(_)) => return add_one(verified),
            Ok(Admission::Unidentified) => return add_one(unidentified),
            Ok(Admission::Unverified(user)) => user.reason(),
            Err(reason) => reason,
        };
        add_one(if reason.is_missing() { missing } else { invalid });
    }

    /// What has been counted for a platform.
    #[must_use]
    pub fn counts(&self, platform: Platform) -> Counts {
        let Counters { verified, missing, invalid, unidentified } = self.counters.get(platform);
        Counts {
            verified: verified.load(Relaxed),
            missing: missing.load(Relaxed),
            invalid: invalid.load(Relaxed),
            unidentified: unidentified.load(Relaxed),
        }
    }
}

fn add_one(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

/// What a [`Tally`] has counted for one platform, let in or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Users who were proved.
    pub verified: u64,
    /// Users without a hash: what [`Enforce`](crate::Enforcement::Enforce) alone refuses.
    pub missing: u64,
    /// Users with a hash that fails: what [`RefuseInvalid`](crate::Enforcement::RefuseInvalid) refuses too.
    pub invalid: u64,
    /// Visitors, whom enforcement does not concern.
    pub unidentified: u64,
}
