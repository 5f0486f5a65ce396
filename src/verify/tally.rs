use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::{Admission, Rejection, per_platform::PerPlatform};
use crate::Platform;

/// Counts outcomes for each platform, to tell when enforcement can be turned on and an old secret dropped.
///
/// Counts only grow. They start at zero with the process and are those of one process: export them, and look at the
/// increase over all servers.
///
/// Recording takes `&self` and no lock: share one between threads by reference, in an `Arc` or in a `static`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{
///     Keyring, Platform, Secret, UserId,
///     verify::{AuthRequest, Authenticator, Enforcement, Tally},
/// };
///
/// static TALLY: Tally = Tally::new();
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], secret))
///     .enforcement(Platform::Web, Enforcement::Observe);
///
/// let request = AuthRequest::new(Platform::Web).identity(UserId::from(4711_u32));
/// let outcome = authenticator.authenticate(&request);
/// TALLY.record(Platform::Web, &outcome);
///
/// assert_eq!(TALLY.counts(Platform::Web).missing, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Tally {
    counters: PerPlatform<Counters>,
}

/// In the order of the fields of [`Counts`].
type Counters = [AtomicU64; 7];

impl Tally {
    /// An empty tally.
    #[must_use]
    pub const fn new() -> Self {
        Self { counters: PerPlatform([const { [const { AtomicU64::new(0) }; 7] }; Platform::ALL.len()]) }
    }

    /// Counts one outcome of [`Authenticator::authenticate`](super::Authenticator::authenticate) or
    /// [`authenticate_with`](super::Authenticator::authenticate_with).
    pub fn record(&self, platform: Platform, outcome: &Result<Admission, Rejection>) {
        let [verified, by_user_jwt, by_older_secret, missing, invalid, unidentified, no_secret] =
            self.counters.get(platform);
        let reason = match outcome {
            Ok(Admission::Verified(user)) => {
                add(verified, true);
                add(by_user_jwt, user.is_by_user_jwt());
                return add(by_older_secret, !user.by_signing_secret());
            }
            Ok(Admission::Unidentified) => return add(unidentified, true),
            Ok(Admission::Unverified(user)) => user.reason(),
            Err(reason) => reason,
        };
        let counter = match reason {
            Rejection::NoSecret => no_secret,
            reason if reason.is_missing() => missing,
            _ => invalid,
        };
        add(counter, true);
    }

    /// What has been counted for a platform.
    #[must_use]
    pub fn counts(&self, platform: Platform) -> Counts {
        let counters = self.counters.get(platform).each_ref();
        let [verified, verified_by_user_jwt, verified_by_older_secret, missing, invalid, unidentified, no_secret] =
            counters.map(|counter| counter.load(Relaxed));
        Counts { verified, verified_by_user_jwt, verified_by_older_secret, missing, invalid, unidentified, no_secret }
    }
}

fn add(counter: &AtomicU64, counts: bool) {
    counter.fetch_add(counts.into(), Relaxed);
}

/// What a [`Tally`] has counted for one platform, whether the request was accepted or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Verified users.
    pub verified: u64,
    /// Of those, the users verified by a JSON Web Token. The others sent a user hash.
    pub verified_by_user_jwt: u64,
    /// Of the verified users, by hash or token, those verified by a secret other than the one that signs. Once it stops
    /// growing, the older secrets can go; but it says nothing until the new secret is the first.
    pub verified_by_older_secret: u64,
    /// Users who sent no proof that is accepted. Only [`Enforce`](super::Enforcement::Enforce) refuses them.
    pub missing: u64,
    /// Users whose proof fails or whose identity is malformed. [`RefuseInvalid`](super::Enforcement::RefuseInvalid) refuses
    /// them too.
    pub invalid: u64,
    /// Visitors, to whom enforcement does not apply.
    pub unidentified: u64,
    /// Users whose proof could not be checked because the platform has no secret: a mistake of the server.
    pub no_secret: u64,
}

impl Counts {
    /// The outcomes that exclude each other, by label: every request is counted in exactly one of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::verify::Counts;
    ///
    /// let outcomes = Counts::default().outcomes();
    /// let labels = outcomes.map(|(label, _)| label);
    /// assert_eq!(labels, ["verified", "missing", "invalid", "unidentified", "no_secret"]);
    /// ```
    #[must_use]
    pub const fn outcomes(&self) -> [(&'static str, u64); 5] {
        [
            ("verified", self.verified),
            ("missing", self.missing),
            ("invalid", self.invalid),
            ("unidentified", self.unidentified),
            ("no_secret", self.no_secret),
        ]
    }
}
