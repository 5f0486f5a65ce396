//! The server, started as a process and spoken to over HTTP. Python's `hmac` made every hash.

#![expect(clippy::indexing_slicing, reason = "a test fails where an answer lacks a field")]

use std::{
    collections::{BTreeSet, HashSet},
    env, fs,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use intercom_identity::{
    Secret, UnixTime, UserHash, UserId,
    jwt::{UserClaims, UserJwt},
};
use serde_json::{Value, json};
use ureq::{
    Agent, Body,
    http::{HeaderName, Response},
};
use uuid::Uuid;

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const OTHER: &str = "Mn5bV2cX9zL1kJ4hG7fD0sA3pO6iU8yT5rE2wQ4eR7t";
/// `ada@example.com:lovelace` and `grace@example.com:hopper`.
const ADA: &str = "Basic YWRhQGV4YW1wbGUuY29tOmxvdmVsYWNl";
const GRACE: &str = "Basic Z3JhY2VAZXhhbXBsZS5jb206aG9wcGVy";
const ID_OF_ADA: &str = "8c0e5f2a-71b4-4d53-9e0a-6f1d2c3b4a59";
const ID_OF_GRACE: &str = "0f9d8c7b-6a5e-4f43-8210-1a2b3c4d5e6f";
const HASH_OF_ADA: &str = "3b317f5ba18ca4b58a6800b95149aa7f13d1720b7a7bf3d8efb0df13bdabaed3";

/// Killed on drop.
struct Server {
    url: String,
    child: Child,
}

impl Server {
    fn start() -> TestResult<Self> {
        Self::start_with(&[])
    }

    /// With these variables in the environment.
    fn start_with(variables: &[(&str, &str)]) -> TestResult<Self> {
        let mut child = command("intercom.toml").envs(variables.iter().copied()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().ok_or("no output")?).read_line(&mut line)?;
        let url = line.trim_end().strip_prefix("listening on ").ok_or("it does not listen")?.to_owned();
        Ok(Self { url, child })
    }

    /// Asks as a user: `Basic` of the email and the password.
    fn get(&self, path: &str, user: &str) -> TestResult<(u16, Value)> {
        let response = agent().get(format!("{}{path}", self.url)).header("authorization", user).call()?;
        let cached = response.headers().get("cache-control").is_none_or(|value| value != "private, no-store");
        let (status, body) = read(response)?;
        assert!(status != 200 || !cached, "{path}");
        Ok((status, body))
    }

    fn post(&self, path: &str, body: &Value) -> TestResult<(u16, Value)> {
        read(agent().post(format!("{}{path}", self.url)).send_json(body)?)
    }

    /// Ends it, and gives what it has logged: without the ids of the requests, which must differ.
    fn log(mut self) -> TestResult<Vec<String>> {
        self.child.kill()?;
        let mut log = String::new();
        self.child.stderr.take().ok_or("no log")?.read_to_string(&mut log)?;
        let (mut ids, mut lines) = (HashSet::new(), Vec::new());
        for line in log.lines() {
            let line = match line.strip_prefix("request ").and_then(|line| line.split_once(": ")) {
                Some((id, line)) if ids.insert(id) => line,
                Some(_) => return Err("an id of a request is there twice".into()),
                None => line,
            };
            lines.push(line.to_owned());
        }
        Ok(lines)
    }
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).proxy(None).build().into()
}

/// The status, and the body as JSON if it is.
fn read(mut response: Response<Body>) -> TestResult<(u16, Value)> {
    let body = response.body_mut().read_to_string()?;
    Ok((response.status().as_u16(), serde_json::from_str(&body).unwrap_or(Value::String(body))))
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either fails only if the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(file: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_actix"));
    command.arg(file).env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn each_user_gets_their_own_hash_for_the_platform() -> TestResult {
    let server = Server::start()?;
    for (user, id, email, path, user_hash) in [
        (ADA, ID_OF_ADA, "ada@example.com", "/intercom/ios/user-hash", HASH_OF_ADA),
        (
            GRACE,
            ID_OF_GRACE,
            "grace@example.com",
            "/intercom/web/user-hash?user_id=8c0e5f2a-71b4-4d53-9e0a-6f1d2c3b4a59",
            "806ed01df6198aba1d17fda704778bffcc57383262699ece47fa606548248e26",
        ),
    ] {
        let settings = json!({ "user_id": id, "email": email, "user_hash": user_hash });
        assert_eq!(server.get(path, user)?, (200, settings));
    }
    Ok(())
}

#[test]
fn without_the_right_password_nobody_gets_anything() -> TestResult {
    let server = Server::start()?;
    // `ada@example.com:hopper`, `ada@example.com:` and nothing.
    for user in ["Basic YWRhQGV4YW1wbGUuY29tOmhvcHBlcg==", "Basic YWRhQGV4YW1wbGUuY29tOg==", ""] {
        for path in ["/intercom/ios/user-hash", "/intercom/ios/user-jwt"] {
            assert_eq!(server.get(path, user)?.0, 401, "{user}");
        }
    }
    Ok(())
}

#[test]
fn an_unknown_platform_is_not_found() -> TestResult {
    let unknown = Value::from("unknown platform: use ios, android or web");
    assert_eq!(Server::start()?.get("/intercom/windows/user-hash", ADA)?, (404, unknown));
    Ok(())
}

#[test]
fn a_token_is_fresh_for_an_hour_and_names_the_user() -> TestResult {
    let before = UnixTime::now();
    let (status, settings) = Server::start()?.get("/intercom/android/user-jwt", ADA)?;
    assert_eq!((status, &settings["user_id"], &settings["email"]), (200, &json!(ID_OF_ADA), &json!("ada@example.com")));

    let token: UserJwt = settings["user_jwt"].as_str().ok_or("no token")?.parse()?;
    let claims = token.verify(&Secret::new(SECRET)?, before)?;
    assert_eq!(claims.identity().identifier(), ID_OF_ADA);
    let seconds = claims.expires_at().ok_or("no exp")?.as_seconds() - before.as_seconds();
    assert!((3600..3660).contains(&seconds), "{seconds}");
    Ok(())
}

#[test]
fn what_the_app_gets_lets_it_in() -> TestResult {
    let server = Server::start()?;
    for path in ["/intercom/ios/user-hash", "/intercom/ios/user-jwt"] {
        let (_, settings) = server.get(path, ADA)?;
        let conversations = json!({ "conversations_of": ["user_id", ID_OF_ADA] });
        assert_eq!(server.post("/conversations/ios", &settings)?, (200, conversations), "{path}");
    }
    Ok(())
}

const FAILED: &str =
    r#"{"type":"error.list","errors":[{"code":"hmac_mismatch","message":"Failed Identity Verification check"}]}"#;

#[test]
fn whoever_is_not_proved_gets_the_answer_of_intercom_and_the_log_gets_the_reason() -> TestResult {
    let server = Server::start()?;
    let error =
        |message| json!({ "type": "error.list", "errors": [{ "code": "parameter_invalid", "message": message }] });
    let malformed = error("The user_id or email is malformed");
    let for_ever = UserJwt::sign(&Secret::new(SECRET)?, &UserClaims::without_expiry(UserId::new(ID_OF_ADA)?))?;
    for (body, status, answer) in [
        (json!({ "user_id": ID_OF_GRACE, "user_hash": HASH_OF_ADA }), 401, serde_json::from_str(FAILED)?),
        (json!({ "user_id": ID_OF_ADA.to_uppercase(), "userHash": HASH_OF_ADA }), 401, serde_json::from_str(FAILED)?),
        (json!({ "user_id": ID_OF_ADA, "user_jwt": for_ever }), 401, serde_json::from_str(FAILED)?),
        (json!({ "userId": ID_OF_ADA }), 401, serde_json::from_str(FAILED)?),
        (json!({ "user_hash": HASH_OF_ADA }), 401, serde_json::from_str(FAILED)?),
        (json!({ "user_id": "", "email": "ada@example.com" }), 400, malformed),
        (json!([HASH_OF_ADA]), 400, error("The body cannot be read")),
        (json!({ "user_id": "x".repeat(16 * 1024) }), 413, error("The body cannot be read")),
    ] {
        assert_eq!(server.post("/conversations/ios", &body)?, (status, answer), "{body}");
    }
    let log = server.log()?;
    for (line, start) in log.iter().zip([
        "refused on ios: user_hash_mismatch: the user hash does not match the identity",
        "refused on ios: user_hash_mismatch: the user hash does not match the identity; letter_case: ",
        "refused on ios: malformed_user_jwt_claims: the claim exp of the token is missing or malformed",
        "refused on ios: missing_proof: no user hash or JSON Web Token was sent",
        "refused as not proved: missing_proof",
        "refused on ios: malformed_identity: the user_id is empty: leave it out if there is none",
        "refused on ios: unreadable_body: Json deserialize error: ",
        "refused on ios: unreadable_body: JSON payload (16403 bytes) is larger than allowed (limit: 16384 bytes).",
    ]) {
        assert!(line.starts_with(start) && !line.contains(HASH_OF_ADA), "{line}");
    }
    assert_eq!(log.len(), 8);
    Ok(())
}

#[test]
fn failed_checks_differ_in_nothing_but_the_id_of_the_request() -> TestResult {
    let server = Server::start()?;
    let mut ids = HashSet::new();
    for body in [json!({ "user_id": ID_OF_GRACE, "user_hash": HASH_OF_ADA }), json!({ "email": "ada@example.com" })] {
        let mut response = agent().post(format!("{}/session/ios", server.url)).send_json(body)?;
        let headers = response.headers();
        let names: BTreeSet<_> = headers.keys().map(HeaderName::as_str).collect();
        assert!(names.into_iter().eq(["content-length", "content-type", "date", "x-request-id"]), "{headers:?}");
        ids.insert(headers["x-request-id"].to_str()?.to_owned());
        assert_eq!(response.body_mut().read_to_string()?, FAILED);
    }
    assert_eq!(ids.len(), 2);
    Ok(())
}

#[test]
fn while_a_platform_observes_only_what_is_private_needs_a_proof() -> TestResult {
    let server = Server::start()?;
    let (_, settings) = server.get("/intercom/web/user-hash", ADA)?;
    let forged = json!({ "user_id": ID_OF_ADA, "user_hash": HASH_OF_ADA });
    let failed: Value = serde_json::from_str(FAILED)?;
    let session = |admission, user| (200, json!({ "admission": admission, "user": user }));
    let ada = json!(["user_id", ID_OF_ADA]);
    for (path, body, answer) in [
        ("/session/web", &settings, session("verified", ada.clone())),
        ("/session/web", &forged, session("unverified", ada.clone())),
        ("/session/web", &json!({}), session("unidentified", Value::Null)),
        ("/session/ios", &json!({ "userId": ID_OF_GRACE, "userHash": "x" }), (401, failed.clone())),
        ("/conversations/web", &settings, (200, json!({ "conversations_of": ada }))),
        ("/conversations/web", &forged, (401, failed.clone())),
        ("/conversations/web", &json!({}), (401, failed)),
        ("/greeting/web", &settings, (200, json!("Welcome back!"))),
        ("/greeting/web", &forged, (200, json!("Hello!"))),
        ("/greeting/ios", &json!({ "user_id": ID_OF_GRACE, "user_hash": "x" }), (200, json!("Hello!"))),
        ("/greeting/ios", &json!([]), (200, json!("Hello!"))),
    ] {
        assert_eq!(server.post(path, body)?, answer, "{path} {body}");
    }
    let why = "unverified on web: user_hash_mismatch: the user hash does not match the identity; \
        secret_of_another_platform: ";
    let log = server.log()?;
    assert!(log.first().is_some_and(|line| line.starts_with(why)), "{log:?}");
    Ok(())
}

#[test]
fn one_variable_replaces_the_secrets_or_the_enforcement_of_one_platform() -> TestResult {
    let list = format!(r#"["{OTHER}","{SECRET}"]"#);
    let observes = ("APP_ENFORCEMENT__IOS", "observe");
    for secrets in [OTHER, &list] {
        let server = Server::start_with(&[("APP_INTERCOM__IOS", secrets), observes])?;
        let user_hash = UserHash::compute(&Secret::new(OTHER)?, UserId::new(ID_OF_ADA)?);
        assert_eq!(server.get("/intercom/ios/user-hash", ADA)?.1["user_hash"], user_hash.as_str());
        assert_eq!(server.get("/intercom/android/user-hash", ADA)?.1["user_hash"], HASH_OF_ADA);
        let (_, session) = server.post("/session/ios", &json!({ "user_id": ID_OF_ADA, "user_hash": HASH_OF_ADA }))?;
        assert_eq!(session["admission"], if secrets == OTHER { "unverified" } else { "verified" });
    }
    Ok(())
}

#[test]
fn a_broken_variable_ends_the_server_with_a_reason_that_shows_no_secret() -> TestResult {
    for (name, value, reason) in [
        ("APP_INTERCOM", SECRET, "expected a map of platform to secret"),
        ("APP_INTERCOM__IOS", "", "the secret is empty"),
        ("APP_INTERCOM__IOS", "4711471147114711", "expected a secret or a list of secrets"),
        ("APP_INTERCOM__IOS", "[]", "empty list of secrets"),
        ("APP_INTERCOM__IOS__0", SECRET, "invalid type: found map, expected a secret or a list of secrets"),
        (&format!("APP_INTERCOM__{SECRET}"), "ios", "unknown platform: use ios, android or web"),
        ("APP_ENFORCEMENT__IOS", SECRET, "unknown enforcement: use enforce, refuse_invalid or observe"),
    ] {
        let ended = command("intercom.toml").env(name, value).output()?;
        let said = String::from_utf8(ended.stderr)?;
        assert!(said.contains(reason) && said.lines().count() == 1, "{name}: {said}");
        assert!(!said.to_lowercase().contains(&SECRET.to_lowercase()) && !said.contains("4711"), "{said}");
    }
    Ok(())
}

#[test]
fn ids_as_databases_have_them_are_signed_as_their_text() -> TestResult {
    let secret = Secret::new(SECRET)?;
    let (serial, uuid): (i64, Uuid) = (4711, ID_OF_ADA.to_uppercase().parse()?);
    let of_serial = UserHash::compute(&secret, UserId::from(serial));
    let of_uuid = UserHash::compute(&secret, UserId::new(&uuid.to_string())?);
    assert_eq!(of_serial.as_str(), "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495");
    assert_eq!(of_uuid.as_str(), HASH_OF_ADA);
    Ok(())
}

#[test]
fn a_broken_file_ends_the_server_with_a_reason_that_shows_no_secret() -> TestResult {
    let file = env::temp_dir().join(format!("intercom-identity-actix-{}.toml", std::process::id()));
    let path = file.to_str().ok_or("not UTF-8")?;
    let config = fs::read_to_string("intercom.toml")?;
    let secret = format!("\"{SECRET}\"");
    for (right, wrong, reason) in [
        (&*secret, SECRET, "TOML parse error at line 3, column 7"),
        (&secret, &secret.replace("nY\"", "nY"), "TOML parse error at line 3, column 51"),
        (&secret, &"4711".repeat(10), "TOML parse error at line 3, column 7"),
        (&secret, &secret.replace("nY\"", "nY \""), "the secret has a character that Intercom's secrets never have"),
        (&secret, "4711471147114711", "expected a secret or a list of secrets for key \"default.intercom.android\""),
        (&secret, "[]", "empty list of secrets"),
        ("ios", SECRET, "unknown platform: use ios, android or web for key \"default.intercom\""),
        ("[intercom]", "[keys]", "missing field `intercom`"),
        ("android =", "ios =", "TOML parse error at line 4, column 1"),
        ("android =", "# android =", "no secret for the platform android: add one to the keyring"),
        ("observe", SECRET, "unknown enforcement: use enforce, refuse_invalid or observe"),
    ] {
        let text = config.replace(right, wrong);
        assert_ne!(text, config);
        fs::write(&file, text)?;
        let ended = command(path).output()?;
        let said = String::from_utf8(ended.stderr)?;
        assert_eq!((ended.status.code(), &*ended.stdout), (Some(1), &b""[..]));
        assert!(said.starts_with("actix: ") && said.contains(reason), "{said}");
        assert!(!said.contains(SECRET) && !said.contains("4711"), "{said}");
    }
    fs::remove_file(&file)?;
    Ok(())
}
