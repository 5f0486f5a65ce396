//! The example `app_server`, started as a process and spoken to over HTTP.

#[path = "../../../tests/support/process.rs"]
mod process;
#[path = "../../../tests/support/mod.rs"]
mod support;

use std::{ffi::OsStr, fmt::Display, net::TcpListener};

use process::{Ended, Example};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::{Value, json};
use support::TestResult;

const SECRETS: [(&str, &str); 3] = [
    ("INTERCOM_SECRET_IOS", "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY"),
    ("INTERCOM_SECRET_ANDROID", "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z"),
    ("INTERCOM_SECRET_WEB", "3UBEDVvmEgKFGt6g4t7dmWwKj2v2BSBnmPYyGf1KuTe"),
];

/// Made by Python's `hmac`.
const ADA_FOR_IOS: &str = "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495";
const ADA_FOR_ANDROID: &str = "9abe2e9a670b550ce5e914e02857acab8569a3ea404aced55616fb64e2a41b6f";
const ADA_FOR_THE_WEB: &str = "b5dff2ccf68a705535ae5dd970e62d3afe118aacb961086306f7e3e3d3988996";
const GRACE_FOR_IOS: &str = "0c71ce899508659f38a1f65e9d2f63bbd1adc41e4eb7f87522898a7a825faa45";

fn settings_of_ada(user_hash: &str) -> String {
    format!(
        r#"{{"user_id":"4711","email":"ada@example.com","user_hash":"{user_hash}","app_id":"pi3243fa","name":"Ada </script><script>alert(1)</script>"}}"#
    )
}

fn start() -> TestResult<Example> {
    Ok(Example::start(env!("CARGO_BIN_EXE_app_server"), SECRETS)??)
}

fn how_it_ends(variables: impl IntoIterator<Item = (&'static str, impl AsRef<OsStr>)>) -> TestResult<Ended> {
    Ok(Example::start(env!("CARGO_BIN_EXE_app_server"), variables)?.err().ok_or("it listens")?)
}

fn with_exit_code_1(line: impl Display) -> Ended {
    Ended { code: Some(1), stderr: format!("app_server: {line}\n") }
}

fn client() -> reqwest::Result<Client> {
    Client::builder().redirect(Policy::none()).no_proxy().build()
}

fn ask(server: &Example, path: impl Display, cookie: &str) -> reqwest::Result<RequestBuilder> {
    Ok(client()?.get(format!("{}{path}", server.url)).header(COOKIE, cookie))
}

fn header(response: &Response, name: impl reqwest::header::AsHeaderName) -> TestResult<&str> {
    Ok(response.headers().get(name).ok_or("the header is missing")?.to_str()?)
}

async fn answer(request: RequestBuilder) -> TestResult<(StatusCode, String)> {
    let response = request.send().await?;
    Ok((response.status(), response.text().await?))
}

fn not_logged_in() -> (StatusCode, String) {
    (StatusCode::UNAUTHORIZED, r#"{"error":"not logged in"}"#.to_owned())
}

async fn log_in(server: &Example, email: &str, password: &str) -> reqwest::Result<Response> {
    let form = [("email", email), ("password", password)];
    client()?.post(format!("{}/login", server.url)).form(&form).send().await
}

/// The cookie of a new session, as a browser sends it back.
async fn session(server: &Example, email: &str, password: &str) -> TestResult<String> {
    let response = log_in(server, email, password).await?;
    assert_eq!((response.status(), header(&response, LOCATION)?), (StatusCode::SEE_OTHER, "/"));
    let (session, attributes) = header(&response, SET_COOKIE)?.split_once("; ").ok_or("no attributes")?;
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/");
    assert_eq!(hex::decode(session.strip_prefix("session=").ok_or("another cookie")?)?.len(), 32);
    Ok(session.to_owned())
}

async fn session_of_ada(server: &Example) -> TestResult<String> {
    session(server, "ada@example.com", "lovelace").await
}

#[tokio::test]
async fn the_user_of_the_session_gets_the_settings_for_the_platform_asked_for() -> TestResult {
    let server = start()?;
    let ada = session_of_ada(&server).await?;
    let grace = session(&server, "grace@example.com", "hopper").await?;
    let settings_of_grace = format!(
        r#"{{"user_id":"4712","email":"grace@example.com","user_hash":"{GRACE_FOR_IOS}","app_id":"pi3243fa","name":"Grace Hopper"}}"#
    );
    for (session, platform, settings) in [
        (&ada, "ios", settings_of_ada(ADA_FOR_IOS)),
        (&ada, "android", settings_of_ada(ADA_FOR_ANDROID)),
        (&ada, "web", settings_of_ada(ADA_FOR_THE_WEB)),
        (&grace, "ios", settings_of_grace),
    ] {
        let response = ask(&server, format!("/intercom/{platform}"), session)?.send().await?;
        assert_eq!(header(&response, CACHE_CONTROL)?, "private, no-store");
        assert_eq!((response.status(), response.text().await?), (StatusCode::OK, settings));
    }
    Ok(())
}

#[tokio::test]
async fn an_id_that_the_caller_sends_changes_nothing() -> TestResult {
    let server = start()?;
    let ada = session_of_ada(&server).await?;
    let somebody_else = json!({ "user_id": "4712", "email": "grace@example.com" });
    for request in [
        ask(&server, "/intercom/ios?user_id=4712&email=grace@example.com", &ada)?,
        ask(&server, "/intercom/ios", &format!("{ada}; user_id=4712"))?,
        ask(&server, "/intercom/ios", &ada)?.form(&somebody_else),
        ask(&server, "/intercom/ios", &ada)?.json(&somebody_else),
    ] {
        assert_eq!(answer(request).await?, (StatusCode::OK, settings_of_ada(ADA_FOR_IOS)));
    }
    Ok(())
}

#[tokio::test]
async fn without_a_session_of_this_server_nobody_gets_settings() -> TestResult {
    let (server, other) = (start()?, start()?);
    for cookie in ["", "session=", "session", "session=4711", "user_id=4711", &session_of_ada(&other).await?] {
        for path in ["/intercom/ios", "/intercom/web?user_id=4711", "/intercom/windows"] {
            assert_eq!(answer(ask(&server, path, cookie)?).await?, not_logged_in(), "{path} {cookie}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn logging_out_ends_the_session_even_for_a_cookie_that_is_kept() -> TestResult {
    let server = start()?;
    let (kept, other) = (session_of_ada(&server).await?, session_of_ada(&server).await?);
    assert_ne!(kept, other);
    let logged_in = (StatusCode::OK, settings_of_ada(ADA_FOR_IOS));
    assert_eq!(answer(ask(&server, "/intercom/ios", &kept)?).await?, logged_in);

    let response = client()?.post(format!("{}/logout", server.url)).header(COOKIE, &kept).send().await?;
    assert!(header(&response, SET_COOKIE)?.starts_with("session=; "));
    assert_eq!((response.status(), header(&response, LOCATION)?), (StatusCode::SEE_OTHER, "/"));

    assert_eq!(answer(ask(&server, "/intercom/ios", &kept)?).await?, not_logged_in());
    assert_eq!(answer(ask(&server, "/intercom/ios", &other)?).await?, logged_in);
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_get_the_same_page_and_no_session() -> TestResult {
    let server = start()?;
    let wrong = log_in(&server, "ada@example.com", "hopper").await?.text().await?;
    assert!(wrong.contains("Wrong email or password"));
    for (email, password) in [("ada@example.com", ""), ("eve@example.com", "lovelace")] {
        let response = log_in(&server, email, password).await?;
        assert_eq!((response.status(), response.headers().get(SET_COOKIE)), (StatusCode::UNAUTHORIZED, None));
        assert_eq!(response.text().await?, wrong);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_platform_is_not_found() -> TestResult {
    let server = start()?;
    let (status, error) = answer(ask(&server, "/intercom/iOS", &session_of_ada(&server).await?)?).await?;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(error, r#"{"error":"unknown platform: use ios, android or web"}"#);
    Ok(())
}

#[tokio::test]
async fn the_page_boots_from_a_data_block_that_a_hostile_name_cannot_leave() -> TestResult {
    let server = start()?;
    let response = ask(&server, "/", &session_of_ada(&server).await?)?.send().await?;
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "private, no-store"),
        (CONTENT_SECURITY_POLICY, "script-src 'self'"),
    ] {
        assert_eq!(header(&response, name)?, value);
    }
    let page = response.text().await?;
    assert!(!page.contains("<script>"));
    let (_, rest) = page.split_once(r#"<script type="application/json" id="intercom-settings">"#).ok_or("no block")?;
    let (block, rest) = rest.split_once("</script>").ok_or("the block does not end")?;
    let [block, settings] = [block, &settings_of_ada(ADA_FOR_THE_WEB)].map(serde_json::from_str::<Value>);
    assert_eq!(block?, settings?);
    assert!(rest.contains(r#"<script src="/app_server.js"></script>"#));
    Ok(())
}

#[tokio::test]
async fn the_page_of_nobody_has_no_settings_and_shuts_the_messenger_down() -> TestResult {
    let server = start()?;
    let (_, page) = answer(ask(&server, "/", "")?).await?;
    assert!(!page.contains("intercom-settings") && page.contains(r#"<script src="/app_server.js"></script>"#));

    let script = ask(&server, "/app_server.js", "")?.send().await?;
    assert_eq!(header(&script, CONTENT_TYPE)?, "text/javascript");
    assert!(script.text().await?.contains(r#"else Intercom("shutdown");"#));
    Ok(())
}

#[test]
fn it_listens_on_loopback_and_warns_if_no_secret_is_set() -> TestResult {
    let server = start()?;
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    assert_eq!(server.stop()?, "");

    let warning = "WARNING: no INTERCOM_SECRET_* is set: signing with demo secrets, which everybody knows\n";
    assert_eq!(Example::start(env!("CARGO_BIN_EXE_app_server"), [("", ""); 0])??.stop()?, warning);
    Ok(())
}

#[test]
fn a_missing_or_malformed_secret_is_refused_by_its_name_and_not_quoted() -> TestResult {
    for (variable, _) in SECRETS {
        let others = SECRETS.into_iter().filter(|(other, _)| *other != variable);
        let missing = format!("{variable} is not set: set all three, or none for a demo");
        assert_eq!(how_it_ends(others.clone())?, with_exit_code_1(missing));

        let app_id = "the secret has 8 characters, fewer than 32: \
            copy the identity verification secret from Intercom's settings, not the app id";
        let ended = how_it_ends(others.chain([(variable, "pi3243fa")]))?;
        assert_eq!(ended, with_exit_code_1(format!("{variable}: {app_id}")));
    }
    #[cfg(unix)]
    {
        let latin_1: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4\xe9");
        let ended = how_it_ends(SECRETS.map(|(variable, _)| (variable, latin_1)))?;
        assert_eq!(ended, with_exit_code_1("INTERCOM_SECRET_IOS: the secret is not UTF-8"));
    }
    Ok(())
}

#[test]
fn a_port_that_is_malformed_or_taken_is_refused_before_any_warning() -> TestResult {
    for port in ["", "http", "-1", "65536", " 3000"] {
        let ended = how_it_ends([("PORT", port)])?;
        assert_eq!(ended, with_exit_code_1("PORT is not a number from 0 to 65535"), "{port:?}");
    }
    let other = TcpListener::bind("127.0.0.1:0")?;
    let port = other.local_addr()?.port();
    let error = TcpListener::bind(("127.0.0.1", port)).err().ok_or("the port is not taken")?;
    let ended = how_it_ends([("PORT", port.to_string())])?;
    assert_eq!(ended, with_exit_code_1(format!("cannot listen on port {port}: {error}")));
    Ok(())
}
