//! The app server: it knows who is logged in and signs for them. For a login with a session, see `app_server.rs`.

use std::{error::Error, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use axum_extra::{
    TypedHeader,
    headers::{Authorization, authorization::Basic},
};
use intercom_identity::{Email, Identity, Keyring, MessengerSettings, Platform, UnixTime, UserId, jwt::UserClaims};

const APP_ID: &str = "pi3243fa";
const LIFETIME_OF_TOKENS: Duration = Duration::from_secs(60 * 60);

/// For every answer that carries a proof, the page included.
const HEADERS: [(header::HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "private, no-store"), (header::CONTENT_SECURITY_POLICY, "script-src 'self'")];

/// In place of your database. Intercom knows a user without an id by email.
const USERS: [User; 2] = [
    User { login: ("ada", "lovelace"), id: Some("4711"), email: "ada@example.com" },
    User { login: ("grace", "hopper"), id: None, email: "grace@example.com" },
];

struct User {
    login: (&'static str, &'static str),
    id: Option<&'static str>,
    email: &'static str,
}

struct AppServer {
    keyring: Keyring,
    auth_server: String,
}

/// The page talks to the auth server.
pub(crate) fn routes(keyring: Keyring, auth_server: String) -> Router {
    let script = ([(header::CONTENT_TYPE, "text/javascript")], include_str!("page.js"));
    Router::new()
        .route("/", get(page))
        .route("/page.js", get(script))
        .route("/intercom/{platform}", get(hash))
        .route("/intercom/{platform}/jwt", get(jwt))
        .with_state(Arc::new(AppServer { keyring, auth_server }))
}

impl AppServer {
    fn with_hash(&self, user: &User, platform: Platform) -> Result<MessengerSettings, Refusal> {
        let identity = Identity::new(user.id, Some(user.email))?;
        Ok(MessengerSettings::with_user_hash(&self.keyring, platform, identity)?.attribute("app_id", APP_ID)?)
    }

    /// A token always has a `user_id`. For a user without one, that is the email.
    fn with_jwt(&self, user: &User, platform: Platform) -> Result<MessengerSettings, Refusal> {
        let user_id = UserId::new(user.id.unwrap_or(user.email))?;
        let claims = UserClaims::new(user_id, UnixTime::now() + LIFETIME_OF_TOKENS).email(Email::new(user.email)?);
        Ok(MessengerSettings::with_user_jwt(&self.keyring, platform, &claims)?.attribute("app_id", APP_ID)?)
    }
}

struct Refusal(Box<Response>);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(Box::new((StatusCode::INTERNAL_SERVER_ERROR, error.into().to_string()).into_response()))
    }
}

type Server = State<Arc<AppServer>>;
type Login = Option<TypedHeader<Authorization<Basic>>>;

/// The user who is logged in, never one whom the caller names.
fn user(login: &Login) -> Result<User, Refusal> {
    let login = login.as_ref().map(|TypedHeader(login)| (login.username(), login.password()));
    let challenge = (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic")]);
    let user = USERS.into_iter().find(|user| Some(user.login) == login);
    user.ok_or_else(|| Refusal(Box::new(challenge.into_response())))
}

/// An app calls `setUserHash` with this, then logs in.
async fn hash(login: Login, server: Server, Path(platform): Path<Platform>) -> Result<impl IntoResponse, Refusal> {
    Ok((HEADERS, Json(server.with_hash(&user(&login)?, platform)?)))
}

/// An app calls `setUserJwt` with this, then logs in. Its `setUserJwtProvider` comes back for a fresh token.
async fn jwt(login: Login, server: Server, Path(platform): Path<Platform>) -> Result<impl IntoResponse, Refusal> {
    Ok((HEADERS, Json(server.with_jwt(&user(&login)?, platform)?)))
}

/// Boots one messenger with a hash and one with a token.
async fn page(login: Login, server: Server) -> Result<impl IntoResponse, Refusal> {
    let user = user(&login)?;
    let page = format!(
        include_str!("page.html"),
        auth_server = server.auth_server,
        with_hash = server.with_hash(&user, Platform::Web)?.to_script_json(),
        with_jwt = server.with_jwt(&user, Platform::Web)?.to_script_json(),
    );
    Ok((HEADERS, Html(page)))
}
