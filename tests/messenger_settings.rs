//! What a page or an app boots the messenger with: what is signed is what is sent, and it is safe inside a page.
#![cfg(feature = "json")]

mod support;

use std::{
    collections::{BTreeMap, HashMap},
    time::SystemTime,
};

use intercom_identity::{
    AttributeError, Email, Identity, Keyring, MessengerSettings, NoSecret, Platform, Secret, UnixTime, UserHash, UserId,
};
use proptest::{collection::btree_map, prelude::*};
use serde::Serialize;
use serde_json::{Value, json};
use support::TestResult;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const OLDER: &str = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z";

/// `hmac.new(SECRET.encode(), b"4711", "sha256").hexdigest()` in Python, and that of the email.
const HASH: &str = "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495";
const HASH_OF_EMAIL: &str = "ef2c2e3d6d95d3dedabdaf4097044423d5dbc0e68c30a9699e2a90b8be756db6";

fn keyring() -> TestResult<Keyring> {
    Ok(Keyring::new().with(Platform::ALL, Secret::new(SECRET)?).with(Platform::ALL, Secret::new(OLDER)?))
}

fn ada() -> TestResult<Identity<'static>> {
    Ok((UserId::from(4711_u32), Email::new("ada@example.com")?).into())
}

#[test]
fn whole_text_is_the_published_one() -> TestResult {
    let keyring = Keyring::new().with([Platform::Web], Secret::from_raw_key(b"abc123")?);
    let user = (UserId::new("O'Brien")?, Email::new("a<b>&@example.com")?);
    assert_eq!(
        MessengerSettings::with_user_hash(&keyring, Platform::Web, user)?.to_script_json(),
        concat!(
            r#"{"user_id":"O\u0027Brien","email":"a\u003cb\u003e\u0026@example.com","#,
            r#""user_hash":"786c0b5a434516dc08ee18451d45860dd96f2e841d28492f159481562bb26760"}"#,
        ),
    );
    Ok(())
}

#[test]
fn what_ends_a_script_or_an_attribute_or_depends_on_a_charset_is_escaped() -> TestResult {
    for (text, expected) in [
        ("</script>", r"\u003c/script\u003e"),
        ("<!--<script>", r"\u003c!--\u003cscript\u003e"),
        ("]]>&amp;'", r"]]\u003e\u0026amp;\u0027"),
        ("\u{1d54f}\u{e9}", r"\ud835\udd4f\u00e9"),
        ("\u{10ffff}\u{2028}\u{feff}", r"\udbff\udfff\u2028\ufeff"),
        (r"\u003c", r"\\u003c"),
        (r"\</", r"\\\u003c/"),
        ("\0\u{1f}\u{7f}\u{80}", r"\u0000\u001f\u007f\u0080"),
        ("\t\n\r", r"\t\n\r"),
        ("\"`${x}`~ ", r#"\"\u0060\u0024{x}\u0060~ "#),
    ] {
        let settings = MessengerSettings::visitor().attribute("name", text)?;
        assert_eq!(settings.to_script_json(), format!(r#"{{"name":"{expected}"}}"#));
    }
    let settings = MessengerSettings::visitor().attribute("</script>'\u{e9}", json!({ "<": ["&"] }))?;
    assert_eq!(settings.to_script_json(), r#"{"\u003c/script\u003e\u0027\u00e9":{"\u003c":["\u0026"]}}"#);
    Ok(())
}

#[test]
fn with_a_hash_there_are_the_identity_and_the_hash_on_every_platform() -> TestResult {
    let email = Email::new("ada@example.com")?;
    for platform in Platform::ALL {
        for (identity, expected) in [
            (ada()?, format!(r#"{{"user_id":"4711","email":"ada@example.com","user_hash":"{HASH}"}}"#)),
            (UserId::from(4711_i64).into(), format!(r#"{{"user_id":"4711","user_hash":"{HASH}"}}"#)),
            (email.into(), format!(r#"{{"email":"ada@example.com","user_hash":"{HASH_OF_EMAIL}"}}"#)),
            (Identity::new(Some("4711"), Some(""))?, format!(r#"{{"user_id":"4711","user_hash":"{HASH}"}}"#)),
        ] {
            let settings = MessengerSettings::with_user_hash(&keyring()?, *platform, identity)?;
            assert_eq!(settings.to_script_json(), expected, "{platform}");
        }
    }
    Ok(())
}

#[test]
fn visitor_has_neither_identity_nor_proof() {
    assert_eq!(MessengerSettings::visitor().to_script_json(), "{}");
}

#[test]
fn identity_and_proof_come_first_and_attributes_by_name() -> TestResult {
    let expected =
        format!(r#"{{"email":"ada@example.com","user_hash":"{HASH_OF_EMAIL}","Zeta":4,"app_id":6,"zeta":4}}"#);
    for names in [["Zeta", "app_id", "zeta"], ["zeta", "app_id", "Zeta"]] {
        let email = Email::new("ada@example.com")?;
        let mut settings = MessengerSettings::with_user_hash(&keyring()?, Platform::Web, email)?;
        for name in names {
            settings = settings.attribute(name, name.len())?;
        }
        assert_eq!(settings.to_script_json(), expected);
    }
    Ok(())
}

const RESERVED: &str =
    "user_id email user_hash intercom_user_jwt user_jwt userId userHash intercomUserJwt userJwt __proto__";

/// Settings of each kind.
fn each_kind() -> TestResult<Vec<MessengerSettings>> {
    let mut settings = vec![MessengerSettings::visitor()];
    for platform in Platform::ALL {
        settings.push(MessengerSettings::with_user_hash(&keyring()?, *platform, ada()?)?);
        #[cfg(feature = "jwt")]
        settings.push(MessengerSettings::with_user_jwt(&keyring()?, *platform, &jwt::claims()?)?);
    }
    Ok(settings)
}

#[test]
fn name_that_carries_identity_or_proof_in_any_client_is_reserved() -> TestResult {
    for settings in each_kind()? {
        for name in RESERVED.split(' ') {
            for value in [json!("1"), Value::Null] {
                assert_eq!(settings.clone().attribute(name, value).err(), Some(AttributeError::Reserved), "{name}");
            }
        }
        for name in ["user", "id", "User_id", "emails", "constructor", "prototype", "proto", ""] {
            assert!(settings.clone().attribute(name, "1")?.to_script_json().contains(&format!(r#""{name}":"1""#)));
        }
    }
    Ok(())
}

#[test]
fn prototype_is_reserved_at_any_depth() -> TestResult {
    #[derive(Serialize)]
    struct Company {
        __proto__: u8,
    }

    let visitor = MessengerSettings::visitor;
    let reserved = Some(AttributeError::Reserved);
    assert_eq!(visitor().attribute("company", Company { __proto__: 1 }).err(), reserved);
    assert_eq!(visitor().attribute("company", json!({ "__proto__": null })).err(), reserved);
    assert_eq!(visitor().attribute("companies", json!([1, [{ "a": { "__proto__": {} } }]])).err(), reserved);
    // As a value it is a text, and below the top the other names mean nothing.
    let settings = visitor().attribute("companies", json!([{ "user_id": "__proto__" }]))?;
    assert_eq!(settings.to_script_json(), r#"{"companies":[{"user_id":"__proto__"}]}"#);
    Ok(())
}

#[test]
fn name_is_taken_once() -> TestResult {
    let settings = MessengerSettings::visitor().attribute("plan", "pro")?;
    assert_eq!(settings.clone().attribute("plan", "pro").err(), Some(AttributeError::Duplicate));
    assert_eq!(settings.attribute("Plan", 1)?.to_script_json(), r#"{"Plan":1,"plan":"pro"}"#);
    Ok(())
}

#[test]
fn value_without_a_json_form_is_refused() {
    let visitor = MessengerSettings::visitor;
    let not_json = Some(AttributeError::NotJson);
    assert_eq!(visitor().attribute("map", HashMap::from([([1, 2], 3)])).err(), not_json);
}

#[test]
fn null_is_left_out() -> TestResult {
    let settings = MessengerSettings::visitor()
        .attribute("name", None::<&str>)?
        .attribute("unit", ())?
        .attribute("score", f64::NAN)?
        .attribute("limit", f64::INFINITY)?
        .attribute("name", "Ada")?
        .attribute("name", None::<&str>)?;
    assert_eq!(settings.to_script_json(), r#"{"name":"Ada"}"#);
    Ok(())
}

#[test]
fn created_at_is_a_whole_number_of_seconds_from_1970_to_9999() -> TestResult {
    let created_at = |value: Value| MessengerSettings::visitor().attribute("created_at", value);
    for seconds in [0, 1_767_225_600, 253_402_300_799_u64] {
        assert_eq!(created_at(json!(seconds))?.to_script_json(), format!(r#"{{"created_at":{seconds}}}"#));
    }
    let time = json!(UnixTime::from_seconds(1_767_225_600)?);
    assert_eq!(created_at(time)?.to_script_json(), r#"{"created_at":1767225600}"#);
    assert_eq!(created_at(Value::Null)?.to_script_json(), "{}");
    for value in [
        json!(1_767_225_600_000_u64),
        json!(253_402_300_800_u64),
        json!(u64::MAX),
        json!(-1),
        json!(1_767_225_600.0),
        json!("1767225600"),
        json!("2026-01-01T00:00:00Z"),
        json!(SystemTime::UNIX_EPOCH),
        json!([1]),
    ] {
        assert_eq!(created_at(value.clone()).err(), Some(AttributeError::NotSeconds), "{value}");
    }
    // Other times are not checked: Intercom takes more forms of them.
    assert!(MessengerSettings::visitor().attribute("trial_ends_at", "2026-01-01").is_ok());
    Ok(())
}

#[test]
fn platform_without_a_secret_gives_no_settings() -> TestResult {
    let web = MessengerSettings::with_user_hash(&Keyring::new(), Platform::Web, ada()?).err();
    assert_eq!(web, Some(NoSecret { platform: Platform::Web }));
    Ok(())
}

#[test]
fn debug_shows_nothing() -> TestResult {
    for settings in each_kind()? {
        assert_eq!(format!("{:?}", settings.attribute("name", "Ada")?), "MessengerSettings([REDACTED])");
    }
    Ok(())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["(?s).{0,12}", r#"[<>&'"\\/!\-a-z\u{7e}-\u{a0}\u{2028}\u{1f600}]{0,12}"#]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), text().prop_map(Value::from)];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn text_is_safe_and_says_what_was_signed_and_set(
        user_id in "(?s).{1,32}",
        email in (text(), text()).prop_map(|(local, domain)| format!("{local}@{domain}")),
        named in 0..3,
        attributes in btree_map(text(), value(), 0..4),
    ) {
        let (user_id, email) = ((named != 1).then_some(&*user_id), (named != 0).then_some(&*email));
        let Ok(identity) = Identity::new(user_id, email) else { return Err(TestCaseError::reject("not an identity")) };
        let keyring = keyring().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let hash = keyring.secret(Platform::Web).map(|secret| UserHash::compute(secret, identity))?;

        let mut expected: BTreeMap<_, _> = attributes.iter().filter(|(_, value)| !value.is_null()).collect();
        let identity_and_proof = [("user_id", user_id), ("email", email), ("user_hash", Some(hash.as_str()))]
            .map(|(name, text)| (name.to_owned(), Value::from(text)));
        expected.extend(identity_and_proof.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, value)));

        let mut settings = MessengerSettings::with_user_hash(&keyring, Platform::Web, identity)?;
        for (name, value) in &attributes {
            settings = settings.attribute(name, value)?;
        }
        let json = settings.to_script_json();
        prop_assert!(json.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"<>&'`$".contains(&byte)), "{}", json);
        prop_assert_eq!(serde_json::from_str::<Value>(&json)?, json!(expected));
        prop_assert_eq!(serde_json::to_value(&settings)?, json!(expected));
    }
}

#[cfg(feature = "jwt")]
mod jwt {
    use intercom_identity::jwt::{JwtError, SettingsError, UserClaims};

    use super::*;

    /// `hmac` in Python, of `{"user_id":"4711","email":"ada@example.com","exp":1767229200,"plan":"pro"}`.
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
        eyJ1c2VyX2lkIjoiNDcxMSIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiZXhwIjoxNzY3MjI5MjAwLCJwbGFuIjoicHJvIn0.\
        PdKPfGz1FRO07WXh1cdRUl5BuTDsti7v5XFontvjKak";

    pub(super) fn claims() -> TestResult<UserClaims> {
        let claims = UserClaims::new(UserId::from(4711_u32), UnixTime::from_seconds(1_767_229_200)?);
        Ok(claims.email(Email::new("ada@example.com")?).attribute("plan", "pro")?)
    }

    fn settings(platform: Platform, claims: &UserClaims) -> TestResult<MessengerSettings> {
        Ok(MessengerSettings::with_user_jwt(&keyring()?, platform, claims)?)
    }

    #[test]
    fn with_a_token_there_is_no_identity_on_the_web_and_the_same_identity_in_an_app() -> TestResult {
        let web = settings(Platform::Web, &claims()?)?.attribute("app_id", "a1b2c3d4")?;
        assert_eq!(web.to_script_json(), format!(r#"{{"intercom_user_jwt":"{TOKEN}","app_id":"a1b2c3d4"}}"#));
        let app = format!(r#"{{"user_id":"4711","email":"ada@example.com","user_jwt":"{TOKEN}"}}"#);
        assert_eq!(settings(Platform::Ios, &claims()?)?.to_script_json(), app);
        assert_eq!(settings(Platform::Android, &claims()?)?.to_script_json(), app);
        Ok(())
    }

    #[test]
    fn email_is_left_out_where_the_claims_have_none() -> TestResult {
        let claims = UserClaims::without_expiry(UserId::from(4711_u32));
        let settings: BTreeMap<String, String> = serde_json::from_value(json!(settings(Platform::Ios, &claims)?))?;
        assert_eq!(settings.keys().collect::<Vec<_>>(), ["user_id", "user_jwt"]);
        Ok(())
    }

    #[test]
    fn attribute_that_the_token_has_is_signed() -> TestResult {
        for platform in Platform::ALL {
            let with_expiry = settings(*platform, &claims()?)?;
            for name in ["plan", "exp"] {
                assert_eq!(with_expiry.clone().attribute(name, "pro").err(), Some(AttributeError::Signed));
                assert_eq!(with_expiry.clone().attribute(name, Value::Null).err(), Some(AttributeError::Signed));
            }
            // The token says nothing of the plan, and nothing else may.
            let null = settings(*platform, &UserClaims::without_expiry(UserId::from(1_u32)).attribute("plan", ())?)?;
            assert_eq!(null.attribute("plan", "pro").err(), Some(AttributeError::Signed));
            let without = settings(*platform, &UserClaims::without_expiry(UserId::from(1_u32)))?;
            let json = without.attribute("plan", 1)?.attribute("exp", 2)?.to_script_json();
            assert!(json.ends_with(r#"","exp":2,"plan":1}"#), "{json}");
        }
        Ok(())
    }

    #[test]
    fn platform_without_a_secret_and_claims_that_are_too_long_give_no_settings() -> TestResult {
        let none = MessengerSettings::with_user_jwt(&Keyring::new(), Platform::Ios, &claims()?).err();
        assert_eq!(none, Some(SettingsError::NoSecret(NoSecret { platform: Platform::Ios })));
        // 36 of the header, 43 of the signature, 2 dots, and 8,192 digits for 6,144 bytes of claims.
        let claims = UserClaims::without_expiry(UserId::from(1_u32)).attribute("a", "x".repeat(6_122))?;
        let too_long = MessengerSettings::with_user_jwt(&keyring()?, Platform::Web, &claims).err();
        assert_eq!(too_long, Some(SettingsError::Jwt(JwtError::Length { found: 36 + 43 + 2 + 8_192 })));
        Ok(())
    }
}
