//! Access tokens, and extractors of the users they were issued to.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, header::WWW_AUTHENTICATE, request::Parts},
    response::{IntoResponse, Response},
};
use axum_extra::{
    TypedHeader,
    headers::{Authorization, authorization::Bearer},
};
use intercom_identity::verify::{Admission, Verified};
use tokio::sync::Mutex;

use crate::{AuthServer, random_id};

/// Opaque and random, so they can be revoked.
pub(crate) struct AccessTokens {
    issued: Mutex<HashMap<String, (Admission, Instant)>>,
    lifetime: Duration,
}

impl AccessTokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { issued: Mutex::default(), lifetime }
    }

    /// A visitor needs none. While a platform is not enforced, strangers can get as many as they ask for: limit their rate.
    pub(crate) async fn issue(&self, admission: Admission) -> Option<String> {
        if admission == Admission::Unidentified {
            return None;
        }
        let (token, now, mut issued) = (random_id::<32>(), Instant::now(), self.issued.lock().await);
        // Not each time: there may be many.
        if issued.len().is_power_of_two() {
            issued.retain(|_, (_, expires)| now < *expires);
        }
        issued.insert(token.clone(), (admission, now + self.lifetime));
        Some(token)
    }

    pub(crate) async fn revoke(&self, token: &str) {
        self.issued.lock().await.remove(token);
    }
}

pub(crate) type AccessToken = TypedHeader<Authorization<Bearer>>;

/// Whoever was let in: for a handler that must go on as before while verification is rolled out. Anybody can claim to be an
/// unverified user.
pub(crate) struct Admitted(pub(crate) Admission);

/// A user who is proved: for all that is private. `Option<Proved>` is for a handler that serves others as well.
pub(crate) struct Proved(pub(crate) Verified);

/// Why there is nobody.
pub(crate) struct Challenge;

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")]).into_response()
    }
}

impl FromRequestParts<Arc<AuthServer>> for Admitted {
    type Rejection = Challenge;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<AuthServer>) -> Result<Self, Challenge> {
        let TypedHeader(token) = parts.extract::<AccessToken>().await.map_err(|_| Challenge)?;
        match server.access_tokens.issued.lock().await.get(token.token()) {
            Some((admission, expires)) if Instant::now() < *expires => Ok(Self(admission.clone())),
            _ => Err(Challenge),
        }
    }
}

impl FromRequestParts<Arc<AuthServer>> for Proved {
    type Rejection = Challenge;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<AuthServer>) -> Result<Self, Challenge> {
        <Self as OptionalFromRequestParts<_>>::from_request_parts(parts, server).await?.ok_or(Challenge)
    }
}

/// `None` for a user who is not proved. A token that has expired is refused: its user would be taken for nobody.
impl OptionalFromRequestParts<Arc<AuthServer>> for Proved {
    type Rejection = Challenge;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<AuthServer>) -> Result<Option<Self>, Challenge> {
        if parts.extract::<Option<AccessToken>>().await.map_err(|_| Challenge)?.is_none() {
            return Ok(None);
        }
        let Admitted(admission) = parts.extract_with_state(server).await?;
        Ok(admission.verified().map(Self))
    }
}
