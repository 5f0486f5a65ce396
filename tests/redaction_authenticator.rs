//! No `Debug` and no error of the verifying side shows a piece of a secret, an identifier or a hash.

use std::error::Error;

use intercom_identity::{
    Admission, AuthRequest, Authenticator, Email, Enforcement, Identity, Keyring, NoSecret, ParseUserHashError,
    Platform::{self, Ios, Web},
    Rejection, Secret, UserHash, UserId,
};

type TestResult = Result<(), Box<dyn Error>>;

const SECRET: &str = "Zq7_Xk2-mWp9vTz4JhRc0BnYs";
const USER_ID: &str = "8350-2746-9917";
const EMAIL: &str = "qjx.wvz@kpfh.gzyx";

fn identity() -> Result<Identity<'static>, Box<dyn Error>> {
    Ok((UserId::new(USER_ID)?, Email::new(EMAIL)?).into())
}

fn user_hash() -> Result<String, Box<dyn Error>> {
    Ok(UserHash::compute(&Secret::new(SECRET)?, identity()?).to_string())
}

fn keyring() -> Result<Keyring, Box<dyn Error>> {
    Ok(Keyring::new().with([Ios, Web], Secret::new(SECRET)?))
}

/// Finds four bytes in a row, be they shown as text, in hexadecimal, or as a list of numbers.
fn shows_a_piece_of(confidential: &str, shown: &str) -> bool {
    let shown = shown.replace([' ', '\n', ','], "").to_lowercase();
    confidential.as_bytes().windows(4).any(|piece| {
        let text = String::from_utf8_lossy(piece).to_lowercase();
        let hexadecimal = format!("{piece:02x?}").replace(['[', ']', ' ', ','], "");
        let decimal: String = piece.iter().map(u8::to_string).collect();
        [text, hexadecimal, decimal].iter().any(|form| shown.contains(form))
    })
}

fn assert_redacted(shown: &str) -> TestResult {
    for confidential in [SECRET, USER_ID, EMAIL, &user_hash()?] {
        assert!(!shows_a_piece_of(confidential, shown), "{shown}");
    }
    Ok(())
}

fn assert_debug_redacted(value: &dyn std::fmt::Debug) -> TestResult {
    assert_redacted(&format!("{value:?}"))?;
    assert_redacted(&format!("{value:#?}"))
}

fn assert_error_redacted(error: &(dyn Error + 'static)) -> TestResult {
    assert_debug_redacted(error)?;
    for cause in std::iter::successors(Some(error), |&error| error.source()) {
        assert_redacted(&cause.to_string())?;
    }
    Ok(())
}

#[test]
fn piece_is_found_in_whatever_form_it_is_shown() {
    let text = &SECRET[7..11];
    let bytes = text.as_bytes();
    for shown in [format!("{text:?}"), format!("{bytes:?}"), format!("{bytes:#?}"), format!("{bytes:02X?}")] {
        assert!(shows_a_piece_of(SECRET, &shown), "{shown}");
    }
    assert!(!shows_a_piece_of(SECRET, &SECRET[7..10]));
}

#[test]
fn keyring_and_authenticator_show_no_secret() -> TestResult {
    assert_debug_redacted(&keyring()?)?;
    assert_debug_redacted(&Authenticator::new(keyring()?))
}

#[test]
fn request_shows_neither_identity_nor_hash() -> TestResult {
    let user_hash = user_hash()?;
    let visitor = AuthRequest::new(Ios);
    let (user, hash_alone) = (visitor.identity(identity()?), visitor.user_hash(&user_hash));
    for request in [visitor, user, hash_alone, user.user_hash(&user_hash)] {
        assert_debug_redacted(&request)?;
    }
    assert_eq!(
        format!("{:?}", user.user_hash(&user_hash)),
        "AuthRequest { platform: Ios, \
         identity: Some(UserIdAndEmail(UserId([REDACTED]), Email([REDACTED]))), \
         proof: UserHash([REDACTED]) }",
    );
    Ok(())
}

#[test]
fn admission_shows_no_identity() -> TestResult {
    let authenticator = Authenticator::new(keyring()?).enforcement(Ios, Enforcement::Observe);
    let user_hash = user_hash()?;
    let user = AuthRequest::new(Ios).identity(identity()?);

    let admission = authenticator.authenticate(&user.user_hash(&user_hash))?;
    assert_debug_redacted(&admission)?;
    let Admission::Verified(verified) = admission else { return Err("not verified".into()) };
    assert_debug_redacted(&verified)?;

    for user_hash in ["", &user_hash[1..], &user_hash.to_uppercase(), &user_hash.replace('a', "b")] {
        let admission = authenticator.authenticate(&user.user_hash(user_hash))?;
        assert_debug_redacted(&admission)?;
        let Admission::Unverified(unverified) = admission else { return Err("not unverified".into()) };
        assert_debug_redacted(&unverified)?;
        assert_error_redacted(unverified.reason())?;
    }
    Ok(())
}

#[cfg(target_has_atomic = "64")]
#[test]
fn tally_shows_nothing_of_what_it_counted() -> TestResult {
    let tally = intercom_identity::Tally::new();
    let authenticator = Authenticator::new(keyring()?);
    let user_hash = user_hash()?;
    let user = AuthRequest::new(Ios).identity(identity()?);
    for request in [user, user.user_hash(&user_hash), user.user_hash(SECRET)] {
        tally.record(Ios, &authenticator.authenticate(&request));
    }
    assert_debug_redacted(&tally)?;
    assert_debug_redacted(&tally.counts(Ios))
}

#[test]
fn rejection_shows_nothing_of_the_request() -> TestResult {
    let authenticator = Authenticator::new(keyring()?);
    let user_hash = user_hash()?;
    let user = |platform| Ok::<_, Box<dyn Error>>(AuthRequest::new(platform).identity(identity()?));
    for (request, rejection) in [
        (user(Ios)?, Rejection::MissingUserHash),
        (
            user(Ios)?.user_hash(&user_hash[..63]),
            Rejection::MalformedUserHash(ParseUserHashError::Length { found: 63 }),
        ),
        (user(Ios)?.user_hash(&user_hash.to_uppercase()), Rejection::MalformedUserHash(ParseUserHashError::UpperCase)),
        (user(Web)?.user_hash(&user_hash.replace('a', "x")), Rejection::MalformedUserHash(ParseUserHashError::NotHex)),
        (user(Ios)?.user_hash(&user_hash.replace('a', "b")), Rejection::UserHashMismatch),
        (user(Platform::Android)?.user_hash(&user_hash), Rejection::NoSecret),
    ] {
        assert_eq!(authenticator.authenticate(&request), Err(rejection));
        assert_error_redacted(&rejection)?;
        assert_redacted(rejection.label())?;
        assert_redacted(rejection.code())?;
        assert_redacted(rejection.message())?;
    }
    Ok(())
}

#[test]
fn keyring_error_shows_nothing_but_the_platform() -> TestResult {
    assert_error_redacted(&NoSecret { platform: Platform::Android })
}

#[cfg(feature = "serde")]
#[test]
fn body_and_its_errors_show_no_value() -> TestResult {
    use intercom_identity::{AuthRequestBody, UnixTime};
    use serde_json::json;

    let (user_hash, received) = (user_hash()?, UnixTime::from_seconds(0)?);
    let json = json!({ "user_id": USER_ID, "email": EMAIL, "user_hash": user_hash });
    let body: AuthRequestBody = serde_json::from_value(json)?;
    assert_debug_redacted(&body)?;
    assert_debug_redacted(&body.request(Ios, received)?)?;

    let body: AuthRequestBody = serde_json::from_value(json!({ "user_id": USER_ID, "email": SECRET }))?;
    let error = body.request(Ios, received).err().ok_or("an email without @ is taken")?;
    assert_error_redacted(&error)?;

    for misplaced in [SECRET, USER_ID, EMAIL, &user_hash] {
        for json in [json!(misplaced), json!({ misplaced: null }), json!({ "user_id": [misplaced] })] {
            let error = serde_json::from_value::<AuthRequestBody>(json).err().ok_or("it is taken")?;
            assert_error_redacted(&error)?;
        }
    }
    Ok(())
}
