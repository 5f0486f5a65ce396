//! The server, started as a process and spoken to over HTTP. Python's `hmac` made every hash.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use intercom_identity::{
    Secret, UnixTime, UserHash, UserId,
    jwt::{UserClaims, UserJwt},
};
use serde_json::{Value, json};
use ureq::{Agent, Body, http::Response};
use uuid::Uuid;

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
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
        let mut child = command("intercom.toml").spawn()?;
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
        let conversations = json!({ "conversations_of": ID_OF_ADA });
        assert_eq!(server.post("/conversations/ios", &settings)?, (200, conversations), "{path}");
    }
    Ok(())
}

#[test]
fn whoever_is_not_proved_gets_the_answer_of_intercom_and_the_log_gets_the_reason() -> TestResult {
    let mut server = Server::start()?;
    let failed = json!({ "code": "hmac_mismatch", "message": "Failed Identity Verification check" });
    let malformed = json!({ "code": "parameter_invalid", "message": "The user_id or email is malformed" });
    let for_ever = UserJwt::sign(&Secret::new(SECRET)?, &UserClaims::without_expiry(UserId::new(ID_OF_ADA)?))?;
    for (body, status, error) in [
        (json!({ "user_id": ID_OF_GRACE, "user_hash": HASH_OF_ADA }), 401, &failed),
        (json!({ "user_id": ID_OF_ADA, "user_jwt": for_ever }), 401, &failed),
        (json!({ "user_id": ID_OF_ADA }), 401, &failed),
        (json!({ "user_hash": HASH_OF_ADA }), 401, &failed),
        (json!({ "user_id": "", "email": "ada@example.com" }), 400, &malformed),
    ] {
        let answer = json!({ "type": "error.list", "errors": [error] });
        assert_eq!(server.post("/conversations/ios", &body)?, (status, answer), "{body}");
    }
    let (status, said) = server.post("/conversations/ios", &json!([HASH_OF_ADA]))?;
    assert!(status == 400 && !said.to_string().contains(HASH_OF_ADA), "{status} {said}");

    server.child.kill()?;
    let mut log = String::new();
    server.child.stderr.take().ok_or("no log")?.read_to_string(&mut log)?;
    let reasons = "refused: user_hash_mismatch: the user hash does not match the identity\n\
        refused: malformed_user_jwt_claims: the claim exp of the token is missing or malformed\n\
        refused: missing_proof: no user hash or JSON Web Token was sent\n\
        refused: missing_proof: no user hash or JSON Web Token was sent\n\
        refused: malformed_identity: the user_id is empty: leave it out if there is none\n";
    assert_eq!(log, reasons);
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
        (&*secret, SECRET, "string values must be quoted, expected literal string"),
        (&secret, &secret.replace("nY\"", "nY"), "invalid basic string, expected `\"`"),
        (&secret, &secret.replace("nY\"", "nY \""), "the secret has a character that Intercom's secrets never have"),
        (&secret, "4711471147114711", "expected a secret or a list of secrets"),
        (&secret, "[]", "empty list of secrets"),
        ("ios", SECRET, "unknown platform: use ios, android or web"),
        ("[keyring]", "[keys]", "missing configuration field \"keyring\""),
        ("android =", "web =", "duplicate key"),
        ("android =", "# android =", "no secret for the platform android: add one to the keyring"),
    ] {
        let text = config.replace(right, wrong);
        assert_ne!(text, config);
        fs::write(&file, text)?;
        let ended = command(path).output()?;
        let said = String::from_utf8(ended.stderr)?;
        assert_eq!((ended.status.code(), &*ended.stdout), (Some(1), &b""[..]));
        assert!(said.starts_with("actix: ") && said.contains(reason), "{said}");
        assert!(!said.contains(SECRET) && !said.contains("4711471147114711"), "{said}");
    }
    fs::remove_file(&file)?;
    Ok(())
}
