//! The example `messenger`, run as a process and spoken to over HTTP.

#[path = "../../../tests/support/process.rs"]
#[expect(dead_code, reason = "an example that takes no secrets uses less")]
mod process;
#[path = "../../../tests/support/mod.rs"]
mod support;

use std::io::BufRead;

use process::Example;
use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, AsHeaderName, CACHE_CONTROL,
        CONTENT_SECURITY_POLICY, HeaderMap, ORIGIN, WWW_AUTHENTICATE,
    },
};
use serde_json::{Value, json};
use support::TestResult;

/// With the demo secrets, made by Python's `hmac`.
const ADA_FOR_IOS: &str = "3c274b56ece61d064140ddfe863af16cf31998adcf6402112f82c00b1c004bce";
const ADA_FOR_THE_WEB: &str = "e741ec85950bfa3610fdcdfb2607807f0ebd73f481bb688fb7033dafd541ab58";
const EMAIL_FOR_IOS: &str = "aa94e0f46cda15527b8218e4ff162d78c34d32abbb825f725d0e97d26f1beec4";
const GRACE_FOR_THE_WEB: &str = "7501e192e2c6cf5d62aa540c74855155669193cf52523261491cd22982fde78a";

const NOT_CACHED: &str = "private, no-store";

/// Both servers.
struct Messenger {
    auth_server: Example,
    app_server: String,
}

impl Messenger {
    fn start(lifetime_of_access_tokens: &str) -> TestResult<Self> {
        let mut command = process::command(env!("CARGO_BIN_EXE_messenger"));
        command.arg("--serve").env("ACCESS_TOKEN_SECONDS", lifetime_of_access_tokens);
        let mut auth_server = Example::spawn(command)??;
        let mut line = String::new();
        auth_server.stdout.read_line(&mut line)?;
        let (_, app_server) = line.split_once("has a page at ").ok_or("no page is announced")?;
        let (app_server, _) = app_server.split_once(": open").ok_or("the page has no URL")?;
        Ok(Self { auth_server, app_server: app_server.to_owned() })
    }

    fn app(&self, path: &str) -> reqwest::Result<RequestBuilder> {
        Ok(client()?.get(format!("{}{path}", self.app_server)))
    }

    fn auth(&self, method: Method, path: &str) -> reqwest::Result<RequestBuilder> {
        Ok(client()?.request(method, format!("{}{path}", self.auth_server.url)))
    }

    async fn access_token(&self, path: &str, body: &Value) -> TestResult<Value> {
        let response = self.auth(Method::POST, path)?.json(body).send().await?;
        assert_eq!((response.status(), header(response.headers(), CACHE_CONTROL)), (StatusCode::OK, Some(NOT_CACHED)));
        Ok(response.json::<Value>().await?.get("access_token").cloned().unwrap_or_default())
    }

    /// The answer of the API: the status, the challenge and the conversation.
    async fn say(&self, text: &str, token: &Value) -> TestResult<(StatusCode, Option<String>, String)> {
        let request = self.auth(Method::POST, "/conversations")?.body(text.to_owned());
        let response = request.bearer_auth(token.as_str().unwrap_or_default()).send().await?;
        let challenge = header(response.headers(), WWW_AUTHENTICATE).map(str::to_owned);
        Ok((response.status(), challenge, response.text().await?))
    }
}

fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().build()
}

fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn ada() -> Value {
    json!({ "user_id": "4711", "user_hash": ADA_FOR_THE_WEB })
}

fn said(conversation: &[&str]) -> (StatusCode, Option<String>, String) {
    (StatusCode::OK, None, json!(conversation).to_string())
}

fn challenged() -> (StatusCode, Option<String>, String) {
    (StatusCode::UNAUTHORIZED, Some("Bearer".to_owned()), String::new())
}

#[test]
fn the_story_goes_as_told() -> TestResult {
    let output = process::command(env!("CARGO_BIN_EXE_messenger")).output()?;
    assert_eq!((output.status.code(), String::from_utf8(output.stderr)?.as_str()), (Some(0), ""));
    let story = String::from_utf8(output.stdout)?;
    assert!(!story.contains("told otherwise"), "{story}");
    assert_eq!(story.lines().count(), 29, "{story}");
    Ok(())
}

#[tokio::test]
async fn settings_have_the_names_that_the_client_of_the_platform_reads() -> TestResult {
    let messenger = Messenger::start("900")?;
    for (path, user, password, names, hash) in [
        ("/intercom/ios", "ada", "lovelace", "app_id email user_hash user_id", Some(ADA_FOR_IOS)),
        ("/intercom/web", "ada", "lovelace", "app_id email user_hash user_id", Some(ADA_FOR_THE_WEB)),
        ("/intercom/web", "grace", "hopper", "app_id email user_hash", Some(GRACE_FOR_THE_WEB)),
        ("/intercom/android/jwt", "ada", "lovelace", "app_id email user_id user_jwt", None),
        ("/intercom/android/jwt", "grace", "hopper", "app_id email user_id user_jwt", None),
        ("/intercom/web/jwt", "grace", "hopper", "app_id intercom_user_jwt", None),
    ] {
        let response = messenger.app(path)?.basic_auth(user, Some(password)).send().await?;
        assert_eq!(header(response.headers(), CACHE_CONTROL), Some(NOT_CACHED));
        let settings: Value = response.json().await?;
        let found: Vec<_> = settings.as_object().ok_or("no object")?.keys().map(String::as_str).collect();
        assert_eq!(
            (&*found.join(" "), settings.get("user_hash").and_then(Value::as_str)),
            (names, hash),
            "{path} {user}"
        );
    }
    for path in ["/", "/intercom/ios", "/intercom/ios/jwt"] {
        let response = messenger.app(path)?.basic_auth("ada", Some("hopper")).send().await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(header(response.headers(), WWW_AUTHENTICATE), Some("Basic"));
    }
    Ok(())
}

#[tokio::test]
async fn the_page_boots_with_a_hash_and_a_token_and_shows_the_operators_view_under_a_heading() -> TestResult {
    let messenger = Messenger::start("900")?;
    let response = messenger.app("/")?.basic_auth("ada", Some("lovelace")).send().await?;
    assert_eq!(header(response.headers(), CACHE_CONTROL), Some(NOT_CACHED));
    assert_eq!(header(response.headers(), CONTENT_SECURITY_POLICY), Some("script-src 'self'"));
    let page = response.text().await?;
    assert!(page.contains(&format!(r#""user_hash":"{ADA_FOR_THE_WEB}""#)));
    assert!(page.contains(r#"<script type="application/json">{"intercom_user_jwt":"eyJ"#));
    let (heading, url) = ("<h2>The operator's view, never shown to a client</h2>", &messenger.auth_server.url);
    assert!(page.contains(&format!("{heading}\n<iframe title=\"log\" src=\"{url}/operator\"></iframe>")));
    Ok(())
}

#[tokio::test]
async fn every_failed_check_has_the_same_answer_and_the_operator_sees_the_reason() -> TestResult {
    let messenger = Messenger::start("900")?;
    let email_hashed = "user_hash_mismatch email_hashed: the user hash does not match the identity; \
        the app server hashed the email, but the client sends a user_id: hash the user_id";
    for (path, user_hash, reason) in [
        ("/auth/ios", ADA_FOR_THE_WEB, "user_hash_mismatch secret_of_another_platform: "),
        ("/auth/ios", GRACE_FOR_THE_WEB, "user_hash_mismatch: "),
        ("/auth/ios", EMAIL_FOR_IOS, email_hashed),
        ("/auth/ios", "abc", "malformed_user_hash: "),
        ("/auth/android", "", "missing_proof: "),
    ] {
        let body = json!({ "user_id": "4711", "email": "ada@example.com", "user_hash": user_hash });
        let response = messenger.auth(Method::POST, path)?.json(&body).send().await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let answer = response.text().await?;
        let (_, id) = answer.split_once(r#""request_id":""#).ok_or("no request_id")?;
        let id = id.get(..16).ok_or("a short request_id")?;
        let error = r#"{"code":"hmac_mismatch","message":"Failed Identity Verification check"}"#;
        assert_eq!(answer, format!(r#"{{"errors":[{error}],"request_id":"{id}","type":"error.list"}}"#));
        let log = messenger.auth(Method::GET, "/operator")?.send().await?.text().await?;
        let line = log.lines().find(|line| line.contains(id)).ok_or("no line in the log")?;
        assert!(line.starts_with(&format!("request {id}: refused {reason}")), "{line}");
        assert!(!line.contains("4711") && !line.contains("ada@"), "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn only_a_verified_user_gets_an_access_token_and_it_opens_their_conversation_until_it_is_revoked() -> TestResult {
    let messenger = Messenger::start("900")?;
    for (path, body) in [("/auth/ios", json!({ "user_id": "4711" })), ("/auth/web", json!({}))] {
        assert_eq!(messenger.access_token(path, &body).await?, Value::Null);
    }
    let (kept, other) =
        (messenger.access_token("/auth/web", &ada()).await?, messenger.access_token("/auth/web", &ada()).await?);
    assert_ne!(kept, other);
    assert_eq!(messenger.say("1", &kept).await?, said(&["1"]));
    assert_eq!(messenger.say("2", &other).await?, said(&["1", "2"]));

    let revoke = messenger.auth(Method::POST, "/revoke")?.bearer_auth(kept.as_str().unwrap_or_default());
    assert_eq!(revoke.send().await?.status(), StatusCode::OK);
    assert_eq!(messenger.say("3", &kept).await?, challenged());
    assert_eq!(messenger.say("4", &other).await?, said(&["1", "2", "4"]));
    assert_eq!(messenger.say("5", &json!(ADA_FOR_THE_WEB)).await?, challenged());
    Ok(())
}

#[tokio::test]
async fn an_access_token_expires() -> TestResult {
    let messenger = Messenger::start("0")?;
    let token = messenger.access_token("/auth/web", &ada()).await?;
    assert_eq!(messenger.say("1", &token).await?, challenged());
    Ok(())
}

#[tokio::test]
async fn any_page_may_ask_to_be_let_in_and_none_may_read_what_the_operator_sees() -> TestResult {
    let messenger = Messenger::start("900")?;
    let preflight = messenger.auth(Method::OPTIONS, "/auth/web")?.header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
    for (request, allowed) in [(preflight, Some("*")), (messenger.auth(Method::GET, "/operator")?, None)] {
        let response = request.header(ORIGIN, "http://app.example.com").send().await?;
        assert_eq!(header(response.headers(), ACCESS_CONTROL_ALLOW_ORIGIN), allowed);
    }
    Ok(())
}
