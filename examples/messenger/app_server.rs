//! The app server: it knows who is logged in, and signs for them.

use std::{fmt::Display, sync::Arc};

use axum::{
    Form, Json, Router,
    extract::{FromRef, FromRequestParts, Path, State, rejection::PathRejection},
    http::{StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{Html, IntoResponse},
    routing::{get, post},
};
use axum_extra::extract::cookie::{Cookie, Key, PrivateCookieJar, SameSite};
use intercom_identity::{Identity, Keyring, ParsePlatformError, Platform, UserHash};
use serde::Deserialize;
use serde_json::{Value, json};

/// In place of your database.
const USERS: [User; 2] = [
    User { id: Some("4711"), email: "ada@example.com", password: "lovelace" },
    User { id: None, email: "grace@example.com", password: "hopper" },
];

/// Whoever has an id is known by it to Intercom; the others are known by their email.
#[derive(Clone, Copy)]
struct User {
    id: Option<&'static str>,
    email: &'static str,
    password: &'static str,
}

#[derive(Clone, FromRef)]
pub(crate) struct AppServer {
    keyring: Arc<Keyring>,
    cookie_key: Key,
    page: String,
}

impl AppServer {
    /// The page that it serves talks to the auth server.
    pub(crate) fn new(keyring: Keyring, auth_server: &str) -> Self {
        let page = include_str!("page.html").replace("{{auth_server}}", auth_server);
        Self { keyring: Arc::new(keyring), cookie_key: Key::generate(), page }
    }

    pub(crate) fn routes(self) -> Router {
        Router::new()
            .route("/", get(page))
            .route("/login", post(log_in))
            .route("/intercom/{platform}", get(settings))
            .with_state(self)
    }
}

type Refusal = (StatusCode, Json<Value>);

fn refusal(status: StatusCode, error: impl Display) -> Refusal {
    (status, Json(json!({ "error": error.to_string() })))
}

/// A handler that asks for a user gets the session's, never one that the caller names: whoever names somebody else
/// would get the hash to impersonate them with.
impl FromRequestParts<AppServer> for User {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &AppServer) -> Result<Self, Refusal> {
        let cookies = PrivateCookieJar::from_headers(&parts.headers, server.cookie_key.clone());
        let session = cookies.get("session");
        let user = USERS.into_iter().find(|user| session.as_ref().map(Cookie::value) == Some(user.email));
        user.ok_or_else(|| refusal(StatusCode::UNAUTHORIZED, "not logged in"))
    }
}

/// What the messenger on the platform boots with.
async fn settings(
    user: User,
    State(server): State<AppServer>,
    platform: Result<Path<Platform>, PathRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let Path(platform) = platform.map_err(|_| refusal(StatusCode::NOT_FOUND, ParsePlatformError))?;
    let internal = StatusCode::INTERNAL_SERVER_ERROR;
    let secret = server.keyring.secret(platform).map_err(|error| refusal(internal, error))?;
    let identity = Identity::new(user.id, Some(user.email)).map_err(|error| refusal(internal, error))?;
    let user_hash = UserHash::compute(secret, identity);

    let settings = json!({ "user_id": user.id, "email": user.email, "user_hash": user_hash.as_str() });
    Ok(([(CACHE_CONTROL, "no-store")], Json(settings)))
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: String,
}

async fn log_in(cookies: PrivateCookieJar, Form(login): Form<Login>) -> Result<impl IntoResponse, Refusal> {
    let user = USERS.iter().find(|user| user.email == login.email && user.password == login.password);
    let user = user.ok_or_else(|| refusal(StatusCode::UNAUTHORIZED, "wrong email or password"))?;
    // Behind HTTPS, add `secure(true)`.
    let session = Cookie::build(("session", user.email)).path("/").http_only(true).same_site(SameSite::Lax);
    Ok((cookies.add(session), StatusCode::NO_CONTENT))
}

async fn page(State(server): State<AppServer>) -> Html<String> {
    Html(server.page)
}
