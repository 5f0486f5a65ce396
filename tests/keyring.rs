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
        .with(Platform::ALL, Secret::from_bytes(b"secret")?);
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

#[cfg(feature = "serde")]
mod serde {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn keyring_is_read_from_json_and_from_toml_in_signing_order() -> TestResult {
        #[derive(::serde::Deserialize)]
        struct Configuration {
            keyring: Keyring,
        }

        let json = format!(
            r#"[
                {{ "platforms": ["web"], "secret": "{SECRET}" }},
                {{ "secret": "{OTHER}", "platforms": ["ios", "web"], "comment": "an unknown field" }}
            ]"#
        );
        let toml = format!(
            "[[keyring]]\nplatforms = ['web']\nsecret = '{SECRET}'\n\
             [[keyring]]\nplatforms = ['ios', 'web']\nsecret = '{OTHER}'\n"
        );
        let Configuration { keyring } = toml::from_str(&toml)?;
        for keyring in [keyring, serde_json::from_str(&json)?, serde_json::from_reader(json.as_bytes())?] {
            assert_signs(&keyring, Web, SECRET)?;
            assert_signs(&keyring, Ios, OTHER)?;
            assert_eq!(keyring.secret(Android).err(), Some(NoSecret { platform: Android }));
        }
        assert_eq!(serde_json::from_str::<Keyring>("[]")?.secret(Web).err(), Some(NoSecret { platform: Web }));
        Ok(())
    }

    #[test]
    fn malformed_keyring_is_refused_with_what_is_wrong() {
        for (json, error) in [
            (r#""S""#, "expected a sequence"),
            (r#"{"web": "S"}"#, "invalid type: map, expected a sequence"),
            (r#"["S"]"#, "expected an object"),
            (r"[4711]", "expected an object"),
            (r#"[["web", "S"]]"#, "invalid type: sequence, expected an object"),
            (r#"[{"platforms": ["web"]}]"#, "missing field `secret`"),
            (r#"[{"secret": "S"}]"#, "missing field `platforms`"),
            (r#"[{"platforms": ["web"], "secret": "S", "secret": "S"}]"#, "duplicate field `secret`"),
            (r#"[{"platforms": [], "secret": "S"}]"#, "a secret has no platforms: name at least one"),
            (r#"[{"platforms": "web", "secret": "S"}]"#, "expected a sequence"),
            (r#"[{"platforms": ["tv"], "secret": "S"}]"#, "unknown platform: use ios, android or web"),
            (r#"[{"platforms": [0], "secret": "S"}]"#, "expected a string"),
            (r#"[{"platforms": ["web"], "secret": 4711}]"#, "expected a string"),
            (r#"[{"platforms": ["web"], "secret": null}]"#, "invalid type: null, expected a string"),
            (r#"[{"platforms": ["web"], "secret": "pi3243fa"}]"#, "the secret has 8 characters, fewer than 32: "),
        ] {
            let refusal =
                serde_json::from_str::<Keyring>(&json.replace('S', SECRET)).map_err(|error| error.to_string());
            assert!(refusal.as_ref().is_err_and(|found| found.starts_with(error)), "{json}: {refusal:?}");
        }
    }

    #[test]
    fn secrets_are_read_from_a_map_by_platform() -> TestResult {
        let json = format!(r#"{{ "ios": ["{SECRET}", "{OTHER}"], "web": ["{OTHER}"] }}"#);
        let secrets: HashMap<Platform, Vec<Secret>> = serde_json::from_str(&json)?;
        let keyring = secrets
            .into_iter()
            .flat_map(|(platform, secrets)| secrets.into_iter().map(move |secret| (platform, secret)))
            .fold(Keyring::new(), |keyring, (platform, secret)| keyring.with([platform], secret));
        assert_signs(&keyring, Ios, SECRET)?;
        assert_signs(&keyring, Web, OTHER)?;
        Ok(())
    }
}
