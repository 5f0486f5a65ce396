use std::time::Duration;

use intercom_identity::{
    Identity, IdentityError, Keyring,
    Platform::{self, Android, Ios, Web},
    Secret, UnixTime, UserId,
    jwt::JwtError::{
        self, Algorithm, Base64, Claim, Claims, Critical, Expired, Header, Length, NotYetValid, Parts, Signature,
    },
    verify::{
        AuthRequest, Authenticator, Proofs,
        Rejection::{
            IdentityMismatch, InvalidUserJwt, MalformedIdentity, MissingProof, ProofNotAccepted, UserHashAndUserJwt,
        },
    },
};

use crate::{
    HASH_OF_4711, SECRET,
    forge::{self, HEADER},
    server,
    support::TestResult,
    verified,
};

/// 2026-01-01 00:00 UTC.
const NOW: i64 = 1_767_225_600;
/// With `SECRET`, claims `{"user_id":"4711"}`; by Python's `hmac`.
const JWT_OF_4711: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiNDcxMSJ9.jgcU1JNJTzfPNPi6IECkiYwAW5M4lm15JWVC-Xn-SL8";

#[expect(clippy::expect_used, reason = "no test goes beyond the years that there are")]
fn second(since_1970: i64) -> UnixTime {
    UnixTime::from_seconds(since_1970).expect("no test goes beyond the years that there are")
}

fn accepting_tokens(authenticator: Authenticator) -> Authenticator {
    Platform::ALL.iter().fold(authenticator, |server, platform| server.accept(*platform, Proofs::Either))
}

fn token(claims: &str) -> String {
    forge::token(SECRET, HEADER, claims)
}

fn refusal_at(authenticator: &Authenticator, user_jwt: &str, now: i64) -> Option<JwtError> {
    match authenticator.authenticate(&AuthRequest::new(Ios).user_jwt(user_jwt, second(now))) {
        Err(InvalidUserJwt(error)) => Some(error),
        _ => None,
    }
}

/// Secret `abc123`: what Intercom's Rails gem and its samples for raw ids and for Django make.
#[test]
fn tokens_of_intercoms_own_senders_are_verified_on_every_platform() -> TestResult {
    let keyring = Keyring::new().with(Platform::ALL, Secret::from_raw_key(b"abc123")?);
    let authenticator = accepting_tokens(Authenticator::new(keyring));
    let rails = "eyJ1c2VyX2lkIjoiMTIzNCJ9.k66o0XqFdh-HoUlaapH5CTDldzNTPe2HHfylOLGE2vs";
    let raw_id = "eyJ1c2VyX2lkIjo0NzExfQ.QN_aZBcgr8y2Bxsd4uiveNWRC3lANhTO9YV_eb1DPaA";
    let django = "eyJ1c2VyX2lkIjoiNDcxMSIsImVtYWlsIjoiIn0.od7XlZS9ZqDx-Ney94yzaGPZTlitvjWg1WchHuTk_sw";
    for (payload, email, user_id) in
        [(rails, Some("test@example.com"), "1234"), (raw_id, None, "4711"), (django, None, "4711")]
    {
        let user_jwt = format!("eyJhbGciOiJIUzI1NiJ9.{payload}");
        for &platform in Platform::ALL {
            let request = AuthRequest::new(platform).named(None, email).user_jwt(&user_jwt, second(NOW));
            let user = verified(&authenticator, &request)?;
            assert_eq!((user.identity(), user.platform()), (UserId::new(user_id)?.into(), platform), "{payload}");
        }
    }
    Ok(())
}

#[test]
fn named_user_id_is_the_tokens_and_a_named_email_only_if_the_token_has_one() -> TestResult {
    let authenticator = accepting_tokens(server()?);
    let (user_id, both) = (r#"{"user_id":"4711"}"#, r#"{"user_id":"4711","email":"ada@example.com"}"#);
    for (claims, named, agrees) in [
        (user_id, [Some("4711"), Some("ada@example.com")], true),
        (user_id, [Some("4712"), None], false),
        (user_id, [None, Some("4711@example.com")], true),
        (r#"{"user_id":4711}"#, [Some("4711"), None], true),
        (both, [None, Some("ada@example.com")], true),
        (both, [Some("4711"), Some("n/a")], true),
        (both, [None, Some("Ada@example.com")], false),
        (both, [Some("4711"), Some("test@example.com")], false),
        (r#"{"user_id":"ada@example.com"}"#, [None, Some("grace@example.com")], true),
        (r#"{"user_id":"ada@example.com"}"#, [Some("Ada@example.com"), None], false),
    ] {
        let user_jwt = token(claims);
        let [user_id, email] = named;
        let request = AuthRequest::new(Ios).named(user_id, email).user_jwt(&user_jwt, second(NOW));
        let outcome = authenticator.authenticate(&request).map(|admission| admission.label());
        assert_eq!(outcome, if agrees { Ok("verified") } else { Err(IdentityMismatch) }, "{claims} {named:?}");
    }
    Ok(())
}

#[test]
fn each_platform_accepts_the_proofs_set_for_it_and_hashes_alone_unless_told() -> TestResult {
    assert_eq!(Proofs::default(), Proofs::UserHash);
    let authenticator = server()?.accept(Android, Proofs::UserJwt).accept(Web, Proofs::UserHash);
    let authenticator = authenticator.accept(Web, Proofs::Either);
    for (platform, by_hash, by_token, both) in [
        (Ios, Ok("verified"), Err(ProofNotAccepted), Ok("verified")),
        (Android, Err(ProofNotAccepted), Ok("verified"), Ok("verified")),
        (Web, Ok("verified"), Ok("verified"), Err(UserHashAndUserJwt)),
    ] {
        let user = AuthRequest::new(platform).identity(UserId::from(4711_u32));
        let outcome = |request| authenticator.authenticate(&request).map(|admission| admission.label());
        assert_eq!(outcome(user), Err(MissingProof), "{platform}");
        assert_eq!(outcome(user.user_hash(HASH_OF_4711)), by_hash, "{platform}");
        assert_eq!(outcome(user.user_jwt(JWT_OF_4711, second(NOW))), by_token, "{platform}");
        assert_eq!(outcome(user.user_hash(HASH_OF_4711).user_jwt(JWT_OF_4711, second(NOW))), both, "{platform}");
        assert_eq!(outcome(user.user_jwt("f028", second(NOW)).user_jwt(JWT_OF_4711, second(NOW))), by_token);
    }
    Ok(())
}

#[test]
fn token_without_exp_is_refused_where_an_expiry_is_required() -> TestResult {
    let (lenient, strict) = (accepting_tokens(server()?), accepting_tokens(server()?).require_expiry());
    let with_exp = token(&format!(r#"{{"user_id":"4711","exp":{}}}"#, NOW + 1));
    let request = AuthRequest::new(Ios);
    assert_eq!(verified(&lenient, &request.user_jwt(JWT_OF_4711, second(NOW)))?.identifier(), "4711");
    assert_eq!(refusal_at(&strict, JWT_OF_4711, NOW), Some(Claim { name: "exp" }));
    assert_eq!(verified(&strict, &request.user_jwt(&with_exp, second(NOW)))?.identifier(), "4711");
    Ok(())
}

/// A token of `PyJWT`, valid from 30 to 300 seconds after `NOW`: the clock of its server is ahead.
#[test]
fn leeway_of_whole_seconds_applies_to_both_ends_of_the_time_that_a_token_is_valid() -> TestResult {
    const AHEAD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
        eyJ1c2VyX2lkIjoiNyIsIm5iZiI6MTc2NzIyNTYzMCwiZXhwIjoxNzY3MjI1OTAwfQ.\
        bUrHl2Ws9F_RnfbefgjDysPIxhh5Pvtsgy7AImA_BaQ";
    for (leeway, now, expected) in [
        (Duration::ZERO, NOW, Some(NotYetValid)),
        (Duration::ZERO, NOW + 30, None),
        (Duration::ZERO, NOW + 299, None),
        (Duration::ZERO, NOW + 300, Some(Expired)),
        (Duration::from_millis(29_999), NOW, Some(NotYetValid)),
        (Duration::from_secs(30), NOW, None),
        (Duration::from_secs(60), NOW, None),
        (Duration::from_secs(60), NOW - 31, Some(NotYetValid)),
        (Duration::from_secs(60), NOW + 359, None),
        (Duration::from_secs(60), NOW + 360, Some(Expired)),
        (Duration::MAX, NOW + 200_000_000_000, None),
    ] {
        let authenticator = accepting_tokens(server()?).leeway(leeway);
        assert_eq!(refusal_at(&authenticator, AHEAD, now), expected, "{leeway:?} {}", now - NOW);
        let user = verified(&authenticator, &AuthRequest::new(Ios).user_jwt(AHEAD, second(now)));
        assert_eq!(user.is_ok_and(|user| user.identifier() == "7"), expected.is_none());
    }
    Ok(())
}

#[test]
fn verified_user_has_the_claims_of_a_token_and_none_of_a_hash() -> TestResult {
    let authenticator = accepting_tokens(server()?);
    let user_jwt = token(r#"{"user_id":"4711","email":"ada@example.com","plan":"pro"}"#);
    let user = verified(&authenticator, &AuthRequest::new(Ios).user_jwt(&user_jwt, second(NOW)))?;
    assert_eq!(user.identity(), Identity::new(Some("4711"), Some("ada@example.com"))?);
    let claims = user.claims().ok_or("no claims")?;
    assert_eq!(claims.identity(), user.identity());
    assert_eq!(claims.read_attribute::<String>("plan")?.as_deref(), Some("pro"));

    let request = AuthRequest::new(Ios).identity(UserId::from(4711_u32)).user_hash(HASH_OF_4711);
    assert_eq!(verified(&authenticator, &request)?.claims(), None);
    Ok(())
}

#[test]
fn token_is_refused_for_the_first_flaw_that_can_be_known() -> TestResult {
    let authenticator = accepting_tokens(server()?);
    let with_header = |header| forge::token("another secret", header, "");
    for (user_jwt, error) in [
        ("x".repeat(8193), Length { found: 8193 }),
        ("*.*.*.*".into(), Parts),
        ("*.*.*".into(), Base64),
        (with_header("{}{}"), Header),
        (with_header(r#"{"alg":"none","crit":[],"typ":"at+jwt"}"#), Algorithm),
        (with_header(r#"{"alg":"HS256","crit":[],"typ":"at+jwt"}"#), Critical),
        (with_header(r#"{"alg":"HS256","typ":"at+jwt"}"#), JwtError::Type),
        (forge::token("another secret", HEADER, "not JSON"), Signature),
        (forge::sign(SECRET, &format!("{}.*", forge::base64url(HEADER))), Base64),
        (token(r#"{"user_id":1.5,"user_id":1.5,"exp":1}"#), Claims),
        (token(r#"{"user_id":1.5,"email":1,"exp":"1","nbf":"1"}"#), Claim { name: "user_id" }),
        (token(r#"{"user_id":"1","email":1,"exp":"1","nbf":"1"}"#), Claim { name: "email" }),
        (token(r#"{"user_id":"1","exp":1767225600000,"nbf":"1"}"#), Claim { name: "exp" }),
        (token(r#"{"user_id":"1","exp":1,"nbf":"1"}"#), Claim { name: "nbf" }),
        (token(r#"{"user_id":"1","exp":1767225600,"nbf":1767225601}"#), Expired),
        (token(r#"{"user_id":"1","nbf":1767225601}"#), NotYetValid),
    ] {
        assert_eq!(refusal_at(&authenticator, &user_jwt, NOW), Some(error), "{user_jwt}");
    }
    Ok(())
}

/// The hash of such a `user_id`, which its owner gets from any signer that does not refuse it, signs a token for user 1.
/// So nothing here takes it as an identifier: not a request, not a token.
#[test]
fn hash_of_a_signing_input_is_a_token_so_no_identity_may_be_one() -> TestResult {
    const SIGNING_INPUT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9";
    let authenticator = accepting_tokens(server()?);
    let user_hash = forge::tag(SECRET, SIGNING_INPUT);
    let user_jwt = format!("{SIGNING_INPUT}.{}", forge::base64url(user_hash));
    assert_eq!(verified(&authenticator, &AuthRequest::new(Web).user_jwt(&user_jwt, second(NOW)))?.identifier(), "1");

    let user_hash = hex::encode(user_hash);
    for (user_id, email) in [(Some(SIGNING_INPUT), None), (Some("1"), Some("eyJhbGciOiJIUzI1NiJ9.@example.com"))] {
        let request = AuthRequest::new(Web).named(user_id, email).user_hash(&user_hash);
        let reason = MalformedIdentity(IdentityError::JwtSigningInput);
        assert_eq!(authenticator.authenticate(&request), Err(reason));
    }
    let in_a_token = token(&format!(r#"{{"user_id":"{SIGNING_INPUT}"}}"#));
    assert_eq!(refusal_at(&authenticator, &in_a_token, NOW), Some(Claim { name: "user_id" }));
    Ok(())
}
