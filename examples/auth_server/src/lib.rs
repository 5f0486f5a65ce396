//! An auth server to copy from: it decides on what a messenger sends, and issues access tokens for the API behind it.
//!
//! `access.rs` has extractors for the handlers of that API, and `api.rs` uses them.

use std::{
    collections::HashMap,
    fmt::{self, Write},
    sync::Arc,
    time::Duration,
};

use access::AccessTokens;
use api::Conversations;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::BytesRejection},
    http::{
        HeaderName, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use intercom_identity::{
    Platform, UnixTime,
    verify::{Admission, AuthRequest, AuthRequestBody, Authenticator, Enforcement, Rejection, Tally},
};
use serde_json::json;
use tokio::sync::Mutex;
use tower_http::cors::{Any, CorsLayer};

mod access;
mod api;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the server knows.
pub struct AuthServer {
    authenticator: Authenticator,
    tally: Tally,
    access_tokens: AccessTokens,
    conversations: Conversations,
    diagnosis: Mutex<()>,
    log: Log,
}

/// In place of your log: it gets one line for each request that is decided on.
pub type Log = Box<dyn Fn(String) + Send + Sync>;

impl fmt::Debug for AuthServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { authenticator, tally, access_tokens: _, conversations: _, diagnosis: _, log: _ } = self;
        formatter
            .debug_struct("AuthServer")
            .field("authenticator", authenticator)
            .field("tally", tally)
            .finish_non_exhaustive()
    }
}

type Server = State<Arc<AuthServer>>;

impl AuthServer {
    /// Issues access tokens that live so long.
    #[must_use]
    pub fn new(authenticator: Authenticator, lifetime_of_access_tokens: Duration, log: Log) -> Self {
        let access_tokens = AccessTokens::new(lifetime_of_access_tokens);
        Self {
            authenticator,
            tally: Tally::new(),
            access_tokens,
            conversations: Mutex::default(),
            diagnosis: Mutex::default(),
            log,
        }
    }

    /// All that it serves.
    pub fn routes(self) -> Router {
        Router::new()
            .route("/auth/{platform}", post(authenticate))
            .layer(DefaultBodyLimit::max(4096))
            // The messenger runs in the pages of other servers.
            .layer(CorsLayer::new().allow_origin(Any).allow_headers([CONTENT_TYPE]).expose_headers([REQUEST_ID]))
            .route("/conversations", post(api::converse))
            .route("/greeting", get(api::greet))
            .route("/feedback", post(api::take_feedback))
            .route("/revoke", post(api::revoke))
            // Keep this one off the public network.
            .route("/metrics", get(metrics))
            .with_state(Arc::new(self))
    }

    /// The labels of a rejection and of the mistakes that explain it, then their texts: for the log, never for a client.
    fn explain(&self, request: &AuthRequest<'_>, rejection: &Rejection) -> String {
        let (mut labels, mut texts) = (rejection.label().to_owned(), rejection.to_string());
        // One at a time: a diagnosis takes dozens of hashes, and strangers can cause it.
        if let Ok(_turn) = self.diagnosis.try_lock() {
            for mistake in self.authenticator.diagnose(request) {
                let _ = write!(labels, " {}", mistake.label());
                let _ = write!(texts, "; {mistake}");
            }
        }
        format!("{labels}: {texts}")
    }

    /// The answer, and the line for the log.
    async fn decide(&self, platform: Platform, body: &AuthRequestBody, version: Option<&str>) -> (Response, String) {
        let request = body.request(platform, UnixTime::now());
        // Version 1 of the app sends no proof. To claim that version gains nothing: the user is not verified.
        let outcome = match version {
            Some("1") => self.authenticator.authenticate_with(&request, Enforcement::Observe),
            _ => self.authenticator.authenticate(&request),
        };
        self.tally.record(platform, &outcome);
        let line = match &outcome {
            Ok(Admission::Verified(user)) if !user.by_signing_secret() => "verified by_older_secret".to_owned(),
            Ok(Admission::Unverified(user)) => format!("unverified {}", self.explain(&request, user.reason())),
            Ok(admission) => admission.label().to_owned(),
            Err(rejection) => format!("refused {}", self.explain(&request, rejection)),
        };
        let response = match outcome {
            Ok(admission) => {
                let label = admission.label();
                let answer = json!({ "admission": label, "access_token": self.access_tokens.issue(admission).await });
                ([(CACHE_CONTROL, "private, no-store")], Json(answer)).into_response()
            }
            Err(rejection) => {
                let answer = rejection.answer();
                let status = StatusCode::from_u16(answer.status_code).unwrap_or(StatusCode::UNAUTHORIZED);
                (status, Json(answer)).into_response()
            }
        };
        (response, line)
    }
}

/// Every failed check has the same body. By the id in the header, the operator finds the reason in the log.
async fn authenticate(
    State(server): Server,
    Path(platform): Path<String>,
    Query(app): Query<HashMap<String, String>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (id, platform) = (random_id::<8>(), platform.parse::<Platform>());
    let on = platform.map_or("an unknown platform", Platform::as_str);
    let (response, line) = match (platform, read(body)) {
        (Ok(platform), Ok(body)) => server.decide(platform, &body, app.get("app_version").map(String::as_str)).await,
        (Ok(_), Err((status, error))) => unreadable(status, "body", &error),
        (Err(error), _) => unreadable(StatusCode::BAD_REQUEST, "platform", &error.to_string()),
    };
    (server.log)(format!("request {id} on {on}: {line}"));
    ([(REQUEST_ID, id)], response).into_response()
}

/// A body over the limit is an error here, so it is logged. No error quotes what was sent.
fn read(body: Result<Bytes, BytesRejection>) -> Result<AuthRequestBody, (StatusCode, String)> {
    let body = body.map_err(|error| (error.status(), error.body_text()))?;
    serde_json::from_slice(&body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

fn unreadable(status: StatusCode, what: &str, error: &str) -> (Response, String) {
    let errors = [json!({ "code": "parameter_invalid", "message": format!("The {what} cannot be read") })];
    let answer = json!({ "type": "error.list", "errors": errors });
    ((status, Json(answer)).into_response(), format!("refused unreadable_{what}: {error}"))
}

/// What Prometheus scrapes.
async fn metrics(State(server): Server) -> String {
    let mut text = String::new();
    for platform in Platform::ALL {
        let counts = server.tally.counts(*platform);
        for (outcome, count) in counts.outcomes() {
            let _ = writeln!(text, "intercom_requests_total{{platform=\"{platform}\",outcome=\"{outcome}\"}} {count}");
        }
        let count = counts.verified_by_older_secret;
        let _ = writeln!(text, "intercom_older_secret_total{{platform=\"{platform}\"}} {count}");
    }
    text
}

#[expect(clippy::expect_used, reason = "without randomness, nothing here is safe")]
fn random_id<const BYTES: usize>() -> String {
    let mut id = [0; BYTES];
    getrandom::fill(&mut id).expect("the system has randomness");
    hex::encode(id)
}
