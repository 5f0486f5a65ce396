//! The auth server: it decides who is let in, and as what.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::Sender,
    },
};

use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use intercom_identity::{
    AccessToken, AccessTokenError, AccessTokens, Admission, AuthRequestBody, Authenticator, Identity, IdentityError,
    ParsePlatformError, Platform, Rejection, Tally, UnixTime,
};
use serde::Serialize;
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};

const LONGEST_BODY: usize = 4 * 1024;

pub(crate) struct AuthServer {
    authenticator: Authenticator,
    tokens: AccessTokens,
    tally: Tally,
    requests: AtomicU64,
    log: Sender<LogLine>,
}

impl AuthServer {
    pub(crate) const fn new(authenticator: Authenticator, tokens: AccessTokens, log: Sender<LogLine>) -> Self {
        Self { authenticator, tokens, tally: Tally::new(), requests: AtomicU64::new(0), log }
    }

    pub(crate) fn routes(self) -> Router {
        // The messenger runs in the pages of other servers.
        let from_any_page = CorsLayer::new().allow_origin(Any).allow_headers([CONTENT_TYPE]);
        Router::new()
            .route("/auth/{platform}", post(authenticate))
            .layer(DefaultBodyLimit::max(LONGEST_BODY))
            .layer(from_any_page)
            // For the operator: keep it off the public network.
            .route("/counts", get(counts))
            .with_state(Arc::new(self))
    }

    fn admit(
        &self,
        platform: Result<Path<Platform>, PathRejection>,
        body: Result<Json<AuthRequestBody>, JsonRejection>,
    ) -> Result<Admitted, Refusal> {
        let Path(platform) = platform.map_err(|_| ParsePlatformError)?;
        let Json(body) = body?;
        let now = UnixTime::now();
        let request = body.request(platform, now)?;

        let outcome = self.authenticator.authenticate(&request);
        self.tally.record(platform, &outcome);
        let admission = outcome?;
        Ok(Admitted::new(platform, &admission, self.tokens.issue(&admission, now)?))
    }
}

/// What is told to who is let in.
#[derive(Serialize)]
struct Admitted {
    admission: &'static str,
    platform: Platform,
    /// What the hash is of. An email beside a `user_id` is not proved, so it is not repeated.
    identifier: Option<String>,
    /// For the APIs behind.
    access_token: AccessToken,
    #[serde(skip)]
    reason: Option<&'static str>,
}

impl Admitted {
    fn new(platform: Platform, admission: &Admission<'_>, access_token: AccessToken) -> Self {
        let (identity, reason): (Option<Identity<'_>>, _) = match admission {
            Admission::Verified(user) => (Some(user.identity()), None),
            Admission::Unverified(user) => (Some(user.identity()), Some(user.reason().label())),
            Admission::Unidentified => (None, None),
        };
        let identifier = identity.map(|identity| identity.identifier().to_owned());
        Self { admission: admission.label(), platform, identifier, access_token, reason }
    }
}

/// Why nobody is let in.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Platform(#[from] ParsePlatformError),
    #[error(transparent)]
    Body(#[from] JsonRejection),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("{}", .0.message())]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Token(#[from] AccessTokenError),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Platform(_) => StatusCode::NOT_FOUND,
            Self::Body(rejection) => rejection.status(),
            Self::Identity(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Rejected(rejection) => {
                StatusCode::from_u16(rejection.status_code()).unwrap_or(StatusCode::UNAUTHORIZED)
            }
            Self::Token(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Platform(_) => "not_found",
            Self::Body(_) => "bad_request",
            Self::Identity(_) => "parameter_invalid",
            Self::Rejected(rejection) => rejection.code(),
            Self::Token(_) => "server_error",
        }
    }

    /// What the client is not told.
    const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Rejected(rejection) => Some(rejection.label()),
            Self::Platform(_) | Self::Body(_) | Self::Identity(_) | Self::Token(_) => None,
        }
    }
}

/// By its id, the operator finds the reason that the client was not told.
#[derive(Debug)]
pub(crate) struct LogLine {
    request_id: String,
    status: StatusCode,
    decision: &'static str,
    pub(crate) reason: Option<&'static str>,
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request_id, status, decision, reason } = self;
        write!(f, "request {request_id}: {} {decision}", status.as_u16())?;
        reason.iter().try_for_each(|reason| write!(f, ": {reason}"))
    }
}

async fn authenticate(
    State(server): State<Arc<AuthServer>>,
    platform: Result<Path<Platform>, PathRejection>,
    body: Result<Json<AuthRequestBody>, JsonRejection>,
) -> Response {
    let request_id = server.requests.fetch_add(1, Relaxed).to_string();
    let (line, response) = match server.admit(platform, body) {
        Ok(admitted) => {
            let Admitted { admission, reason, .. } = admitted;
            let line = LogLine { request_id, status: StatusCode::OK, decision: admission, reason };
            (line, Json(admitted).into_response())
        }
        Err(refusal) => {
            let (status, code) = (refusal.status(), refusal.code());
            let errors = [json!({ "code": code, "message": refusal.to_string() })];
            let body = json!({ "type": "error.list", "request_id": request_id, "errors": errors });
            let line = LogLine { request_id, status, decision: code, reason: refusal.reason() };
            (line, (status, Json(body)).into_response())
        }
    };
    // Nobody may be reading the log; that is no reason to turn somebody away.
    let _ = server.log.send(line);
    response
}

async fn counts(State(server): State<Arc<AuthServer>>) -> Json<Value> {
    let counts = Platform::ALL.iter().map(|&platform| {
        let counts = server.tally.counts(platform);
        let counts = json!({
            "verified": counts.verified,
            "missing": counts.missing,
            "invalid": counts.invalid,
            "unidentified": counts.unidentified,
        });
        (platform.as_str(), counts)
    });
    Json(counts.collect())
}
