use intercom_identity::{
    AuthRequest, Authenticator, Keyring,
    Platform::{Android, Ios, Web},
    Rejection::{NoSecret, UserHashMismatch},
    Secret, UserId,
};

use crate::{
    NEW, OLD, TestResult, USER_ID,
    Verdict::{Refused, Verified},
    server, signed, verdict,
};

#[test]
fn rotation_from_old_to_new_locks_nobody_out_until_the_old_secret_is_dropped() -> TestResult {
    let user = UserId::new(USER_ID)?;
    for (step, secrets, by_old, by_new) in [
        ("before", [OLD].as_slice(), Verified, Refused(UserHashMismatch)),
        ("new behind old", &[OLD, NEW], Verified, Verified),
        ("new signs", &[NEW, OLD], Verified, Verified),
        ("old dropped", &[NEW], Refused(UserHashMismatch), Verified),
    ] {
        let server = server(secrets)?;
        for (secret, expected) in [(OLD, by_old), (NEW, by_new)] {
            let user_hash = signed(secret, user)?;
            let request = AuthRequest::new(Ios).identity(user).user_hash(&user_hash);
            assert_eq!(verdict(&server.authenticate(&request)), expected, "{step}: {secret}");
        }
    }
    Ok(())
}

#[test]
fn every_secret_of_four_verifies_and_the_answer_does_not_show_which() -> TestResult {
    let secrets = ["first secret", "second secret", "third secret", "fourth secret"];
    let (one, four) = (server(&secrets[..1])?, server(&secrets)?);
    let user = AuthRequest::new(Ios).identity(UserId::new(USER_ID)?);

    let first = signed(secrets[0], UserId::new(USER_ID)?)?;
    let admission = one.authenticate(&user.user_hash(&first));
    assert_eq!(verdict(&admission), Verified);
    for secret in secrets {
        let user_hash = signed(secret, UserId::new(USER_ID)?)?;
        assert_eq!(four.authenticate(&user.user_hash(&user_hash)), admission, "{secret}");
    }
    Ok(())
}

#[test]
fn answer_to_a_wrong_hash_does_not_show_how_many_secrets_there_are() -> TestResult {
    let user_hash = signed("fifth secret", UserId::new(USER_ID)?)?;
    let request = AuthRequest::new(Ios).identity(UserId::new(USER_ID)?).user_hash(&user_hash);
    for server in [server(&["first secret"])?, server(&["first secret", "second secret", "third secret"])?] {
        assert_eq!(server.authenticate(&request), Err(UserHashMismatch));
    }
    Ok(())
}

#[test]
fn rotation_on_one_platform_does_not_touch_another() -> TestResult {
    let keyring = Keyring::new().with([Ios], Secret::new(NEW)?).with([Ios, Web], Secret::new(OLD)?);
    let authenticator = Authenticator::new(keyring);
    let user_hash = signed(NEW, UserId::new(USER_ID)?)?;
    let on = |platform| AuthRequest::new(platform).identity(UserId::from(4711_u32)).user_hash(&user_hash);
    assert_eq!(verdict(&authenticator.authenticate(&on(Ios))), Verified);
    assert_eq!(authenticator.authenticate(&on(Web)), Err(UserHashMismatch));
    Ok(())
}

#[test]
fn one_secret_verifies_on_every_platform_it_serves_and_on_no_other() -> TestResult {
    let authenticator = Authenticator::new(Keyring::new().with([Ios, Android], Secret::new(NEW)?));
    let user_hash = signed(NEW, UserId::new(USER_ID)?)?;
    let verdict_on = |platform| {
        let request = AuthRequest::new(platform).identity(UserId::from(4711_u32)).user_hash(&user_hash);
        verdict(&authenticator.authenticate(&request))
    };
    assert_eq!([Ios, Android, Web].map(verdict_on), [Verified, Verified, Refused(NoSecret)]);
    Ok(())
}
