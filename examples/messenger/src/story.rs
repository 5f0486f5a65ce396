//! The story: each exchange, and how it must go.

use std::sync::mpsc::Receiver;

use intercom_identity::{
    Email, MessengerSettings, Platform, Secret, UnixTime, UserHash, UserId,
    jwt::{UserClaims, UserJwt},
};
use serde_json::{Value, json};
use ureq::Agent;

use crate::{IOS, OLD_WEB, Result, keyring};

struct Client<'a> {
    agent: Agent,
    app_server: &'a str,
    surprises: u32,
}

impl Client<'_> {
    /// The session's cookie.
    fn log_in(&self, email: &str, password: &str) -> Result<String> {
        let form = [("email", email), ("password", password)];
        let answer = self.agent.post(format!("{}/login", self.app_server)).send_form(form)?;
        let cookie = answer.headers().get("set-cookie").ok_or("no session")?.to_str()?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    fn settings(&self, session: &str, path: &str) -> Result<Value> {
        let request = self.agent.get(format!("{}/intercom/{path}", self.app_server)).header("cookie", session);
        let mut fresh: Value = request.call()?.body_mut().read_json()?;
        Ok(fresh.get_mut("settings").ok_or("no settings")?.take())
    }

    fn tell(&mut self, where_to: &str, what: &str, outcome: &str, told: &str) {
        println!("{where_to:<24} {what:<38} {outcome}");
        if outcome != told {
            println!("  ^ told otherwise: {told}");
            self.surprises += 1;
        }
    }
}

pub(crate) fn tell(app_server: &str, auth_server: &str, log: &Receiver<String>) -> Result {
    let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).max_redirects_will_error(false);
    // A server that refuses a request without reading it all closes the connection: none is used twice.
    let agent = agent.proxy(None).max_idle_connections(0).build().into();
    let mut client = Client { agent, app_server, surprises: 0 };
    let (ada, grace) = (client.log_in("ada@example.com", "lovelace")?, client.log_in("grace@example.com", "hopper")?);
    for (what, path, header, value, told) in [
        ("Ada's session", "intercom/ios/user-hash", "cookie", &*ada, "200"),
        ("no session", "intercom/ios/user-hash", "cookie", "", "401"),
        ("a form that another site sends", "logout", "sec-fetch-site", "cross-site", "403"),
    ] {
        let url = format!("{app_server}/{path}");
        let answer = match path {
            "logout" => client.agent.post(url).header(header, value).send_empty()?,
            _ => client.agent.get(url).header(header, value).call()?,
        };
        client.tell(path, what, answer.status().as_str(), told);
    }

    let ios = &client.settings(&ada, "ios/user-hash")?;
    let ios_jwt = &client.settings(&ada, "ios/user-jwt")?;
    let web = &client.settings(&ada, "web/user-hash")?;
    let web_jwt = &client.settings(&grace, "web/user-jwt")?;
    let by_email = Email::new("grace@example.com")?;
    let by_email = serde_json::to_value(MessengerSettings::with_user_hash(&keyring()?, Platform::Web, by_email)?)?;
    let email_as_id = UserId::new("grace@example.com")?;
    let email_as_id =
        serde_json::to_value(MessengerSettings::with_user_hash(&keyring()?, Platform::Web, email_as_id)?)?;

    let id = UserId::new("4711")?;
    let expired = UserJwt::sign(&Secret::new(IOS)?, &UserClaims::new(id, UnixTime::from_seconds(0)?))?.to_string();
    let of_email = UserHash::compute(&Secret::new(IOS)?, Email::new("ada@example.com")?).to_string();
    let of_old_secret = UserHash::compute(&Secret::new(OLD_WEB)?, id).to_string();
    let upper = |settings| text(settings, "user_hash").to_uppercase();
    let (forged, jwt) = (&*"0123456789abcdef".repeat(4), text(ios_jwt, "user_jwt"));

    let mut tokens = Vec::new();
    for (what, path, body, told) in [
        ("Ada, with a hash", "ios", ios.clone(), "200 verified"),
        ("Ada, with a token", "ios", ios_jwt.clone(), "200 verified"),
        ("Grace, known by email", "web", by_email, "200 verified"),
        ("somebody with her email as user_id", "web", email_as_id, "200 verified"),
        ("Grace, with a token that says it all", "web", web_jwt.clone(), "200 verified"),
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
        ("not a JSON object", "web", json!("web"), "400 refused unreadable_body"),
        ("an unknown platform", "windows", json!({}), "400 refused unreadable_platform"),
    ] {
        let mut answer = client.agent.post(format!("{auth_server}/auth/{path}")).send_json(&body)?;
        let line = log.recv()?;
        let decision = line.split(": ").nth(1).unwrap_or_default();
        client.tell(path, what, &format!("{} {decision}", answer.status().as_u16()), told);
        tokens.push(text(&answer.body_mut().read_json()?, "access_token").to_owned());
    }

    let unverified = tokens.get(16).cloned().unwrap_or_default();
    let [ada, _, grace, other, ..] = &*tokens else { return Err("nobody was let in".into()) };
    for (what, path, token, told) in [
        ("Hello from Ada", "conversations", &**ada, r#"200 ["Hello from Ada"]"#),
        ("Hello from Grace", "conversations", grace, r#"200 ["Hello from Grace"]"#),
        ("Her email as user_id: another user", "conversations", other, r#"200 ["Her email as user_id: another user"]"#),
        ("nobody is proved", "conversations", &unverified, "401"),
        ("goes on as before, for now", "feedback", &unverified, r#"200 {"as":"unverified","from":"4711"}"#),
        ("a made-up token", "conversations", forged, "401"),
        ("Ada logs out", "revoke", ada, "200"),
        ("Hello again", "conversations", ada, "401"),
    ] {
        let request =
            client.agent.post(format!("{auth_server}/{path}")).header("authorization", format!("Bearer {token}"));
        let mut answer = request.send(what)?;
        let outcome = format!("{} {}", answer.status().as_u16(), answer.body_mut().read_to_string()?);
        client.tell(path, what, outcome.trim(), told);
    }

    let metrics = client.agent.get(format!("{auth_server}/metrics")).call()?.body_mut().read_to_string()?;
    for (what, told) in [
        ("how far is the web", r#"intercom_requests_total{platform="web",outcome="verified"} 5"#),
        ("may the old secret go", r#"intercom_older_secret_total{platform="web"} 1"#),
    ] {
        let name = told.rsplit_once(' ').map_or(told, |(name, _)| name);
        let found = metrics.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        client.tell("metrics", what, found, told);
    }
    match client.surprises {
        0 => Ok(()),
        surprises => Err(format!("exchanges that did not go as told: {surprises}").into()),
    }
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
