//! What the server answers. Python's `hmac` made every hash.

use app_server::AppServer;
use axum::{
    Router,
    body::Body,
    http::{
        Request, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderName, LOCATION, SET_COOKIE},
        request::Builder,
    },
};
use http_body_util::BodyExt;
use intercom_identity::{Keyring, Platform, Secret, UnixTime, jwt::UserJwt};
use serde_json::{Value, json};
use tower::ServiceExt;

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

const IOS: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const WEB: &str = "3UBEDVvmEgKFGt6g4t7dmWwKj2v2BSBnmPYyGf1KuTe";

const ADA_FOR_IOS: &str = "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495";
const ADA_FOR_THE_WEB: &str = "b5dff2ccf68a705535ae5dd970e62d3afe118aacb961086306f7e3e3d3988996";
const GRACE_FOR_IOS: &str = "0c71ce899508659f38a1f65e9d2f63bbd1adc41e4eb7f87522898a7a825faa45";

const ADA: &str = "email=ada@example.com&password=lovelace";
const GRACE: &str = "email=grace@example.com&password=hopper";
const NAME_OF_ADA: &str = "Ada </script><script>alert(1)</script>";

struct Server(Router);

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Server {
    /// No secret serves Android.
    fn new() -> TestResult<Self> {
        let keyring = Keyring::new().with([Platform::Ios], Secret::new(IOS)?);
        let keyring = keyring.with([Platform::Web], Secret::new(WEB)?);
        Ok(Self(AppServer::new(keyring, Some("pi3243fa".to_owned())).routes()))
    }

    async fn ask(&self, request: Builder, body: &'static str) -> TestResult<Answer> {
        let response = self.0.clone().oneshot(request.body(Body::from(body))?).await?;
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await?.to_bytes().into())?;
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        assert_eq!(answer.header(CACHE_CONTROL), "private, no-store");
        Ok(answer)
    }

    async fn get(&self, path: &str, cookie: &str) -> TestResult<Answer> {
        self.ask(Request::get(path).header(COOKIE, cookie), "").await
    }

    async fn post(&self, path: &str, cookie: &str, form: &'static str) -> TestResult<Answer> {
        let request = Request::post(path).header(COOKIE, cookie);
        self.ask(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded"), form).await
    }

    /// The cookie of a new session, as a browser sends it back.
    async fn log_in(&self, form: &'static str, cookie: &str) -> TestResult<String> {
        let answer = self.post("/login", cookie, form).await?;
        assert_eq!((answer.status, answer.header(LOCATION)), (StatusCode::SEE_OTHER, "/"));
        let (session, attributes) = answer.header(SET_COOKIE).split_once("; ").ok_or("no attributes")?;
        assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/");
        let id = session.strip_prefix("__Host-session=").ok_or("another cookie")?;
        assert!(id.len() == 64 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        Ok(session.to_owned())
    }

    async fn is_logged_in(&self, cookie: &str) -> TestResult<bool> {
        let answer = self.get("/intercom/ios/user-hash", cookie).await?;
        if answer.status != StatusCode::OK {
            assert_eq!((answer.status, &*answer.body), (StatusCode::UNAUTHORIZED, "not logged in"));
        }
        Ok(answer.status == StatusCode::OK)
    }
}

fn ada(user_hash: &str) -> Value {
    json!({ "user_id": "4711", "email": "ada@example.com", "user_hash": user_hash, "app_id": "pi3243fa", "name": NAME_OF_ADA })
}

#[tokio::test]
async fn the_user_of_the_session_gets_the_settings_for_the_platform_asked_for() -> TestResult {
    let server = Server::new()?;
    let (of_ada, of_grace) = (server.log_in(ADA, "").await?, server.log_in(GRACE, "").await?);
    let mut grace = ada(GRACE_FOR_IOS);
    for (name, value) in [("user_id", "4712"), ("email", "grace@example.com"), ("name", "Grace Hopper")] {
        *grace.get_mut(name).ok_or(name)? = value.into();
    }
    for (session, platform, user, settings) in [
        (&of_ada, "ios", "4711", ada(ADA_FOR_IOS)),
        (&of_ada, "web", "4711", ada(ADA_FOR_THE_WEB)),
        (&of_grace, "ios", "4712", grace),
    ] {
        let answer = server.get(&format!("/intercom/{platform}/user-hash"), session).await?;
        let fresh: Value = serde_json::from_str(&answer.body)?;
        assert_eq!((answer.status, fresh), (StatusCode::OK, json!({ "user": user, "settings": settings })));
    }
    Ok(())
}

#[tokio::test]
async fn a_token_is_for_the_user_and_for_an_hour_and_shows_nobody() -> TestResult {
    let server = Server::new()?;
    let before = UnixTime::now();
    let answer = server.get("/intercom/web/user-jwt", &server.log_in(ADA, "").await?).await?;
    let fresh: Value = serde_json::from_str(&answer.body)?;
    let settings = fresh.get("settings").ok_or("no settings")?;
    let token = settings.get("intercom_user_jwt").and_then(Value::as_str).ok_or("no token")?;
    let expected = json!({ "intercom_user_jwt": token, "app_id": "pi3243fa", "name": NAME_OF_ADA });
    assert_eq!(fresh, json!({ "user": "4711", "settings": expected }));

    let claims = token.parse::<UserJwt>()?.verify(&Secret::new(WEB)?, before)?;
    assert_eq!(claims.identity().identifier(), "4711");
    let lifetime = claims.expires_at().ok_or("no expiry")?.as_seconds() - before.as_seconds();
    assert!((3600..3660).contains(&lifetime), "{lifetime}");
    Ok(())
}

#[tokio::test]
async fn on_a_platform_without_a_secret_everybody_is_a_visitor() -> TestResult {
    let server = Server::new()?;
    let session = server.log_in(ADA, "").await?;
    for proof in ["user-hash", "user-jwt"] {
        let answer = server.get(&format!("/intercom/android/{proof}"), &session).await?;
        assert_eq!(
            (answer.status, &*answer.body),
            (StatusCode::OK, r#"{"user":"4711","settings":{"app_id":"pi3243fa"}}"#)
        );
    }
    let server = Server(AppServer::new(Keyring::new(), None).routes());
    let page = server.get("/", &server.log_in(ADA, "").await?).await?.body;
    assert!(
        page.contains(r#"{"app_id":"a1b2c3d4"}</script>"#) && page.contains("data-widget=\"/stand_in.js\""),
        "{page}"
    );
    Ok(())
}

#[tokio::test]
async fn an_id_that_the_caller_sends_changes_nothing() -> TestResult {
    let server = Server::new()?;
    let session = server.log_in(ADA, "").await?;
    for (path, cookie, body) in [
        ("/intercom/ios/user-hash?user_id=4712&email=grace@example.com", session.clone(), ""),
        ("/intercom/ios/user-hash", format!("{session}; user_id=4712"), ""),
        ("/intercom/ios/user-hash", session.clone(), r#"{"user_id":"4712"}"#),
    ] {
        let request = Request::get(path).header(COOKIE, cookie).header(CONTENT_TYPE, "application/json");
        let answer = server.ask(request, body).await?;
        let expected = json!({ "user": "4711", "settings": ada(ADA_FOR_IOS) });
        assert_eq!(serde_json::from_str::<Value>(&answer.body)?, expected);
    }
    Ok(())
}

#[tokio::test]
async fn without_a_session_of_this_server_nobody_gets_settings() -> TestResult {
    let (server, other) = (Server::new()?, Server::new()?);
    let of_another = other.log_in(ADA, "").await?;
    for cookie in ["", "__Host-session=", "__Host-session", "__Host-session=4711", "user_id=4711", &of_another] {
        assert!(!server.is_logged_in(cookie).await?, "{cookie}");
        let page = server.get("/", cookie).await?.body;
        assert!(page.contains("<h1>Log in</h1>") && !page.contains("id=\"intercom\""), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn another_login_ends_the_session_that_it_replaces_and_no_other() -> TestResult {
    let server = Server::new()?;
    let (replaced, other) = (server.log_in(ADA, "").await?, server.log_in(ADA, "").await?);
    assert!(server.is_logged_in(&replaced).await?);
    let new = server.log_in(GRACE, &replaced).await?;
    let logged_in = [&replaced, &other, &new].map(|cookie| server.is_logged_in(cookie));
    let [replaced, other, new] = logged_in;
    assert_eq!([replaced.await?, other.await?, new.await?], [false, true, true]);
    Ok(())
}

#[tokio::test]
async fn logging_out_ends_the_session_even_for_a_cookie_that_is_kept() -> TestResult {
    let server = Server::new()?;
    let (kept, other) = (server.log_in(ADA, "").await?, server.log_in(ADA, "").await?);
    let answer = server.post("/logout", &kept, "").await?;
    assert!(answer.header(SET_COOKIE).starts_with("__Host-session=; "));
    assert_eq!((answer.status, answer.header(LOCATION)), (StatusCode::SEE_OTHER, "/"));
    assert_eq!((server.is_logged_in(&kept).await?, server.is_logged_in(&other).await?), (false, true));
    Ok(())
}

#[tokio::test]
async fn a_form_that_another_site_sends_changes_no_session() -> TestResult {
    let server = Server::new()?;
    let session = server.log_in(ADA, "").await?;
    for (path, form) in [("/login", GRACE), ("/logout", "")] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://app.example:8080"),
            ("origin", "null"),
        ] {
            let request =
                Request::post(path).header("host", "app.example").header(COOKIE, &session).header(name, value);
            let answer = server.ask(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded"), form).await?;
            assert_eq!((answer.status, answer.header(SET_COOKIE)), (StatusCode::FORBIDDEN, ""), "{path} {value}");
        }
    }
    assert!(server.is_logged_in(&session).await?);
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "http://app.example")] {
        let request = Request::post("/logout").header("host", "app.example").header(name, value);
        assert_eq!(server.ask(request, "").await?.status, StatusCode::SEE_OTHER, "{value}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_get_the_same_page_and_no_session() -> TestResult {
    let server = Server::new()?;
    for form in
        ["email=ada@example.com&password=hopper", "email=ada@example.com&password=", "email=eve@example.com&password=x"]
    {
        let answer = server.post("/login", "", form).await?;
        assert_eq!((answer.status, answer.header(SET_COOKIE)), (StatusCode::UNAUTHORIZED, ""));
        assert!(answer.body.contains("<p>Wrong email or password</p>"), "{}", answer.body);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_platform_or_proof_is_refused() -> TestResult {
    let server = Server::new()?;
    let session = server.log_in(ADA, "").await?;
    for path in ["/intercom/iOS/user-hash", "/intercom/ios/password", "/intercom/ios"] {
        assert!(server.get(path, &session).await?.status.is_client_error(), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn the_page_boots_from_a_data_block_that_a_hostile_name_cannot_leave() -> TestResult {
    let server = Server::new()?;
    let session = server.log_in(ADA, "").await?;
    let (page, again) = (server.get("/", &session).await?, server.get("/", &session).await?);
    assert_eq!(page.header(CONTENT_TYPE), "text/html; charset=utf-8");
    let policy = page.header(CONTENT_SECURITY_POLICY);
    let (_, nonce) = policy.split_once("'nonce-").ok_or("no nonce")?;
    let (nonce, rest) = nonce.split_once('\'').ok_or("the nonce does not end")?;
    assert!(nonce.len() == 32 && !again.body.contains(nonce), "{nonce}");
    assert_eq!(rest, " 'strict-dynamic'; object-src 'none'; base-uri 'none'");

    let start =
        r#"<script type="application/json" id="intercom" data-user="4711" data-fresh="/intercom/web/user-hash">"#;
    let (_, block) = page.body.split_once(start).ok_or("no block")?;
    let (block, rest) = block.split_once("</script>").ok_or("the block does not end")?;
    assert_eq!(serde_json::from_str::<Value>(block)?, ada(ADA_FOR_THE_WEB));
    let widget = "https://widget.intercom.io/widget/pi3243fa";
    let loader = format!(r#"<script nonce="{nonce}" src="/page.js" data-widget="{widget}"></script>"#);
    assert!(rest.contains(&loader), "{rest}");
    assert_eq!(page.body.matches("<script").count(), 2);

    let page = server.get("/user-jwt", &session).await?.body;
    assert!(page.contains(r#"data-fresh="/intercom/web/user-jwt">{"intercom_user_jwt":"eyJ"#), "{page}");
    Ok(())
}
