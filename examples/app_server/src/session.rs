//! A login and its sessions, in place of yours.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Form,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::{App, AppServer, Failure, login_page, random};

/// In place of your database. A name can be an attack.
const USERS: [User; 2] = [
    User { id: 4711, email: "ada@example.com", name: "Ada </script><script>alert(1)</script>", password: "lovelace" },
    User { id: 4712, email: "grace@example.com", name: "Grace Hopper", password: "hopper" },
];

/// Browsers take a cookie with this prefix only from the host itself and over HTTPS. All but Safari take it from `localhost` too.
const COOKIE: &str = "__Host-session";
const LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);

#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
    password: &'static str,
}

/// By the random id in the cookie. The server keeps the rest, so it can end a session.
pub(crate) type Sessions = Mutex<HashMap<String, (User, Instant)>>;

/// Why there is no user.
pub(crate) type NotLoggedIn = (StatusCode, &'static str);

/// A handler that asks for a user gets the session's.
impl FromRequestParts<Arc<AppServer>> for User {
    type Rejection = NotLoggedIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<AppServer>) -> Result<Self, NotLoggedIn> {
        let cookies = CookieJar::from_headers(&parts.headers);
        let sessions = app.sessions.lock().await;
        match cookies.get(COOKIE).and_then(|cookie| sessions.get(cookie.value())) {
            Some(&(user, expires)) if Instant::now() < expires => Ok(user),
            _ => Err((StatusCode::UNAUTHORIZED, "not logged in")),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Login {
    email: String,
    password: String,
}

pub(crate) async fn log_in(State(app): App, cookies: CookieJar, Form(login): Form<Login>) -> Result<Response, Failure> {
    let user = USERS.into_iter().find(|user| user.email == login.email && user.password == login.password);
    let Some(user) = user else {
        return Ok((StatusCode::UNAUTHORIZED, login_page(&app, "Wrong email or password")?).into_response());
    };
    let (id, now) = (random::<32>()?, Instant::now());
    let mut sessions = app.sessions.lock().await;
    // The session that this one replaces ends, and so do those that have expired.
    let replaced = cookies.get(COOKIE).map(Cookie::value);
    sessions.retain(|id, (_, expires)| now < *expires && Some(&**id) != replaced);
    sessions.insert(id.clone(), (user, now + LIFETIME));
    Ok((cookies.add(cookie(id)), Redirect::to("/")).into_response())
}

pub(crate) async fn log_out(State(app): App, cookies: CookieJar) -> impl IntoResponse {
    if let Some(cookie) = cookies.get(COOKIE) {
        app.sessions.lock().await.remove(cookie.value());
    }
    (cookies.remove(cookie(String::new())), Redirect::to("/"))
}

fn cookie(id: String) -> Cookie<'static> {
    Cookie::build((COOKIE, id)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}
