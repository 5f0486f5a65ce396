//! All that a JSON Web Token adds to the decision.

use core::time::Duration;

use super::{Authenticator, Proofs, Rejection, Verified};
pub(super) use crate::UserClaims;
use crate::{Identity, JwtError, Platform, UnixTime, identity::OwnedIdentity, user_jwt::Compact};

#[derive(Debug, Default)]
pub(super) struct Policy {
    require_expiry: bool,
    leeway: Duration,
}

impl Authenticator {
    /// Sets which proofs one platform accepts: user hashes alone unless you say otherwise.
    #[must_use]
    pub fn accept(mut self, platform: Platform, proofs: Proofs) -> Self {
        self.proofs.set(platform, proofs);
        self
    }

    /// Refuses tokens without `exp`, which would never expire.
    #[must_use]
    pub fn require_expiry(mut self) -> Self {
        self.user_jwts.require_expiry = true;
        self
    }

    /// Allows the clock of the app server that signs the tokens to be off by this many whole seconds. Zero unless set.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.user_jwts.leeway = leeway;
        self
    }

    pub(crate) const fn leeway_of_user_jwts(&self) -> Duration {
        self.user_jwts.leeway
    }

    pub(super) fn check_user_jwt(
        &self,
        platform: Platform,
        user_jwt: &str,
        now: UnixTime,
        named: Option<Identity<'_>>,
    ) -> Result<Verified, Rejection> {
        let Policy { require_expiry, leeway } = self.user_jwts;
        let token = Compact::parse(user_jwt)?;
        let checked = self.keyring.check(platform, |secret| token.verify(secret))?;
        let (signature, by_signing_secret) = checked.ok_or(JwtError::Signature)?;
        let claims = UserClaims::read(token.payload(signature))?;
        claims.check_time(now, leeway)?;
        if require_expiry && claims.expires_at().is_none() {
            return Err(JwtError::Claim { name: "exp" }.into());
        }
        if named.is_some_and(|named| contradict(claims.identity(), named)) {
            return Err(Rejection::IdentityMismatch);
        }
        let identity = OwnedIdentity::from(claims.identity());
        Ok(Verified { identity, claims: Some(claims), platform, by_signing_secret })
    }
}

/// Whether the request names another user than its token. An email that only one of them has contradicts nothing.
fn contradict(token: Identity<'_>, named: Identity<'_>) -> bool {
    let other_user_id = named.user_id().is_some_and(|named| token.user_id() != Some(named));
    let other_email = token.email().zip(named.email()).is_some_and(|(token, named)| token != named);
    other_user_id || other_email
}

impl Verified {
    /// What the JSON Web Token says about the user; `None` if the proof was a user hash.
    #[must_use]
    pub const fn claims(&self) -> Option<&UserClaims> {
        self.claims.as_ref()
    }
}
