//! The example `messenger`, run as a process and spoken to over HTTP.

use std::{
    collections::{BTreeMap, HashSet},
    error::Error,
    io::{BufRead, BufReader},
    net::TcpListener,
    time::Duration,
};

use intercom_identity::{
    Access, AccessTokens, Identity, IdentityError, ParsePlatformError, Platform, Secret, UnixTime, UserHash,
};
use process::{Ended, Example};
use reqwest::{
    Client, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, ORIGIN,
    },
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[expect(dead_code, reason = "the examples that take variables and no arguments use the rest")]
mod process;

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What the auth server decides in one chapter of the story: the columns of every line.
fn decisions(heading: &str) -> Result<Vec<String>> {
    let story = String::from_utf8(process::command("messenger")?.output()?.stdout)?;
    let chapter = story.split("\n\n").find(|chapter| chapter.starts_with(heading)).ok_or("there is no such chapter")?;
    let columns = |line: &str| {
        line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect::<Vec<_>>().join(" | ")
    };
    let decides = |line: &&str| [" /auth/", " /counts", " /conversations"].iter().any(|path| line.contains(path));
    Ok(chapter.lines().filter(decides).map(columns).collect())
}

#[test]
fn the_story_goes_as_told() -> Result {
    let output = process::command("messenger")?.output()?;
    assert_eq!((output.status.code(), String::from_utf8(output.stderr)?.as_str()), (Some(0), ""));
    assert!(!String::from_utf8(output.stdout)?.contains("otherwise than told"));
    Ok(())
}

#[test]
fn whoever_the_app_server_signs_for_is_verified_on_every_platform() -> Result {
    assert_eq!(
        decisions("Users")?,
        [
            "POST /auth/ios | Ada, with that hash | 200 | verified",
            "POST /auth/android | Ada, with that hash | 200 | verified",
            "POST /auth/web | Ada, with that hash | 200 | verified",
            "POST /auth/web | Grace, with that hash | 200 | verified",
            "POST /auth/web | in upper case, which the web takes | 200 | verified",
        ]
    );
    Ok(())
}

#[test]
fn impostors_are_all_told_the_same_and_the_log_tells_them_apart() -> Result {
    assert_eq!(
        decisions("Impostors")?,
        [
            "POST /auth/ios | a forged hash | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/ios | Ada's user_id with the hash of an email | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/ios | the hash for the web | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/ios | another workspace's secret | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/ios | the app id as the secret | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/ios | a hash of the wrong length | 401 | hmac_mismatch | malformed_user_hash",
            "POST /auth/ios | in upper case, which mobile refuses | 401 | hmac_mismatch | malformed_user_hash",
            "POST /auth/ios | a JSON Web Token as the hash | 401 | hmac_mismatch | user_jwt_as_user_hash",
            "POST /auth/ios | no hash | 401 | hmac_mismatch | missing_user_hash",
        ]
    );
    Ok(())
}

#[test]
fn visitors_are_let_in_unidentified() -> Result {
    assert_eq!(
        decisions("Visitors")?,
        [
            "POST /auth/web | nobody is named | 200 | unidentified",
            "POST /auth/ios | a hash is set, nobody is named yet | 200 | unidentified",
        ]
    );
    Ok(())
}

#[test]
fn a_json_web_token_takes_the_place_of_the_hash() -> Result {
    assert_eq!(
        decisions("A JSON Web Token")?,
        [
            "POST /auth/ios | Grace, with that token | 200 | verified",
            "POST /auth/ios | Ada, with that token | 200 | verified",
            "POST /auth/ios | the token alone, which names Ada | 200 | verified",
            "POST /auth/ios | a token and a hash | 401 | hmac_mismatch | user_hash_and_user_jwt",
            "POST /auth/ios | Ada's token, Grace's email | 401 | hmac_mismatch | identity_mismatch",
            "POST /auth/ios | a token that expired | 401 | hmac_mismatch | expired_user_jwt",
            "POST /auth/ios | a token for the web | 401 | hmac_mismatch | invalid_user_jwt",
            "POST /auth/ios | a token that nobody signed | 401 | hmac_mismatch | invalid_user_jwt",
            "POST /auth/ios | a hash as the token | 401 | hmac_mismatch | invalid_user_jwt",
        ]
    );
    Ok(())
}

#[test]
fn the_api_opens_to_the_verified_user_alone() -> Result {
    assert_eq!(
        decisions("An API")?,
        [
            "POST /auth/android | Ada, with that hash | 200 | verified",
            "POST /auth/android | a visitor | 200 | unidentified",
            "POST /auth/android | no hash | 200 | unverified | missing_user_hash",
            "GET /conversations | the verified user's access token | 200 | 4711",
            "GET /conversations | the unverified user's | 403",
            "GET /conversations | the visitor's | 403",
            "GET /conversations | one that expired | 401",
            "GET /conversations | a token of the app server | 401",
            "GET /conversations | none | 401",
        ]
    );
    Ok(())
}

#[test]
fn what_cannot_be_read_is_refused_and_the_next_request_is_served() -> Result {
    assert_eq!(
        decisions("What cannot be read")?,
        [
            "POST /auth/web | bad JSON | 400 | bad_request",
            "POST /auth/web | a misspelt field | 422 | bad_request",
            "POST /auth/web | 8 KiB | 413 | bad_request",
            "POST /auth/web | an empty user_id | 422 | parameter_invalid",
            "POST /auth/windows | an unknown platform | 404 | not_found",
            "POST /auth/web | a visitor | 200 | unidentified",
        ]
    );
    Ok(())
}

#[test]
fn a_rollout_counts_alike_at_every_step_and_refuses_more_at_each() -> Result {
    let counts = "GET /counts | android, since the restart | 200 | verified 1, missing 1, invalid 1, unidentified 1";
    assert_eq!(
        decisions("Verification is turned on")?,
        [
            "POST /auth/android | with the hash | 200 | verified",
            "POST /auth/android | no hash | 200 | unverified | missing_user_hash",
            "POST /auth/android | a forged hash | 200 | unverified | user_hash_mismatch",
            "POST /auth/android | a visitor | 200 | unidentified",
            counts,
            "POST /auth/android | with the hash | 200 | verified",
            "POST /auth/android | no hash | 200 | unverified | missing_user_hash",
            "POST /auth/android | a forged hash | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/android | a visitor | 200 | unidentified",
            counts,
            "POST /auth/android | with the hash | 200 | verified",
            "POST /auth/android | no hash | 401 | hmac_mismatch | missing_user_hash",
            "POST /auth/android | a forged hash | 401 | hmac_mismatch | user_hash_mismatch",
            "POST /auth/android | a visitor | 200 | unidentified",
            counts,
        ]
    );
    Ok(())
}

#[test]
fn a_rotation_turns_nobody_away_until_the_old_secret_is_dropped() -> Result {
    assert_eq!(
        decisions("The web secret is rotated")?,
        [
            "POST /auth/web | the old secret's hash | 200 | verified",
            "POST /auth/web | the new secret's hash | 200 | verified",
            "POST /auth/web | the old secret's hash, on another page | 200 | verified",
            "POST /auth/web | the new secret's hash | 200 | verified",
            "POST /auth/web | the old secret's hash | 401 | hmac_mismatch | user_hash_mismatch",
        ]
    );
    Ok(())
}

fn serve() -> Result<Example> {
    let mut command = process::command("messenger")?;
    command.arg("--serve").env("APP_PORT", "0").env("AUTH_PORT", "0");
    Ok(Example::spawn(command)??)
}

fn how_it_ends(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Option<Ended>> {
    let mut command = process::command("messenger")?;
    command.args(arguments).env("APP_PORT", "0").env("AUTH_PORT", "0").envs(variables.iter().copied());
    Ok(Example::spawn(command)?.err())
}

fn exit_code_1(line: &str) -> Ended {
    Ended { code: Some(1), stderr: format!("messenger: {line}\n") }
}

#[test]
fn an_unknown_argument_is_refused() -> Result {
    for arguments in [&["--help"][..], &["serve"], &["--serve", "--serve"], &[""]] {
        assert_eq!(how_it_ends(arguments, &[])?, Some(exit_code_1("there is one argument: --serve")), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn a_malformed_port_is_refused() -> Result {
    for variable in ["APP_PORT", "AUTH_PORT"] {
        for port in ["", "http", "-1", "65536"] {
            let ended = how_it_ends(&["--serve"], &[(variable, port)])?;
            assert_eq!(ended, Some(exit_code_1(&format!("{variable} is not a number from 0 to 65535"))), "{port:?}");
        }
    }
    Ok(())
}

#[test]
fn a_port_that_is_taken_is_refused() -> Result {
    let other = TcpListener::bind("127.0.0.1:0")?;
    let port = other.local_addr()?.port();
    let error = TcpListener::bind(("127.0.0.1", port)).err().ok_or("the port is not taken")?;
    for variable in ["APP_PORT", "AUTH_PORT"] {
        let ended = how_it_ends(&["--serve"], &[(variable, &port.to_string())])?;
        assert_eq!(ended, Some(exit_code_1(&format!("cannot listen on port {port}: {error}"))));
    }
    Ok(())
}

#[tokio::test]
async fn the_page_talks_to_the_auth_server_loads_nothing_from_elsewhere_and_writes_answers_as_text() -> Result {
    let mut example = serve()?;
    let mut line = String::new();
    example.stdout.read_line(&mut line)?;
    let (_, url) = line.split_once("a page at ").ok_or("no page is announced")?;
    let (url, _) = url.split_once(": ").ok_or("the page has no URL")?;

    let page = client()?.get(url).send().await?.text().await?;
    assert!(page.contains(&format!(r#"const authServer = "{}";"#, example.url)));
    assert!(page.contains("textContent"));
    let page = page.replace(&example.url, "");
    for elsewhere_or_markup in ["//", "src=", "@import", "innerHTML", "document.write", "{{"] {
        assert!(!page.contains(elsewhere_or_markup), "{elsewhere_or_markup}");
    }
    Ok(())
}

fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().build()
}

#[tokio::test]
async fn any_page_may_ask_to_be_let_in_and_none_may_read_the_counts() -> Result {
    let example = serve()?;
    let request = client()?.request(Method::OPTIONS, format!("{}/auth/web", example.url));
    let request = request.header(ORIGIN, "http://app.example.com").header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let preflight = request.send().await?;
    assert_eq!(preflight.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).ok_or("no origin is allowed")?, "*");
    assert_eq!(preflight.headers().get(ACCESS_CONTROL_ALLOW_HEADERS).ok_or("no header is allowed")?, "content-type");

    let counts = client()?.get(format!("{}/counts", example.url)).header(ORIGIN, "http://app.example.com");
    assert_eq!(counts.send().await?.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN), None);
    Ok(())
}

#[tokio::test]
async fn the_log_has_the_reason_under_the_id_that_the_client_was_given_and_nothing_of_the_user() -> Result {
    let example = serve()?;
    let hash = "0123456789abcdef".repeat(4);
    let visit = json!({});
    let claim = json!({ "user_id": "4711", "email": "ada@example.com", "user_hash": hash });
    let malformed = json!({ "user_id": "", "email": "ada@example.com", "user_hash": hash });
    let mut ids = Vec::new();
    for body in [visit, claim, malformed] {
        let response = client()?.post(format!("{}/auth/ios", example.url)).json(&body).send().await?;
        ids.push(response.json::<Value>().await?.get("request_id").cloned());
    }
    assert_eq!(ids, [None, Some("1".into()), Some("2".into())]);

    let log: Vec<_> = BufReader::new(&example.stderr).lines().take(ids.len()).collect::<std::io::Result<_>>()?;
    assert_eq!(
        log,
        [
            "request 0: 200 unidentified",
            "request 1: 401 hmac_mismatch: user_hash_mismatch",
            "request 2: 422 parameter_invalid",
        ]
    );
    Ok(())
}

/// A request to the auth server, and all that is to come of it.
struct Case {
    name: &'static str,
    platform: &'static str,
    content_type: &'static str,
    body: String,
    status: StatusCode,
    /// Without the `request_id` of a refusal, which is different for each.
    answer: Value,
    /// The count that it adds to.
    counted: Option<&'static str>,
}

impl Case {
    fn new(name: &'static str, platform: Platform, body: &Value, status: StatusCode, answer: Value) -> Self {
        let (platform, body) = (platform.as_str(), body.to_string());
        Self { name, platform, content_type: "application/json", body, status, answer, counted: None }
    }

    fn admitted(
        name: &'static str,
        platform: Platform,
        body: &Value,
        admission: &'static str,
        identifier: Option<&str>,
    ) -> Self {
        let answer = json!({
            "admission": admission,
            "platform": platform,
            "identifier": identifier,
            "access_token": access(admission, identifier),
        });
        Self { counted: Some(admission), ..Self::new(name, platform, body, StatusCode::OK, answer) }
    }

    fn verified(name: &'static str, platform: Platform, body: &Value, identifier: &str) -> Self {
        Self::admitted(name, platform, body, "verified", Some(identifier))
    }

    fn unidentified(name: &'static str, platform: Platform, body: &Value) -> Self {
        Self::admitted(name, platform, body, "unidentified", None)
    }

    fn refused(name: &'static str, platform: Platform, body: &Value, counted: &'static str) -> Self {
        let answer = error_list("hmac_mismatch", "Failed Identity Verification check");
        Self { counted: Some(counted), ..Self::new(name, platform, body, StatusCode::UNAUTHORIZED, answer) }
    }

    fn invalid(name: &'static str, platform: Platform, body: &Value) -> Self {
        Self::refused(name, platform, body, "invalid")
    }

    fn missing(name: &'static str, platform: Platform, body: &Value) -> Self {
        Self::refused(name, platform, body, "missing")
    }

    fn impossible(name: &'static str, body: &Value, error: IdentityError) -> Self {
        let answer = error_list("parameter_invalid", &error.to_string());
        Self::new(name, Platform::Web, body, StatusCode::UNPROCESSABLE_ENTITY, answer)
    }

    fn unreadable(name: &'static str, body: impl Into<String>, status: StatusCode, message: &str) -> Self {
        let answer = error_list("bad_request", message);
        Self { body: body.into(), ..Self::new(name, Platform::Web, &Value::Null, status, answer) }
    }

    fn on_no_platform(name: &'static str, platform: &'static str) -> Self {
        let answer = error_list("not_found", &ParsePlatformError.to_string());
        Self { platform, ..Self::new(name, Platform::Web, &json!({}), StatusCode::NOT_FOUND, answer) }
    }
}

fn error_list(code: &str, message: &str) -> Value {
    json!({ "type": "error.list", "errors": [{ "code": code, "message": message }] })
}

/// What an access token says, in place of the token, which is different at each second.
fn access(admission: &str, identifier: Option<&str>) -> String {
    format!("{admission}: {identifier:?}")
}

fn hash(secret: &str, user_id: Option<&str>, email: Option<&str>) -> Result<String> {
    Ok(UserHash::compute(&Secret::new(secret)?, Identity::new(user_id, email)?).to_string())
}

/// Everything that may come in, for one user.
fn cases(number: usize) -> Result<Vec<Case>> {
    use Platform::{Android, Ios, Web};

    const IOS: &str = "the iOS secret of the demonstration";
    const ANDROID: &str = "the Android secret of the demonstration";
    const WEB: &str = "the web secret of the demonstration";

    let (id, email) = (number.to_string(), format!("user-{number}@example.com"));
    let signed = |secret| hash(secret, Some(&id), None);
    let with_hash = |user_hash: String| json!({ "user_id": id, "user_hash": user_hash });
    let digits = |count| "0123456789abcdef".chars().cycle().take(count).collect::<String>();

    Ok(vec![
        Case::verified("a user_id", Ios, &with_hash(signed(IOS)?), &id),
        Case::verified("an integer", Android, &json!({ "user_id": number, "user_hash": signed(ANDROID)? }), &id),
        Case::verified(
            "an email",
            Web,
            &json!({ "email": email, "user_hash": hash(WEB, None, Some(&email))? }),
            &email,
        ),
        Case::verified("both", Ios, &json!({ "user_id": id, "email": email, "user_hash": signed(IOS)? }), &id),
        Case::verified("upper case on the web", Web, &with_hash(signed(WEB)?.to_uppercase()), &id),
        Case::invalid("upper case on iOS", Ios, &with_hash(signed(IOS)?.to_uppercase())),
        Case::invalid("upper case on Android", Android, &with_hash(signed(ANDROID)?.to_uppercase())),
        Case::invalid("forged", Web, &with_hash(digits(64))),
        Case::invalid("another user's", Android, &with_hash(hash(ANDROID, Some(&format!("{id}0")), None)?)),
        Case::invalid(
            "the email's",
            Web,
            &json!({ "user_id": id, "email": email, "user_hash": hash(WEB, None, Some(&email))? }),
        ),
        Case::invalid("the user_id's", Web, &json!({ "email": email, "user_hash": signed(WEB)? })),
        Case::invalid("the web's on iOS", Ios, &with_hash(signed(WEB)?)),
        Case::invalid("iOS's on Android", Android, &with_hash(signed(IOS)?)),
        Case::invalid("Android's on the web", Web, &with_hash(signed(ANDROID)?)),
        Case::invalid("another workspace's", Ios, &with_hash(signed("the iOS secret of the test workspace")?)),
        Case::invalid("the app id's", Android, &with_hash(signed("a1b2c3d4")?)),
        Case::invalid("a digit too few", Ios, &with_hash(digits(63))),
        Case::invalid("a digit too many", Android, &with_hash(signed(ANDROID)? + "0")),
        Case::invalid("no digit", Web, &with_hash(String::new())),
        Case::invalid("not hexadecimal", Ios, &with_hash("g".repeat(64))),
        Case::invalid("a JSON Web Token", Web, &with_hash("eyJhbGciOiJIUzI1NiJ9.e30.AAAA".to_owned())),
        Case::missing("no hash", Ios, &json!({ "user_id": id })),
        Case::missing("no hash, by email", Android, &json!({ "email": email })),
        Case::missing("null", Web, &json!({ "user_id": id, "user_hash": null })),
        Case::unidentified("a visitor", Web, &json!({})),
        Case::unidentified("a visitor with a hash", Android, &json!({ "user_hash": signed(ANDROID)? })),
        Case::impossible("an empty user_id", &json!({ "user_id": "", "email": email }), IdentityError::EmptyUserId),
        Case::impossible("an empty email", &json!({ "user_id": id, "email": "" }), IdentityError::EmptyEmail),
        Case::impossible("no email", &json!({ "email": id }), IdentityError::EmailWithoutAt),
        Case::on_no_platform("an unknown platform", "windows"),
        Case::on_no_platform("a platform in another case", "iOS"),
        Case::unreadable(
            "bad JSON",
            "{",
            StatusCode::BAD_REQUEST,
            "Failed to parse the request body as JSON: EOF while parsing an object at line 1 column 1",
        ),
        Case::unreadable(
            "a field twice",
            r#"{"user_id":"1","user_id":"2"}"#,
            StatusCode::UNPROCESSABLE_ENTITY,
            "Failed to deserialize the JSON body into the target type: a field stands there twice at line 1 column 24",
        ),
        Case::unreadable(
            "a misspelt field",
            r#"{"userhash":""}"#,
            StatusCode::UNPROCESSABLE_ENTITY,
            "Failed to deserialize the JSON body into the target type: \
             userhash: a field has an unknown name at line 1 column 11",
        ),
        Case::unreadable(
            "oversized",
            json!({ "user_id": digits(4 * 1024) }).to_string(),
            StatusCode::PAYLOAD_TOO_LARGE,
            "Failed to buffer the request body: length limit exceeded",
        ),
        Case {
            content_type: "text/plain",
            ..Case::unreadable(
                "not sent as JSON",
                "{}",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Expected request with `Content-Type: application/json`",
            )
        },
    ])
}

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 4;

/// What one connection was let in or refused for, as the auth server is to count it, and the ids of its refusals.
#[derive(Default)]
struct Seen {
    answers: usize,
    counted: Vec<(&'static str, &'static str)>,
    request_ids: Vec<Value>,
}

async fn connection(url: String, number: usize) -> Result<Seen> {
    let client = Client::builder().no_proxy().pool_max_idle_per_host(1).build()?;
    let tokens = AccessTokens::new(
        Secret::new("the access tokens' secret of the demonstration")?,
        "conversations",
        Duration::from_secs(15 * 60),
    );
    let mut seen = Seen::default();
    for round in 0..ROUNDS {
        let mut cases = cases(number * ROUNDS + round)?;
        // No two connections go through them in the same order.
        cases.rotate_left(2 * number);
        for case in cases {
            let request = client.post(format!("{url}/auth/{}", case.platform)).header(CONTENT_TYPE, case.content_type);
            let response = request.body(case.body.clone()).send().await?;
            let status = response.status();
            let mut answer: Value = response.json().await?;
            seen.request_ids.extend(answer.as_object_mut().and_then(|answer| answer.remove("request_id")));
            if let Some(Value::String(token)) = answer.get_mut("access_token") {
                *token = match tokens.verify(token, UnixTime::now())? {
                    Access::Verified(user) => access("verified", Some(user.identity().identifier())),
                    Access::Unverified(user) => access("unverified", Some(user.identity().identifier())),
                    Access::Unidentified => access("unidentified", None),
                };
            }
            assert_eq!((status, &answer), (case.status, &case.answer), "{}", case.name);
            seen.counted.extend(case.counted.map(|count| (case.platform, count)));
            seen.answers += 1;
        }
    }
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thousands_of_requests_at_once_none_is_dropped_decided_wrongly_or_miscounted() -> Result {
    let example = serve()?;
    let mut connections = JoinSet::new();
    for number in 0..CONNECTIONS {
        connections.spawn(connection(example.url.clone(), number));
    }
    let seen = connections.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
    assert!(seen.iter().map(|seen| seen.answers).sum::<usize>() >= 2_000);

    let request_ids: Vec<_> = seen.iter().flat_map(|seen| &seen.request_ids).collect();
    assert_eq!(request_ids.iter().collect::<HashSet<_>>().len(), request_ids.len());

    let none = BTreeMap::from(["verified", "missing", "invalid", "unidentified"].map(|name| (name, 0)));
    let mut counts: BTreeMap<_, _> = Platform::ALL.iter().map(|platform| (platform.as_str(), none.clone())).collect();
    for (platform, name) in seen.iter().flat_map(|seen| &seen.counted) {
        *counts.entry(platform).or_default().entry(name).or_default() += 1;
    }
    let counted: Value = client()?.get(format!("{}/counts", example.url)).send().await?.json().await?;
    assert_eq!(counted, json!(counts));
    Ok(())
}
