use std::{collections::BTreeMap, thread};

use intercom_identity::{
    AttributeError::{self, Duplicate, NonFiniteNumber, NotJson, Reserved},
    JwtError, UserClaims, UserId, UserJwt,
};
use serde::{
    Deserialize, Serialize, Serializer,
    ser::{Error, SerializeMap},
};
use serde_json::{Value, json, value::RawValue};

use crate::{HEADER, KEY, NOW, SECRET, TestResult, forge, second, verify, verify_claims};

fn user() -> UserClaims {
    UserClaims::new(UserId::from(4711_u32))
}

fn refusal(value: &impl Serialize) -> Option<AttributeError> {
    user().attribute("x", value).err()
}

/// An attribute as the other side reads it.
fn sent(value: &impl Serialize) -> Result<Box<RawValue>, Box<dyn std::error::Error>> {
    let jwt: UserJwt = UserJwt::sign(&SECRET, &user().attribute("x", value)?)?.as_str().parse()?;
    Ok(jwt.verify(&SECRET, second(NOW))?.read_attribute("x")?.ok_or("it is not there")?)
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Company {
    name: String,
    seats: Option<u32>,
    plan: Plan,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Plan {
    Free,
    Flat(f64),
    Tiered(f64, f64),
    Custom { rate: f32 },
}

#[derive(Serialize)]
struct Newtype<T>(T);

#[derive(Serialize)]
struct Pair<T>(T, T);

/// Refuses to be serialized.
struct Broken;

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("it is broken"))
    }
}

/// A map with one key of any type.
struct Keyed<K>(K);

impl<K: Serialize> Serialize for Keyed<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(&self.0, "value")?;
        map.end()
    }
}

#[test]
fn name_of_a_claim_with_a_method_of_its_own_is_reserved() {
    for name in ["user_id", "email", "exp", "nbf"] {
        assert_eq!(user().attribute(name, &"x").err(), Some(Reserved), "{name}");
        assert_eq!(user().attribute(name, &f64::NAN).err(), Some(Reserved), "{name}");
    }
}

#[test]
fn name_that_only_looks_like_a_reserved_one_is_not() -> TestResult {
    for name in ["", " ", "User_id", "EMAIL", "exp ", "ex\u{200b}p", "sub", "NBF", "iat", "alg", "\0"] {
        let claims = user().attribute(name, &1)?;
        assert_eq!(claims.read_attribute(name), Ok(Some(1)), "{name:?}");
    }
    Ok(())
}

#[test]
fn attribute_of_a_name_that_is_taken_is_refused_whatever_its_value() -> TestResult {
    let claims = user().attribute("plan", &"pro")?.attribute("", &1)?;
    assert_eq!(claims.clone().attribute("plan", &"pro").err(), Some(Duplicate));
    assert_eq!(claims.clone().attribute("plan", &f64::NAN).err(), Some(Duplicate));
    assert_eq!(claims.clone().attribute("plan", &Broken).err(), Some(Duplicate));
    assert_eq!(claims.attribute("", &1).err(), Some(Duplicate));
    Ok(())
}

#[test]
fn attribute_of_verified_claims_counts_as_taken() -> TestResult {
    let claims = verify_claims(r#"{"user_id":"4711","pl\u0061n":"pro"}"#)?;
    assert_eq!(claims.attribute("plan", &"free").err(), Some(Duplicate));
    Ok(())
}

#[test]
fn number_that_is_not_finite_is_refused_wherever_it_stands() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(refusal(&number), Some(NonFiniteNumber));
        assert_eq!(refusal(&Some(number)), Some(NonFiniteNumber));
        assert_eq!(refusal(&&&number), Some(NonFiniteNumber));
        assert_eq!(refusal(&[1.0, number]), Some(NonFiniteNumber));
        assert_eq!(refusal(&vec![vec![], vec![1.0, number]]), Some(NonFiniteNumber));
        assert_eq!(refusal(&(1, "x", number)), Some(NonFiniteNumber));
        assert_eq!(refusal(&Newtype(number)), Some(NonFiniteNumber));
        assert_eq!(refusal(&Pair(1.0, number)), Some(NonFiniteNumber));
        assert_eq!(refusal(&BTreeMap::from([("a", 1.0), ("b", number)])), Some(NonFiniteNumber));
        assert_eq!(refusal(&Keyed(number)), Some(NonFiniteNumber));
        assert_eq!(refusal(&Plan::Flat(number)), Some(NonFiniteNumber));
        assert_eq!(refusal(&Plan::Tiered(1.0, number)), Some(NonFiniteNumber));
        let company = |plan| Company { name: "Analytical Engines".into(), seats: Some(12), plan };
        assert_eq!(refusal(&company(Plan::Flat(number))), Some(NonFiniteNumber));
        assert_eq!(refusal(&[Some(Newtype((company(Plan::Tiered(number, 1.0)),)))]), Some(NonFiniteNumber));
    }
    for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(refusal(&number), Some(NonFiniteNumber));
        assert_eq!(refusal(&Plan::Custom { rate: number }), Some(NonFiniteNumber));
    }
}

#[test]
fn number_that_is_finite_is_taken_however_large_or_small() -> TestResult {
    for number in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::from_bits(1), 0.0, -0.0, 0.1 + 0.2] {
        let read: f64 = serde_json::from_str(sent(&number)?.get())?;
        assert_eq!(read.to_bits(), number.to_bits());
    }
    Ok(())
}

#[test]
fn value_that_does_not_serialize_to_json_is_refused() {
    assert_eq!(refusal(&Broken), Some(NotJson));
    assert_eq!(refusal(&[Some(Broken)]), Some(NotJson));
    assert_eq!(refusal(&Keyed(Broken)), Some(NotJson));
    for outcome in [
        refusal(&Keyed([1, 2])),
        refusal(&Keyed((1, "x"))),
        refusal(&Keyed(())),
        refusal(&Keyed(None::<u8>)),
        refusal(&Keyed(BTreeMap::from([("a", 1)]))),
        refusal(&Keyed(Plan::Flat(1.0))),
    ] {
        assert_eq!(outcome, Some(NotJson));
    }
}

#[test]
fn key_that_is_a_scalar_is_its_text() -> TestResult {
    assert_eq!(sent(&Keyed(12_u8))?.get(), r#"{"12":"value"}"#);
    assert_eq!(sent(&Keyed(true))?.get(), r#"{"true":"value"}"#);
    assert_eq!(sent(&Keyed(Plan::Free))?.get(), r#"{"Free":"value"}"#);
    Ok(())
}

#[test]
fn every_kind_of_value_is_read_as_it_was_signed() -> TestResult {
    let company = || Company { name: "\u{1f600} \"\\\0".into(), seats: None, plan: Plan::Custom { rate: 0.25 } };
    let claims = user()
        .attribute("company", &company())?
        .attribute("plans", &[Plan::Free, Plan::Flat(-0.5), Plan::Tiered(1e-300, 1e300)])?
        .attribute("null", &())?
        .attribute("none", &None::<u8>)?
        .attribute("true", &true)?
        .attribute("character", &'\u{10ffff}')?
        .attribute("bytes", b"\0\xff")?
        .attribute("json", &json!({ "": [[[], {}], null], "\u{e9}": "e\u{301}" }))?;
    let jwt: UserJwt = UserJwt::sign(&SECRET, &claims)?.as_str().parse()?;
    let read = jwt.verify(&SECRET, second(NOW))?;
    assert_eq!(read, claims);
    assert_eq!(read.read_attribute("company"), Ok(Some(company())));
    assert_eq!(read.read_attribute("plans"), Ok(Some(vec![Plan::Free, Plan::Flat(-0.5), Plan::Tiered(1e-300, 1e300)])));
    assert_eq!(read.read_attribute("null"), Ok(Some(())));
    assert_eq!(read.read_attribute("none"), Ok(Some(None::<u8>)));
    assert_eq!(read.read_attribute("true"), Ok(Some(true)));
    assert_eq!(read.read_attribute("character"), Ok(Some('\u{10ffff}')));
    assert_eq!(read.read_attribute("bytes"), Ok(Some([0, 0xff])));
    assert_eq!(read.read_attribute("json"), Ok(Some(json!({ "": [[[], {}], null], "\u{e9}": "e\u{301}" }))));
    Ok(())
}

#[test]
fn attribute_of_another_type_is_an_error_and_one_that_is_not_there_is_none() -> TestResult {
    let claims = user().attribute("seats", &12)?.attribute("plan", &"pro")?;
    assert_eq!(claims.read_attribute::<u8>("Seats"), Ok(None));
    assert_eq!(claims.read_attribute::<String>("seats"), Err(NotJson));
    assert_eq!(claims.read_attribute::<u8>("plan"), Err(NotJson));
    assert_eq!(claims.read_attribute::<bool>("seats"), Err(NotJson));
    assert_eq!(user().attribute("seats", &256)?.read_attribute::<u8>("seats"), Err(NotJson));
    Ok(())
}

#[test]
fn claim_with_a_method_of_its_own_is_no_attribute() -> TestResult {
    let claims = verify_claims(r#"{"user_id":"4711","email":"ada@example.com","exp":4102444800,"nbf":1,"iat":2}"#)?;
    for name in ["user_id", "email", "exp", "nbf"] {
        assert_eq!(claims.read_attribute::<Value>(name), Ok(None), "{name}");
    }
    assert_eq!(claims.read_attribute("iat"), Ok(Some(2)));
    Ok(())
}

#[test]
fn integer_beyond_64_bits_loses_no_digit() -> TestResult {
    assert_eq!(sent(&u64::MAX)?.get(), "18446744073709551615");
    assert_eq!(sent(&u128::MAX)?.get(), "340282366920938463463374607431768211455");
    assert_eq!(sent(&i128::MIN)?.get(), "-170141183460469231731687303715884105728");

    let claims = user().attribute("large", &u128::MAX)?.attribute("small", &i128::MIN)?;
    let jwt: UserJwt = UserJwt::sign(&SECRET, &claims)?.as_str().parse()?;
    let claims = jwt.verify(&SECRET, second(NOW))?;
    assert_eq!(claims.read_attribute("large"), Ok(Some(u128::MAX)));
    assert_eq!(claims.read_attribute("small"), Ok(Some(i128::MIN)));
    assert_eq!(claims.read_attribute::<u64>("large"), Err(NotJson));
    Ok(())
}

#[test]
fn number_that_no_type_holds_is_kept_as_its_text() -> TestResult {
    let claims = verify_claims(
        r#"{"user_id":"4711","x":123456789012345678901234567890123456789012345678901234567890.10,"y":1E+999,"z":-0.00}"#,
    )?;
    for (name, text) in
        [("x", "123456789012345678901234567890123456789012345678901234567890.10"), ("y", "1E+999"), ("z", "-0.00")]
    {
        let value: Box<RawValue> = claims.read_attribute(name)?.ok_or("it is not there")?;
        assert_eq!(value.get(), text);
    }
    assert_eq!(claims.read_attribute::<u128>("x"), Err(NotJson));
    assert_eq!(claims.read_attribute::<f64>("y"), Err(NotJson));

    let again: UserJwt = UserJwt::sign(&SECRET, &claims)?.as_str().parse()?;
    assert_eq!(again.verify(&SECRET, second(NOW)), Ok(claims));
    Ok(())
}

/// A text of JSON cannot reach out of the attribute that it is the value of.
#[test]
fn attribute_cannot_add_a_claim() -> TestResult {
    for value in [r#"","user_id":"4712"#, r#""},{"user_id":"4712"#, "\\", "\u{0}\"", r"\u0022,\u0022exp\u0022:1"] {
        let claims = user().attribute("x", &value)?.attribute(value, &1)?;
        let jwt: UserJwt = UserJwt::sign(&SECRET, &claims)?.as_str().parse()?;
        let read = jwt.verify(&SECRET, second(NOW))?;
        assert_eq!(read, claims, "{value}");
        assert_eq!(read.identity().identifier(), "4711");
        assert_eq!(read.read_attribute("x"), Ok(Some(value.to_owned())));
    }
    Ok(())
}

fn nested(levels: usize) -> [String; 2] {
    [
        format!("{}{}", "[".repeat(levels), "]".repeat(levels)),
        format!("{}1{}", r#"{"":"#.repeat(levels), "}".repeat(levels)),
    ]
}

/// A parser that calls itself for every level does not get through 3,000 of them in 256 KiB of stack.
#[test]
fn attribute_nested_as_deep_as_a_token_can_be_overflows_no_stack() -> TestResult {
    fn run() -> Result<(), JwtError> {
        for value in nested(3_000).into_iter().take(1).chain(nested(1_000)) {
            let token = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","x":{value}}}"#));
            assert_eq!(UserJwt::sign(&SECRET, &verify(&token)?)?.as_str(), token);
        }
        Ok(())
    }
    let outcome = thread::Builder::new().stack_size(256 * 1024).spawn(run)?.join();
    assert!(matches!(outcome, Ok(Ok(()))), "{outcome:?}");
    Ok(())
}

/// `serde_json` builds no tree of more levels.
#[test]
fn attribute_is_read_down_to_127_levels_and_refused_below() -> TestResult {
    for (levels, is_read) in [(127, true), (128, false), (1_000, false)] {
        for value in nested(levels) {
            let claims = verify_claims(format!(r#"{{"user_id":"4711","x":{value}}}"#))?;
            let expected = if is_read { Ok(Some(serde_json::from_str(&value)?)) } else { Err(NotJson) };
            assert_eq!(claims.read_attribute::<Value>("x"), expected, "{levels} levels");
            let text: Box<RawValue> = claims.read_attribute("x")?.ok_or("it is not there")?;
            assert_eq!(text.get(), value, "{levels} levels");
        }
    }
    Ok(())
}

#[test]
fn attribute_of_1000_levels_is_signed() -> TestResult {
    let tree = (0..1_000).fold(json!("core"), |inner, _| json!([inner]));
    let claims = user().attribute("x", &tree)?;
    let jwt: UserJwt = UserJwt::sign(&SECRET, &claims)?.as_str().parse()?;
    assert_eq!(jwt.verify(&SECRET, second(NOW)), Ok(claims));
    Ok(())
}

#[test]
fn error_says_what_is_wrong_in_one_sentence() {
    for (error, text) in [
        (Reserved, "the name of the attribute is reserved"),
        (Duplicate, "there is an attribute of that name"),
        (NonFiniteNumber, "a number in the attribute is not finite"),
        (NotJson, "the attribute is not JSON of its type"),
    ] {
        assert_eq!(error.to_string(), text);
        assert!(std::error::Error::source(&error).is_none());
    }
}
