//! Which secret signs for which platform, and keyrings from configuration.

mod support;

use intercom_identity::{
    Keyring, NoSecret,
    Platform::{self, Android, Ios, Web},
    Secret, UserHash, UserId,
};

use support::TestResult;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const OTHER: &str = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z";

/// Whose secret signs shows in what it signs: a secret cannot be compared.
fn assert_signs(keyring: &Keyring, platform: Platform, secret: &str) -> TestResult {
    let user = UserId::from(4711_u32);
    let expected = UserHash::compute(&Secret::new(secret)?, user);
    assert_eq!(UserHash::compute(keyring.secret(platform)?, user).as_str(), expected.as_str(), "{platform}");
    Ok(())
}

#[test]
fn first_secret_of_a_platform_signs_whatever_was_added_before_for_others() -> TestResult {
    let keyring = Keyring::new()
        .with([Web], Secret::new(SECRET)?)
        .with([Ios, Web], Secret::new(OTHER)?)
        .with(Platform::ALL, Secret::from_raw_key(b"secret")?);
    assert_signs(&keyring, Web, SECRET)?;
    assert_signs(&keyring, Ios, OTHER)?;
    let android = UserHash::compute(keyring.secret(Android)?, UserId::new("Message")?);
    assert_eq!(android.as_str(), "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597");
    Ok(())
}

#[test]
fn platforms_can_be_given_lent_and_repeated() -> TestResult {
    for keyring in [
        Keyring::new().with([Ios, Android, Web, Ios], Secret::new(SECRET)?),
        Keyring::new().with([&Ios, &Android, &Web], Secret::new(SECRET)?),
    ] {
        for &platform in Platform::ALL {
            assert_signs(&keyring, platform, SECRET)?;
        }
    }
    Ok(())
}

#[test]
fn nothing_signs_for_a_platform_without_a_secret() -> TestResult {
    let nobodys = Keyring::new().with([Platform::Web; 0], Secret::new(SECRET)?);
    for keyring in [Keyring::new(), Keyring::default(), nobodys] {
        for &platform in Platform::ALL {
            assert_eq!(keyring.secret(platform).err(), Some(NoSecret { platform }));
        }
    }
    let text = "no secret for the platform android: add one to the keyring";
    assert_eq!(NoSecret { platform: Android }.to_string(), text);
    Ok(())
}

#[test]
fn required_platforms_are_served_or_the_first_that_is_not_is_named() -> TestResult {
    let keyring = Keyring::new().with([Ios], Secret::new(SECRET)?).require([Ios])?.require([Platform::Web; 0])?;
    assert_signs(&keyring, Ios, SECRET)?;
    assert_eq!(keyring.require([Ios, Web, Android]).err(), Some(NoSecret { platform: Web }));
    let keyring = Keyring::new().with([Ios], Secret::new(SECRET)?);
    assert_eq!(keyring.require(Platform::ALL).err(), Some(NoSecret { platform: Android }));
    Ok(())
}

#[cfg(feature = "verify")]
#[test]
fn older_secret_that_equals_the_signing_one_does_not_win() -> TestResult {
    use intercom_identity::verify::{AuthRequest, Authenticator};

    let hash = UserHash::compute(&Secret::new(SECRET)?, UserId::from(4711_u32));
    let request = AuthRequest::new(Web).identity(UserId::from(4711_u32)).user_hash(hash.as_str());
    for (secrets, by_signing_secret) in [([SECRET, SECRET, OTHER], true), ([OTHER, SECRET, SECRET], false)] {
        let mut keyring = Keyring::new();
        for secret in secrets {
            keyring = keyring.with([Web], Secret::new(secret)?);
        }
        let user = Authenticator::new(keyring).authenticate(&request)?.verified();
        assert_eq!(user.map(|user| user.by_signing_secret()), Some(by_signing_secret));
    }
    Ok(())
}

#[cfg(feature = "serde")]
mod serde {
    use super::*;

    #[test]
    fn platform_has_a_secret_or_a_list_of_which_the_first_signs() -> TestResult {
        #[derive(::serde::Deserialize)]
        struct Configuration {
            intercom: Keyring,
        }

        let json = format!(r#"{{ "ios": "{SECRET}", "web": ["{OTHER}", "{SECRET}"] }}"#);
        let toml = format!("[intercom]\nios = '{SECRET}'\nweb = ['{OTHER}', '{SECRET}']\n");
        let Configuration { intercom } = toml::from_str(&toml)?;
        let value: serde_json::Value = serde_json::from_str(&json)?;
        for keyring in [
            intercom,
            serde_json::from_str(&json)?,
            serde_json::from_reader(json.as_bytes())?,
            serde_json::from_value(value)?,
        ] {
            assert_signs(&keyring, Ios, SECRET)?;
            assert_signs(&keyring, Web, OTHER)?;
            assert_eq!(keyring.secret(Android).err(), Some(NoSecret { platform: Android }));
            let platforms = "Keyring { keys: [Key { platforms: [Ios], secret: Secret([REDACTED]) }, \
                Key { platforms: [Web], secret: Secret([REDACTED]) }, Key { platforms: [Web], secret: Secret([REDACTED]) }] }";
            assert_eq!(format!("{keyring:?}"), platforms);
        }
        assert_eq!(serde_json::from_str::<Keyring>("{}")?.secret(Web).err(), Some(NoSecret { platform: Web }));
        Ok(())
    }

    #[test]
    fn malformed_keyring_is_refused_with_what_is_wrong() {
        for (json, error) in [
            (r#""S""#, "expected a map of platform to secret"),
            ("true", "expected a map of platform to secret"),
            ("null", "invalid type: null, expected a map of platform to secret"),
            (r#"["S"]"#, "invalid type: sequence, expected a map of platform to secret"),
            (r#"{"web": []}"#, "empty list of secrets"),
            (r#"{"web": "S", "web": "S"}"#, "duplicate platform"),
            (r#"{"web": ["S"], "ios": "S", "web": []}"#, "duplicate platform"),
            (r#"{"Web": "S"}"#, "unknown platform: use ios, android or web"),
            (r#"{"S": "web"}"#, "unknown platform: use ios, android or web"),
            (r#"{"web": null}"#, "invalid type: null, expected a secret or a list of secrets"),
            (r#"{"web": {"secret": "S"}}"#, "invalid type: map, expected a secret or a list of secrets"),
            (r#"{"web": false}"#, "expected a secret or a list of secrets"),
            (r#"{"web": ["S", null]}"#, "invalid type: null, expected a string"),
            (r#"{"web": [["S"]]}"#, "invalid type: sequence, expected a string"),
            (r#"{"web": "pi3243fa"}"#, "the secret has 8 characters, fewer than 32: "),
            (r#"{"web": ["S", "S\n"]}"#, "the secret has a character that Intercom's secrets never have: "),
        ] {
            let refusal =
                serde_json::from_str::<Keyring>(&json.replace('S', SECRET)).map_err(|error| error.to_string());
            assert!(refusal.as_ref().is_err_and(|found| found.starts_with(error)), "{json}: {refusal:?}");
        }
        // With `arbitrary_precision` of `serde_json`, a number is a map.
        for number in ["4711", "47.11", "-4711", "471147114711471147114711471147114711"] {
            for json in [number.to_owned(), format!(r#"{{"web": {number}}}"#), format!(r#"{{"web": [{number}]}}"#)] {
                let refusal = serde_json::from_str::<Keyring>(&json).err().map(|error| error.to_string());
                assert!(refusal.is_some_and(|error| !error.contains("47")), "{json}");
            }
        }
    }
}
