//! Both servers, and a client between them whose exchanges are shown.

use std::{
    io,
    sync::mpsc::{self, Receiver},
};

use axum::Router;
use intercom_identity::{AccessTokens, Authenticator, Keyring, Platform};
use reqwest::{Client, RequestBuilder, header::CONTENT_TYPE};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::{
    Result, api,
    app_server::AppServer,
    auth_server::{AuthServer, LogLine},
    exchange::{Exchange, Told},
    listen,
    settings::Settings,
};

pub(crate) struct Stage {
    client: Client,
    app_server: Server,
    auth_server: Server,
    api: Server,
    tokens: fn() -> Result<AccessTokens>,
    log: Receiver<LogLine>,
    gone_otherwise: usize,
}

impl Stage {
    /// The auth server and the API have their access tokens' secret in common.
    pub(crate) async fn new(
        keyring: Keyring,
        authenticator: Authenticator,
        tokens: fn() -> Result<AccessTokens>,
    ) -> Result<Self> {
        let client = Client::builder().cookie_store(true).no_proxy().build()?;
        let (auth_server, log) = start_auth_server(authenticator, tokens()?).await?;
        let app_server = start_app_server(keyring, &auth_server.url).await?;
        let api = Server::start(api::routes(tokens()?)).await?;
        Ok(Self { client, app_server, auth_server, api, tokens, log, gone_otherwise: 0 })
    }

    /// It logs everybody out.
    pub(crate) async fn restart_app_server(&mut self, keyring: Keyring) -> Result {
        self.app_server = start_app_server(keyring, &self.auth_server.url).await?;
        Ok(())
    }

    /// Its counts begin anew.
    pub(crate) async fn restart_auth_server(&mut self, authenticator: Authenticator) -> Result {
        (self.auth_server, self.log) = start_auth_server(authenticator, (self.tokens)()?).await?;
        Ok(())
    }

    pub(crate) async fn log_in(&mut self, email: &str, password: &str, told: Told) -> Result {
        let form = [("email", email), ("password", password)];
        let (status, body) = send(self.client.post(format!("{}/login", self.app_server.url)).form(&form)).await?;
        let answer = text(&body, "/error");
        self.show(&told, &Exchange { request: "POST /login", tried: email, status, answer, reason: "" });
        Ok(())
    }

    /// What the app server answers to whoever is logged in.
    pub(crate) async fn ask(&mut self, path: &str, tried: &str, told: Told) -> Result<Value> {
        let (status, body) = send(self.client.get(format!("{}{path}", self.app_server.url))).await?;
        let proof = ["user_hash", "user_jwt"].iter().find_map(|name| {
            let beginning = text(&body, &format!("/{name}")).get(..6)?;
            Some(format!("{name} {beginning}…"))
        });
        let answer = proof.unwrap_or_else(|| text(&body, "/error").to_owned());
        self.show(&told, &Exchange { request: &format!("GET {path}"), tried, status, answer: &answer, reason: "" });
        Ok(body)
    }

    pub(crate) async fn settings(&mut self, platform: Platform, tried: &str) -> Result<Settings> {
        let settings = self.ask(&format!("/intercom/{platform}"), tried, Told::status(200)).await?;
        Ok(serde_json::from_value(settings)?)
    }

    pub(crate) async fn settings_with_jwt(&mut self, platform: Platform, tried: &str) -> Result<Settings> {
        let settings = self.ask(&format!("/intercom/{platform}/jwt"), tried, Told::status(200)).await?;
        Ok(serde_json::from_value(settings)?)
    }

    /// Gives the access token, of who is let in.
    pub(crate) async fn auth(
        &mut self,
        platform: Platform,
        tried: &str,
        settings: &Settings,
        told: Told,
    ) -> Result<String> {
        self.post(&format!("/auth/{platform}"), tried, serde_json::to_string(settings)?, told).await
    }

    /// Asks the API for what only its user may see.
    pub(crate) async fn open(&mut self, tried: &str, access_token: Option<&str>, told: Told) -> Result {
        let request = self.client.get(format!("{}/conversations", self.api.url));
        let request = match access_token {
            Some(access_token) => request.bearer_auth(access_token),
            None => request,
        };
        let (status, body) = send(request).await?;
        let answer = text(&body, "/conversations_of");
        self.show(&told, &Exchange { request: "GET /conversations", tried, status, answer, reason: "" });
        Ok(())
    }

    pub(crate) async fn post(
        &mut self,
        path: &str,
        tried: &str,
        body: impl Into<String>,
        told: Told,
    ) -> Result<String> {
        let request = self.client.post(format!("{}{path}", self.auth_server.url));
        let request = request.header(CONTENT_TYPE, "application/json").body(body.into());
        let (status, body) = send(request).await?;
        let answer = match text(&body, "/admission") {
            "" => text(&body, "/errors/0/code"),
            admission => admission,
        };
        let reason = self.log.try_iter().last().and_then(|line| line.reason).unwrap_or_default();
        self.show(&told, &Exchange { request: &format!("POST {path}"), tried, status, answer, reason });
        Ok(text(&body, "/access_token").to_owned())
    }

    pub(crate) async fn counts(&mut self, platform: Platform, told: &'static str) -> Result {
        let (status, body) = send(self.client.get(format!("{}/counts", self.auth_server.url))).await?;
        let count = |name| body.pointer(&format!("/{platform}/{name}")).unwrap_or(&Value::Null);
        let counts = ["verified", "missing", "invalid", "unidentified"].map(|name| format!("{name} {}", count(name)));
        let (tried, answer) = (format!("{platform}, since the restart"), counts.join(", "));
        let exchange = Exchange { request: "GET /counts", tried: &tried, status, answer: &answer, reason: "" };
        self.show(&Told::answer(200, told), &exchange);
        Ok(())
    }

    fn show(&mut self, told: &Told, exchange: &Exchange<'_>) {
        println!("{exchange}");
        if !told.fits(exchange) {
            println!("  ^ otherwise than told: {told:?}");
            self.gone_otherwise += 1;
        }
    }

    pub(crate) fn end(self) -> Result {
        match self.gone_otherwise {
            0 => Ok(()),
            count => Err(format!("exchanges that went otherwise than told: {count}").into()),
        }
    }
}

/// It ends when it is dropped.
struct Server {
    url: String,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start(routes: Router) -> Result<Self> {
        let (listener, url) = listen(0).await?;
        Ok(Self { url, task: tokio::spawn(axum::serve(listener, routes).into_future()) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn start_app_server(keyring: Keyring, auth_server: &str) -> Result<Server> {
    Server::start(AppServer::new(keyring, auth_server).routes()).await
}

async fn start_auth_server(authenticator: Authenticator, tokens: AccessTokens) -> Result<(Server, Receiver<LogLine>)> {
    let (log, lines) = mpsc::channel();
    Ok((Server::start(AuthServer::new(authenticator, tokens, log).routes()).await?, lines))
}

async fn send(request: RequestBuilder) -> Result<(u16, Value)> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? };
    Ok((status, body))
}

fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
