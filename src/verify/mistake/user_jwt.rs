use alloc::vec::Vec;
use core::time::Duration;

use super::{
    Mistake,
    diagnose::{TriedSecret, unwrapped},
    identifier_forms::IdentifierForm,
};
use crate::{
    Identity, UnixTime,
    jwt::{Compact, Payload, UserClaims},
    verify::{AuthRequest, Authenticator},
};

/// Clocks that differ by more than this are not merely off.
const CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

impl Authenticator {
    /// The mistakes behind a token whose signature holds.
    pub(super) fn explain_token(&self, request: &AuthRequest<'_>, secrets: &[TriedSecret<'_>]) -> Option<Vec<Mistake>> {
        let (sent, now) = request.user_jwt?;
        let bare = unwrapped(sent);
        let token = Compact::parse(bare).ok()?;
        let verified = secrets.iter().filter_map(|(secret, with)| Some((token.verify(secret)?, *with)));
        let verified: Vec<_> = verified.collect();
        let (signature, with) = verified.into_iter().min_by_key(|(_, with)| with.is_some())?;
        let payload = token.payload(signature);
        let claims = UserClaims::read(payload);
        let time = claims.as_ref().map_or_else(
            |_| explain_expiry(payload),
            |claims| explain_time(claims, now, self.policies.get(request.platform).user_jwts.leeway),
        );
        let names = claims.ok().and_then(|claims| explain_names(request, claims.identity())).unwrap_or_default();
        let wrapped = (bare != sent).then_some(Mistake::Wrapped);
        Some(names.into_iter().chain([with, wrapped, time].into_iter().flatten()).collect())
    }
}

/// How the names in the request come from those in the token; `None` if one that differs is not explained.
fn explain_names(request: &AuthRequest<'_>, token: Identity<'_>) -> Option<Vec<Mistake>> {
    let named = request.named_beside_token().ok()??;
    let mut mistakes = Vec::new();
    if let Some((named, signed)) = named.user_id().zip(token.user_id()).filter(|(named, signed)| named != signed) {
        let (named, signed) = (named.as_str(), signed.as_str());
        let is_email = token.email().is_some_and(|email| email.as_str() == named);
        let explained = fewest(IdentifierForm::all(request), signed).or_else(|| between(signed, named));
        mistakes.extend(explained.or(is_email.then(|| Vec::from([Mistake::OtherId])))?);
    }
    if let Some((named, signed)) = named.email().zip(token.email()).filter(|(named, signed)| named != signed) {
        mistakes.extend(between(named.as_str(), signed.as_str()).or_else(|| between(signed.as_str(), named.as_str()))?);
    }
    // The same one in both names is one mistake.
    mistakes.sort_by_key(|mistake: &Mistake| mistake.label());
    mistakes.dedup();
    Some(mistakes)
}

/// The form in which one text is the other.
fn between(text: &str, other: &str) -> Option<Vec<Mistake>> {
    fewest(IdentifierForm::of(text, None), other)
}

fn fewest(forms: Vec<IdentifierForm<'_>>, text: &str) -> Option<Vec<Mistake>> {
    let forms = forms.into_iter().filter(|form| form.text == text);
    forms.map(|form| form.mistakes.into_iter().flatten().collect::<Vec<_>>()).min_by_key(Vec::len)
}

fn explain_expiry(payload: Payload<'_>) -> Option<Mistake> {
    let ([expiry], _) = payload.decode([UserClaims::EXPIRES_AT]).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, far beyond the bounds of `UnixTime`")]
    let expiry = expiry?.as_f64()? as i64;
    let as_seconds = UnixTime::from_seconds(expiry).is_ok();
    let as_milliseconds = UnixTime::from_seconds(expiry / 1000).is_ok();
    (as_milliseconds && !as_seconds).then_some(Mistake::ExpiryInMilliseconds)
}

fn explain_time(claims: &UserClaims, now: UnixTime, leeway: Duration) -> Option<Mistake> {
    let refused = claims.check_time(now, leeway).is_err();
    let off_by_little = claims.check_time(now, CLOCK_SKEW).is_ok();
    (refused && off_by_little).then_some(Mistake::ClockSkew)
}
