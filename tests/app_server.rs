//! The example `app_server`, started as a process and spoken to over HTTP.

use std::{error::Error, ffi::OsStr, fmt::Display, net::TcpListener};

use intercom_identity::{ParsePlatformError, Platform, Secret, SecretError, UserHash, UserId};
use process::{Ended, Example};
use reqwest::{
    Client, RequestBuilder, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, SET_COOKIE},
};
use serde_json::{Value, json};

mod process;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const SECRETS: [(Platform, &str, &str); 3] = [
    (Platform::Ios, "INTERCOM_SECRET_IOS", "a secret for iOS"),
    (Platform::Android, "INTERCOM_SECRET_ANDROID", "a secret for Android"),
    (Platform::Web, "INTERCOM_SECRET_WEB", "a secret for the web"),
];

type Variable = (&'static str, &'static str);

fn secrets() -> impl Iterator<Item = Variable> {
    SECRETS.into_iter().map(|(_, variable, secret)| (variable, secret))
}

fn secrets_without(variable: &str) -> impl Iterator<Item = Variable> {
    secrets().filter(move |(name, _)| *name != variable)
}

fn start() -> Result<Example> {
    Ok(Example::start("app_server", secrets())??)
}

fn how_it_ends(variables: impl IntoIterator<Item = (&'static str, impl AsRef<OsStr>)>) -> Result<Ended> {
    Ok(Example::start("app_server", variables)?.err().ok_or("it listens")?)
}

fn with_exit_code_1(line: impl Display) -> Ended {
    Ended { code: Some(1), stderr: format!("app_server: {line}\n") }
}

fn browser() -> reqwest::Result<Client> {
    Client::builder().cookie_store(true).no_proxy().build()
}

fn log_in(client: &Client, server: &Example, email: &str, password: &str) -> RequestBuilder {
    client.post(format!("{}/login", server.url)).form(&[("email", email), ("password", password)])
}

fn ask(client: &Client, server: &Example, platform: impl Display) -> RequestBuilder {
    client.get(format!("{}/intercom/{platform}", server.url))
}

async fn answer(request: RequestBuilder) -> reqwest::Result<(StatusCode, Value)> {
    let response = request.send().await?;
    Ok((response.status(), response.json().await?))
}

async fn ada(server: &Example) -> Result<Client> {
    let client = browser()?;
    let status = log_in(&client, server, "ada@example.com", "lovelace").send().await?.status();
    assert_eq!(status, StatusCode::NO_CONTENT);
    Ok(client)
}

fn hash_of(user_id: &str, email: &str, secret: &str) -> Result<(StatusCode, Value)> {
    let user_hash = UserHash::compute(&Secret::new(secret)?, UserId::new(user_id)?);
    Ok((StatusCode::OK, json!({ "user_id": user_id, "email": email, "user_hash": user_hash.as_str() })))
}

fn hash_of_ada(secret: &str) -> Result<(StatusCode, Value)> {
    hash_of("4711", "ada@example.com", secret)
}

fn not_logged_in() -> (StatusCode, Value) {
    (StatusCode::UNAUTHORIZED, json!({ "error": "not logged in" }))
}

#[tokio::test]
async fn the_user_of_the_session_gets_the_hash_under_the_secret_of_the_platform_asked_for() -> Result {
    let server = start()?;
    let client = ada(&server).await?;
    for (platform, _, secret) in SECRETS {
        assert_eq!(answer(ask(&client, &server, platform)).await?, hash_of_ada(secret)?);
    }
    Ok(())
}

#[tokio::test]
async fn another_user_gets_another_hash() -> Result {
    let server = start()?;
    let client = browser()?;
    log_in(&client, &server, "grace@example.com", "hopper").send().await?;
    for (platform, _, secret) in SECRETS {
        let expected = hash_of("4712", "grace@example.com", secret)?;
        assert_eq!(answer(ask(&client, &server, platform)).await?, expected);
    }
    Ok(())
}

#[tokio::test]
async fn an_id_that_the_caller_sends_changes_nothing() -> Result {
    let server = start()?;
    let client = ada(&server).await?;
    let somebody_else = json!({ "user_id": "4712", "email": "grace@example.com" });
    for request in [
        ask(&client, &server, "web?user_id=4712&email=grace@example.com"),
        ask(&client, &server, Platform::Web).form(&somebody_else),
        ask(&client, &server, Platform::Web).json(&somebody_else),
    ] {
        assert_eq!(answer(request).await?, hash_of_ada("a secret for the web")?);
    }
    Ok(())
}

#[tokio::test]
async fn without_a_session_nobody_gets_a_hash() -> Result {
    let server = start()?;
    let client = browser()?;
    for platform in ["ios", "android", "web", "web?user_id=4711", "windows"] {
        assert_eq!(answer(ask(&client, &server, platform)).await?, not_logged_in(), "{platform}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_refused_in_the_words_for_an_unknown_email_and_opens_no_session() -> Result {
    let server = start()?;
    let client = browser()?;
    let refused = (StatusCode::UNAUTHORIZED, json!({ "error": "wrong email or password" }));
    for (email, password) in [("ada@example.com", "hopper"), ("ada@example.com", ""), ("eve@example.com", "lovelace")] {
        assert_eq!(answer(log_in(&client, &server, email, password)).await?, refused);
        assert_eq!(answer(ask(&client, &server, Platform::Web)).await?, not_logged_in());
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_platform_is_not_found() -> Result {
    let server = start()?;
    let client = ada(&server).await?;
    let not_found = (StatusCode::NOT_FOUND, json!({ "error": ParsePlatformError.to_string() }));
    for platform in ["windows", "iOS", "web%0A", "ios%2Candroid"] {
        assert_eq!(answer(ask(&client, &server, platform)).await?, not_found, "{platform}");
    }
    Ok(())
}

#[tokio::test]
async fn logging_out_ends_the_session() -> Result {
    let server = start()?;
    let client = ada(&server).await?;
    assert_eq!(answer(ask(&client, &server, Platform::Web)).await?, hash_of_ada("a secret for the web")?);

    let status = client.post(format!("{}/logout", server.url)).send().await?.status();
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(answer(ask(&client, &server, Platform::Web)).await?, not_logged_in());
    Ok(())
}

#[tokio::test]
async fn a_hash_is_not_to_be_cached() -> Result {
    let server = start()?;
    let response = ask(&ada(&server).await?, &server, Platform::Web).send().await?;
    assert_eq!(response.headers().get(CACHE_CONTROL).ok_or("the header is not there")?, "no-store");
    Ok(())
}

/// What a browser sends back, and what it is told about it.
async fn session_cookie(server: &Example) -> Result<(String, String)> {
    let client = Client::builder().no_proxy().build()?;
    let response = log_in(&client, server, "ada@example.com", "lovelace").send().await?;
    let cookie = response.headers().get(SET_COOKIE).ok_or("no cookie is set")?.to_str()?;
    let (session, attributes) = cookie.split_once("; ").ok_or("the cookie has no attributes")?;
    Ok((session.to_owned(), attributes.to_owned()))
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_posts_from_other_sites() -> Result {
    let (_, attributes) = session_cookie(&start()?).await?;
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/");
    Ok(())
}

#[tokio::test]
async fn a_cookie_that_is_edited_made_up_or_of_another_server_is_no_session() -> Result {
    let (server, other) = (start()?, start()?);
    let client = Client::builder().no_proxy().build()?;
    let ask = |cookie: &str| answer(ask(&client, &server, Platform::Web).header(COOKIE, cookie));

    let (genuine, _) = session_cookie(&server).await?;
    assert_eq!(ask(&genuine).await?, hash_of_ada("a secret for the web")?);

    for (at, byte) in genuine.bytes().enumerate().skip("session=".len()) {
        let mut edited = genuine.clone();
        edited.replace_range(at..=at, if byte == b'A' { "B" } else { "A" });
        assert_eq!(ask(&edited).await?, not_logged_in(), "byte {at}");
    }
    let (of_another_server, _) = session_cookie(&other).await?;
    for cookie in [&of_another_server, "session=4711", "session=", "session", "user_id=4711"] {
        assert_eq!(ask(cookie).await?, not_logged_in(), "{cookie}");
    }
    Ok(())
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_writes_answers_as_text() -> Result {
    let server = start()?;
    let response = browser()?.get(&server.url).send().await?;
    assert_eq!(response.headers().get(CONTENT_TYPE).ok_or("the header is not there")?, "text/html; charset=utf-8");
    let page = response.text().await?;
    assert!(page.contains("textContent"));
    for elsewhere_or_markup in ["//", "src=", "@import", "innerHTML", "document.write"] {
        assert!(!page.contains(elsewhere_or_markup), "{elsewhere_or_markup}");
    }
    Ok(())
}

#[test]
fn it_listens_on_loopback() -> Result {
    let server = start()?;
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    Ok(())
}

#[test]
fn without_any_secret_it_warns_that_everybody_knows_those_it_uses() -> Result {
    let warning = "WARNING: no INTERCOM_SECRET_* is set, so the hashes are signed with secrets that everybody knows\n";
    assert_eq!(Example::start("app_server", [("", ""); 0])??.stop()?, warning);
    Ok(())
}

#[test]
fn with_secrets_it_warns_of_nothing() -> Result {
    assert_eq!(start()?.stop()?, "");
    Ok(())
}

#[test]
fn one_missing_secret_is_refused_by_its_name() -> Result {
    for (_, variable, _) in SECRETS {
        let line = format!("{variable} is not set: set one for each platform, or none for a demonstration");
        assert_eq!(how_it_ends(secrets_without(variable))?, with_exit_code_1(line));
    }
    Ok(())
}

#[test]
fn a_malformed_secret_is_refused_by_its_name_and_not_quoted() -> Result {
    let malformed = [
        ("", SecretError::Empty),
        ("a secret from a file\n", SecretError::SurroundingWhitespace),
        ("dG9rOjEyMzQ1Njc4XzEyMzRfMTIzNF8xMjM0XzEyMzQ1Njc4OTAxMjoxOjA=", SecretError::AccessToken),
    ];
    for (_, variable, _) in SECRETS {
        for (secret, error) in malformed {
            let ended = how_it_ends(secrets_without(variable).chain([(variable, secret)]))?;
            assert_eq!(ended, with_exit_code_1(format!("{variable}: {error}")));
        }
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_secret_that_is_not_utf_8_is_refused_by_its_name_and_not_quoted() -> Result {
    let latin_1: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"a secret in Latin-1: \xe9");
    let ended = how_it_ends(secrets().map(|(variable, _)| (variable, latin_1)))?;
    assert_eq!(ended, with_exit_code_1("INTERCOM_SECRET_IOS: the secret is not UTF-8"));
    Ok(())
}

#[test]
fn empty_secrets_are_not_taken_for_missing_ones() -> Result {
    let ended = how_it_ends(secrets().map(|(variable, _)| (variable, "")))?;
    assert_eq!(ended, with_exit_code_1(format!("INTERCOM_SECRET_IOS: {}", SecretError::Empty)));
    Ok(())
}

#[test]
fn a_malformed_port_is_refused() -> Result {
    for port in ["", "http", "-1", "65536", " 3000", "3000\n"] {
        let ended = how_it_ends(secrets().chain([("PORT", port)]))?;
        assert_eq!(ended, with_exit_code_1("PORT is not a number from 0 to 65535"), "{port:?}");
    }
    Ok(())
}

#[test]
fn a_port_that_is_taken_is_refused_before_any_warning() -> Result {
    let other = TcpListener::bind("127.0.0.1:0")?;
    let port = other.local_addr()?.port();
    let error = TcpListener::bind(("127.0.0.1", port)).err().ok_or("the port is not taken")?;

    let ended = how_it_ends([("PORT", port.to_string())])?;
    assert_eq!(ended, with_exit_code_1(format!("cannot listen on port {port}: {error}")));
    Ok(())
}
