//! Which secret signs for which platform. Which ones verify is in the tests of the authenticator.

use std::error::Error;

use intercom_identity::{
    Keyring, NoSecret,
    Platform::{self, Android, Ios, Web},
    Secret, UserHash, UserId,
};
use static_assertions::assert_impl_all;

type TestResult = Result<(), Box<dyn Error>>;

assert_impl_all!(Keyring: Send, Sync);

/// Asks whose secret signs by what it signs: a secret cannot be compared.
fn is_signed_with(secret: &str, keyring: &Keyring, platform: Platform) -> Result<bool, Box<dyn Error>> {
    let user = UserId::from(4711_u32);
    Ok(UserHash::compute(keyring.secret(platform)?, user) == UserHash::compute(&Secret::new(secret)?, user))
}

#[test]
fn secret_signs_for_every_platform_it_was_added_for() -> TestResult {
    let keyring = Keyring::new().with([Ios, Web], Secret::new("shared")?).with([Android], Secret::new("android's")?);
    assert!(is_signed_with("shared", &keyring, Ios)?);
    assert!(is_signed_with("shared", &keyring, Web)?);
    assert!(is_signed_with("android's", &keyring, Android)?);
    Ok(())
}

#[test]
fn first_secret_added_for_a_platform_signs_whatever_was_added_before_for_others() -> TestResult {
    let keyring = Keyring::new()
        .with([Web], Secret::new("first")?)
        .with([Ios, Web], Secret::new("second")?)
        .with([Ios, Android, Web], Secret::new("third")?);
    assert!(is_signed_with("first", &keyring, Web)?);
    assert!(is_signed_with("second", &keyring, Ios)?);
    assert!(is_signed_with("third", &keyring, Android)?);
    Ok(())
}

#[test]
fn platforms_can_come_from_any_iterator_and_more_than_once() -> TestResult {
    let keyring = Keyring::new().with(Platform::ALL.iter().copied().chain([Ios, Ios]), Secret::new("everybody's")?);
    for &platform in Platform::ALL {
        assert!(is_signed_with("everybody's", &keyring, platform)?);
    }
    Ok(())
}

#[test]
fn nothing_signs_for_a_platform_that_no_secret_was_added_for() -> TestResult {
    for keyring in [Keyring::new(), Keyring::default(), Keyring::new().with([], Secret::new("nobody's")?)] {
        for &platform in Platform::ALL {
            assert_eq!(keyring.secret(platform).err(), Some(NoSecret { platform }));
        }
    }
    let keyring = Keyring::new().with([Ios, Android], Secret::new("mobile")?);
    assert_eq!(keyring.secret(Web).err(), Some(NoSecret { platform: Web }));
    Ok(())
}

#[test]
fn error_names_the_platform_that_has_no_secret() {
    assert_eq!(NoSecret { platform: Android }.to_string(), "no secret serves the platform android");
}
