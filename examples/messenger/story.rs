//! What happens to users, impostors, visitors and operators.

use std::time::Duration;

use intercom_identity::{
    AccessTokens, Admission, Authenticator, Enforcement, Keyring, Platform, Secret, UnixTime, UserClaims, UserId,
    UserJwt,
};

use crate::{Result, exchange::Told, settings::Settings, stage::Stage};

const IOS: &str = "the iOS secret of the demonstration";
const ANDROID: &str = "the Android secret of the demonstration";
const WEB: &str = "the web secret of the demonstration";
const NEW_WEB: &str = "the new web secret of the demonstration";

const HEX: &str = "0123456789abcdef";

/// Of nobody; its signature is none.
const JWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiNDcxMSJ9.AAAA";

const MISSING: Told = Told::refused("missing_user_hash");
const MALFORMED: Told = Told::refused("malformed_user_hash");
const MISMATCH: Told = Told::refused("user_hash_mismatch");
const INVALID: Told = Told::refused("invalid_user_jwt");

/// What both servers know, each from its own configuration.
pub(crate) fn keyring() -> Result<Keyring> {
    keyring_with_web(&[WEB])
}

fn keyring_with_web(secrets: &[&str]) -> Result<Keyring> {
    let mobile =
        Keyring::new().with([Platform::Ios], Secret::new(IOS)?).with([Platform::Android], Secret::new(ANDROID)?);
    secrets.iter().try_fold(mobile, |keyring, secret| Ok(keyring.with([Platform::Web], Secret::new(secret)?)))
}

/// What the auth server issues and the API takes, each from its own configuration. Their secret is none of Intercom's.
pub(crate) fn access_tokens() -> Result<AccessTokens> {
    let secret = Secret::new("the access tokens' secret of the demonstration")?;
    Ok(AccessTokens::new(secret, "conversations", Duration::from_secs(15 * 60)))
}

pub(crate) async fn tell() -> Result {
    let mut stage = Stage::new(keyring()?, Authenticator::new(keyring()?), access_tokens).await?;
    users(&mut stage).await?;
    impostors(&mut stage).await?;
    visitors(&mut stage).await?;
    json_web_tokens(&mut stage).await?;
    access(&mut stage).await?;
    malformed_requests(&mut stage).await?;
    rollout(&mut stage).await?;
    rotation(&mut stage).await?;
    stage.end()
}

async fn users(stage: &mut Stage) -> Result {
    println!("Users log in; the app server signs for them; the auth server lets them in.");
    stage.ask("/intercom/ios", "nobody is logged in", Told::status(401)).await?;
    stage.log_in("ada@example.com", "babbage", Told::status(401)).await?;
    log_in_ada(stage).await?;
    for &platform in Platform::ALL {
        let ada = stage.settings(platform, "Ada, known by user_id").await?;
        stage.auth(platform, "Ada, with that hash", &ada, Told::VERIFIED).await?;
    }
    log_in_grace(stage).await?;
    let grace = stage.settings(Platform::Web, "Grace, known by email alone").await?;
    stage.auth(Platform::Web, "Grace, with that hash", &grace, Told::VERIFIED).await?;
    stage.auth(Platform::Web, "in upper case, which the web takes", &grace.in_upper_case(), Told::VERIFIED).await?;
    Ok(())
}

async fn log_in_ada(stage: &mut Stage) -> Result {
    stage.log_in("ada@example.com", "lovelace", Told::status(204)).await
}

async fn log_in_grace(stage: &mut Stage) -> Result {
    stage.log_in("grace@example.com", "hopper", Told::status(204)).await
}

async fn impostors(stage: &mut Stage) -> Result {
    println!("\nImpostors, and app servers that sign wrongly, are all told the same; the log says why.");
    let grace = stage.settings(Platform::Ios, "Grace, known by email alone").await?;
    log_in_ada(stage).await?;
    let ada_on_the_web = stage.settings(Platform::Web, "Ada, for the web").await?;
    let ada = ada_on_the_web.without_hash();

    for (tried, settings, told) in [
        ("a forged hash", ada.with_hash(HEX.repeat(4)), MISMATCH),
        ("Ada's user_id with the hash of an email", Settings { user_id: ada.user_id.clone(), ..grace }, MISMATCH),
        ("the hash for the web", ada_on_the_web, MISMATCH),
        ("another workspace's secret", ada.signed_with("the iOS secret of the test workspace")?, MISMATCH),
        ("the app id as the secret", ada.signed_with("a1b2c3d4")?, MISMATCH),
        ("a hash of the wrong length", ada.with_hash(HEX.repeat(2)), MALFORMED),
        ("in upper case, which mobile refuses", ada.signed_with(IOS)?.in_upper_case(), MALFORMED),
        ("a JSON Web Token as the hash", ada.with_hash(JWT), Told::refused("user_jwt_as_user_hash")),
        ("no hash", ada, MISSING),
    ] {
        stage.auth(Platform::Ios, tried, &settings, told).await?;
    }
    Ok(())
}

async fn visitors(stage: &mut Stage) -> Result {
    println!("\nVisitors are let in, as nobody.");
    let visitor = Settings::default();
    stage.auth(Platform::Web, "nobody is named", &visitor, Told::UNIDENTIFIED).await?;
    let early = visitor.with_hash(HEX.repeat(4));
    stage.auth(Platform::Ios, "a hash is set, nobody is named yet", &early, Told::UNIDENTIFIED).await?;
    Ok(())
}

async fn json_web_tokens(stage: &mut Stage) -> Result {
    println!("\nA JSON Web Token takes the place of the hash, side by side with it.");
    log_in_grace(stage).await?;
    let grace = stage.settings_with_jwt(Platform::Ios, "Grace, known by email alone").await?;
    stage.auth(Platform::Ios, "Grace, with that token", &grace, Told::VERIFIED).await?;
    log_in_ada(stage).await?;
    let ada = stage.settings_with_jwt(Platform::Ios, "Ada, known by user_id").await?;
    let other = Settings { user_jwt: ada.user_jwt.clone(), ..grace };
    let nobody = Settings { user_jwt: ada.user_jwt.clone(), ..Settings::default() };

    for (tried, settings, told) in [
        ("Ada, with that token", ada.clone(), Told::VERIFIED),
        ("the token alone, which names Ada", nobody, Told::VERIFIED),
        ("a token and a hash", ada.with_hash(HEX.repeat(4)), Told::refused("user_hash_and_user_jwt")),
        ("Ada's token, Grace's email", other, Told::refused("identity_mismatch")),
        (
            "a token that expired",
            ada.with_jwt(jwt(IOS, UnixTime::from_seconds(0)?)?),
            Told::refused("expired_user_jwt"),
        ),
        ("a token for the web", ada.with_jwt(jwt(WEB, UnixTime::MAX)?), INVALID),
        ("a token that nobody signed", ada.with_jwt(JWT), INVALID),
        ("a hash as the token", ada.with_jwt(HEX.repeat(4)), INVALID),
    ] {
        stage.auth(Platform::Ios, tried, &settings, told).await?;
    }
    Ok(())
}

/// One for Ada, as her app server signs it.
fn jwt(secret: &str, expiry: UnixTime) -> Result<String> {
    let claims = UserClaims::new(UserId::new("4711")?).expires_at(expiry);
    Ok(UserJwt::sign(&Secret::new(secret)?, &claims)?.to_string())
}

async fn access(stage: &mut Stage) -> Result {
    println!("\nAn API behind the auth server opens to who was verified.");
    let ada = stage.settings(Platform::Android, "Ada, known by user_id").await?;
    let verified = stage.auth(Platform::Android, "Ada, with that hash", &ada, Told::VERIFIED).await?;
    let visitor = stage.auth(Platform::Android, "a visitor", &Settings::default(), Told::UNIDENTIFIED).await?;

    println!("  - the auth server restarts with Enforcement::Observe");
    let observing = Authenticator::new(keyring()?).enforcement(Platform::Android, Enforcement::Observe);
    stage.restart_auth_server(observing).await?;
    let told = Told::unverified("missing_user_hash");
    let unverified = stage.auth(Platform::Android, "no hash", &ada.without_hash(), told).await?;
    stage.restart_auth_server(Authenticator::new(keyring()?)).await?;

    let expired = access_tokens()?.issue(&Admission::Unidentified, UnixTime::from_seconds(0)?)?;
    let user_jwt = jwt(ANDROID, UnixTime::MAX)?;
    for (tried, access_token, told) in [
        ("the verified user's access token", Some(verified.as_str()), Told::answer(200, "4711")),
        ("the unverified user's", Some(&unverified), Told::answer(403, "")),
        ("the visitor's", Some(&visitor), Told::answer(403, "")),
        ("one that expired", Some(expired.as_str()), Told::answer(401, "")),
        ("a token of the app server", Some(&user_jwt), Told::answer(401, "")),
        ("none", None, Told::answer(401, "")),
    ] {
        stage.open(tried, access_token, told).await?;
    }
    Ok(())
}

async fn malformed_requests(stage: &mut Stage) -> Result {
    println!("\nWhat cannot be read is refused, and the server stays up.");
    for (platform, tried, body, told) in [
        ("web", "bad JSON", r#"{"user_id":"4711""#, Told::answer(400, "bad_request")),
        ("web", "a misspelt field", r#"{"userhash":""}"#, Told::answer(422, "bad_request")),
        ("web", "8 KiB", &" ".repeat(8 * 1024), Told::answer(413, "bad_request")),
        ("web", "an empty user_id", r#"{"user_id":""}"#, Told::answer(422, "parameter_invalid")),
        ("windows", "an unknown platform", "{}", Told::answer(404, "not_found")),
        ("web", "a visitor", "{}", Told::UNIDENTIFIED),
    ] {
        stage.post(&format!("/auth/{platform}"), tried, body, told).await?;
    }
    Ok(())
}

async fn rollout(stage: &mut Stage) -> Result {
    println!("\nVerification is turned on for Android, step by step.");
    let ada = stage.settings(Platform::Android, "Ada, known by user_id").await?;
    let forged = ada.with_hash(HEX.repeat(4));
    let (may_lack, may_fail) = (Told::unverified("missing_user_hash"), Told::unverified("user_hash_mismatch"));
    for (enforcement, without, with_forged) in [
        (Enforcement::Observe, may_lack, may_fail),
        (Enforcement::RefuseInvalid, may_lack, MISMATCH),
        (Enforcement::Enforce, MISSING, MISMATCH),
    ] {
        println!("  - the auth server restarts with Enforcement::{enforcement:?}");
        let authenticator = Authenticator::new(keyring()?).enforcement(Platform::Android, enforcement);
        stage.restart_auth_server(authenticator).await?;
        stage.auth(Platform::Android, "with the hash", &ada, Told::VERIFIED).await?;
        stage.auth(Platform::Android, "no hash", &ada.without_hash(), without).await?;
        stage.auth(Platform::Android, "a forged hash", &forged, with_forged).await?;
        stage.auth(Platform::Android, "a visitor", &Settings::default(), Told::UNIDENTIFIED).await?;
        stage.counts(Platform::Android, "verified 1, missing 1, invalid 1, unidentified 1").await?;
    }
    Ok(())
}

async fn rotation(stage: &mut Stage) -> Result {
    println!("\nThe web secret is rotated: both are live for a while, then the old one is dropped.");
    let signed_with_old = stage.settings(Platform::Web, "Ada, known by user_id").await?;

    println!("  - the auth server restarts with the new secret behind the old");
    stage.restart_auth_server(Authenticator::new(keyring_with_web(&[WEB, NEW_WEB])?)).await?;
    stage.auth(Platform::Web, "the old secret's hash", &signed_with_old, Told::VERIFIED).await?;

    println!("  - the app server restarts with the new secret alone, and Ada logs in again");
    stage.restart_app_server(keyring_with_web(&[NEW_WEB])?).await?;
    log_in_ada(stage).await?;
    let signed_with_new = stage.settings(Platform::Web, "Ada, known by user_id").await?;
    stage.auth(Platform::Web, "the new secret's hash", &signed_with_new, Told::VERIFIED).await?;
    stage.auth(Platform::Web, "the old secret's hash, on another page", &signed_with_old, Told::VERIFIED).await?;

    println!("  - the auth server restarts without the old secret");
    stage.restart_auth_server(Authenticator::new(keyring_with_web(&[NEW_WEB])?)).await?;
    stage.auth(Platform::Web, "the new secret's hash", &signed_with_new, Told::VERIFIED).await?;
    stage.auth(Platform::Web, "the old secret's hash", &signed_with_old, MISMATCH).await?;
    Ok(())
}
