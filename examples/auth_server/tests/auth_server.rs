//! What the server answers and logs. Python's `hmac` made every hash.

use std::{
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_server::AuthServer;
use axum::{
    Router,
    body::Body,
    http::{
        HeaderMap, Request, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CACHE_CONTROL, ORIGIN,
            WWW_AUTHENTICATE,
        },
        request::Builder,
    },
};
use http_body_util::BodyExt;
use intercom_identity::{
    Keyring, Platform, Secret,
    verify::{Authenticator, Enforcement},
};
use serde_json::{Value, json};
use tower::ServiceExt;

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

const IOS: &str = "cat9ag498dyT5bl5GhcqrGi0qx020vorwNIvVaP3Rjd";
const WEB: &str = "k8cRvicmQivfnSqy3Vl6OG0fLzIe36ygvsGgEckRGM1";

const ADA_FOR_THE_WEB: &str = "e741ec85950bfa3610fdcdfb2607807f0ebd73f481bb688fb7033dafd541ab58";
const EMAIL_FOR_IOS: &str = "aa94e0f46cda15527b8218e4ff162d78c34d32abbb825f725d0e97d26f1beec4";
const GRACE_FOR_THE_WEB: &str = "7501e192e2c6cf5d62aa540c74855155669193cf52523261491cd22982fde78a";

struct Server {
    routes: Router,
    log: Arc<Mutex<Vec<String>>>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: impl axum::http::header::AsHeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Server {
    /// It enforces on iOS, observes on the web and has no secret for Android.
    fn new(lifetime_of_access_tokens: u64) -> TestResult<Self> {
        let keyring = Keyring::new().with([Platform::Ios], Secret::new(IOS)?);
        let keyring = keyring.with([Platform::Web], Secret::new(WEB)?);
        let authenticator = Authenticator::new(keyring).enforcement(Platform::Web, Enforcement::Observe);
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = log.clone();
        let write = Box::new(move |line| lines.lock().map(|mut lines| lines.push(line)).unwrap_or_default());
        let server = AuthServer::new(authenticator, Duration::from_secs(lifetime_of_access_tokens), write);
        Ok(Self { routes: server.routes(), log })
    }

    async fn ask(&self, request: Builder, body: impl Into<Body>) -> TestResult<Answer> {
        let response = self.routes.clone().oneshot(request.body(body.into())?).await?;
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await?.to_bytes().into())?;
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    async fn auth(&self, path: &str, body: impl ToString) -> TestResult<Answer> {
        self.ask(Request::post(format!("/auth/{path}")), body.to_string()).await
    }

    async fn access_token(&self, path: &str, body: Value) -> TestResult<Value> {
        let answer = self.auth(path, body).await?;
        assert_eq!((answer.status, answer.header(CACHE_CONTROL)), (StatusCode::OK, "private, no-store"));
        Ok(serde_json::from_str::<Value>(&answer.body)?.get("access_token").cloned().unwrap_or_default())
    }

    /// The status and the body, or the challenge.
    async fn api(&self, request: Builder, token: &Value) -> TestResult<(u16, String)> {
        let bearer = token.as_str().map(|token| format!("Bearer {token}"));
        let request = bearer.into_iter().fold(request, |request, bearer| request.header(AUTHORIZATION, bearer));
        let answer = self.ask(request, "hello").await?;
        Ok((answer.status.as_u16(), format!("{}{}", answer.header(WWW_AUTHENTICATE), answer.body)))
    }

    fn last_line(&self) -> TestResult<String> {
        let mut lines = self.log.lock().map_err(|error| error.to_string())?;
        lines.pop().ok_or_else(|| "no line in the log".into())
    }
}

fn ada() -> Value {
    json!({ "user_id": "4711", "user_hash": ADA_FOR_THE_WEB })
}

fn answered(status: u16, text: &str) -> (u16, String) {
    (status, text.to_owned())
}

#[tokio::test]
async fn every_failed_check_has_the_same_answer_and_the_log_has_the_reason() -> TestResult {
    let server = Server::new(900)?;
    let email_hashed = "user_hash_mismatch email_hashed: the user hash does not match the identity; \
        the app server signed the email, but the client sends a user_id: sign the user_id";
    for (user_hash, reason) in [
        (ADA_FOR_THE_WEB, "user_hash_mismatch secret_of_another_platform: "),
        (GRACE_FOR_THE_WEB, "user_hash_mismatch: "),
        (EMAIL_FOR_IOS, email_hashed),
        ("abc", "malformed_user_hash: "),
        ("", "missing_proof: "),
    ] {
        let body = json!({ "user_id": "4711", "email": "ada@example.com", "user_hash": user_hash });
        let answer = server.auth("ios", body).await?;
        let error = r#"{"code":"hmac_mismatch","message":"Failed Identity Verification check"}"#;
        assert_eq!(answer.body, format!(r#"{{"type":"error.list","errors":[{error}]}}"#));
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let (line, id) = (server.last_line()?, answer.header("x-request-id"));
        assert!(id.len() == 16 && line.starts_with(&format!("request {id} on ios: refused {reason}")), "{line}");
        assert!(!line.contains("4711") && !line.contains("ada@"), "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_failed_check_has_an_answer_of_its_own_and_a_line_in_the_log() -> TestResult {
    let server = Server::new(900)?;
    let proved = ada().to_string();
    let large = format!("{{\"user_id\":\"{}\"}}", "4".repeat(4096));
    for (path, body, status, code, line) in [
        ("ios", r#"{"user_id":"","email":"a@b"}"#, 400, "parameter_invalid", "malformed_identity: "),
        ("android", &proved, 500, "server_error", "no_secret secret_of_another_platform: "),
        ("windows", "{}", 400, "parameter_invalid", "unreadable_platform: unknown platform: use ios, android or web"),
        (
            "%0Arequest%204711:",
            "{}",
            400,
            "parameter_invalid",
            "unreadable_platform: unknown platform: use ios, android or web",
        ),
        ("ios", "[4711]", 400, "parameter_invalid", "unreadable_body: "),
        ("ios", r#"{"user_id":"#, 400, "parameter_invalid", "unreadable_body: EOF while parsing a value"),
        ("ios", &large, 413, "parameter_invalid", "unreadable_body: Failed to buffer the request body: length limit"),
    ] {
        let answer = server.auth(path, body).await?;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}");
        assert!(answer.body.contains(&format!(r#""code":"{code}""#)), "{}", answer.body);
        let (logged, id) = (server.last_line()?, answer.header("x-request-id"));
        let on = if ["ios", "android"].contains(&path) { path } else { "an unknown platform" };
        let expected = format!("request {id} on {on}: refused {line}");
        assert!(logged.starts_with(&expected) && !logged.contains("4711"), "{logged}");
    }
    Ok(())
}

#[tokio::test]
async fn a_private_handler_serves_only_a_proved_user_until_the_token_is_revoked() -> TestResult {
    let server = Server::new(900)?;
    let (kept, other) = (server.access_token("web", ada()).await?, server.access_token("web", ada()).await?);
    assert_ne!(kept, other);
    let converse = || Request::post("/conversations");
    assert_eq!(server.api(converse(), &kept).await?, answered(200, r#"["hello"]"#));
    assert_eq!(server.api(converse(), &other).await?, answered(200, r#"["hello","hello"]"#));

    assert_eq!(server.api(Request::post("/revoke"), &kept).await?.0, 200);
    assert_eq!(server.api(converse(), &other).await?, answered(200, r#"["hello","hello","hello"]"#));
    let unproved = server.access_token("web", json!({ "user_id": "4711" })).await?;
    for token in [&kept, &unproved, &json!(ADA_FOR_THE_WEB), &Value::Null] {
        assert_eq!(server.api(converse(), token).await?, answered(401, "Bearer"), "{token}");
    }
    Ok(())
}

#[tokio::test]
async fn a_handler_for_everybody_tells_a_proved_user_from_others_and_refuses_a_token_that_has_expired() -> TestResult {
    let (server, short) = (Server::new(900)?, Server::new(0)?);
    let greet = || Request::get("/greeting");
    let (proved, unproved) =
        (server.access_token("web", ada()).await?, server.access_token("web", json!({ "user_id": "4711" })).await?);
    let expired = short.access_token("web", ada()).await?;
    assert_eq!(server.api(greet(), &proved).await?, answered(200, "Hello, 4711"));
    assert_eq!(server.api(greet(), &unproved).await?, answered(200, "Hello"));
    assert_eq!(server.api(greet(), &Value::Null).await?, answered(200, "Hello"));
    assert_eq!(short.api(greet(), &expired).await?, answered(401, "Bearer"));
    Ok(())
}

#[tokio::test]
async fn a_handler_for_the_rollout_serves_who_was_let_in_without_proof_and_says_so() -> TestResult {
    let server = Server::new(900)?;
    for (body, answer) in [
        (ada(), r#"{"as":"verified","from":"4711"}"#),
        (json!({ "user_id": "4711" }), r#"{"as":"unverified","from":"4711"}"#),
        (json!({ "user_id": "", "email": "ada@example.com" }), r#"{"as":"unverified","from":null}"#),
    ] {
        let token = server.access_token("web", body).await?;
        assert_eq!(server.api(Request::post("/feedback"), &token).await?, answered(200, answer));
    }
    assert_eq!(server.access_token("web", json!({})).await?, Value::Null);
    assert_eq!(server.api(Request::post("/feedback"), &Value::Null).await?, answered(401, "Bearer"));

    let old = server.auth("ios?app_version=1", json!({ "user_id": "4711" })).await?;
    assert!(old.body.contains(r#""admission":"unverified""#), "{}", old.body);
    Ok(())
}

#[tokio::test]
async fn a_scrape_has_a_line_for_each_platform_and_outcome() -> TestResult {
    let server = Server::new(900)?;
    server.auth("web", ada()).await?;
    server.auth("ios", json!({ "user_id": "4711" })).await?;
    let text = server.ask(Request::get("/metrics"), "").await?.body;
    for line in [
        r#"intercom_requests_total{platform="web",outcome="verified"} 1"#,
        r#"intercom_requests_total{platform="ios",outcome="missing"} 1"#,
        r#"intercom_requests_total{platform="android",outcome="no_secret"} 0"#,
        r#"intercom_older_secret_total{platform="web"} 0"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{text}");
    }
    assert_eq!(text.lines().count(), 3 * (5 + 1));
    Ok(())
}

#[tokio::test]
async fn any_page_may_ask_to_be_let_in_and_none_may_read_the_metrics() -> TestResult {
    let server = Server::new(900)?;
    let preflight = Request::options("/auth/web").header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
    for (request, allowed) in [(preflight, "*"), (Request::get("/metrics"), "")] {
        let answer = server.ask(request.header(ORIGIN, "http://app.example.com"), "").await?;
        assert_eq!(answer.header(ACCESS_CONTROL_ALLOW_ORIGIN), allowed);
    }
    Ok(())
}

#[test]
fn the_program_does_not_start_without_a_secret_and_quotes_none() -> TestResult {
    let nothing = "set INTERCOM_SECRET_WEB, or that of another platform: without a secret, nothing can be verified";
    let short = "INTERCOM_SECRET_WEB: the secret has 8 characters, fewer than 32: \
        copy the identity verification secret from Intercom's settings, not the app id";
    for (secret, error) in [(None, nothing), (Some("pi3243fa"), short)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auth_server"));
        for platform in ["IOS", "ANDROID", "WEB"] {
            command.env_remove(format!("INTERCOM_SECRET_{platform}"));
        }
        let output = command.env("PORT", "0").envs(secret.map(|secret| ("INTERCOM_SECRET_WEB", secret))).output()?;
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8(output.stderr)?, format!("auth_server: {error}\n"));
    }
    Ok(())
}
