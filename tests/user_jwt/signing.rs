use intercom_identity::{Email, Identity, JwtError, Secret, UserClaims, UserId, UserJwt};
use serde_json::{Value, json, value::RawValue};
use subtle::ConstantTimeEq;

use crate::{KEY, NOW, SECRET, TestResult, forge, second};

/// With the secret `abc123`, by Python's `hmac`, `json` and `base64`.
const OF_USER_ID: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
    eyJ1c2VyX2lkIjoiNDcxMSJ9.\
    0MUxdlEmyzQbgMGOQpywMC3ijzoEf9ftDCMSdv4KqHU";
const OF_FIVE_CLAIMS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
    eyJ1c2VyX2lkIjoiNDcxMSIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiZXhwIjoxNzY3MjI5MjAwLCJuYW1lIjoiQWRhIExvdmVsYWNlIiwicG\
    xhbiI6InBybyJ9.\
    zkn5LpxzUXZA7f2nN6vhGLXCY19HxiLH8taN-5PFAJM";
const OF_UNICODE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
    eyJ1c2VyX2lkIjoiw6VkYSDimIMg8J-YgCIsImVtYWlsIjoiw6VkYUBleGFtcGxlLmNvbSIsIiI6bnVsbCwibGlzdCI6WzEsWzIuNSx7ImRlZXAiOn\
    RydWV9XV19.\
    alMW66oeZieWdlnUPfVSQ78RdbqmOWe3hFApScK1xws";

fn user() -> UserClaims {
    UserClaims::new(UserId::from(4711_u32))
}

fn five_claims() -> Result<UserClaims, Box<dyn std::error::Error>> {
    Ok(user()
        .email(Email::new("ada@example.com")?)
        .expires_at(second(NOW + 3600))
        .attribute("name", &"Ada Lovelace")?
        .attribute("plan", &"pro")?)
}

#[test]
fn token_is_the_one_that_another_implementation_makes() -> TestResult {
    let of_unicode = UserClaims::new(UserId::new("åda ☃ 😀")?)
        .email(Email::new("åda@example.com")?)
        .attribute("", &())?
        .attribute("list", &json!([1, [2.5, { "deep": true }]]))?;
    for (claims, token) in [(user(), OF_USER_ID), (five_claims()?, OF_FIVE_CLAIMS), (of_unicode, OF_UNICODE)] {
        assert_eq!(UserJwt::sign(&SECRET, &claims)?.as_str(), token);
    }
    Ok(())
}

#[test]
fn token_of_another_implementation_is_verified() -> TestResult {
    let jwt: UserJwt = OF_FIVE_CLAIMS.parse()?;
    assert_eq!(jwt.verify(&SECRET, second(NOW)), Ok(five_claims()?));
    Ok(())
}

#[test]
fn token_is_verified_by_who_signed_it_without_a_detour_over_its_text() -> TestResult {
    let jwt = UserJwt::sign(&SECRET, &five_claims()?)?;
    assert_eq!(jwt.verify(&SECRET, second(NOW)), Ok(five_claims()?));
    assert_eq!(jwt.verify(&Secret::new("abc124")?, second(NOW)), Err(JwtError::Signature));
    Ok(())
}

#[test]
fn verified_claims_say_what_was_signed() -> TestResult {
    let claims = OF_FIVE_CLAIMS.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?;
    let (user_id, email) = (UserId::new("4711")?, Email::new("ada@example.com")?);
    assert_eq!(claims.identity(), Identity::UserIdAndEmail(user_id, email));
    assert_eq!(claims.expiry(), Some(second(NOW + 3600)));
    assert_eq!(claims.read_attribute::<String>("name")?.as_deref(), Some("Ada Lovelace"));
    assert_eq!(claims.read_attribute::<String>("plan")?.as_deref(), Some("pro"));
    Ok(())
}

#[test]
fn verified_claims_of_a_user_id_alone_say_nothing_else() -> TestResult {
    let claims = OF_USER_ID.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?;
    assert_eq!(claims.identity(), Identity::UserId(UserId::new("4711")?));
    assert_eq!(claims.expiry(), None);
    assert_eq!(claims.read_attribute::<Value>("email"), Ok(None));
    Ok(())
}

#[test]
fn verified_claims_signed_again_give_the_same_token() -> TestResult {
    let claims = OF_UNICODE.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?;
    assert_eq!(UserJwt::sign(&SECRET, &claims)?.as_str(), OF_UNICODE);
    Ok(())
}

#[test]
fn last_email_expiry_and_start_that_were_set_count() -> TestResult {
    let claims = five_claims()?.not_before(second(NOW + 1));
    let claims = claims.email(Email::new("grace@example.com")?).expires_at(second(NOW + 1)).not_before(second(NOW));
    let read = UserJwt::sign(&SECRET, &claims)?.verify(&SECRET, second(NOW))?;
    for claims in [&claims, &read] {
        assert_eq!(claims.identity().email(), Some(Email::new("grace@example.com")?));
        assert_eq!(claims.expiry(), Some(second(NOW + 1)));
        assert_eq!(claims.start(), Some(second(NOW)));
        assert_eq!(claims.read_attribute::<String>("name")?.as_deref(), Some("Ada Lovelace"));
    }
    assert_eq!(read, claims);
    Ok(())
}

#[test]
fn token_of_claims_with_a_start_is_not_valid_before_it() -> TestResult {
    let jwt = UserJwt::sign(&SECRET, &user().not_before(second(NOW)))?;
    assert_eq!(jwt.verify(&SECRET, second(NOW - 1)), Err(JwtError::NotYetValid));
    assert_eq!(jwt.verify(&SECRET, second(NOW)), Ok(user().not_before(second(NOW))));
    assert_eq!(user().start(), None);
    Ok(())
}

#[test]
fn claims_stand_in_the_token_in_the_order_in_which_they_were_set() -> TestResult {
    let claims = user()
        .attribute("z", &1)?
        .not_before(second(2))
        .attribute("\"", &json!([3]))?
        .expires_at(second(NOW + 4))
        .email(Email::new("a@b")?)
        .expires_at(second(NOW + 5))
        .attribute("a", &6)?;
    let payload = r#"{"user_id":"4711","z":1,"nbf":2,"\"":[3],"exp":1767225605,"email":"a@b","a":6}"#;
    assert_eq!(UserJwt::sign(&SECRET, &claims)?.as_str(), forge::token(KEY, crate::HEADER, payload));
    assert_eq!(serde_json::to_string(&claims)?, payload);
    Ok(())
}

/// However they are written: with white space, escapes, a fraction of a second, `null` in the place of an email.
#[test]
fn verified_claims_can_be_added_to_and_signed_again() -> TestResult {
    let payload = "\t{ \"\\u0022\":1.50,\"us\\u0065r_id\":\"\\u00e9\",\"email\":null,\"e\\u0078p\":1767225605.5 } \n";
    let claims = crate::verify_claims(payload)?
        .attribute("plan", &"pro")?
        .email(Email::new("ada@example.com")?)
        .not_before(second(NOW));
    let expected = UserClaims::new(UserId::new("é")?)
        .email(Email::new("ada@example.com")?)
        .expires_at(second(NOW + 5))
        .not_before(second(NOW))
        .attribute("plan", &"pro")?
        .attribute("\"", &RawValue::from_string("1.50".into())?)?;
    assert_eq!(claims, expected);
    assert_eq!(
        UserJwt::sign(&SECRET, &claims)?.as_str().parse::<UserJwt>()?.verify(&SECRET, second(NOW)),
        Ok(expected)
    );
    Ok(())
}

#[test]
fn claims_are_equal_if_they_say_the_same() -> TestResult {
    let other_order = user()
        .attribute("plan", &"pro")?
        .attribute("name", &"Ada Lovelace")?
        .expires_at(second(NOW + 3600))
        .email(Email::new("ada@example.com")?);
    assert_eq!(five_claims()?, other_order);
    assert_ne!(five_claims()?, five_claims()?.expires_at(second(NOW)));
    assert_ne!(five_claims()?, five_claims()?.email(Email::new("grace@example.com")?));
    assert_ne!(five_claims()?, five_claims()?.attribute("seats", &1)?);
    assert_ne!(five_claims()?, five_claims()?.not_before(second(NOW)));
    assert_ne!(user().attribute("seats", &1)?, user().attribute("seats", &2)?);
    assert_ne!(user().attribute("seats", &1)?, user().attribute("places", &1)?);
    assert_ne!(user(), UserClaims::new(UserId::from(4712_u32)));
    Ok(())
}

#[test]
fn attributes_are_equal_only_if_their_json_is_the_same_text() -> TestResult {
    assert_ne!(user().attribute("seats", &1)?, user().attribute("seats", &1.0)?);
    assert_ne!(crate::verify_claims(r#"{"user_id":"4711","x":"\u0041"}"#)?, user().attribute("x", &"A")?);
    assert_eq!(crate::verify_claims(r#"{"user_id":"4711","\u0078":"A"}"#)?, user().attribute("x", &"A")?);
    Ok(())
}

#[test]
fn tokens_are_equal_if_their_texts_are() -> TestResult {
    let jwt = UserJwt::sign(&SECRET, &user())?;
    let other = UserJwt::sign(&SECRET, &UserClaims::new(UserId::from(4712_u32)))?;
    assert_eq!(jwt, OF_USER_ID.parse()?);
    assert!(bool::from(jwt.ct_eq(&OF_USER_ID.parse()?)));
    assert_ne!(jwt, other);
    assert_ne!(jwt, OF_FIVE_CLAIMS.parse()?);
    Ok(())
}

#[test]
fn token_is_shown_and_serialized_as_its_text() -> TestResult {
    let jwt: UserJwt = OF_USER_ID.parse()?;
    assert_eq!(jwt.to_string(), OF_USER_ID);
    assert_eq!(serde_json::to_value(&jwt)?, json!(OF_USER_ID));
    assert_eq!(serde_json::from_value::<UserJwt>(json!(OF_USER_ID))?, jwt);
    Ok(())
}

#[test]
fn deserializing_is_as_strict_as_parsing_and_quotes_nothing() {
    let refusal = |json| serde_json::from_value::<UserJwt>(json).map_err(|error| error.to_string());
    assert_eq!(refusal(json!("Ada.Lovelace")), Err("the token does not have three parts".into()));
    assert_eq!(refusal(json!(4711)), Err("expected a JSON Web Token".into()));
    assert_eq!(refusal(json!(null)), Err("expected a JSON Web Token".into()));
}

#[test]
fn debug_shows_neither_token_nor_claims() -> TestResult {
    assert_eq!(format!("{:?}", UserJwt::sign(&SECRET, &five_claims()?)?), "UserJwt([REDACTED])");
    assert_eq!(
        format!("{:?}", five_claims()?),
        "UserClaims { expires_at: Some(UnixTime(1767229200)), not_before: None, .. }"
    );
    Ok(())
}

#[test]
fn token_of_8192_bytes_is_signed_and_one_of_8193_is_not() -> TestResult {
    // Header, signature and dots take 81 bytes; what is around the attribute takes 26 of the payload.
    let of_length = |payload: usize| {
        let claims = user().attribute("text", &"x".repeat(payload - r#"{"user_id":"4711","text":""}"#.len()))?;
        Ok::<_, Box<dyn std::error::Error>>(UserJwt::sign(&SECRET, &claims).map(|jwt| jwt.as_str().len()))
    };
    assert_eq!(of_length(6083)?, Ok(8192));
    assert_eq!(of_length(6084)?, Err(JwtError::Length { found: 8193 }));
    Ok(())
}

#[test]
fn error_says_what_is_wrong_in_one_sentence() {
    for (error, text) in [
        (JwtError::Length { found: 9000 }, "the token has 9000 bytes, more than 8192"),
        (JwtError::Parts, "the token does not have three parts"),
        (JwtError::Base64, "a part of the token is not canonical base64url without padding"),
        (JwtError::Header, "the header of the token is not an object with members that stand there once"),
        (JwtError::Algorithm, "the algorithm of the token is not HS256"),
        (JwtError::Critical, "the token has critical extensions"),
        (JwtError::Type, "the token is of another type"),
        (JwtError::Signature, "the signature of the token is not the one that the secret gives"),
        (JwtError::Claims, "the claims of the token are not an object with members that stand there once"),
        (JwtError::Claim { name: "email" }, "the claim email of the token is missing or malformed"),
        (JwtError::Expired, "the token has expired"),
        (JwtError::NotYetValid, "the token is not valid yet"),
    ] {
        assert_eq!(error.to_string(), text);
        assert!(std::error::Error::source(&error).is_none());
    }
}

#[test]
fn token_made_by_hand_is_the_one_that_another_implementation_makes() {
    assert_eq!(forge::token(KEY, crate::HEADER, crate::CLAIMS), OF_USER_ID);
}
