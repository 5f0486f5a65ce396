//! An app server: a login, and the settings that boot Intercom's messenger as the user of the session.
//!
//! It listens on the port in `PORT`, else 3000, and signs with the secrets in `INTERCOM_SECRET_IOS`,
//! `INTERCOM_SECRET_ANDROID` and `INTERCOM_SECRET_WEB`. If none of the three is set, it uses demo secrets and warns.

use std::{
    collections::HashMap,
    env,
    error::Error,
    fmt::Display,
    net::Ipv4Addr,
    process,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Form, Json, Router,
    extract::{FromRequestParts, Path, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use intercom_identity::{Email, Keyring, MessengerSettings, Platform, UserId};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Mutex};

/// A platform, the variable that holds its secret, and its demo secret.
const SECRETS: [(Platform, &str, &str); 3] = [
    (Platform::Ios, "INTERCOM_SECRET_IOS", "cat9ag498dyT5bl5GhcqrGi0qx020vorwNIvVaP3Rjd"),
    (Platform::Android, "INTERCOM_SECRET_ANDROID", "mSlPUxYu3JvQvB7KUdDWdM8TVWzZRBb0WLaAUvFMZ44"),
    (Platform::Web, "INTERCOM_SECRET_WEB", "k8cRvicmQivfnSqy3Vl6OG0fLzIe36ygvsGgEckRGM1"),
];

/// Your workspace.
const APP_ID: &str = "pi3243fa";

/// In place of your database. A name can be an attack.
const USERS: [User; 2] = [
    User { id: 4711, email: "ada@example.com", name: "Ada </script><script>alert(1)</script>", password: "lovelace" },
    User { id: 4712, email: "grace@example.com", name: "Grace Hopper", password: "hopper" },
];

const SESSION: Duration = Duration::from_secs(8 * 60 * 60);

/// For every answer that carries a proof, the page included: a hash never expires.
const NOT_CACHED: &str = "private, no-store";

#[derive(Clone, Copy)]
struct User {
    id: u64,
    email: &'static str,
    name: &'static str,
    password: &'static str,
}

struct App {
    keyring: Keyring,
    /// In place of your session store. The cookie holds a random id and nothing else, so the server can end a session.
    sessions: Mutex<HashMap<String, (User, Instant)>>,
}

impl App {
    /// Signs the identity of the session's user, never one that the caller sends: that would be a signing oracle, where
    /// anybody gets anybody's hash.
    fn settings(&self, user: User, platform: Platform) -> Result<MessengerSettings, Box<dyn Error>> {
        let identity = (UserId::from(user.id), Email::new(user.email)?);
        let settings = MessengerSettings::with_user_hash(&self.keyring, platform, identity)?;
        Ok(settings.attribute("app_id", APP_ID)?.attribute("name", user.name)?)
    }
}

type Refusal = (StatusCode, Json<Value>);

fn refusal(status: StatusCode, error: impl Display) -> Refusal {
    (status, Json(json!({ "error": error.to_string() })))
}

fn internal(error: impl Display) -> Refusal {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, error)
}

/// A handler that asks for a user gets the session's.
impl FromRequestParts<Arc<App>> for User {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let cookies = CookieJar::from_headers(&parts.headers);
        let sessions = app.sessions.lock().await;
        match cookies.get("session").and_then(|cookie| sessions.get(cookie.value())) {
            Some(&(user, expires)) if Instant::now() < expires => Ok(user),
            _ => Err(refusal(StatusCode::UNAUTHORIZED, "not logged in")),
        }
    }
}

/// What an app asks for before it logs in to the messenger, and what a page asks for to update it.
async fn settings(
    user: User,
    State(app): State<Arc<App>>,
    Path(platform): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let platform: Platform = platform.parse().map_err(|error| refusal(StatusCode::NOT_FOUND, error))?;
    let settings = app.settings(user, platform).map_err(internal)?;
    Ok(([(CACHE_CONTROL, NOT_CACHED)], Json(settings)))
}

/// The settings go into a data block, which needs no nonce. They are safe inside a `<script>` as they are, and must not
/// be escaped again: maud's `PreEscaped`, askama's `safe`.
async fn home(user: Result<User, Refusal>, State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    let Ok(user) = user else { return Ok(login_page("")) };
    let settings = app.settings(user, Platform::Web).map_err(internal)?;
    Ok(page(&html! {
        h1 { "Hello, " (user.name) }
        script type="application/json" id="intercom-settings" { (PreEscaped(settings.to_script_json())) }
        form action="/logout" method="post" { button { "Log out" } }
        button id="update" { "Update the messenger" }
    }))
}

fn login_page(error: &str) -> Response {
    page(&html! {
        h1 { "Log in" }
        form action="/login" method="post" {
            input name="email" type="email" aria-label="email" value="ada@example.com" required;
            input name="password" type="password" aria-label="password" value="lovelace" required;
            button { "Log in" }
        }
        p { (error) }
    })
}

fn page(body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Messenger" }
                link rel="icon" href="data:,";
                style { "body { max-width: 46rem; margin: 2rem auto; font: 1rem/1.5 sans-serif } pre { white-space: pre-wrap }" }
            }
            body { (body) h2 { "Messenger" } pre id="messenger" {} script src="/app_server.js" {} }
        }
    };
    ([(CACHE_CONTROL, NOT_CACHED), (CONTENT_SECURITY_POLICY, "script-src 'self'")], page).into_response()
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: String,
}

async fn log_in(
    State(app): State<Arc<App>>,
    cookies: CookieJar,
    Form(login): Form<Login>,
) -> Result<Response, Refusal> {
    let user = USERS.into_iter().find(|user| user.email == login.email && user.password == login.password);
    let Some(user) = user else {
        return Ok((StatusCode::UNAUTHORIZED, login_page("Wrong email or password")).into_response());
    };
    let mut id = [0; 32];
    getrandom::fill(&mut id).map_err(internal)?;
    let (id, now) = (hex::encode(id), Instant::now());

    let mut sessions = app.sessions.lock().await;
    sessions.retain(|_, (_, expires)| now < *expires);
    sessions.insert(id.clone(), (user, now + SESSION));
    Ok((cookies.add(cookie(id)), Redirect::to("/")).into_response())
}

async fn log_out(State(app): State<Arc<App>>, cookies: CookieJar) -> impl IntoResponse {
    if let Some(cookie) = cookies.get("session") {
        app.sessions.lock().await.remove(cookie.value());
    }
    (cookies.remove(cookie(String::new())), Redirect::to("/"))
}

/// Behind HTTPS, add `secure(true)`.
fn cookie(session: String) -> Cookie<'static> {
    Cookie::build(("session", session)).path("/").http_only(true).same_site(SameSite::Lax).build()
}

fn keyring() -> Result<Keyring, Box<dyn Error>> {
    let demo = SECRETS.iter().all(|(_, variable, _)| env::var_os(variable).is_none());
    if demo {
        eprintln!("WARNING: no INTERCOM_SECRET_* is set: signing with demo secrets, which everybody knows");
    }
    let mut keyring = Keyring::new();
    for (platform, variable, demo_secret) in SECRETS {
        let secret = match env::var_os(variable) {
            Some(secret) => secret.into_string().map_err(|_| format!("{variable}: the secret is not UTF-8"))?,
            None if demo => demo_secret.to_owned(),
            None => return Err(format!("{variable} is not set: set all three, or none for a demo").into()),
        };
        keyring = keyring.with([platform], secret.try_into().map_err(|error| format!("{variable}: {error}"))?);
    }
    Ok(keyring)
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let port = env::var_os("PORT").map_or(Some(3000), |port| port.to_str()?.parse().ok());
    let port = port.ok_or("PORT is not a number from 0 to 65535")?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    let app = App { keyring: keyring()?, sessions: Mutex::default() };
    let script = ([(CONTENT_TYPE, "text/javascript")], include_str!("app_server.js"));
    let routes = Router::new()
        .route("/", get(home))
        .route("/app_server.js", get(script))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/intercom/{platform}", get(settings))
        .with_state(Arc::new(app));

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
