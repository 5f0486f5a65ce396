//! The auth server: it decides who is let in, and issues access tokens for the API behind it.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use axum_extra::{
    TypedHeader,
    headers::{Authorization, authorization::Bearer},
};
use intercom_identity::{
    Identity, Platform, UnixTime,
    verify::{Admission, AuthRequest, AuthRequestBody, Authenticator, Enforcement, Rejection, Tally, Verified},
};
use serde_json::json;
use tokio::sync::Mutex;
use tower_http::cors::{Any, CorsLayer};

struct AuthServer {
    authenticator: Authenticator,
    tally: Tally,
    /// Opaque and random, so they can be revoked.
    access_tokens: Mutex<HashMap<String, (Verified, Instant)>>,
    lifetime_of_access_tokens: Duration,
    conversations: Mutex<HashMap<(&'static str, String), Vec<String>>>,
    /// The last lines, the newest first. In place of your log.
    log: Mutex<VecDeque<String>>,
    diagnosis: Mutex<()>,
}

type Server = State<Arc<AuthServer>>;
type AccessToken = TypedHeader<Authorization<Bearer>>;

/// Every route of the server.
pub fn routes(authenticator: Authenticator, lifetime_of_access_tokens: Duration) -> Router {
    let server = AuthServer {
        authenticator,
        tally: Tally::new(),
        access_tokens: Mutex::default(),
        lifetime_of_access_tokens,
        conversations: Mutex::default(),
        log: Mutex::default(),
        diagnosis: Mutex::default(),
    };
    Router::new()
        .route("/auth/{platform}", post(authenticate))
        .layer(DefaultBodyLimit::max(4096))
        // The messenger runs in the pages of other servers.
        .layer(CorsLayer::new().allow_origin(Any).allow_headers([header::CONTENT_TYPE]))
        .route("/conversations", post(converse))
        .route("/revoke", post(revoke))
        // Keep this one off the public network.
        .route("/operator", get(operator))
        .with_state(Arc::new(server))
}

impl AuthServer {
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

    async fn log(&self, line: String) {
        let mut log = self.log.lock().await;
        log.push_front(line);
        log.truncate(20);
    }

    async fn issue_access_token(&self, user: &Verified) -> String {
        let (token, now, mut tokens) = (random_id::<32>(), Instant::now(), self.access_tokens.lock().await);
        // Not each time: there may be many.
        if tokens.len().is_power_of_two() {
            tokens.retain(|_, (_, expires)| now < *expires);
        }
        tokens.insert(token.clone(), (user.clone(), now + self.lifetime_of_access_tokens));
        token
    }
}

#[expect(clippy::expect_used, reason = "without randomness, nothing here is safe")]
fn random_id<const BYTES: usize>() -> String {
    let mut id = [0; BYTES];
    getrandom::fill(&mut id).expect("the system has randomness");
    hex::encode(id)
}

async fn authenticate(
    State(server): Server,
    Path(platform): Path<String>,
    Query(app): Query<HashMap<String, String>>,
    body: String,
) -> Response {
    let id = random_id::<8>();
    let (Ok(platform), Ok(body)) = (platform.parse(), serde_json::from_str::<AuthRequestBody>(&body)) else {
        server.log(format!("request {id}: refused bad_request")).await;
        return error_list(400, &id, "bad_request", "The platform or the body cannot be read");
    };
    let request = body.request(platform, UnixTime::now());
    // Version 1 of the app sends no proof. To claim that version gains nothing: the user is not verified.
    let outcome = match app.get("app_version").map(String::as_str) {
        Some("1") => server.authenticator.authenticate_with(&request, Enforcement::Observe),
        _ => server.authenticator.authenticate(&request),
    };
    server.tally.record(platform, &outcome);
    let decision = match &outcome {
        Ok(Admission::Verified(user)) if !user.by_signing_secret() => "verified by_older_secret".to_owned(),
        Ok(Admission::Unverified(user)) => format!("unverified {}", server.explain(&request, user.reason())),
        Ok(admission) => admission.label().to_owned(),
        Err(rejection) => format!("refused {}", server.explain(&request, rejection)),
    };
    server.log(format!("request {id}: {decision}")).await;
    match outcome {
        Ok(admission) => {
            // Anybody can claim to be an unverified user.
            let access_token = match &admission {
                Admission::Verified(user) => Some(server.issue_access_token(user).await),
                Admission::Unverified(_) | Admission::Unidentified => None,
            };
            let answer = json!({ "admission": admission.label(), "access_token": access_token });
            ([(header::CACHE_CONTROL, "private, no-store")], Json(answer)).into_response()
        }
        Err(rejection) => {
            error_list(rejection.answer().status_code, &id, rejection.answer().code, rejection.answer().message)
        }
    }
}

/// An error as Intercom answers it. By the id, the operator finds the reason in the log.
fn error_list(status: u16, id: &str, code: &str, message: &str) -> Response {
    let errors = [json!({ "code": code, "message": message })];
    let body = json!({ "type": "error.list", "request_id": id, "errors": errors });
    (StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED), Json(body)).into_response()
}

/// The API: it adds to the conversation of the user whom the access token was issued to.
async fn converse(State(server): Server, token: Option<AccessToken>, text: String) -> Response {
    let tokens = server.access_tokens.lock().await;
    let issued = token.and_then(|TypedHeader(token)| tokens.get(token.token()));
    let Some((user, _)) = issued.filter(|(_, expires)| Instant::now() < *expires) else {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
    };
    // The text alone does not say who it is: the `user_id` of one user can be the email of another.
    let owner = match user.identity() {
        Identity::UserId(user_id) | Identity::UserIdAndEmail(user_id, _) => ("user_id", user_id.as_str().to_owned()),
        Identity::Email(email) => ("email", email.as_str().to_owned()),
    };
    let mut conversations = server.conversations.lock().await;
    let conversation = conversations.entry(owner).or_default();
    conversation.push(text);
    Json(conversation).into_response()
}

async fn revoke(State(server): Server, TypedHeader(token): AccessToken) {
    server.access_tokens.lock().await.remove(token.token());
}

/// What was counted, then the log.
async fn operator(State(server): Server) -> String {
    let counts = Platform::ALL.iter().map(|platform| format!("{platform} {:?}", server.tally.counts(*platform)));
    counts.chain(server.log.lock().await.iter().cloned()).collect::<Vec<_>>().join("\n")
}
