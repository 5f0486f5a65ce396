//! What an app server says about a user, and what the other side reads.

#![cfg(feature = "jwt")]

#[path = "support/forge.rs"]
mod forge;
mod support;

use std::{collections::BTreeMap, sync::LazyLock};

use intercom_identity::{
    AttributeError::{Duplicate, NotJson, NotSeconds, Reserved},
    Email, Identity, Secret, UnixTime, UserId,
    jwt::{UserClaims, UserJwt},
};
use proptest::{collection::btree_map, option, prelude::*};
use serde::{Deserialize, Serialize, Serializer, ser::Error};
use serde_json::Value;

use forge::HEADER;
use support::TestResult;

const KEY: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
/// 2026-01-01 00:00 UTC.
const NOW: i64 = 1_767_225_600;

#[expect(clippy::expect_used, reason = "the key is a secret of Intercom's form")]
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new(KEY).expect("the key is a secret of Intercom's form"));

#[expect(clippy::expect_used, reason = "no test goes beyond the years that there are")]
fn second(since_1970: i64) -> UnixTime {
    UnixTime::from_seconds(since_1970).expect("no test goes beyond the years that there are")
}

fn user() -> UserClaims {
    UserClaims::without_expiry(UserId::from(4711_u32))
}

/// The claims as the other side reads them.
fn received(claims: &UserClaims) -> TestResult<UserClaims> {
    let text = UserJwt::sign(&SECRET, claims)?.to_string();
    Ok(text.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?)
}

/// The payload is compact JSON, the attributes last, so that another implementation signs the same.
fn assert_signed_as(claims: &UserClaims, payload: &str) -> TestResult {
    assert_eq!(UserJwt::sign(&SECRET, claims)?.as_str(), forge::token(KEY, HEADER, payload));
    Ok(())
}

/// Refuses to be serialized.
struct Broken;

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("it is broken"))
    }
}

/// An attribute of any type.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Company {
    name: String,
    seats: Option<u32>,
}

/// With the secret above; by Python's `hmac`, `json` and `base64`.
#[test]
fn claims_of_every_kind_are_signed_as_another_implementation_does() -> TestResult {
    let claims = UserClaims::new(UserId::new("4711")?, second(NOW + 3600))
        .email(Email::new("ada@example.com")?)
        .attribute("name", "Ada Lovelace")?
        .attribute("plan", "pro")?
        .attribute("seats", 12)?;
    assert_eq!(
        UserJwt::sign(&SECRET, &claims)?.as_str(),
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
         eyJ1c2VyX2lkIjoiNDcxMSIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiZXhwIjoxNzY3MjI5MjAwLCJuYW1lIjoiQWRhIExvdmVsYWNlI\
         iwicGxhbiI6InBybyIsInNlYXRzIjoxMn0.\
         KA8G4eHp7uCebr1C223HimK2w9b67jY9iV4a87-ribc"
    );
    let received = received(&claims)?;
    assert_eq!(received, claims);
    assert_eq!(received.identity(), Identity::new(Some("4711"), Some("ada@example.com"))?);
    assert_eq!(received.expires_at(), Some(second(NOW + 3600)));
    assert_eq!(received.read_attribute::<String>("plan")?.as_deref(), Some("pro"));
    assert_eq!(received.read_attribute("seats"), Ok(Some(12)));
    Ok(())
}

#[test]
fn claims_without_expiry_are_of_the_user_id_alone_and_the_last_email_set_counts() -> TestResult {
    assert_signed_as(&user(), r#"{"user_id":"4711"}"#)?;
    assert_eq!((user().identity(), user().expires_at()), (UserId::from(4711_u32).into(), None));
    let claims = user().email(Email::new("ada@example.com")?).email(Email::new("grace@example.com")?);
    assert_signed_as(&claims, r#"{"user_id":"4711","email":"grace@example.com"}"#)
}

#[test]
fn name_of_a_claim_with_a_method_of_its_own_is_reserved_and_no_attribute() -> TestResult {
    let token = forge::token(KEY, HEADER, r#"{"user_id":"4711","email":"a@b","exp":4102444800,"nbf":1,"iat":2}"#);
    let claims = token.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?;
    for name in ["user_id", "email", "exp", "nbf"] {
        assert_eq!(user().attribute(name, "x").err(), Some(Reserved), "{name}");
        assert_eq!(user().attribute(name, Broken).err(), Some(Reserved), "{name}");
        assert_eq!(claims.read_attribute::<Value>(name), Ok(None), "{name}");
    }
    for name in ["", "User_id", "EMAIL", "EXP", "exp ", "\u{435}xp", "sub", "iat"] {
        assert_eq!(user().attribute(name, 1)?.read_attribute(name), Ok(Some(1)), "{name:?}");
    }
    Ok(())
}

#[test]
fn duplicate_name_and_a_value_that_does_not_serialize_to_json_are_refused() -> TestResult {
    let claims = received(&user().attribute("plan", "pro")?)?;
    assert_eq!(claims.clone().attribute("plan", "pro").err(), Some(Duplicate));
    assert_eq!(claims.clone().attribute("x", [Some(Broken)]).err(), Some(NotJson));
    assert_eq!(claims.clone().attribute("created_at", "2026-01-01").err(), Some(NotSeconds));
    assert_eq!(claims.attribute("x", BTreeMap::from([([1, 2], "a key that is no scalar")])).err(), Some(NotJson));
    Ok(())
}

#[test]
fn null_and_a_number_that_is_not_finite_are_left_out_and_a_time_is_its_seconds() -> TestResult {
    let claims = user()
        .attribute("a", f64::NAN)?
        .attribute("plan", None::<&str>)?
        .attribute("b", [1.5, f64::INFINITY])?
        .attribute("c", BTreeMap::from([("d", f32::NEG_INFINITY)]))?
        .attribute("created_at", second(NOW))?;
    assert_signed_as(&claims, r#"{"user_id":"4711","b":[1.5,null],"c":{"d":null},"created_at":1767225600}"#)?;
    assert_eq!(received(&claims)?, claims);
    assert_eq!(claims.read_attribute::<String>("plan"), Ok(None));
    let claims = claims.attribute("plan", "pro")?.attribute("plan", None::<&str>)?;
    assert_eq!(claims.read_attribute::<String>("plan")?.as_deref(), Some("pro"));
    Ok(())
}

/// Whoever signed it meant what it says.
#[test]
fn token_that_is_read_may_have_any_created_at() -> TestResult {
    for created_at in ["1767225600000", "\"2026-01-01\"", "1.5", "null"] {
        let token = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","created_at":{created_at}}}"#));
        let claims = token.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?;
        let expected: Value = serde_json::from_str(created_at)?;
        assert_eq!(claims.read_attribute("created_at")?, Some(expected).filter(|value| !value.is_null()));
    }
    Ok(())
}

#[test]
fn attribute_is_read_as_its_type_another_type_is_an_error_and_a_missing_one_is_none() -> TestResult {
    let company = || Company { name: "Analytical Engines".into(), seats: None };
    let claims = received(&user().attribute("seats", 256)?.attribute("plan", "pro")?.attribute("company", company())?)?;
    assert_eq!(claims.read_attribute("company"), Ok(Some(company())));
    assert_eq!(claims.read_attribute::<Company>("plan"), Err(NotJson));
    assert_eq!(claims.read_attribute::<u16>("Seats"), Ok(None));
    assert_eq!(claims.read_attribute::<u16>("seats"), Ok(Some(256)));
    assert_eq!(claims.read_attribute::<u8>("seats"), Err(NotJson));
    assert_eq!(claims.read_attribute::<String>("seats"), Err(NotJson));
    assert_eq!(claims.read_attribute::<u8>("plan"), Err(NotJson));
    Ok(())
}

#[test]
fn claims_are_equal_if_they_say_the_same() -> TestResult {
    let claims = || UserClaims::new(UserId::from(4711_u32), second(NOW));
    assert_eq!(claims().attribute("a", 1)?.attribute("b", 2)?, claims().attribute("b", 2)?.attribute("a", 1)?);
    for other in [
        user(),
        UserClaims::new(UserId::from(4712_u32), second(NOW)),
        UserClaims::new(UserId::from(4711_u32), second(NOW + 1)),
        claims().email(Email::new("ada@example.com")?),
        claims().attribute("a", 1)?,
        claims().attribute("b", 2)?,
        claims().attribute("a", 2)?,
    ] {
        assert_ne!(claims(), other);
        assert_ne!(claims().attribute("b", 1)?, other);
    }
    Ok(())
}

#[test]
fn verified_claims_can_be_added_to_and_signed_again() -> TestResult {
    let payload = "\t{ \"us\\u0065r_id\":\"\\u00e9\",\"email\":null,\"e\\u0078p\":1767225605.5,\"nbf\":1 } \n";
    let token = forge::token(KEY, HEADER, payload);
    let claims = token.parse::<UserJwt>()?.verify(&SECRET, second(NOW))?.attribute("plan", "pro")?;
    assert_signed_as(&claims, r#"{"user_id":"é","exp":1767225605,"nbf":1,"plan":"pro"}"#)
}

#[test]
fn debug_shows_the_times_and_nothing_of_the_user() -> TestResult {
    let claims = UserClaims::new(UserId::new("4711")?, second(NOW)).attribute("plan", "pro")?;
    assert_eq!(format!("{claims:?}"), "UserClaims { exp: Some(UnixTime(1767225600)), nbf: None, .. }");
    Ok(())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Others may be read back a last bit off: `serde_json` rounds correctly only if asked to.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn verified_claims_are_those_that_were_signed(
        user_id in "[^.]{1,32}",
        email in option::of("[^.]{0,16}@[^.]{0,16}"),
        expires_at in option::of(NOW + 1..253_402_300_800),
        attributes in btree_map("(?s).{0,8}", any_json(), 0..4),
    ) {
        let user_id = UserId::new(&user_id)?;
        let mut claims = match expires_at {
            Some(expires_at) => UserClaims::new(user_id, second(expires_at)),
            None => UserClaims::without_expiry(user_id),
        };
        if let Some(email) = &email {
            claims = claims.email(Email::new(email)?);
        }
        for (name, value) in &attributes {
            claims = claims.attribute(name, value)?;
        }
        let received = received(&claims).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&received, &claims);
        prop_assert_eq!(received.identity().user_id(), Some(user_id));
        prop_assert_eq!(received.expires_at().map(UnixTime::as_seconds), expires_at);
        for (name, value) in attributes {
            prop_assert_eq!(received.read_attribute(&name), Ok(Some(value).filter(|value| !value.is_null())));
        }
    }
}
