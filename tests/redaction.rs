//! Nothing that is printed or logged shows four bytes in a row of a secret, an identifier or a hash.

use std::{error::Error, fmt::Debug, iter::successors};

use intercom_identity::{
    Email, Identity, IdentityError, ParseUserHashError, Secret, SecretError, UserHash, UserHashMismatch, UserId,
};

type TestResult = Result<(), Box<dyn Error>>;

const SECRET: &str = "kV3x_Qw9-Zt7pLm2";
const USER_ID: &str = "J5q8-W0zK-b\u{e9}7";
const INTEGER_ID: u64 = 9_753_186_420_864_213;
const EMAIL: &str = "zq.x7@wvk.example";
/// Of the user id, with the secret.
const HASH: &str = "b0fbebbb75ccaee63c6359a5e6ae1f4dc04fda430adffd83d94495a71ba809a3";

/// Four bytes in a row of `private` that `shown` holds, be it as text or as the numbers that a derived `Debug` lists.
fn leak<'a>(shown: &str, private: &'a [u8]) -> Option<&'a [u8]> {
    let without_space: String = shown.split_whitespace().collect();
    private.windows(4).find(|bytes| {
        let numbers = format!("{bytes:?}").replace(' ', "");
        shown.as_bytes().windows(4).any(|four| four == *bytes)
            || without_space.contains(numbers.trim_matches(['[', ']']))
    })
}

fn assert_nothing_private_in(shown: &str) -> TestResult {
    let hash: UserHash = HASH.parse()?;
    for private in [SECRET, USER_ID, &INTEGER_ID.to_string(), EMAIL, HASH, &HASH.to_uppercase()] {
        assert_eq!(leak(shown, private.as_bytes()), None, "{shown}");
    }
    assert_eq!(leak(shown, &hash.to_bytes()), None, "{shown}");
    Ok(())
}

#[test]
fn leak_is_found_in_what_a_derived_debug_shows() {
    #[derive(Debug)]
    struct Derived<T>(T);

    let bytes = SECRET.as_bytes();
    let (text, list) = (Derived(SECRET), Derived(bytes));
    for shown in [format!("{text:?}"), format!("{text:#?}"), format!("{list:?}"), format!("{list:#?}")] {
        assert_eq!(leak(&shown, bytes), Some(b"kV3x".as_slice()), "{shown}");
    }
    assert_eq!(leak("… 7pLm", bytes), Some(b"7pLm".as_slice()));
    assert_eq!(leak("kV3 x_Q w9- Zt7 pLm", bytes), None);
}

#[test]
fn debug_of_no_value_shows_what_the_value_holds() -> TestResult {
    let secret = Secret::new(SECRET)?;
    let (user_id, integer_id, email) = (UserId::new(USER_ID)?, UserId::from(INTEGER_ID), Email::new(EMAIL)?);
    let hash = UserHash::compute(&secret, user_id);
    assert_eq!(hash.as_str(), HASH);
    let values: [&dyn Debug; 9] = [
        &secret,
        &user_id,
        &integer_id,
        &email,
        &Identity::from(user_id),
        &Identity::from(integer_id),
        &Identity::from(email),
        &Identity::from((user_id, email)),
        &hash,
    ];
    for value in values {
        assert_nothing_private_in(&format!("{value:?}"))?;
        assert_nothing_private_in(&format!("{value:#?}"))?;
    }
    Ok(())
}

#[test]
fn no_error_or_source_of_one_shows_what_was_refused() -> TestResult {
    fn refusal<T, E: Error + 'static>(outcome: Result<T, E>) -> Option<Box<dyn Error>> {
        outcome.err().map(Into::into)
    }

    let (secret, user_id, email) = (Secret::new(SECRET)?, UserId::new(USER_ID)?, Email::new(EMAIL)?);
    let reversed: String = HASH.chars().rev().collect();
    for refusal in [
        refusal(Secret::new(&format!("{SECRET}\n"))),
        refusal(Secret::new(&format!("dG9rO{SECRET}"))),
        refusal(Identity::new(Some(""), Some(EMAIL))),
        refusal(Identity::new(Some(USER_ID), Some(""))),
        refusal(Identity::new(None, Some(USER_ID))),
        refusal(format!("{HASH}\n").parse::<UserHash>()),
        refusal(HASH.to_uppercase().parse::<UserHash>()),
        refusal(HASH.replace('0', "x").parse::<UserHash>()),
        refusal(HASH.parse::<UserHash>()?.verify(&secret, email)),
        refusal(reversed.parse::<UserHash>()?.verify(&secret, user_id)),
    ] {
        let refusal = refusal.ok_or("nothing was refused")?;
        for error in successors(Some(&*refusal), |&error| error.source()) {
            assert_nothing_private_in(&format!("{error} {error:?} {error:#?}"))?;
        }
    }
    Ok(())
}

#[test]
fn error_says_what_is_wrong_in_one_sentence_without_a_source() {
    let errors: [(&dyn Error, &str); 11] = [
        (&SecretError::Empty, "the secret is empty"),
        (&SecretError::SurroundingWhitespace, "the secret starts or ends with white space"),
        (&SecretError::AccessToken, "the secret is an API access token, not an identity verification secret"),
        (&IdentityError::Unidentified, "neither a user_id nor an email is given"),
        (&IdentityError::EmptyUserId, "the user_id is empty"),
        (&IdentityError::EmptyEmail, "the email is empty"),
        (&IdentityError::EmailWithoutAt, "the email has no @"),
        (&ParseUserHashError::Length { found: 40 }, "a user hash has 64 hexadecimal digits, not 40 bytes"),
        (&ParseUserHashError::UpperCase, "the user hash has upper-case digits"),
        (&ParseUserHashError::NotHex, "the user hash has a character that is not a hexadecimal digit"),
        (&UserHashMismatch, "the user hash is not the one that the secret gives to the identity"),
    ];
    for (error, text) in errors {
        assert_eq!(error.to_string(), text);
        assert!(error.source().is_none(), "{text}");
    }
}
