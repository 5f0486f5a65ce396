use std::{collections::HashMap, thread};

use intercom_identity::{
    Email, Identity, Keyring, ParseUserHashError,
    Platform::{self, Ios, Web},
    Secret, SecretError, UserId,
    verify::{
        Admission, AuthRequest, Authenticator,
        Enforcement::{self, Enforce, Observe, RefuseInvalid},
        Rejection::{MalformedUserHash, MissingProof, UserHashMismatch, UserJwtAsUserHash},
    },
};
use proptest::prelude::*;
use static_assertions::assert_impl_all;

use crate::{HASH_OF_4711, HASH_OF_ADA, SECRET, forge, observed, server, support::TestResult, verified};

assert_impl_all!(Authenticator: Send, Sync);
assert_impl_all!(Admission: Clone, Send, Sync);

fn user() -> AuthRequest<'static> {
    AuthRequest::new(Ios).identity(UserId::from(4711_u32))
}

/// Secret `secret`, `user_id` `Message`.
#[test]
fn sample_that_intercom_publishes_is_verified_on_every_platform() -> TestResult {
    let authenticator = Authenticator::new(Keyring::new().with(Platform::ALL, Secret::from_raw_key(b"secret")?));
    for &platform in Platform::ALL {
        let request = AuthRequest::new(platform)
            .identity(UserId::new("Message")?)
            .user_hash("aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597");
        let user = verified(&authenticator, &request)?;
        assert_eq!((user.identifier(), user.platform(), user.by_signing_secret()), ("Message", platform, true));
    }
    Ok(())
}

#[test]
fn email_hash_is_refused_when_a_user_id_is_named_and_the_reverse() -> TestResult {
    let (both, email) =
        (user().named(Some("4711"), Some("ada@example.com")), user().named(None, Some("ada@example.com")));
    assert_eq!(server()?.authenticate(&both.user_hash(HASH_OF_ADA)), Err(UserHashMismatch));
    assert_eq!(server()?.authenticate(&email.user_hash(HASH_OF_4711)), Err(UserHashMismatch));
    assert_eq!(verified(&server()?, &both.user_hash(HASH_OF_4711))?.identifier(), "4711");
    assert_eq!(verified(&server()?, &email.user_hash(HASH_OF_ADA))?.identifier(), "ada@example.com");
    Ok(())
}

#[test]
fn malformed_hash_is_refused_on_every_platform_with_the_flaw_as_reason() -> TestResult {
    let (rest, not_hex) = (&HASH_OF_4711[1..], MalformedUserHash(ParseUserHashError::NotHex));
    let length = |found| MalformedUserHash(ParseUserHashError::Length { found });
    for (text, reason) in [
        (rest, length(63)),
        (&format!("{HASH_OF_4711}\n"), length(65)),
        (&format!("\"{HASH_OF_4711}\""), length(66)),
        ("f31PyU/rWpxZRsRgBMl+n+D/2rlIv87HWiaZn2nHdJU=", length(44)),
        (&format!("x{rest}"), not_hex),
        (&format!("{rest} "), not_hex),
        (&format!("{}é", &rest[1..]), not_hex),
        (&format!("{}:", rest.to_uppercase()), not_hex),
        ("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo0NzExfQ.QN_aZBcgr8y2Bxsd4uiveNWRC3lANhTO9YV_eb1DPaA", UserJwtAsUserHash),
        (&format!("eyJ.{}.", &rest[4..]), UserJwtAsUserHash),
        ("eyJhbGci.e30", length(12)),
        ("eyJhbGci.e30..", length(14)),
        ("f02877.f24c9d.d37542", length(20)),
    ] {
        for &platform in Platform::ALL {
            let request = AuthRequest::new(platform).identity(UserId::from(4711_u32)).user_hash(text);
            assert_eq!(server()?.authenticate(&request), Err(reason), "{platform}: {text}");
        }
    }
    Ok(())
}

/// The email was merely claimed.
#[test]
fn verified_user_holds_only_the_identifier_that_was_hashed() -> TestResult {
    let request = user().identity((UserId::from(4711_u32), Email::new("ceo@victim.com")?)).user_hash(HASH_OF_4711);
    assert_eq!(verified(&server()?, &request)?.identity(), Identity::UserId(UserId::from(4711_u32)));
    Ok(())
}

/// The protocol hashes the text alone. Data that is keyed by the kind of identifier too stays apart.
#[test]
fn hash_of_a_user_id_verifies_an_email_of_the_same_text_and_the_identity_tells_them_apart() -> TestResult {
    let text = "victim@example.com";
    let user_hash = "64095dfcf685090853f0b01878edc6043e36cd81bf75c53ddaebbcb2cc7a25ed";
    for identity in [Identity::from(UserId::new(text)?), Identity::from(Email::new(text)?)] {
        assert_eq!(verified(&server()?, &user().identity(identity).user_hash(user_hash))?.identity(), identity);
    }
    Ok(())
}

#[test]
fn admission_outlives_the_request_and_the_server_and_moves_into_a_task() -> TestResult {
    let (proved, claimed) = {
        let (authenticator, user_id, user_hash) = (server()?, "4711".to_owned(), HASH_OF_4711.to_owned());
        let request = AuthRequest::new(Web).named(Some(&user_id), None);
        (verified(&authenticator, &request.user_hash(&user_hash))?, observed(&authenticator, &request)?)
    };
    let task = thread::spawn(move || claimed.claimed() == Some(proved.clone().identity()));
    assert_eq!(task.join().ok(), Some(true));
    Ok(())
}

/// Version 1 of the app sends no hash.
#[test]
fn enforcement_for_one_request_leaves_the_platform_strict() -> TestResult {
    let authenticator = server()?;
    assert_eq!(observed(&authenticator, &user())?.reason(), &MissingProof);
    assert_eq!(authenticator.authenticate(&user()), Err(MissingProof));

    let lenient = server()?.enforcement(Ios, Observe);
    for enforcement in [Enforce, RefuseInvalid] {
        let outcome = lenient.authenticate_with(&user().user_hash(HASH_OF_ADA), enforcement);
        assert_eq!(outcome, Err(UserHashMismatch), "{enforcement:?}");
    }
    Ok(())
}

#[test]
fn every_platform_is_enforced_unless_set_otherwise_and_the_last_setting_counts() -> TestResult {
    assert_eq!(Enforcement::default(), Enforce);
    for &lenient in Platform::ALL {
        let authenticator = server()?.enforcement(lenient, RefuseInvalid).enforcement(lenient, Observe);
        for &platform in Platform::ALL {
            let request = AuthRequest::new(platform).identity(UserId::from(4711_u32)).user_hash(HASH_OF_ADA);
            let outcome = authenticator.authenticate(&request);
            assert_eq!(outcome.clone().ok().and_then(Admission::verified), None);
            let outcome = outcome.map(|admission| admission.label());
            assert_eq!(outcome, if platform == lenient { Ok("unverified") } else { Err(UserHashMismatch) });
        }
    }
    Ok(())
}

/// The first four are the steps of a rotation.
#[test]
fn rotation_locks_nobody_out_and_says_who_still_uses_an_older_secret() -> TestResult {
    let (old, new) = ("0ldSecret0ldSecret0ldSecret0ldSecret0ldSec1", "N3wSecretN3wSecretN3wSecretN3wSecretN3wSec1");
    let by_old = "6f8d38c1ac0b4013e262581c8be67832e83edcc6df8129712d215c0154094b85";
    let by_new = "6a898f3e4b53702512f2c9e5fe4d99d275f17a7b42a8d4c66a4bf757c0c6430c";
    for (secrets, old_signs, new_signs) in [
        (&[old][..], Ok(true), Err(UserHashMismatch)),
        (&[old, new], Ok(true), Ok(false)),
        (&[new, old], Ok(false), Ok(true)),
        (&[new], Err(UserHashMismatch), Ok(true)),
        (&[SECRET, SECRET, old, new], Ok(false), Ok(false)),
    ] {
        let add = |keyring: Keyring, secret: &&str| Ok::<_, SecretError>(keyring.with([Web], Secret::new(secret)?));
        let server = Authenticator::new(secrets.iter().try_fold(Keyring::new(), add)?);
        for (user_hash, expected) in [(by_old, old_signs), (by_new, new_signs)] {
            let request = AuthRequest::new(Web).identity(UserId::new("user-7")?).user_hash(user_hash);
            let outcome = server.authenticate(&request);
            let signs = outcome.map(|admission| admission.verified().is_some_and(|user| user.by_signing_secret()));
            assert_eq!(signs, expected, "{secrets:?}: {user_hash}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn altered_hash_is_verified_on_the_web_alone_and_only_if_letter_case_is_all(
        platform in prop::sample::select(Platform::ALL),
        user_id in "[^.]+",
        upper_case in prop_oneof![Just(0), any::<u64>()],
        replaced in prop::option::of((0..64_usize, prop::char::range('0', 'f'))),
    ) {
        let own = hex::encode(forge::tag(SECRET, &user_id));
        let replaced: HashMap<usize, char> = replaced.into_iter().collect();
        let text: String = own
            .char_indices()
            .map(|(at, digit)| if upper_case >> at & 1 == 1 { (at, digit.to_ascii_uppercase()) } else { (at, digit) })
            .map(|(at, digit)| replaced.get(&at).copied().unwrap_or(digit))
            .collect();
        let request = AuthRequest::new(platform).identity(UserId::new(&user_id)?).user_hash(&text);
        let outcome = server()?.authenticate(&request).map(|admission| admission.label());
        let is_own = text == own || platform == Web && text.to_lowercase() == own;
        prop_assert_eq!(outcome == Ok("verified"), is_own);
    }
}
