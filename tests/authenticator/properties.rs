use std::collections::HashMap;

use intercom_identity::{
    AuthRequest, Authenticator,
    Platform::{self, Web},
    Rejection::{MalformedUserHash, UserHashMismatch},
    UserHash, UserId,
};
use proptest::{array::uniform3, collection::vec, prelude::*, sample::select, test_runner::TestRunner};
use static_assertions::assert_impl_all;

use crate::{
    ENFORCEMENTS, TestResult,
    Verdict::{Refused, Verified},
    flaws::replace,
    table::{SecretOf, expected, keyring, rows, secret, verdict_on},
    verdict,
};

assert_impl_all!(Authenticator: Send, Sync);

#[test]
fn no_sequence_of_requests_makes_an_unverified_identity_verified() -> TestResult {
    let sequences = (uniform3(select(&ENFORCEMENTS)), vec(select(rows()?), 1..128));
    TestRunner::default().run(&sequences, |(enforcements, rows)| {
        let set: HashMap<_, _> = Platform::ALL.iter().copied().zip(enforcements).collect();
        let authenticator = set.iter().fold(Authenticator::new(keyring()?), |authenticator, (platform, set)| {
            authenticator.enforcement(*platform, *set)
        });
        for row in rows.iter().filter(|row| set.get(&row.platform) == Some(&row.enforcement)) {
            prop_assert_eq!(verdict_on(row, &authenticator)?, expected(row), "{:?}", row);
        }
        Ok(())
    })?;
    Ok(())
}

proptest! {
    #[test]
    fn no_made_up_text_is_verified(
        platform in select(Platform::ALL),
        user_id in "(?s).+",
        text in prop_oneof![any::<String>(), "[0-9a-f]{64}", "[0-9a-fA-F]{64}"],
    ) {
        let authenticator = Authenticator::new(keyring()?);
        let request = AuthRequest::new(platform).identity(UserId::new(&user_id)?).user_hash(&text);
        prop_assert!(matches!(verdict(&authenticator.authenticate(&request)), Refused(UserHashMismatch | MalformedUserHash(_))));
    }

    #[test]
    fn hash_that_is_altered_is_verified_on_web_alone_and_only_if_letter_case_is_all(
        platform in select(Platform::ALL),
        user_id in "(?s).+",
        upper_case in prop_oneof![Just(0), any::<u64>()],
        replaced in prop::option::of((0..64_usize, prop::char::range('0', 'f'))),
    ) {
        let user = UserId::new(&user_id)?;
        let own = UserHash::compute(&secret(SecretOf::Platform(platform))?, user).to_string();
        let mut text: String = own
            .char_indices()
            .map(|(at, digit)| if upper_case >> at & 1 == 1 { digit.to_ascii_uppercase() } else { digit })
            .collect();
        if let Some((position, replacement)) = replaced {
            text = replace(&text, position, replacement);
        }

        let request = AuthRequest::new(platform).identity(user).user_hash(&text);
        let verified = verdict(&Authenticator::new(keyring()?).authenticate(&request)) == Verified;
        prop_assert_eq!(verified, text == own || platform == Web && text.to_lowercase() == own);
    }
}
