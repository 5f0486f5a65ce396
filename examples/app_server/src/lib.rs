//! An app server to copy from: for the user of its session, it signs what boots Intercom's messenger.
//!
//! The login and the sessions in `session.rs` stand in for yours.

use std::{fmt::Display, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use intercom_identity::{Email, Keyring, MessengerSettings, Platform, UnixTime, UserId, jwt::UserClaims};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};
use session::{NotLoggedIn, Sessions, User};
use tower_http::{csrf::CsrfLayer, set_header::SetResponseHeaderLayer};

mod session;

/// The messenger asks for a fresh token before.
const LIFETIME_OF_TOKENS: Duration = Duration::from_secs(60 * 60);

/// What the server knows.
#[derive(Debug)]
pub struct AppServer {
    keyring: Keyring,
    app_id: String,
    widget: String,
    sessions: Sessions,
}

/// You will need one of them.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Proof {
    UserHash,
    UserJwt,
}

/// Settings, and the user they are for in a form that the page can compare: a token does not show it.
#[derive(Serialize)]
struct Fresh {
    user: String,
    settings: MessengerSettings,
}

impl AppServer {
    /// On a platform without a secret, everybody is a visitor. Without an app id, a stand-in for the messenger shows its calls.
    #[must_use]
    pub fn new(keyring: Keyring, app_id: Option<String>) -> Self {
        let widget = app_id.as_ref().map(|app_id| format!("https://widget.intercom.io/widget/{app_id}"));
        let widget = widget.unwrap_or_else(|| "/stand_in.js".to_owned());
        Self { keyring, app_id: app_id.unwrap_or_else(|| "a1b2c3d4".to_owned()), widget, sessions: Sessions::default() }
    }

    /// All that it serves.
    pub fn routes(self) -> Router {
        let javascript = |text: &'static str| get(([(CONTENT_TYPE, "text/javascript")], text));
        Router::new()
            .route("/", get(async |user, app| page(user, app, Proof::UserHash)))
            .route("/user-jwt", get(async |user, app| page(user, app, Proof::UserJwt)))
            .route("/page.js", javascript(include_str!("page.js")))
            .route("/stand_in.js", javascript(include_str!("stand_in.js")))
            .route("/intercom/{platform}/{proof}", get(fresh))
            .route("/login", post(session::log_in))
            .route("/logout", post(session::log_out))
            // Refuses a form that another site sends. `SameSite` does not: a login needs no cookie.
            .layer(CsrfLayer::new())
            // A hash never expires, so no cache may keep one.
            .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, HeaderValue::from_static("private, no-store")))
            .with_state(Arc::new(self))
    }

    /// Signs the identity of the session's user, never one that the caller sends: anybody would get anybody's proof.
    fn settings(&self, user: User, platform: Platform, proof: Proof) -> Result<MessengerSettings, Failure> {
        if self.keyring.secret(platform).is_err() {
            return Ok(MessengerSettings::visitor().attribute("app_id", &self.app_id)?);
        }
        let user_id = UserId::from(user.id);
        let settings = match proof {
            Proof::UserHash => {
                let identity = user_id.with_email(Some(user.email))?;
                MessengerSettings::with_user_hash(&self.keyring, platform, identity)?
            }
            Proof::UserJwt => {
                let claims = UserClaims::new(user_id, UnixTime::now() + LIFETIME_OF_TOKENS);
                let claims = claims.email(Email::new(user.email)?);
                MessengerSettings::with_user_jwt(&self.keyring, platform, &claims)?
            }
        };
        Ok(settings.attribute("app_id", &self.app_id)?.attribute("name", user.name)?)
    }
}

type App = State<Arc<AppServer>>;

/// What an app asks for before it logs in to the messenger, what its `setUserJwtProvider` asks for, and what a page asks for
/// to update it.
async fn fresh(user: User, State(app): App, Path(path): Path<(Platform, Proof)>) -> Result<Json<Fresh>, Failure> {
    let (platform, proof) = path;
    Ok(Json(Fresh { user: user.id.to_string(), settings: app.settings(user, platform, proof)? }))
}

/// The settings go into a data block, for which no policy asks a nonce. They are safe there as they are, and must not be
/// escaped again: maud's `PreEscaped`, askama's `safe`.
fn page(user: Result<User, NotLoggedIn>, State(app): App, proof: Proof) -> Result<Response, Failure> {
    let Ok(user) = user else { return login_page(&app, "") };
    let settings = app.settings(user, Platform::Web, proof)?.to_script_json();
    let fresh = match proof {
        Proof::UserHash => "/intercom/web/user-hash",
        Proof::UserJwt => "/intercom/web/user-jwt",
    };
    document(
        &app,
        &html! {
            h1 { "Hello, " (user.name) }
            form action="/logout" method="post" { button { "Log out" } }
            button id="update" { "Update the messenger" }
            script type="application/json" id="intercom" data-user=(user.id) data-fresh=(fresh) { (PreEscaped(settings)) }
        },
    )
}

fn login_page(app: &AppServer, error: &str) -> Result<Response, Failure> {
    document(
        app,
        &html! {
            h1 { "Log in" }
            form action="/login" method="post" {
                input name="email" type="email" aria-label="email" value="ada@example.com" required;
                input name="password" type="password" aria-label="password" value="lovelace" required;
                button { "Log in" }
            }
            p { (error) }
        },
    )
}

/// Only a script with the nonce runs, and what it loads: Intercom's script, and the scripts that loads in turn. Intercom
/// supports such a policy: <https://www.intercom.com/help/en/articles/3894>.
fn document(app: &AppServer, body: &Markup) -> Result<Response, Failure> {
    let nonce = random::<16>()?;
    let policy = format!("script-src 'nonce-{nonce}' 'strict-dynamic'; object-src 'none'; base-uri 'none'");
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Messenger" } link rel="icon" href="data:,"; }
            body { (body) script nonce=(nonce) src="/page.js" data-widget=(app.widget) {} }
        }
    };
    Ok(([(CONTENT_SECURITY_POLICY, policy)], document).into_response())
}

/// As hexadecimal digits.
fn random<const BYTES: usize>() -> Result<String, Failure> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// What went wrong is for the log. The client learns only that something did.
struct Failure;

impl<E: Display> From<E> for Failure {
    /// In place of your log.
    fn from(error: E) -> Self {
        eprintln!("app_server: {error}");
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong").into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_client_learns_only_that_something_went_wrong() -> Result<(), axum::Error> {
        let response = Failure::from("no secret for the platform web").into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(axum::body::to_bytes(response.into_body(), 100).await?, "something went wrong");
        Ok(())
    }
}
