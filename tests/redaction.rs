//! Nothing that is printed or logged shows four bytes in a row of a secret, an identifier, a hash or a token.
#![cfg(all(feature = "jwt", feature = "verify"))]

#[path = "support/leaks.rs"]
mod leaks;
mod support;

use std::{error::Error, fmt::Debug};

use intercom_identity::{
    Email, Identity, IdentityError, Keyring, ParseUserHashError, Platform, Secret, UserHash, UserId,
    verify::{AuthRequest, Authenticator, Enforcement, Rejection},
};

use support::TestResult;

const SECRET: &str = "Zq7_Xk2-mWp9vTz4JhRc0BnYsQ8xLd3gF6uK1aHe5iO";
const USER_ID: &str = "8350-2746-9917";
const INTEGER_ID: u64 = 9_753_186_420_864_213;
const EMAIL: &str = "qjx.wvz@kpfh.gzyx";
/// Of the user id, with the secret.
const HASH: &str = "0965b17ea4b39e7b2edd44e25120832dfd36f56c2ebd1a7871bb18643887c4c5";
/// Of the email.
const EMAIL_HASH: &str = "ffcbdc80fb687c04938837047cb775c9db31bbe8ab39cae9a0963d51d0fb636b";
/// An attribute of the user.
const PHONE: &str = "+49 7184 55026";

fn assert_nothing_private_in(shown: &str) -> TestResult {
    let (bytes, integer) = (HASH.parse::<UserHash>()?.to_bytes(), INTEGER_ID.to_string());
    let private = [SECRET, USER_ID, &integer, EMAIL, HASH, EMAIL_HASH, "eyJhbGciOi", "+49 7184 55026"];
    let private: Vec<_> = private.iter().map(|text| text.as_bytes()).chain([bytes.as_slice()]).collect();
    assert_eq!(leaks::leak(shown, &private), None, "{shown}");
    Ok(())
}

fn assert_debug_is(value: &dyn Debug, expected: &str) -> TestResult {
    assert_eq!(format!("{value:?}"), expected);
    assert_debug_is_redacted(value)
}

fn assert_debug_is_redacted(value: &dyn Debug) -> TestResult {
    assert_nothing_private_in(&format!("{value:?} {value:#?}"))
}

fn assert_error_is_redacted(error: &dyn Error) -> TestResult {
    assert!(error.source().is_none(), "{error}");
    assert_nothing_private_in(&error.to_string())?;
    assert_debug_is_redacted(&error)
}

fn keyring() -> TestResult<Keyring> {
    Ok(Keyring::new().with([Platform::Ios, Platform::Web], Secret::new(SECRET)?))
}

fn identity() -> TestResult<Identity<'static>> {
    Ok((UserId::new(USER_ID)?, Email::new(EMAIL)?).into())
}

#[test]
fn debug_of_secrets_identities_hashes_and_requests_is_redacted() -> TestResult {
    let (user_id, email) = (UserId::new(USER_ID)?, Email::new(EMAIL)?);
    assert_debug_is(&Secret::new(SECRET)?, "Secret([REDACTED])")?;
    assert_debug_is(&user_id, "UserId([REDACTED])")?;
    assert_debug_is(&UserId::from(INTEGER_ID), "UserId([REDACTED])")?;
    assert_debug_is(&email, "Email([REDACTED])")?;
    assert_debug_is(&Identity::from(email), "Email(Email([REDACTED]))")?;
    assert_debug_is(&identity()?, "UserIdAndEmail(UserId([REDACTED]), Email([REDACTED]))")?;
    assert_debug_is(&HASH.parse::<UserHash>()?, "UserHash([REDACTED])")?;
    assert_debug_is(&keyring()?, "Keyring { keys: [Key { platforms: [Ios, Web], secret: Secret([REDACTED]) }] }")?;
    assert_debug_is_redacted(&Authenticator::new(keyring()?))?;

    let request = AuthRequest::new(Platform::Ios).identity(email).user_hash(HASH).known_user_id(USER_ID);
    assert_debug_is(
        &request,
        "AuthRequest { platform: Ios, identity: Ok(Some(Email(Email([REDACTED])))), user_hash: Some([REDACTED]), \
         user_jwt: None, known_user_id: Some([REDACTED]) }",
    )?;
    assert_debug_is_redacted(&request.named(Some(USER_ID), Some(EMAIL)))?;
    assert_debug_is_redacted(&request.named(Some(""), Some(EMAIL)))
}

#[test]
fn outcome_shows_nothing_of_the_request() -> TestResult {
    let authenticator = Authenticator::new(keyring()?);
    let user = AuthRequest::new(Platform::Ios).identity(identity()?);
    let (upper_case, wrong) = (HASH.to_uppercase(), HASH.replace('a', "b"));
    let observed = format!("{:?}", authenticator.authenticate_with(&user, Enforcement::Observe));
    assert!(observed.contains("claimed: Some(UserIdAndEmail(UserId([REDACTED]), Email([REDACTED])))"), "{observed}");
    for (request, expected) in [
        (user.user_hash(HASH), None),
        (user, Some(Rejection::MissingProof)),
        (user.user_hash(SECRET), Some(Rejection::MalformedUserHash(ParseUserHashError::Length { found: 43 }))),
        (user.user_hash(&upper_case), Some(Rejection::MalformedUserHash(ParseUserHashError::UpperCase))),
        (user.user_hash(&wrong), Some(Rejection::UserHashMismatch)),
        (user.named(Some(""), Some(EMAIL)), Some(Rejection::MalformedIdentity(IdentityError::EmptyUserId))),
        (AuthRequest::new(Platform::Android).identity(identity()?).user_hash(HASH), Some(Rejection::NoSecret)),
    ] {
        let outcome = authenticator.authenticate(&request);
        assert_eq!(outcome.as_ref().err(), expected.as_ref());
        assert_debug_is_redacted(&outcome)?;
        assert_debug_is_redacted(&authenticator.authenticate_with(&request, Enforcement::Observe))?;
        if let Err(rejection) = outcome {
            assert_error_is_redacted(&rejection)?;
            assert_nothing_private_in(
                &[rejection.label(), rejection.answer().code, rejection.answer().message].concat(),
            )?;
        }
        {
            let tally = intercom_identity::verify::Tally::new();
            tally.record(Platform::Ios, &outcome);
            assert_debug_is_redacted(&(&tally, tally.counts(Platform::Ios)))?;
        }
    }
    Ok(())
}

#[test]
fn mistake_shows_nothing_of_the_request() -> TestResult {
    let authenticator = Authenticator::new(keyring()?);
    let user = AuthRequest::new(Platform::Ios).identity(identity()?);
    let email_alone = AuthRequest::new(Platform::Ios).identity(Email::new(EMAIL)?).known_user_id(USER_ID);
    for request in [user.user_hash(EMAIL_HASH), user.user_hash(SECRET), email_alone.user_hash(HASH)] {
        let mistakes = authenticator.diagnose(&request);
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        for mistake in mistakes {
            assert_error_is_redacted(&mistake)?;
            assert_nothing_private_in(mistake.label())?;
        }
    }
    Ok(())
}

#[test]
fn no_error_shows_what_was_refused() -> TestResult {
    fn refusal<T, E: Error + 'static>(outcome: Result<T, E>) -> Option<Box<dyn Error>> {
        outcome.err().map(Into::into)
    }

    let secret = Secret::new(SECRET)?;
    for refusal in [
        refusal(Secret::new(USER_ID)),
        refusal(Secret::new(&format!("{SECRET}\n"))),
        refusal(Secret::try_from(format!("dG9rO{SECRET}"))),
        refusal(Identity::new(Some(""), Some(EMAIL))),
        refusal(Identity::new(None, Some(USER_ID))),
        refusal(UserId::new(&format!("eyJhbGciOiJIUzI1NiJ9.{USER_ID}"))),
        refusal(format!("{HASH}\n").parse::<UserHash>()),
        refusal(HASH.to_uppercase().parse::<UserHash>()),
        refusal(HASH.replace('0', "x").parse::<UserHash>()),
        refusal(HASH.parse::<UserHash>()?.verify(&secret, Email::new(EMAIL)?)),
        refusal(keyring()?.require(Platform::ALL)),
        refusal(USER_ID.parse::<Platform>()),
    ] {
        assert_error_is_redacted(&*refusal.ok_or("it was taken")?)?;
    }
    Ok(())
}

mod serde {
    use ::serde::{Deserialize, de::DeserializeOwned};
    use intercom_identity::{UnixTime, verify::AuthRequestBody};

    use super::*;

    const ANY: &str = r#"N | -N | N.5 | "P!" | ["P"] | {"P"="P"}"#;
    const KEYRING: &str = r#"N | "P" | true | ["P"] | [["P"]] | [{"P"="P"}] | {"P"="P"} | {"P"="ios"} | {"P"=N} | {"P"=["P"]}
         | {"P"={"ios"="P"}} | {"ios"={"ios"="P"}} | {"ios"={"P"="P"}} | {"ios"={"secret"="P"}} | {"ios"=[{"P"="P"}]}
         | {"ios"=N} | {"ios"=-N} | {"ios"=N.5} | {"ios"="P!"} | {"ios"=["P!"]} | {"ios"=[]} | {"ios"=[N]} | {"ios"=["P", N]}
         | {"ios"=[["P"]]} | {"ios"="P!", "ios"="P!"} | {"P"="P", "P"="P"} | {"web"=[], "P"="P"} | {"ios"="P" "P"}"#;
    const BODY: &str = r#"N | N.5 | "P" | ["P"] | {"user_id"=["P"]} | {"user_id"={"P"="P"}} | {"user_id"=N.5} | {"email"=N}
         | {"email"=["P"]} | {"user_hash"=N} | {"user_hash"={"P"="P"}} | {"user_jwt"=-N} | {"intercom_user_jwt"=["P"]}
         | {"user_id"="P", "user_id"="P"} | {"user_id"="P" "P"} | {"user_id"="P", "userId"="-P"} | {"P"="P", "userHash"=["P"]}"#;

    /// Fills each template with what is private, in JSON and in TOML, and checks the error. `P` is any text, `N` a number,
    /// and `=` what separates a name from its value. TOML's errors can show a line of the file, so users print the message.
    fn assert_errors_are_redacted<T: DeserializeOwned>(templates: &str) -> TestResult {
        #[derive(Deserialize)]
        struct Document<T> {
            #[serde(rename = "value")]
            _value: T,
        }

        let integer = INTEGER_ID.to_string();
        for template in templates.split('|') {
            for text in [SECRET, USER_ID, &integer, EMAIL, HASH] {
                let document = template.trim().replace('P', text).replace('N', &integer);
                let json = serde_json::from_str::<T>(&document.replace('=', ":")).err();
                let toml = toml::from_str::<Document<T>>(&format!("value = {document}")).err();
                let (json, toml) = json.zip(toml).ok_or_else(|| format!("{document} was taken"))?;
                assert_nothing_private_in(&format!("{json} {json:?} {}", toml.message()))?;
            }
        }
        Ok(())
    }

    #[test]
    fn no_error_of_serde_shows_what_was_refused() -> TestResult {
        assert_errors_are_redacted::<Secret>(ANY)?;
        assert_errors_are_redacted::<Platform>(ANY)?;
        assert_errors_are_redacted::<UserHash>(ANY)?;
        assert_errors_are_redacted::<intercom_identity::jwt::UserJwt>(ANY)?;
        assert_errors_are_redacted::<Keyring>(KEYRING)?;
        assert_errors_are_redacted::<AuthRequestBody>(BODY)
    }

    #[test]
    fn debug_of_a_body_and_its_request_is_redacted() -> TestResult {
        let json = format!(
            r#"{{"user_id": {INTEGER_ID}, "email": "{EMAIL}", "user_hash": "{HASH}", "user_jwt": "eyJhbGciOi"}}"#
        );
        let body: AuthRequestBody = serde_json::from_str(&json)?;
        assert_debug_is(&body, "AuthRequestBody([REDACTED])")?;
        assert_debug_is_redacted(&body.request(Platform::Ios, UnixTime::from_seconds(0)?))
    }
}

#[test]
fn debug_of_settings_and_the_errors_of_attributes_are_redacted() -> TestResult {
    use intercom_identity::{AttributeError, MessengerSettings};

    let settings = MessengerSettings::with_user_hash(&keyring()?, Platform::Web, identity()?)?;
    let settings = settings.attribute("phone", PHONE)?;
    assert_debug_is(&settings, "MessengerSettings([REDACTED])")?;
    let not_json = std::collections::BTreeMap::from([((1, 2), PHONE)]);
    for (refused, expected) in [
        (settings.clone().attribute("email", EMAIL), AttributeError::Reserved),
        (settings.clone().attribute("phone", PHONE), AttributeError::Duplicate),
        (settings.attribute("map", not_json), AttributeError::NotJson),
    ] {
        let error = refused.err().ok_or("it was taken")?;
        assert_eq!(error, expected);
        assert_error_is_redacted(&error)?;
    }
    Ok(())
}

mod jwt {
    use intercom_identity::{
        MessengerSettings, NoSecret, UnixTime,
        jwt::{JwtError, SettingsError, UserClaims, UserJwt},
        verify::{Admission, Proofs},
    };

    use super::*;

    #[test]
    fn debug_of_tokens_and_their_claims_is_redacted() -> TestResult {
        let now = UnixTime::from_seconds(1_767_225_600)?;
        let claims = UserClaims::new(UserId::new(USER_ID)?, UnixTime::MAX).email(Email::new(EMAIL)?);
        let claims = claims.attribute("phone", PHONE)?;
        let jwt = UserJwt::sign(&Secret::new(SECRET)?, &claims)?;
        assert_debug_is(&claims, "UserClaims { exp: Some(UnixTime(253402300799)), nbf: None, .. }")?;
        assert_debug_is(&jwt, "UserJwt([REDACTED])")?;
        assert_debug_is_redacted(&MessengerSettings::with_user_jwt(&keyring()?, Platform::Ios, &claims)?)?;

        let request = AuthRequest::new(Platform::Ios).user_jwt(jwt.as_str(), now);
        let authenticator = Authenticator::new(keyring()?).accept(Platform::Ios, Proofs::UserJwt);
        let admission = authenticator.authenticate(&request)?;
        assert!(matches!(&admission, Admission::Verified(user) if user.claims() == Some(&claims)));
        assert_debug_is_redacted(&admission)?;
        assert_debug_is_redacted(&request)
    }

    #[test]
    fn error_of_a_token_shows_nothing_of_it() -> TestResult {
        let (secret, other) = (Secret::new(SECRET)?, Secret::from_raw_key(b"other")?);
        let claims = UserClaims::without_expiry(UserId::new(USER_ID)?);
        let jwt = UserJwt::sign(&secret, &claims)?;
        assert_error_is_redacted(&SettingsError::from(NoSecret { platform: Platform::Web }))?;
        for (error, expected) in [
            (SECRET.parse::<UserJwt>().err(), JwtError::Parts),
            (format!("{SECRET}.{USER_ID}.{HASH}").parse::<UserJwt>().err(), JwtError::Base64),
            (jwt.verify(&other, UnixTime::MIN).err(), JwtError::Signature),
            (
                UserJwt::sign(&secret, &claims.attribute("phone", PHONE.repeat(600))?).err(),
                JwtError::Length { found: 0 },
            ),
        ] {
            let error = error.ok_or("it was taken")?;
            assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&expected));
            assert_error_is_redacted(&error)?;
        }
        Ok(())
    }
}
