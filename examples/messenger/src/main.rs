//! Identity verification from end to end: an app server, an auth server with an API behind it, and the story of what
//! clients send them over HTTP. It fails if an exchange does not go as told.
//!
//! With `--serve` there is no story: both servers stay up, on free ports, with a page.

use std::{env, error::Error, future::IntoFuture, io, net::Ipv4Addr, time::Duration};

use axum::Router;
use intercom_identity::{
    Email, Keyring, Platform, Secret, UnixTime, UserHash, UserId,
    jwt::{UserClaims, UserJwt},
    verify::{Authenticator, Enforcement, Proofs},
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

mod app_server;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const IOS: &str = "cat9ag498dyT5bl5GhcqrGi0qx020vorwNIvVaP3Rjd";
const ANDROID: &str = "mSlPUxYu3JvQvB7KUdDWdM8TVWzZRBb0WLaAUvFMZ44";
const WEB: &str = "k8cRvicmQivfnSqy3Vl6OG0fLzIe36ygvsGgEckRGM1";
const OLD_WEB: &str = "3UBEDVvmEgKFGt6g4t7dmWwKj2v2BSBnmPYyGf1KuTe";

/// What both servers know. The web secret is being rotated: the new one signs, and the old one still verifies.
fn keyring() -> Result<Keyring> {
    Ok(Keyring::new()
        .with([Platform::Ios], Secret::new(IOS)?)
        .with([Platform::Android], Secret::new(ANDROID)?)
        .with([Platform::Web], Secret::new(WEB)?)
        .with([Platform::Web], Secret::new(OLD_WEB)?))
}

/// Verification is being turned on for iOS and is on for the others.
fn authenticator() -> Result<Authenticator> {
    let authenticator = Authenticator::new(keyring()?).enforcement(Platform::Ios, Enforcement::RefuseInvalid);
    let authenticator = authenticator.require_expiry().leeway(Duration::from_secs(60));
    Ok(Platform::ALL.iter().fold(authenticator, |all, platform| all.accept(*platform, Proofs::Either)))
}

async fn start(routes: Router) -> Result<(String, JoinHandle<io::Result<()>>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((url, tokio::spawn(axum::serve(listener, routes).into_future())))
}

#[tokio::main]
async fn main() -> Result {
    let lifetime = env::var("ACCESS_TOKEN_SECONDS").map_or(Ok(900), |seconds| seconds.parse())?;
    let (auth_server, _) = start(auth_server::routes(authenticator()?, Duration::from_secs(lifetime))).await?;
    let (app_server, serving) = start(app_server::routes(keyring()?, auth_server.clone())).await?;
    match env::args().nth(1).as_deref() {
        None => story(&app_server, &auth_server).await,
        Some("--serve") => {
            println!("listening on {auth_server}\nThe app server has a page at {app_server}: open it in a browser");
            Ok(serving.await??)
        }
        Some(_) => Err("the only argument is --serve".into()),
    }
}

async fn story(app_server: &str, auth_server: &str) -> Result {
    let client = Client::builder().no_proxy().build()?;
    let settings = async |path, user, password| -> Result<Value> {
        let request = client.get(format!("{app_server}/intercom/{path}")).basic_auth(user, Some(password));
        Ok(request.send().await?.json().await?)
    };
    let ios = &settings("ios", "ada", "lovelace").await?;
    let ios_jwt = &settings("ios/jwt", "ada", "lovelace").await?;
    let web = &settings("web", "ada", "lovelace").await?;
    let by_email = &settings("web", "grace", "hopper").await?;
    let email_as_id = &settings("web/jwt", "grace", "hopper").await?;

    let id = UserId::new("4711")?;
    let expired = UserJwt::sign(&Secret::new(IOS)?, &UserClaims::new(id, UnixTime::from_seconds(0)?))?.to_string();
    let of_email = UserHash::compute(&Secret::new(IOS)?, Email::new("ada@example.com")?).to_string();
    let of_old_secret = UserHash::compute(&Secret::new(OLD_WEB)?, id).to_string();
    let upper = |settings| text(settings, "user_hash").to_uppercase();
    let (forged, jwt) = (&*"0123456789abcdef".repeat(4), text(ios_jwt, "user_jwt"));

    let (mut tokens, mut surprises) = (Vec::new(), 0);
    for (what, path, body, told) in [
        ("Ada, with a hash", "ios", ios.clone(), "200 verified"),
        ("Ada, with a token", "ios", ios_jwt.clone(), "200 verified"),
        ("Grace, known by email", "web", by_email.clone(), "200 verified"),
        ("Grace, with a token that says it all", "web", email_as_id.clone(), "200 verified"),
        ("a visitor", "web", json!({}), "200 unidentified"),
        ("upper case, on the web", "web", with(web, "user_hash", &upper(web)), "200 verified"),
        ("upper case, on mobile", "ios", with(ios, "user_hash", &upper(ios)), "401 refused malformed_user_hash"),
        ("a forged hash", "ios", with(ios, "user_hash", forged), "401 refused user_hash_mismatch"),
        ("email hashed", "ios", with(ios, "user_hash", &of_email), "401 refused user_hash_mismatch email_hashed"),
        ("the hash for iOS", "web", ios.clone(), "401 refused user_hash_mismatch secret_of_another_platform"),
        ("the secret", "ios", with(ios, "user_hash", IOS), "401 refused malformed_user_hash secret_sent"),
        ("a token as the hash", "ios", with(ios, "user_hash", jwt), "401 refused user_jwt_as_user_hash"),
        ("both a hash and a token", "ios", with(ios, "user_jwt", jwt), "401 refused user_hash_and_user_jwt"),
        ("the token of another user", "ios", with(ios_jwt, "user_id", "4712"), "401 refused identity_mismatch"),
        ("an old token", "ios", with(ios_jwt, "user_jwt", &expired), "401 refused expired_user_jwt"),
        ("no proof, not enforced yet", "ios", with(ios, "user_hash", ""), "200 unverified missing_proof"),
        ("no proof", "android", with(ios, "user_hash", ""), "401 refused missing_proof"),
        ("no proof, old app", "android?app_version=1", with(ios, "user_hash", ""), "200 unverified missing_proof"),
        ("a hash of the old secret", "web", with(web, "user_hash", &of_old_secret), "200 verified by_older_secret"),
        ("an empty user_id", "web", with(web, "user_id", ""), "400 refused malformed_identity"),
        ("not a JSON object", "web", json!("web"), "400 refused bad_request"),
        ("an unknown platform", "windows", json!({}), "400 refused bad_request"),
    ] {
        let answer = client.post(format!("{auth_server}/auth/{path}")).json(&body).send().await?;
        let operator = client.get(format!("{auth_server}/operator")).send().await?.text().await?;
        let decision = operator.lines().nth(3).and_then(|line| line.split(": ").nth(1)).unwrap_or_default();
        surprises += tell(path, what, &format!("{} {decision}", answer.status().as_u16()), told);
        tokens.push(text(&answer.json().await?, "access_token").to_owned());
    }

    let [ada, _, grace, other, ..] = &*tokens else { return Err("nobody was let in".into()) };
    for (what, path, token, told) in [
        ("Hello from Ada", "conversations", &**ada, r#"200 ["Hello from Ada"]"#),
        ("Hello from Grace", "conversations", grace, r#"200 ["Hello from Grace"]"#),
        ("Her email as user_id: another user", "conversations", other, r#"200 ["Her email as user_id: another user"]"#),
        ("a made-up token", "conversations", forged, "401"),
        ("Ada logs out", "revoke", ada, "200"),
        ("Hello again", "conversations", ada, "401"),
    ] {
        let answer = client.post(format!("{auth_server}/{path}")).bearer_auth(token).body(what).send().await?;
        let status = answer.status().as_u16();
        surprises += tell(path, what, format!("{status} {}", answer.text().await?).trim(), told);
    }

    let operator = client.get(format!("{auth_server}/operator")).send().await?.text().await?;
    let told = "web Counts { verified: 4, verified_by_user_jwt: 1, verified_by_older_secret: 1, \
        missing: 0, invalid: 2, unidentified: 1, no_secret: 0 }";
    surprises += tell("operator", "the counts", operator.lines().nth(2).unwrap_or_default(), told);
    if surprises == 0 { Ok(()) } else { Err(format!("exchanges that did not go as told: {surprises}").into()) }
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The same settings with another value.
fn with(settings: &Value, name: &str, value: &str) -> Value {
    let mut settings = settings.clone();
    settings.as_object_mut().map(|settings| settings.insert(name.to_owned(), value.into()));
    settings
}

/// Prints an exchange: 1 if it did not go as told.
fn tell(path: &str, what: &str, outcome: &str, told: &str) -> u32 {
    println!("{path:<24} {what:<38} {outcome}");
    if outcome != told {
        println!("  ^ told otherwise: {told}");
    }
    u32::from(outcome != told)
}
