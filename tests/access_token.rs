//! The access token: who is given one, what it says, and what is not taken for one.

#![cfg(feature = "jwt")]

mod forge;

use std::{error::Error, sync::LazyLock, time::Duration};

use base64ct::{Base64UrlUnpadded, Encoding};
use intercom_identity::{
    Access,
    AccessTokenError::{self, Audience, Token},
    AccessTokens, Admission, AuthRequest, Authenticator, Email, Enforcement, Identity,
    JwtError::{Algorithm, Base64, Claim, Claims, Critical, Expired, Header, Length, Parts, Signature, Type},
    Keyring,
    Platform::Web,
    Rejection, Secret, UnixTime, UserClaims, UserHash, UserId, UserJwt,
};
use proptest::prelude::*;
use serde_json::{Value, json};

type TestResult = Result<(), Box<dyn Error>>;

const KEY: &str = "the auth server's own";
const HEADER: &str = r#"{"alg":"HS256","typ":"at+jwt"}"#;
const CLAIMS: &str = r#"{"identity":"unidentified","aud":"messages","exp":1767226500}"#;
/// 2026-01-01 00:00 UTC.
const NOW: i64 = 1_767_225_600;
const LIFETIME: Duration = Duration::from_secs(900);

/// Of the verified user 4711, made with Python's `hmac`, `json` and `base64`.
const KNOWN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.\
    eyJzdWIiOiI0NzExIiwiaWRlbnRpZmllciI6InVzZXJfaWQiLCJpZGVudGl0eSI6InZlcmlmaWVkIiwiYXVkIjoibWVzc2FnZXMiLCJpYXQiOjE3Nj\
    cyMjU2MDAsImV4cCI6MTc2NzIyNjUwMH0.\
    vkIFYU3VbLizNUMdVNl-htbNAM8-HdLx8IyolIYYSzs";

static TOKENS: LazyLock<AccessTokens> = LazyLock::new(|| AccessTokens::new(secret(KEY), "messages", LIFETIME));

#[expect(clippy::expect_used, reason = "no key is empty")]
fn secret(key: &str) -> Secret {
    Secret::new(key).expect("no key is empty")
}

#[expect(clippy::expect_used, reason = "no test goes beyond the years that there are")]
fn second(since_1970: i64) -> UnixTime {
    UnixTime::from_seconds(since_1970).expect("no test goes beyond the years that there are")
}

/// An auth server that lets everybody in, and knows who is verified.
fn server() -> Authenticator {
    Authenticator::new(Keyring::new().with([Web], secret("abc123"))).enforcement(Web, Enforcement::Observe)
}

fn with_hash(identity: Identity<'_>, admit: impl FnOnce(&Admission<'_>) -> TestResult) -> TestResult {
    let user_hash = UserHash::compute(&secret("abc123"), identity);
    admit(&server().authenticate(&AuthRequest::new(Web).identity(identity).user_hash(user_hash.as_str()))?)
}

fn with_jwt(claims: &UserClaims, admit: impl FnOnce(&Admission<'_>) -> TestResult) -> TestResult {
    let user_jwt = UserJwt::sign(&secret("abc123"), claims)?;
    admit(&server().authenticate(&AuthRequest::new(Web).user_jwt(user_jwt.as_str(), second(NOW)))?)
}

fn unproved<'a>(identity: impl Into<Identity<'a>>) -> Result<Admission<'a>, Rejection> {
    server().authenticate(&AuthRequest::new(Web).identity(identity))
}

fn visitor() -> Result<Admission<'static>, Rejection> {
    server().authenticate(&AuthRequest::new(Web))
}

/// What is written in a token, whoever signed it.
fn claims_of(token: &str) -> Result<Value, Box<dyn Error>> {
    let payload = token.split('.').nth(1).ok_or("no payload")?;
    Ok(serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).map_err(|error| error.to_string())?)?)
}

/// Whom an access is for, and how.
fn subject(access: &Access) -> Option<(&'static str, Identity<'_>)> {
    match access {
        Access::Verified(subject) => Some(("verified", subject.identity())),
        Access::Unverified(subject) => Some(("unverified", subject.identity())),
        Access::Unidentified => None,
    }
}

fn verify(token: &str) -> Result<Access, AccessTokenError> {
    TOKENS.verify(token, second(NOW))
}

/// What becomes of a token that whoever has the secret made.
fn verify_claims(payload: impl AsRef<[u8]>) -> Result<Access, AccessTokenError> {
    verify(&forge::token(KEY, HEADER, payload))
}

#[test]
fn token_is_the_one_that_another_implementation_makes() -> TestResult {
    with_hash(UserId::new("4711")?.into(), |admission| {
        assert_eq!(TOKENS.issue(admission, second(NOW))?.as_str(), KNOWN);
        Ok(())
    })
}

#[test]
fn token_of_a_verified_user_says_so() -> TestResult {
    with_hash(UserId::new("4711")?.into(), |admission| {
        let token = TOKENS.issue(admission, second(NOW))?;
        assert_eq!(
            claims_of(token.as_str())?,
            json!({
                "sub": "4711",
                "identifier": "user_id",
                "identity": "verified",
                "aud": "messages",
                "iat": NOW,
                "exp": NOW + 900,
            })
        );
        assert_eq!(subject(&verify(token.as_str())?), Some(("verified", UserId::new("4711")?.into())));
        Ok(())
    })
}

#[test]
fn token_of_a_user_verified_by_email_names_the_email() -> TestResult {
    with_hash(Email::new("ada@example.com")?.into(), |admission| {
        let token = TOKENS.issue(admission, second(NOW))?;
        assert_eq!(
            claims_of(token.as_str())?,
            json!({
                "sub": "ada@example.com",
                "identifier": "email",
                "identity": "verified",
                "aud": "messages",
                "iat": NOW,
                "exp": NOW + 900,
            })
        );
        assert_eq!(subject(&verify(token.as_str())?), Some(("verified", Email::new("ada@example.com")?.into())));
        Ok(())
    })
}

#[test]
fn token_of_an_unverified_user_says_so() -> TestResult {
    for (identity, identifier) in
        [(Identity::from(UserId::new("4711")?), "user_id"), (Email::new("ada@example.com")?.into(), "email")]
    {
        let token = TOKENS.issue(&unproved(identity)?, second(NOW))?;
        assert_eq!(
            claims_of(token.as_str())?,
            json!({
                "sub": identity.identifier(),
                "identifier": identifier,
                "identity": "unverified",
                "aud": "messages",
                "iat": NOW,
                "exp": NOW + 900,
            })
        );
        assert_eq!(subject(&verify(token.as_str())?), Some(("unverified", identity)));
    }
    Ok(())
}

#[test]
fn token_of_a_visitor_names_nobody() -> TestResult {
    let token = TOKENS.issue(&visitor()?, second(NOW))?;
    assert_eq!(
        claims_of(token.as_str())?,
        json!({ "identity": "unidentified", "aud": "messages", "iat": NOW, "exp": NOW + 900 })
    );
    assert_eq!(verify(token.as_str()), Ok(Access::Unidentified));
    Ok(())
}

/// A hash proves the `user_id`; the email beside it is what anybody can say.
#[test]
fn email_that_is_not_what_was_proved_stays_out_of_the_token() -> TestResult {
    let (user_id, email) = (UserId::new("4711")?, Email::new("ada@example.com")?);
    with_hash((user_id, email).into(), |admission| {
        let token = TOKENS.issue(admission, second(NOW))?;
        assert_eq!(token.as_str(), KNOWN);
        assert_eq!(subject(&verify(token.as_str())?), Some(("verified", user_id.into())));
        Ok(())
    })?;
    let token = TOKENS.issue(&unproved((user_id, email))?, second(NOW))?;
    assert_eq!(subject(&verify(token.as_str())?), Some(("unverified", user_id.into())));
    Ok(())
}

#[test]
fn token_of_a_user_verified_by_json_web_token_names_the_user_id_and_takes_over_no_claim() -> TestResult {
    let claims = UserClaims::new(UserId::new("4711")?)
        .email(Email::new("ada@example.com")?)
        .attribute("aud", &"everything")?
        .attribute("identity", &"unidentified")?
        .attribute("sub", &"4712")?;
    with_jwt(&claims, |admission| {
        assert_eq!(TOKENS.issue(admission, second(NOW))?.as_str(), KNOWN);
        Ok(())
    })
}

#[test]
fn user_id_that_is_an_email_address_is_not_taken_for_an_email() -> TestResult {
    let (user_id, email) = (UserId::new("ada@example.com")?, Email::new("ada@example.com")?);
    let issue = |admission: &Admission<'_>| TOKENS.issue(admission, second(NOW));
    let (of_user_id, of_email) = (issue(&unproved(user_id)?)?, issue(&unproved(email)?)?);
    assert_eq!(subject(&verify(of_user_id.as_str())?), Some(("unverified", user_id.into())));
    assert_eq!(subject(&verify(of_email.as_str())?), Some(("unverified", email.into())));
    assert_ne!(verify(of_user_id.as_str())?, verify(of_email.as_str())?);
    Ok(())
}

#[test]
fn token_is_valid_up_to_the_second_before_its_expiry() -> TestResult {
    let token = TOKENS.issue(&visitor()?, second(NOW))?;
    for (late_by, expected) in [
        (-1_000_000, Ok(Access::Unidentified)),
        (0, Ok(Access::Unidentified)),
        (899, Ok(Access::Unidentified)),
        (900, Err(Token(Expired))),
        (901, Err(Token(Expired))),
    ] {
        assert_eq!(TOKENS.verify(token.as_str(), second(NOW + late_by)), expected, "{late_by}");
    }
    Ok(())
}

#[test]
fn leeway_puts_the_expiry_off_for_who_verifies_and_not_for_who_issues() -> TestResult {
    let lenient = AccessTokens::new(secret(KEY), "messages", LIFETIME).leeway(Duration::from_millis(60_999));
    let token = lenient.issue(&visitor()?, second(NOW))?;
    assert_eq!(token.as_str(), TOKENS.issue(&visitor()?, second(NOW))?.as_str());
    assert_eq!(lenient.verify(token.as_str(), second(NOW + 959)), Ok(Access::Unidentified));
    assert_eq!(lenient.verify(token.as_str(), second(NOW + 960)), Err(Token(Expired)));
    Ok(())
}

#[test]
fn lifetime_counts_in_whole_seconds_up_to_the_last_moment_there_is() -> TestResult {
    for (lifetime, exp) in [
        (Duration::ZERO, NOW),
        (Duration::from_millis(999), NOW),
        (Duration::from_millis(1_999), NOW + 1),
        (Duration::MAX, UnixTime::MAX.as_seconds()),
    ] {
        let tokens = AccessTokens::new(secret(KEY), "messages", lifetime);
        let token = tokens.issue(&visitor()?, second(NOW))?;
        assert_eq!(claims_of(token.as_str())?.get("exp"), Some(&json!(exp)), "{lifetime:?}");
        assert_eq!(tokens.verify(token.as_str(), second(exp - 1)), Ok(Access::Unidentified), "{lifetime:?}");
        assert_eq!(tokens.verify(token.as_str(), second(exp)), Err(Token(Expired)), "{lifetime:?}");
    }
    Ok(())
}

#[test]
fn token_for_another_audience_is_refused() -> TestResult {
    let token = TOKENS.issue(&visitor()?, second(NOW))?;
    for audience in ["", "message", "messages ", "Messages", "messages2", "[\"messages\"]"] {
        let others = AccessTokens::new(secret(KEY), audience, LIFETIME);
        assert_eq!(others.verify(token.as_str(), second(NOW)), Err(Audience), "{audience}");
        let of_others = others.issue(&visitor()?, second(NOW))?;
        assert_eq!(verify(of_others.as_str()), Err(Audience), "{audience}");
        assert_eq!(others.verify(of_others.as_str(), second(NOW)), Ok(Access::Unidentified), "{audience}");
    }
    Ok(())
}

#[test]
fn token_signed_with_another_secret_is_refused() -> TestResult {
    let others = AccessTokens::new(secret("another auth server's"), "messages", LIFETIME);
    assert_eq!(others.verify(KNOWN, second(NOW)), Err(Token(Signature)));
    let of_others = others.issue(&visitor()?, second(NOW))?;
    assert_eq!(verify(of_others.as_str()), Err(Token(Signature)));
    Ok(())
}

#[test]
fn user_jwt_signed_with_the_same_secret_is_no_access_token() -> TestResult {
    let claims = UserClaims::new(UserId::new("4711")?)
        .expires_at(second(NOW + 900))
        .attribute("sub", &"4711")?
        .attribute("identifier", &"user_id")?
        .attribute("identity", &"verified")?
        .attribute("aud", &"messages")?;
    let user_jwt = UserJwt::sign(&secret(KEY), &claims)?;
    assert_eq!(verify(user_jwt.as_str()), Err(Token(Type)));
    Ok(())
}

#[test]
fn access_token_signed_with_the_same_secret_is_no_user_jwt() {
    assert_eq!(KNOWN.parse::<UserJwt>(), Err(Type));
    let with_user_id = forge::token(KEY, HEADER, r#"{"user_id":"4711"}"#);
    assert_eq!(with_user_id.parse::<UserJwt>(), Err(Type));

    let server = Authenticator::new(Keyring::new().with([Web], secret(KEY)));
    let request = AuthRequest::new(Web).user_jwt(&with_user_id, second(NOW));
    assert_eq!(server.authenticate(&request), Err(Rejection::InvalidUserJwt(Type)));
}

#[test]
fn header_says_that_it_is_an_access_token_and_nothing_against_it() {
    for (header, error) in [
        (r#"{"alg":"HS256"}"#, Type),
        (r#"{"alg":"HS256","typ":null}"#, Type),
        (r#"{"alg":"HS256","typ":"JWT"}"#, Type),
        (r#"{"alg":"HS256","typ":"application/at+jwt"}"#, Type),
        (r#"{"alg":"none","typ":"at+jwt"}"#, Algorithm),
        (r#"{"alg":"RS256","typ":"at+jwt"}"#, Algorithm),
        (r#"{"alg":"hs256","typ":"at+jwt"}"#, Algorithm),
        (r#"{"typ":"at+jwt"}"#, Algorithm),
        (r#"{"alg":"HS256","typ":"at+jwt","crit":["exp"]}"#, Critical),
        (r#"{"alg":"HS256","alg":"HS256","typ":"at+jwt"}"#, Header),
        ("[]", Header),
    ] {
        assert_eq!(verify(&forge::token(KEY, header, CLAIMS)), Err(Token(error)), "{header}");
    }
    for header in [r#"{"typ":"AT+JWT","alg":"HS256"}"#, r#"{"alg":"HS256","typ":"at+JWT","kid":"1","jwk":{}}"#] {
        assert_eq!(verify(&forge::token(KEY, header, CLAIMS)), Ok(Access::Unidentified), "{header}");
    }
}

#[test]
fn claims_that_this_server_would_not_have_issued_are_refused() {
    assert_eq!(verify_claims(CLAIMS), Ok(Access::Unidentified));
    let sub = |claims: &str| format!(r#"{{{claims},"aud":"messages","exp":1767226500}}"#);
    for (payload, error) in [
        ("not JSON".into(), Token(Claims)),
        ("[]".into(), Token(Claims)),
        (r#"{"identity":"unidentified","aud":"messages","exp":1767226500,"aud":"messages"}"#.into(), Token(Claims)),
        ("{}".into(), Audience),
        (r#"{"identity":"unidentified","exp":1767226500}"#.into(), Audience),
        (r#"{"aud":null}"#.into(), Audience),
        (r#"{"aud":["messages"]}"#.into(), Token(Claim { name: "aud" })),
        (r#"{"aud":"messages","identity":"unidentified"}"#.into(), Token(Claim { name: "exp" })),
        (r#"{"aud":"messages","identity":"unidentified","exp":null}"#.into(), Token(Claim { name: "exp" })),
        (r#"{"aud":"messages","identity":"unidentified","exp":"1767226500"}"#.into(), Token(Claim { name: "exp" })),
        (r#"{"aud":"messages","identity":"unidentified","exp":1767226500000}"#.into(), Token(Claim { name: "exp" })),
        (r#"{"aud":"messages","identity":"unidentified","exp":1767225600}"#.into(), Token(Expired)),
        (sub(r#""sub":"4711","identifier":"user_id""#), Token(Claim { name: "identity" })),
        (sub(r#""sub":"4711","identifier":"user_id","identity":null"#), Token(Claim { name: "identity" })),
        (sub(r#""sub":"4711","identifier":"user_id","identity":true"#), Token(Claim { name: "identity" })),
        (sub(r#""sub":"4711","identifier":"user_id","identity":"Verified""#), Token(Claim { name: "identity" })),
        (sub(r#""sub":"4711","identity":"verified""#), Token(Claim { name: "identifier" })),
        (sub(r#""sub":"4711","identifier":"phone","identity":"verified""#), Token(Claim { name: "identifier" })),
        (sub(r#""sub":"4711","identifier":1,"identity":"verified""#), Token(Claim { name: "identifier" })),
        (sub(r#""identifier":"user_id","identity":"verified""#), Token(Claim { name: "sub" })),
        (sub(r#""sub":"","identifier":"user_id","identity":"verified""#), Token(Claim { name: "sub" })),
        (sub(r#""sub":null,"identifier":"user_id","identity":"unverified""#), Token(Claim { name: "sub" })),
        (sub(r#""sub":4711,"identifier":"user_id","identity":"verified""#), Token(Claim { name: "sub" })),
        (sub(r#""sub":"4711","identifier":"email","identity":"verified""#), Token(Claim { name: "sub" })),
    ] {
        assert_eq!(verify_claims(&payload), Err(error), "{payload}");
        let forged = forge::token("attacker", HEADER, &payload);
        assert_eq!(verify(&forged), Err(Token(Signature)), "{payload}");
    }
}

#[test]
fn text_that_is_no_token_is_refused() {
    for (text, error) in [
        ("", Parts),
        ("Bearer", Parts),
        ("..", Header),
        ("eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9", Parts),
        ("eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9..", Signature),
        ("eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.*", Base64),
        (&format!("Bearer {KNOWN}"), Base64),
        (&format!("{KNOWN}.{KNOWN}"), Parts),
        (&"x".repeat(8193), Length { found: 8193 }),
    ] {
        assert_eq!(verify(text), Err(Token(error)), "{text}");
    }
}

#[test]
fn every_bit_flipped_in_a_token_is_refused_before_a_claim_is_looked_at() {
    assert_eq!(TOKENS.verify(KNOWN, UnixTime::MAX), Err(Token(Expired)));
    let mut tried = 0;
    for (at, byte) in KNOWN.bytes().enumerate() {
        for bit in 0..7 {
            let flipped = char::from(byte ^ (1 << bit));
            let text = format!("{}{flipped}{}", &KNOWN[..at], &KNOWN[at + 1..]);
            let outcome = TOKENS.verify(&text, UnixTime::MAX);
            assert!(
                matches!(outcome, Err(Token(Parts | Base64 | Header | Algorithm | Type | Signature))),
                "{text}: {outcome:?}"
            );
            tried += 1;
        }
    }
    assert_eq!(tried, KNOWN.len() * 7);
}

#[test]
fn every_token_cut_off_is_refused() {
    for end in 0..KNOWN.len() {
        let outcome = verify(&KNOWN[..end]);
        assert!(matches!(outcome, Err(Token(Parts | Base64 | Signature))), "{end}: {outcome:?}");
    }
}

#[test]
fn identifier_that_would_make_the_token_longer_than_8192_bytes_is_refused() -> TestResult {
    let issue = |length: usize| {
        let user_id = "x".repeat(length);
        let admission = unproved(UserId::new(&user_id)?)?;
        Ok::<_, Box<dyn Error>>(TOKENS.issue(&admission, second(NOW)).map(|token| token.as_str().len()))
    };
    // Header, signature and dots take 85 bytes, what is around the identifier 108 of the payload.
    assert_eq!(issue(5_972)?, Ok(8192));
    assert_eq!(issue(5_973)?, Err(Token(Length { found: 8193 })));
    Ok(())
}

#[test]
fn debug_shows_neither_secret_nor_token_nor_user() -> TestResult {
    let token = TOKENS.issue(&unproved(UserId::new("4711")?)?, second(NOW))?;
    assert_eq!(format!("{token:?}"), "AccessToken([REDACTED])");
    assert_eq!(format!("{:?}", verify(token.as_str())), "Ok(Unverified(Subject([REDACTED])))");
    assert_eq!(format!("{:?}", verify(KNOWN)), "Ok(Verified(Subject([REDACTED])))");
    assert_eq!(
        format!("{:?}", *TOKENS),
        r#"AccessTokens { secret: Secret([REDACTED]), audience: "messages", lifetime: 900s, leeway: 0ns }"#
    );
    Ok(())
}

#[test]
fn token_is_shown_and_serialized_as_its_text() -> TestResult {
    let token = TOKENS.issue(&visitor()?, second(NOW))?;
    assert_eq!(token.to_string(), token.as_str());
    assert_eq!(serde_json::to_value(&token)?, json!(token.as_str()));
    Ok(())
}

#[test]
fn error_says_what_is_wrong_in_one_sentence() {
    for (error, text) in [
        (Audience, "the token is for another audience"),
        (Token(Expired), "the token has expired"),
        (Token(Claim { name: "sub" }), "the claim sub of the token is missing or malformed"),
    ] {
        assert_eq!(error.to_string(), text);
        assert!(error.source().is_none());
    }
    assert_eq!(AccessTokenError::from(Signature), Token(Signature));
}

proptest! {
    #[test]
    fn access_is_that_of_the_admission(user_id in "(?s).{1,64}", issued in -1_000_000_000..4_102_444_800_i64) {
        let user = UserId::new(&user_id)?;
        let token = TOKENS.issue(&unproved(user)?, second(issued))?;
        let access = TOKENS.verify(token.as_str(), second(issued + 899))?;
        prop_assert_eq!(subject(&access), Some(("unverified", user.into())));
    }

    #[test]
    fn text_that_nobody_signed_is_refused_without_a_panic(
        text in prop_oneof![
            any::<String>(),
            r"eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9\.[A-Za-z0-9_-]{0,128}\.[A-Za-z0-9_-]{43}",
        ],
    ) {
        prop_assert!(verify(&text).is_err());
    }

    #[test]
    fn payload_of_any_bytes_is_refused_without_a_panic(payload in prop::collection::vec(any::<u8>(), 0..64)) {
        let outcome = verify_claims(payload);
        prop_assert!(matches!(outcome, Err(Token(Claims) | Audience)), "{:?}", outcome);
    }
}
