use alloc::vec::Vec;
use core::time::Duration;

use super::{Mistake, Suspect, identifier_forms::unwrapped};
use crate::{
    Platform, UnixTime,
    jwt::{Compact, Payload, UserClaims},
    verify::Authenticator,
};

/// Clocks that differ by more than this are not merely off.
const CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

impl Authenticator {
    pub(super) fn explain_user_jwt(
        &self,
        platform: Platform,
        sent: &str,
        now: UnixTime,
        suspects: &[Suspect<'_>],
    ) -> Option<Vec<Mistake>> {
        let leeway = self.policies.get(platform).user_jwts.leeway;
        let bare = unwrapped(sent);
        let token = Compact::parse(bare).ok()?;
        let verified = suspects.iter().filter_map(|(secret, with)| Some((token.verify(secret)?, *with)));
        let verified: Vec<_> = verified.collect();
        let (signature, with) = verified.into_iter().min_by_key(|(_, with)| with.is_some())?;
        let wrapped = (bare != sent).then_some(Mistake::Wrapped);
        Some([with, wrapped, explain_time(token.payload(signature), now, leeway)].into_iter().flatten().collect())
    }
}

fn explain_time(payload: Payload<'_>, now: UnixTime, leeway: Duration) -> Option<Mistake> {
    let Ok(claims) = UserClaims::read(payload) else {
        let ([expiry], _) = payload.decode([UserClaims::EXPIRES_AT]).ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, far beyond the bounds of `UnixTime`")]
        let expiry = expiry?.as_f64()? as i64;
        let as_seconds = UnixTime::from_seconds(expiry).is_ok();
        let as_milliseconds = UnixTime::from_seconds(expiry / 1000).is_ok();
        return (as_milliseconds && !as_seconds).then_some(Mistake::ExpiryInMilliseconds);
    };
    let refused = claims.check_time(now, leeway).is_err();
    let off_by_little = claims.check_time(now, CLOCK_SKEW).is_ok();
    (refused && off_by_little).then_some(Mistake::ClockSkew)
}
