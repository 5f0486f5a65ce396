use std::error::Error;

use intercom_identity::{
    Admission, AuthRequest, Authenticator, Email,
    Enforcement::{self, Enforce, Observe, RefuseInvalid},
    Identity, Keyring,
    Platform::{self, Android, Ios, Web},
    Rejection::{MissingUserHash, NoSecret, UserHashMismatch},
    Secret, UserId,
};

use crate::{
    EMAIL, NEW, TestResult, USER_ID,
    Verdict::{self, Refused, Unidentified, Unverified, Verified},
    flaws::{UPPER_CASE, length},
    server, signed,
    table::{
        Hash,
        Letters::{self, Lower, Mixed, Upper},
        Names, Row, SecretOf, Subject, keyring, request, rows, server_of, verdict_on,
    },
    verdict,
};

/// What is decided on the rows selected.
fn decide(select: impl Fn(&Row) -> bool) -> Result<Vec<Verdict>, Box<dyn Error>> {
    let mut rows = rows()?;
    rows.retain(select);
    rows.iter().map(|row| Ok(verdict_on(row, &server_of(row)?)?)).collect()
}

/// The one verdict on all the rows selected, if there are any and they agree.
fn unanimous(select: impl Fn(&Row) -> bool) -> Result<Option<Verdict>, Box<dyn Error>> {
    let mut verdicts = decide(select)?;
    verdicts.dedup();
    Ok(if let [verdict] = *verdicts { Some(verdict) } else { None })
}

impl Row {
    fn identifies_a_user(&self) -> bool {
        self.names != Names::Nobody
    }

    fn hash_is(&self, of: Subject, with: SecretOf, letters: Letters) -> bool {
        matches!(self.hash, Hash::Made { of: o, with: w, letters: l } if (o, w, l) == (of, with, letters))
    }

    fn has_own_hash_in(&self, letters: Letters) -> bool {
        self.identifies_a_user() && self.hash_is(self.names.subject(), SecretOf::Platform(self.platform), letters)
    }
}

#[test]
fn nobody_is_unidentified_with_any_hash_under_any_enforcement() -> TestResult {
    assert_eq!(unanimous(|row| row.names == Names::Nobody)?, Some(Unidentified));
    Ok(())
}

#[test]
fn own_hash_is_verified_under_any_enforcement() -> TestResult {
    assert_eq!(unanimous(|row| row.has_own_hash_in(Lower))?, Some(Verified));
    Ok(())
}

/// Each of three identities, under each of three enforcements: in three spellings on web, in one on the others.
#[test]
fn nothing_of_the_table_is_verified_but_an_identitys_own_hash() -> TestResult {
    let verified = decide(|_| true)?.into_iter().filter(|verdict| *verdict == Verified);
    assert_eq!(verified.count(), 3 * 3 * (3 + 1 + 1));
    Ok(())
}

#[test]
fn email_hash_is_refused_when_a_user_id_is_named() -> TestResult {
    let verdict = unanimous(|row| {
        matches!(row.names, Names::UserId | Names::Both)
            && row.hash_is(Subject::Email, SecretOf::Platform(row.platform), Lower)
            && row.enforcement != Observe
    })?;
    assert_eq!(verdict, Some(Refused(UserHashMismatch)));
    Ok(())
}

#[test]
fn user_id_hash_is_refused_when_only_an_email_is_named() -> TestResult {
    let verdict = unanimous(|row| {
        row.names == Names::Email
            && row.hash_is(Subject::UserId, SecretOf::Platform(row.platform), Lower)
            && row.enforcement != Observe
    })?;
    assert_eq!(verdict, Some(Refused(UserHashMismatch)));
    Ok(())
}

#[test]
fn hash_made_with_another_platforms_secret_is_refused() -> TestResult {
    for &other in Platform::ALL {
        let verdict = unanimous(|row| {
            row.identifies_a_user()
                && row.platform != other
                && row.hash_is(row.names.subject(), SecretOf::Platform(other), Lower)
                && row.enforcement != Observe
        })?;
        assert_eq!(verdict, Some(Refused(UserHashMismatch)), "{other}");
    }
    Ok(())
}

#[test]
fn hash_made_in_another_workspace_or_with_the_app_id_is_refused() -> TestResult {
    for wrong in [SecretOf::AnotherWorkspace, SecretOf::AppId] {
        let verdict = unanimous(|row| {
            row.identifies_a_user() && row.hash_is(row.names.subject(), wrong, Lower) && row.enforcement != Observe
        })?;
        assert_eq!(verdict, Some(Refused(UserHashMismatch)), "{wrong:?}");
    }
    Ok(())
}

#[test]
fn upper_and_mixed_case_are_verified_on_web_alone() -> TestResult {
    for letters in [Upper, Mixed] {
        let on_web = unanimous(|row| row.has_own_hash_in(letters) && row.platform == Web)?;
        assert_eq!(on_web, Some(Verified), "{letters:?}");

        let on_mobile =
            unanimous(|row| row.has_own_hash_in(letters) && row.platform != Web && row.enforcement != Observe)?;
        assert_eq!(on_mobile, Some(Refused(UPPER_CASE)), "{letters:?}");
    }
    Ok(())
}

#[test]
fn empty_hash_is_malformed_and_not_missing() -> TestResult {
    let verdict = unanimous(|row| {
        row.identifies_a_user() && matches!(row.hash, Hash::Empty) && row.enforcement == RefuseInvalid
    })?;
    assert_eq!(verdict, Some(Refused(length(0))));
    Ok(())
}

#[test]
fn enforce_lets_no_user_pass_unverified() -> TestResult {
    let verdicts = decide(|row| row.identifies_a_user() && row.enforcement == Enforce)?;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verified | Refused(_))));
    assert!(verdicts.contains(&Refused(MissingUserHash)));
    Ok(())
}

#[test]
fn refuse_invalid_lets_a_missing_hash_alone_pass_unverified() -> TestResult {
    let mut passed = decide(|row| row.identifies_a_user() && row.enforcement == RefuseInvalid)?;
    passed.retain(|verdict| matches!(verdict, Unverified(_)));
    passed.dedup();
    assert_eq!(passed, [Unverified(MissingUserHash)]);
    Ok(())
}

#[test]
fn observe_refuses_nothing_and_tells_what_would_be_refused() -> TestResult {
    let observed = decide(|row| row.enforcement == Observe)?;
    let enforced = decide(|row| row.enforcement == Enforce)?;
    let let_pass = |verdict| if let Refused(reason) = verdict { Unverified(reason) } else { verdict };
    assert_eq!(observed, enforced.into_iter().map(let_pass).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn every_platform_is_enforced_unless_set_otherwise() -> TestResult {
    assert_eq!(Enforcement::default(), Enforce);
    for lenient in Platform::ALL {
        let authenticator = Authenticator::new(keyring()?).enforcement(*lenient, Observe);
        for platform in Platform::ALL.iter().filter(|platform| *platform != lenient) {
            let request = AuthRequest::new(*platform).identity(UserId::new(USER_ID)?);
            assert_eq!(authenticator.authenticate(&request), Err(MissingUserHash), "{lenient} {platform}");
        }
    }
    Ok(())
}

#[test]
fn enforcement_set_last_counts() -> TestResult {
    let authenticator = Authenticator::new(keyring()?).enforcement(Ios, Observe).enforcement(Ios, Enforce);
    let request = AuthRequest::new(Ios).identity(UserId::new(USER_ID)?);
    assert_eq!(authenticator.authenticate(&request), Err(MissingUserHash));
    Ok(())
}

/// Secret `secret`, `user_id` `Message`.
#[test]
fn sample_that_intercom_publishes_is_verified_on_every_platform() -> TestResult {
    let authenticator = Authenticator::new(Keyring::new().with(Platform::ALL.iter().copied(), Secret::new("secret")?));
    for &platform in Platform::ALL {
        let request = AuthRequest::new(platform)
            .identity(UserId::new("Message")?)
            .user_hash("aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597");
        assert_eq!(authenticator.authenticate(&request).map(|admission| admission.label()), Ok("verified"));
    }
    Ok(())
}

#[test]
fn without_a_secret_for_the_platform_no_hash_is_verified() -> TestResult {
    let user = Some(UserId::from(1_u32).into());
    let valid_elsewhere = "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3";
    let requests = [None, Some("f028"), Some(valid_elsewhere)].map(|user_hash| request(Ios, user, user_hash));
    for (enforcement, verdicts) in [
        (Enforce, [Refused(MissingUserHash), Refused(length(4)), Refused(NoSecret)]),
        (RefuseInvalid, [Unverified(MissingUserHash), Refused(length(4)), Refused(NoSecret)]),
        (Observe, [Unverified(MissingUserHash), Unverified(length(4)), Unverified(NoSecret)]),
    ] {
        let elsewhere = Keyring::new().with([Android, Web], Secret::new("abc123")?);
        let authenticator = Authenticator::new(elsewhere).enforcement(Ios, enforcement);
        assert_eq!(requests.map(|request| verdict(&authenticator.authenticate(&request))), verdicts);
        assert_eq!(authenticator.authenticate(&AuthRequest::new(Ios)), Ok(Admission::Unidentified));
    }
    Ok(())
}

#[test]
fn verified_user_is_known_by_all_that_the_request_named() -> TestResult {
    let both = Identity::from((UserId::new(USER_ID)?, Email::new(EMAIL)?));
    let user_hash = signed(NEW, both)?;
    let request = AuthRequest::new(Ios).identity(both).user_hash(&user_hash);
    let Ok(Admission::Verified(user)) = server(&[NEW])?.authenticate(&request) else {
        return Err("not verified".into());
    };
    assert_eq!((user.identity(), user.platform()), (both, Ios));
    Ok(())
}

#[test]
fn request_can_be_reused_and_what_was_set_last_counts() -> TestResult {
    let server = server(&[NEW])?;
    let user_hash = signed(NEW, UserId::new(USER_ID)?)?;
    let forged = AuthRequest::new(Ios).identity(UserId::new("4712")?).user_hash(&user_hash);
    let honest = forged.identity(UserId::new(USER_ID)?);
    assert_eq!(verdict(&server.authenticate(&honest)), Verified);
    assert_eq!(verdict(&server.authenticate(&forged)), Refused(UserHashMismatch));
    assert_eq!(verdict(&server.authenticate(&honest.user_hash(""))), Refused(length(0)));
    Ok(())
}
