//! An app server: whoever is logged in gets their own user hash, for the platform they ask for.
//!
//! It listens on the port in `PORT`, else 3000, and signs with the secrets in `INTERCOM_SECRET_IOS`,
//! `INTERCOM_SECRET_ANDROID` and `INTERCOM_SECRET_WEB`. With none of the three it is a demonstration, and says so.

use std::{env, error::Error, fmt::Display, net::Ipv4Addr, process, sync::Arc};

use axum::{
    Form, Json, Router,
    extract::{FromRef, FromRequestParts, Path, State},
    http::{StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{Html, IntoResponse},
    routing::{get, post},
};
use axum_extra::extract::cookie::{Cookie, Key, PrivateCookieJar, SameSite};
use intercom_identity::{Keyring, Platform, UserHash, UserId};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A platform, where its secret is, and its secret in the demonstration.
const SECRETS: [(Platform, &str, &str); 3] = [
    (Platform::Ios, "INTERCOM_SECRET_IOS", "the iOS secret of the demonstration"),
    (Platform::Android, "INTERCOM_SECRET_ANDROID", "the Android secret of the demonstration"),
    (Platform::Web, "INTERCOM_SECRET_WEB", "the web secret of the demonstration"),
];

/// In place of your database.
const USERS: [User; 2] = [
    User { id: 4711, email: "ada@example.com", password: "lovelace" },
    User { id: 4712, email: "grace@example.com", password: "hopper" },
];

#[derive(Clone, Copy)]
struct User {
    id: u64,
    email: &'static str,
    password: &'static str,
}

#[derive(Clone, FromRef)]
struct App {
    keyring: Arc<Keyring>,
    cookie_key: Key,
}

type Refusal = (StatusCode, Json<Value>);

fn refusal(status: StatusCode, error: impl Display) -> Refusal {
    (status, Json(json!({ "error": error.to_string() })))
}

/// A handler that asks for a user gets the session's.
impl FromRequestParts<App> for User {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let cookies = PrivateCookieJar::from_headers(&parts.headers, app.cookie_key.clone());
        let id = cookies.get("session").and_then(|cookie| cookie.value().parse().ok());
        let user = USERS.into_iter().find(|user| Some(user.id) == id);
        user.ok_or_else(|| refusal(StatusCode::UNAUTHORIZED, "not logged in"))
    }
}

/// Signs the id of the session's user, never one that the caller sends: that would be a signing oracle, where anybody
/// gets anybody's hash, and a hash does not expire.
async fn user_hash(user: User, State(app): State<App>, Path(name): Path<String>) -> Result<impl IntoResponse, Refusal> {
    let platform: Platform = name.parse().map_err(|error| refusal(StatusCode::NOT_FOUND, error))?;
    let secret = app.keyring.secret(platform).map_err(|error| refusal(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    let user_id = UserId::from(user.id);
    let user_hash = UserHash::compute(secret, user_id);
    let body = json!({ "user_id": user_id.as_str(), "email": user.email, "user_hash": user_hash.as_str() });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)))
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: String,
}

async fn log_in(cookies: PrivateCookieJar, Form(login): Form<Login>) -> impl IntoResponse {
    match USERS.iter().find(|user| user.email == login.email && user.password == login.password) {
        Some(user) => Ok((cookies.add(session(user.id.to_string())), StatusCode::NO_CONTENT)),
        None => Err(refusal(StatusCode::UNAUTHORIZED, "wrong email or password")),
    }
}

async fn log_out(cookies: PrivateCookieJar) -> impl IntoResponse {
    (cookies.remove(session(String::new())), StatusCode::NO_CONTENT)
}

/// The cookie is the whole session: logging out removes it from the browser. Behind HTTPS, add `secure(true)`.
fn session(id: String) -> Cookie<'static> {
    Cookie::build(("session", id)).path("/").http_only(true).same_site(SameSite::Lax).build()
}

fn keyring() -> Result<Keyring, Box<dyn Error>> {
    let demonstration = SECRETS.iter().all(|(_, variable, _)| env::var_os(variable).is_none());
    if demonstration {
        eprintln!("WARNING: no INTERCOM_SECRET_* is set, so the hashes are signed with secrets that everybody knows");
    }
    let mut keyring = Keyring::new();
    for (platform, variable, of_the_demonstration) in SECRETS {
        let secret = match env::var_os(variable) {
            Some(secret) => secret.into_string().map_err(|_| format!("{variable}: the secret is not UTF-8"))?,
            None if demonstration => of_the_demonstration.to_owned(),
            None => {
                return Err(
                    format!("{variable} is not set: set one for each platform, or none for a demonstration").into()
                );
            }
        };
        keyring = keyring.with([platform], secret.try_into().map_err(|error| format!("{variable}: {error}"))?);
    }
    Ok(keyring)
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let port = env::var_os("PORT").map_or(Some(3000), |port| port.to_str()?.parse().ok());
    let address = (Ipv4Addr::LOCALHOST, port.ok_or("PORT is not a number from 0 to 65535")?);
    let listener =
        TcpListener::bind(address).await.map_err(|error| format!("cannot listen on port {}: {error}", address.1))?;
    // A new key at each start: a restart logs everybody out.
    let app = App { keyring: Arc::new(keyring()?), cookie_key: Key::generate() };
    let routes = Router::new()
        .route("/", get(Html(include_str!("app_server.html"))))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/intercom/{platform}", get(user_hash))
        .with_state(app);

    let url = format!("http://{}", listener.local_addr()?);
    println!("listening on {url}\nOpen it in a browser, or try");
    println!("curl -b '' -d email=ada@example.com -d password=lovelace {url}/login --next -b '' {url}/intercom/ios");
    Ok(axum::serve(listener, routes).await?)
}

#[tokio::main]
async fn main() {
    if let Err(error) = serve().await {
        eprintln!("app_server: {error}");
        process::exit(1);
    }
}
