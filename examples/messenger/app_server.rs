//! The app server: it knows who is logged in, and signs for them.

use std::{fmt::Display, sync::Arc, time::Duration};

use axum::{
    Form, Json, Router,
    extract::{FromRef, FromRequestParts, Path, State, rejection::PathRejection},
    http::{StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{Html, IntoResponse},
    routing::{get, post},
};
use axum_extra::extract::cookie::{Cookie, Key, PrivateCookieJar, SameSite};
use intercom_identity::{
    Email, Identity, Keyring, ParsePlatformError, Platform, Secret, UnixTime, UserClaims, UserHash, UserId, UserJwt,
};
use serde::Deserialize;
use serde_json::{Value, json};

const JWT_LIFETIME: Duration = Duration::from_secs(15 * 60);

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
            .route("/intercom/{platform}/jwt", get(settings_with_jwt))
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

impl AppServer {
    fn secret(&self, platform: Result<Path<Platform>, PathRejection>) -> Result<&Secret, Refusal> {
        let Path(platform) = platform.map_err(|_| refusal(StatusCode::NOT_FOUND, ParsePlatformError))?;
        self.keyring.secret(platform).map_err(internal)
    }
}

fn internal(error: impl Display) -> Refusal {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, error)
}

/// What the messenger on the platform boots with.
async fn settings(
    user: User,
    State(server): State<AppServer>,
    platform: Result<Path<Platform>, PathRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let identity = Identity::new(user.id, Some(user.email)).map_err(internal)?;
    let user_hash = UserHash::compute(server.secret(platform)?, identity);

    let settings = json!({ "user_id": user.id, "email": user.email, "user_hash": user_hash });
    Ok(([(CACHE_CONTROL, "no-store")], Json(settings)))
}

/// The same with a JSON Web Token. It must have a `user_id`: for who has none, that is the email.
async fn settings_with_jwt(
    user: User,
    State(server): State<AppServer>,
    platform: Result<Path<Platform>, PathRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let user_id = UserId::new(user.id.unwrap_or(user.email)).map_err(internal)?;
    let email = Email::new(user.email).map_err(internal)?;
    let claims = UserClaims::new(user_id).email(email).expires_at(UnixTime::now() + JWT_LIFETIME);
    let user_jwt = UserJwt::sign(server.secret(platform)?, &claims).map_err(internal)?;

    let settings = json!({ "user_id": user.id, "email": user.email, "user_jwt": user_jwt });
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
