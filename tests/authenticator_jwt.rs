//! What the auth server decides on a request with a JSON Web Token in the place of the user hash.

#![cfg(feature = "jwt")]

mod forge;

use std::{error::Error, time::Duration};

use intercom_identity::{
    Admission, AuthRequest, AuthRequestBody, Authenticator, Email,
    Enforcement::{self, Enforce, Observe, RefuseInvalid},
    Identity, IdentityError,
    JwtError::{Algorithm, Base64, Claim, Claims, Expired, Length, NotYetValid, Parts, Signature, Type},
    Keyring, ParseUserHashError,
    Platform::{self, Android, Ios, Web},
    Rejection::{
        self, IdentityMismatch, InvalidUserJwt, MalformedUserHash, MissingUserHash, NoSecret, UserHashAndUserJwt,
        UserJwtAsUserHash,
    },
    Secret, SecretError, UnixTime, UserClaims, UserHash, UserId, UserJwt,
};
use serde_json::json;

type TestResult = Result<(), Box<dyn Error>>;

const USER_ID: &str = "4711";
const EMAIL: &str = "ada@example.com";
/// 2026-01-01 00:00 UTC.
const NOW: i64 = 1_767_225_600;
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

#[expect(clippy::expect_used, reason = "no test goes beyond the years that there are")]
fn second(since_1970: i64) -> UnixTime {
    UnixTime::from_seconds(since_1970).expect("no test goes beyond the years that there are")
}

fn key(platform: Platform) -> String {
    format!("the secret for {platform}")
}

/// A server that has a secret for each platform.
fn server() -> Result<Authenticator, SecretError> {
    let add = |keyring: Keyring, platform: &Platform| Ok(keyring.with([*platform], Secret::new(&key(*platform))?));
    Ok(Authenticator::new(Platform::ALL.iter().try_fold(Keyring::new(), add)?))
}

/// An outcome, apart from who is let in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Verified,
    Unverified(Rejection),
    Unidentified,
    Refused(Rejection),
}

use Verdict::{Refused, Unidentified, Unverified, Verified};

fn verdict(outcome: &Result<Admission<'_>, Rejection>) -> Verdict {
    match outcome {
        Ok(Admission::Verified(_)) => Verified,
        Ok(Admission::Unverified(user)) => Unverified(*user.reason()),
        Ok(Admission::Unidentified) => Unidentified,
        Err(reason) => Refused(*reason),
    }
}

/// What a request names beside its token.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Names {
    Nobody,
    UserId,
    AnotherUserId,
    Email,
    AnotherEmail,
    Both,
    BothWithAnotherUserId,
    BothWithAnotherEmail,
}

impl Names {
    const ALL: [Self; 8] = [
        Self::Nobody,
        Self::UserId,
        Self::AnotherUserId,
        Self::Email,
        Self::AnotherEmail,
        Self::Both,
        Self::BothWithAnotherUserId,
        Self::BothWithAnotherEmail,
    ];

    fn identity(self) -> Result<Option<Identity<'static>>, IdentityError> {
        let (user_id, email) = (UserId::new(USER_ID)?, Email::new(EMAIL)?);
        let (another_user_id, another_email) = (UserId::new("4712")?, Email::new("Ada@example.com")?);
        Ok(match self {
            Self::Nobody => None,
            Self::UserId => Some(user_id.into()),
            Self::AnotherUserId => Some(another_user_id.into()),
            Self::Email => Some(email.into()),
            Self::AnotherEmail => Some(another_email.into()),
            Self::Both => Some((user_id, email).into()),
            Self::BothWithAnotherUserId => Some((another_user_id, email).into()),
            Self::BothWithAnotherEmail => Some((user_id, another_email).into()),
        })
    }
}

/// Whom a token is of.
#[derive(Clone, Copy, Debug)]
enum Of {
    UserId,
    Both,
    /// As where users have no other id.
    EmailAsUserId,
    EmailAsUserIdBesideAnother,
}

impl Of {
    const ALL: [Self; 4] = [Self::UserId, Self::Both, Self::EmailAsUserId, Self::EmailAsUserIdBesideAnother];

    const fn claims(self) -> &'static str {
        match self {
            Self::UserId => r#""user_id":"4711""#,
            Self::Both => r#""user_id":"4711","email":"ada@example.com""#,
            Self::EmailAsUserId => r#""user_id":"ada@example.com""#,
            Self::EmailAsUserIdBesideAnother => r#""user_id":"ada@example.com","email":"Ada@example.com""#,
        }
    }

    fn identity(self) -> Result<Identity<'static>, IdentityError> {
        Ok(match self {
            Self::UserId => UserId::new(USER_ID)?.into(),
            Self::Both => (UserId::new(USER_ID)?, Email::new(EMAIL)?).into(),
            Self::EmailAsUserId => UserId::new(EMAIL)?.into(),
            Self::EmailAsUserIdBesideAnother => (UserId::new(EMAIL)?, Email::new("Ada@example.com")?).into(),
        })
    }

    /// In the order of [`Names::ALL`].
    const fn agrees_with(self) -> [bool; 8] {
        match self {
            Self::UserId => [true, true, false, false, false, true, false, true],
            Self::Both => [true, true, false, true, false, true, false, false],
            Self::EmailAsUserId => [true, false, false, true, false, false, false, false],
            Self::EmailAsUserIdBesideAnother => [true, false, false, false, true, false, false, false],
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Proof {
    Missing,
    Token(Of, Flaw),
    /// Both of them right.
    HashAndToken,
    /// A right token, in the slot of the hash.
    TokenAsHash,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Flaw {
    None,
    Expired,
    NotYetValid,
    AnotherPlatformsSecret,
    NobodysSecret,
    AlgorithmNone,
    Empty,
    UserHash,
}

impl Flaw {
    const ALL: [Self; 8] = [
        Self::None,
        Self::Expired,
        Self::NotYetValid,
        Self::AnotherPlatformsSecret,
        Self::NobodysSecret,
        Self::AlgorithmNone,
        Self::Empty,
        Self::UserHash,
    ];

    const fn reason(self) -> Option<Rejection> {
        match self {
            Self::None => None,
            Self::Expired => Some(InvalidUserJwt(Expired)),
            Self::NotYetValid => Some(InvalidUserJwt(NotYetValid)),
            Self::AnotherPlatformsSecret | Self::NobodysSecret => Some(InvalidUserJwt(Signature)),
            Self::AlgorithmNone => Some(InvalidUserJwt(Algorithm)),
            Self::Empty | Self::UserHash => Some(InvalidUserJwt(Parts)),
        }
    }

    fn token(self, of: Of, platform: Platform) -> String {
        let another = if platform == Web { Ios } else { Web };
        let signed = |key: &str, header: &str, more: &str| {
            forge::token(key, header, format!("{{{},\"plan\":\"pro\"{more}}}", of.claims()))
        };
        match self {
            Self::None => signed(&key(platform), HEADER, &format!(r#","nbf":{NOW},"exp":{}"#, NOW + 1)),
            Self::Expired => signed(&key(platform), HEADER, &format!(r#","exp":{NOW}"#)),
            Self::NotYetValid => signed(&key(platform), HEADER, &format!(r#","nbf":{}"#, NOW + 1)),
            Self::AnotherPlatformsSecret => signed(&key(another), HEADER, ""),
            Self::NobodysSecret => signed("attacker", HEADER, ""),
            Self::AlgorithmNone => signed(&key(platform), r#"{"alg":"none"}"#, ""),
            Self::Empty => String::new(),
            Self::UserHash => "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597".into(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Row {
    proof: Proof,
    names: Names,
    agrees: bool,
    enforcement: Enforcement,
    platform: Platform,
}

fn rows() -> impl Iterator<Item = Row> {
    let tokens = Of::ALL.into_iter().flat_map(|of| Flaw::ALL.map(|flaw| (Proof::Token(of, flaw), of.agrees_with())));
    let others = [Proof::Missing, Proof::HashAndToken, Proof::TokenAsHash].map(|proof| (proof, [true; 8]));
    tokens.chain(others).flat_map(|(proof, agrees)| {
        Names::ALL.into_iter().zip(agrees).flat_map(move |(names, agrees)| {
            [Enforce, RefuseInvalid, Observe].into_iter().flat_map(move |enforcement| {
                Platform::ALL.iter().map(move |&platform| Row { proof, names, agrees, enforcement, platform })
            })
        })
    })
}

fn expected(row: Row) -> Verdict {
    let reason = match row.proof {
        Proof::Missing | Proof::TokenAsHash if row.names == Names::Nobody => return Unidentified,
        Proof::Missing => MissingUserHash,
        Proof::TokenAsHash => UserJwtAsUserHash,
        Proof::HashAndToken => UserHashAndUserJwt,
        Proof::Token(_, flaw) => match flaw.reason() {
            Some(reason) => reason,
            None if row.agrees => return Verified,
            None => IdentityMismatch,
        },
    };
    let lets_pass = match row.enforcement {
        Observe => true,
        RefuseInvalid => reason == MissingUserHash,
        _ => false,
    };
    if lets_pass && row.names != Names::Nobody { Unverified(reason) } else { Refused(reason) }
}

#[test]
fn every_request_is_decided_as_the_rules_say() -> TestResult {
    let mut tried = 0;
    for row in rows() {
        let Row { proof, names, enforcement, platform, .. } = row;
        let server = server()?.enforcement(platform, enforcement);
        let identity = names.identity()?;
        let mut request = AuthRequest::new(platform);
        if let Some(identity) = identity {
            request = request.identity(identity);
        }
        let hashed = identity.unwrap_or(UserId::new(USER_ID)?.into());
        let user_hash = UserHash::compute(&Secret::new(&key(platform))?, hashed);
        let right = Flaw::None.token(Of::Both, platform);
        let token = match proof {
            Proof::Token(of, flaw) => flaw.token(of, platform),
            _ => right.clone(),
        };
        request = match proof {
            Proof::Missing => request,
            Proof::Token(..) => request.user_jwt(&token, second(NOW)),
            Proof::HashAndToken => request.user_hash(user_hash.as_str()).user_jwt(&right, second(NOW)),
            Proof::TokenAsHash => request.user_hash(&right),
        };

        let outcome = server.authenticate(&request);
        assert_eq!(verdict(&outcome), expected(row), "{row:?}");
        match (outcome, proof) {
            (Ok(Admission::Verified(user)), Proof::Token(of, _)) => {
                assert_eq!((user.identity(), user.platform()), (of.identity()?, platform), "{row:?}");
                let plan = user.claims().map(|claims| claims.read_attribute::<String>("plan"));
                assert_eq!(plan, Some(Ok(Some("pro".into()))), "{row:?}");
            }
            (Ok(Admission::Verified(_)), _) => return Err(format!("{row:?}").into()),
            (Ok(Admission::Unverified(user)), _) => {
                assert_eq!((Some(user.identity()), user.platform()), (identity, platform), "{row:?}");
            }
            (Ok(Admission::Unidentified) | Err(_), _) => {}
        }
        tried += 1;
    }
    assert_eq!(tried, (4 * 8 + 3) * 8 * 3 * 3);
    Ok(())
}

#[test]
fn email_is_held_against_that_of_the_token_and_only_where_it_has_none_against_its_user_id() -> TestResult {
    let server = server()?;
    for (claims, expected) in [
        (r#"{"user_id":"4711","email":"ada@example.com"}"#, Verified),
        (r#"{"user_id":"ada@example.com","email":"ada@example.com"}"#, Verified),
        (r#"{"user_id":"ada@example.com"}"#, Verified),
        (r#"{"user_id":"ada@example.com","email":null}"#, Verified),
        (r#"{"user_id":"ada@example.com","email":"grace@example.com"}"#, Refused(IdentityMismatch)),
        (r#"{"user_id":"4711","email":"grace@example.com"}"#, Refused(IdentityMismatch)),
        (r#"{"user_id":"grace@example.com"}"#, Refused(IdentityMismatch)),
        (r#"{"user_id":"Ada@example.com"}"#, Refused(IdentityMismatch)),
        (r#"{"user_id":"4711"}"#, Refused(IdentityMismatch)),
    ] {
        let token = forge::token(&key(Web), HEADER, claims);
        let request = AuthRequest::new(Web).identity(Email::new(EMAIL)?).user_jwt(&token, second(NOW));
        assert_eq!(verdict(&server.authenticate(&request)), expected, "{claims}");
    }
    Ok(())
}

#[test]
fn user_proved_by_hash_has_no_claims() -> TestResult {
    let user_hash = UserHash::compute(&Secret::new(&key(Ios))?, UserId::new(USER_ID)?);
    let request = AuthRequest::new(Ios).identity(UserId::new(USER_ID)?).user_hash(user_hash.as_str());
    let server = server()?;
    let Admission::Verified(user) = server.authenticate(&request)? else { return Err("not verified".into()) };
    assert_eq!(user.claims(), None);
    Ok(())
}

#[test]
fn hash_and_token_are_refused_together_in_whatever_order_they_come_and_however_often() -> TestResult {
    let (server, visitor) = (server()?, AuthRequest::new(Ios));
    let token = Flaw::None.token(Of::UserId, Ios);
    for request in [
        visitor.user_hash("x").user_jwt(&token, second(NOW)),
        visitor.user_jwt(&token, second(NOW)).user_hash("x"),
        visitor.user_hash("").user_jwt("", second(NOW)),
        visitor.user_hash("x").user_jwt(&token, second(NOW)).user_jwt(&token, second(NOW)),
        visitor.user_jwt(&token, second(NOW)).user_hash("x").user_hash("x"),
    ] {
        assert_eq!(server.authenticate(&request), Err(UserHashAndUserJwt));
    }
    Ok(())
}

#[test]
fn last_token_that_was_set_counts() -> TestResult {
    let (server, token) = (server()?, Flaw::None.token(Of::UserId, Ios));
    let expired = AuthRequest::new(Ios).user_jwt(&token, second(NOW + 1));
    assert_eq!(server.authenticate(&expired), Err(InvalidUserJwt(Expired)));
    assert_eq!(verdict(&server.authenticate(&expired.user_jwt(&token, second(NOW)))), Verified);
    Ok(())
}

#[test]
fn token_is_refused_for_the_reason_that_verifying_it_gives() -> TestResult {
    let server = server()?;
    let signed = |payload: &str| forge::token(&key(Ios), HEADER, payload);
    for (token, error) in [
        ("x".repeat(8193), Length { found: 8193 }),
        ("*.*.*".into(), Base64),
        (forge::token(&key(Ios), r#"{"alg":"HS256","typ":"at+jwt"}"#, r#"{"user_id":"4711"}"#), Type),
        (signed("[]"), Claims),
        (signed(r#"{"user_id":"4711","user_id":"4712"}"#), Claims),
        (signed(r#"{"user_id":4711}"#), Claim { name: "user_id" }),
        (signed(r#"{"user_id":"4711","exp":1767225600000}"#), Claim { name: "exp" }),
    ] {
        let request = AuthRequest::new(Ios).user_jwt(&token, second(NOW));
        assert_eq!(server.authenticate(&request), Err(InvalidUserJwt(error)), "{token}");
    }
    Ok(())
}

#[test]
fn token_that_is_malformed_is_refused_as_such_where_no_secret_serves_the_platform() -> TestResult {
    let server = Authenticator::new(Keyring::new().with([Ios], Secret::new(&key(Ios))?));
    let token = Flaw::None.token(Of::UserId, Android);
    let request = AuthRequest::new(Android).user_jwt(&token, second(NOW));
    assert_eq!(server.authenticate(&request), Err(NoSecret));
    let request = AuthRequest::new(Android).user_jwt("x", second(NOW));
    assert_eq!(server.authenticate(&request), Err(InvalidUserJwt(Parts)));
    Ok(())
}

#[test]
fn rotation_from_old_to_new_locks_nobody_out_until_the_old_secret_is_dropped() -> TestResult {
    let (old, new) = ("the secret of last year", "the secret of this year");
    let refused = Refused(InvalidUserJwt(Signature));
    for (secrets, by_old, by_new) in [
        ([old].as_slice(), Verified, refused),
        (&[old, new], Verified, Verified),
        (&[new, old], Verified, Verified),
        (&[new], refused, Verified),
    ] {
        let add = |keyring: Keyring, secret: &&str| Ok::<_, SecretError>(keyring.with([Ios], Secret::new(secret)?));
        let server = Authenticator::new(secrets.iter().try_fold(Keyring::new(), add)?);
        for (key, expected) in [(old, by_old), (new, by_new)] {
            let token = forge::token(key, HEADER, r#"{"user_id":"4711"}"#);
            let request = AuthRequest::new(Ios).user_jwt(&token, second(NOW));
            assert_eq!(verdict(&server.authenticate(&request)), expected, "{secrets:?}: {key}");
        }
    }
    Ok(())
}

#[test]
fn leeway_is_for_both_ends_of_the_time_that_a_token_is_valid() -> TestResult {
    let token = Flaw::None.token(Of::UserId, Ios);
    let server = server()?.leeway(Duration::from_secs(60));
    for (received, expected) in [
        (NOW - 61, Refused(InvalidUserJwt(NotYetValid))),
        (NOW - 60, Verified),
        (NOW, Verified),
        (NOW + 60, Verified),
        (NOW + 61, Refused(InvalidUserJwt(Expired))),
    ] {
        let request = AuthRequest::new(Ios).user_jwt(&token, second(received));
        assert_eq!(verdict(&server.authenticate(&request)), expected, "{}", received - NOW);
    }
    Ok(())
}

#[test]
fn token_of_a_real_signer_is_recognised_in_the_slot_of_the_hash() -> TestResult {
    let claims = UserClaims::new(UserId::new(USER_ID)?);
    let token = UserJwt::sign(&Secret::new(&key(Web))?, &claims)?;
    let request = AuthRequest::new(Web).identity(UserId::new(USER_ID)?).user_hash(token.as_str());
    assert_eq!(server()?.authenticate(&request), Err(UserJwtAsUserHash));
    Ok(())
}

#[test]
fn text_in_the_slot_of_the_hash_that_only_begins_or_is_divided_like_a_token_is_not_taken_for_one() -> TestResult {
    let server = server()?;
    for text in
        ["eyJ", "eyJhbGciOiJIUzI1NiJ9.e30", "eyJhbGciOiJkaXIifQ.a.b.c.d", "a.b.c", "..", "aa747c50.2a8982.00f9e4"]
    {
        for platform in [Ios, Web] {
            let request = AuthRequest::new(platform).identity(UserId::new(USER_ID)?).user_hash(text);
            let error = ParseUserHashError::Length { found: text.len() };
            assert_eq!(server.authenticate(&request), Err(MalformedUserHash(error)), "{text}");
        }
    }
    Ok(())
}

#[test]
fn rejection_has_a_label_for_metrics_and_a_text_for_the_log() {
    for (rejection, label, text) in [
        (UserJwtAsUserHash, "user_jwt_as_user_hash", "there is a JSON Web Token in the place of the user hash"),
        (UserHashAndUserJwt, "user_hash_and_user_jwt", "there are a user hash and a JSON Web Token"),
        (InvalidUserJwt(Expired), "expired_user_jwt", "the token has expired"),
        (InvalidUserJwt(NotYetValid), "invalid_user_jwt", "the token is not valid yet"),
        (InvalidUserJwt(Algorithm), "invalid_user_jwt", "the algorithm of the token is not HS256"),
        (IdentityMismatch, "identity_mismatch", "the JSON Web Token is another identity's"),
    ] {
        assert_eq!((rejection.label(), rejection.to_string().as_str()), (label, text));
        assert!(rejection.source().is_none(), "{rejection} says it a second time");
        assert_eq!((rejection.status_code(), rejection.code()), (401, "hmac_mismatch"));
        assert_eq!(rejection.message(), "Failed Identity Verification check");
    }
    assert_eq!(Rejection::from(Signature), InvalidUserJwt(Signature));
}

#[cfg(target_has_atomic = "64")]
#[test]
fn token_that_is_refused_is_counted_as_invalid_and_never_as_missing() -> TestResult {
    let (tally, server) = (intercom_identity::Tally::new(), server()?);
    let (right, expired) = (Flaw::None.token(Of::UserId, Ios), Flaw::Expired.token(Of::UserId, Ios));
    let visitor = AuthRequest::new(Ios);
    for request in [
        visitor.user_jwt(&right, second(NOW)),
        visitor.user_jwt(&expired, second(NOW)),
        visitor.user_jwt("", second(NOW)),
        visitor.user_jwt(&right, second(NOW)).user_hash("x"),
        visitor.user_jwt(&right, second(NOW)).identity(UserId::new("4712")?),
        visitor.identity(UserId::new(USER_ID)?),
    ] {
        tally.record(Ios, &server.authenticate(&request));
    }
    let counts = tally.counts(Ios);
    assert_eq!((counts.verified, counts.invalid, counts.missing, counts.unidentified), (1, 4, 1, 0));
    Ok(())
}

fn of_body(json: serde_json::Value, server: &Authenticator) -> Result<Verdict, Box<dyn Error>> {
    let body: AuthRequestBody = serde_json::from_value(json)?;
    Ok(verdict(&server.authenticate(&body.request(Web, second(NOW))?)))
}

#[test]
fn body_with_a_token_is_decided_at_the_time_it_came() -> TestResult {
    let (server, token) = (server()?, Flaw::None.token(Of::Both, Web));
    let expired = Flaw::Expired.token(Of::Both, Web);
    for (json, expected) in [
        (json!({ "user_jwt": token }), Verified),
        (json!({ "user_id": 4711, "user_jwt": token }), Verified),
        (json!({ "email": EMAIL, "user_jwt": token, "user_hash": null }), Verified),
        (json!({ "user_id": 4712, "user_jwt": token }), Refused(IdentityMismatch)),
        (json!({ "user_jwt": expired }), Refused(InvalidUserJwt(Expired))),
        (json!({ "user_jwt": "" }), Refused(InvalidUserJwt(Parts))),
        (json!({ "user_hash": token }), Unidentified),
        (json!({ "user_id": 4711, "user_hash": token }), Refused(UserJwtAsUserHash)),
        (json!({ "user_hash": "", "user_jwt": token }), Refused(UserHashAndUserJwt)),
        (json!({ "user_jwt": null }), Unidentified),
        (json!({ "user_id": 4711, "user_jwt": null }), Refused(MissingUserHash)),
    ] {
        assert_eq!(of_body(json.clone(), &server)?, expected, "{json}");
    }
    Ok(())
}

#[test]
fn body_with_two_tokens_or_one_that_is_no_text_is_refused() {
    for (json, expected) in [
        (r#"{"user_jwt":"a.b.c","user_jwt":"a.b.c"}"#, "a field stands there twice"),
        (r#"{"user_jwt":null,"user_jwt":"a.b.c"}"#, "a field stands there twice"),
        (r#"{"user_jwt":4711}"#, "expected a text"),
        (r#"{"user_jwt":["a.b.c"]}"#, "expected a text"),
        (r#"{"jwt":"a.b.c"}"#, "a field has an unknown name"),
        (r#"{"intercom_user_jwt":"a.b.c"}"#, "a field has an unknown name"),
    ] {
        let error = serde_json::from_str::<AuthRequestBody>(json).err().map(|error| error.to_string());
        assert!(error.as_deref().is_some_and(|error| error.starts_with(expected)), "{json}: {error:?}");
    }
}

#[test]
fn debug_shows_neither_token_nor_claims() -> TestResult {
    let (server, token) = (server()?, Flaw::None.token(Of::Both, Web));
    let request = AuthRequest::new(Web).user_jwt(&token, second(NOW));
    assert_eq!(format!("{request:?}"), "AuthRequest { platform: Web, identity: None, proof: UserJwt([REDACTED]) }");
    assert_eq!(format!("{:?}", request.user_hash("x")), "AuthRequest { platform: Web, identity: None, proof: Both }");
    assert_eq!(
        format!("{:?}", server.authenticate(&request)?),
        "Verified(Verified { by: UserJwt(UserClaims { expires_at: Some(UnixTime(1767225601)), \
         not_before: Some(UnixTime(1767225600)), .. }), platform: Web })"
    );
    let body: AuthRequestBody = serde_json::from_value(json!({ "user_jwt": token }))?;
    assert_eq!(
        format!("{body:?}"),
        "AuthRequestBody { user_id: None, email: None, user_hash: None, user_jwt: Some([REDACTED]) }"
    );
    Ok(())
}
