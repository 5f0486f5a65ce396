//! All that a JSON Web Token adds to the decision.

use core::time::Duration;

use super::{AuthRequest, Authenticator, Rejection, Verified, owned_identity::OwnedIdentity, request::Names};
use crate::{
    Identity, IdentityError, Platform, UnixTime,
    jwt::{Compact, JwtError, UserClaims},
};

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Policy {
    proofs: Proofs,
    require_expiry: bool,
    pub(super) leeway: Duration,
}

/// Which proofs a platform accepts. A proof that is not accepted counts as missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the protocol has two proofs")]
pub enum Proofs {
    /// User hashes alone.
    #[default]
    UserHash,
    /// JSON Web Tokens alone.
    UserJwt,
    /// Either one. A client sends a hash or a token, never both.
    Either,
}

names! {
    Proofs { UserHash = "user_hash", UserJwt = "user_jwt", Either = "either" },
    ParseProofsError: "unknown proofs: use user_hash, user_jwt or either"
}

impl<'a> AuthRequest<'a> {
    /// Adds the JSON Web Token, as the text that came over the wire, and the current time: it may have expired. An empty
    /// one counts as missing.
    ///
    /// A token is checked only if the platform accepts tokens: see [`Authenticator::accept`]. If your route names a user, name
    /// them with [`named`](Self::named), too: then the token of another user is refused.
    pub const fn user_jwt(self, user_jwt: &'a str, now: UnixTime) -> Self {
        self.sent_user_jwt(user_jwt, now)
    }
}

impl Authenticator {
    /// Sets which proofs one platform accepts: user hashes alone unless you say otherwise.
    #[must_use]
    pub const fn accept(mut self, platform: Platform, proofs: Proofs) -> Self {
        self.policies.get_mut(platform).user_jwts.proofs = proofs;
        self
    }

    /// Refuses tokens without `exp`, which would never expire, on every platform.
    #[must_use]
    pub fn require_expiry(mut self) -> Self {
        self.policies.0.iter_mut().for_each(|policy| policy.user_jwts.require_expiry = true);
        self
    }

    /// Lets the clock of the app server that signs tokens be off by this many whole seconds, on every platform. Zero unless
    /// set.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.policies.0.iter_mut().for_each(|policy| policy.user_jwts.leeway = leeway);
        self
    }

    /// The decision on a platform that accepts tokens; `None` if the user hash decides.
    pub(super) fn check_user_jwt(&self, request: &AuthRequest<'_>) -> Option<Result<Option<Verified>, Rejection>> {
        let proofs = self.policies.get(request.platform).user_jwts.proofs;
        match (proofs, request.user_jwt) {
            (Proofs::UserHash, _) | (Proofs::Either, None) => None,
            (_, Some((user_jwt, now))) => Some(self.verify_user_jwt(user_jwt, now, request).map(Some)),
            (Proofs::UserJwt, None) => Some(match request.named_identity() {
                Ok(None) => Ok(None),
                Ok(Some(_)) => Err(request.without_accepted_proof()),
                Err(error) => Err(error.into()),
            }),
        }
    }

    fn verify_user_jwt(&self, user_jwt: &str, now: UnixTime, request: &AuthRequest<'_>) -> Result<Verified, Rejection> {
        let platform = request.platform;
        let Policy { proofs, require_expiry, leeway } = self.policies.get(platform).user_jwts;
        let named = request.named_beside_token()?;
        if proofs == Proofs::Either && request.user_hash.is_some() {
            return Err(Rejection::UserHashAndUserJwt);
        }
        let token = Compact::parse(user_jwt)?;
        let checked = self.first_that_passes(platform, |secret| token.verify(secret))?;
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

impl<'a> AuthRequest<'a> {
    /// Whom the request names beside a token. The token names the user, so a malformed email counts as absent.
    pub(super) fn named_beside_token(&self) -> Result<Option<Identity<'a>>, IdentityError> {
        match (self.named_identity(), self.names) {
            (Err(IdentityError::EmptyEmail | IdentityError::EmailWithoutAt), _) => Ok(None),
            (Err(IdentityError::Swapped), Names::Sent { user_id, .. }) => Identity::new(user_id, None).map(Some),
            (identity, _) => identity,
        }
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

impl JwtError {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Length { .. } | Self::Parts | Self::Base64 | Self::Header | Self::Critical | Self::Type => {
                "malformed_user_jwt"
            }
            Self::Algorithm => "user_jwt_algorithm",
            Self::Signature => "user_jwt_signature_mismatch",
            Self::Claims | Self::Claim { .. } => "malformed_user_jwt_claims",
            Self::Expired => "expired_user_jwt",
            Self::NotYetValid => "user_jwt_not_yet_valid",
        }
    }
}
