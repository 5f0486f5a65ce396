//! What a user hash is, whose it is, and which texts are one.

#[path = "support/reference.rs"]
mod reference;
mod support;

use intercom_identity::{Email, Identity, ParseUserHashError, Secret, UserHash, UserHashMismatch, UserId};
use proptest::{collection::vec, prelude::*};
use subtle::ConstantTimeEq;

use support::TestResult;

/// Secret `secret`, `user_id` `Message`: the sample that Intercom publishes.
const MESSAGE: &str = "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597";

/// Secret `abc123`, `user_id` `1`: from the tests of Intercom's Node client.
const ONE: &str = "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3";

fn parse(text: &str) -> Result<UserHash, ParseUserHashError> {
    text.parse()
}

fn secret(key: &str) -> TestResult<Secret> {
    Ok(Secret::from_raw_key(key.as_bytes())?)
}

fn spell(bytes: [u8; 32]) -> String {
    bytes.map(|byte| format!("{byte:02x}")).concat()
}

/// The published sample with one digit replaced.
fn with(position: usize, replacement: char) -> String {
    MESSAGE.chars().enumerate().map(|(at, digit)| if at == position { replacement } else { digit }).collect()
}

/// From Intercom, from Python, and from RFC 4231, test case 2.
#[test]
fn known_answers() -> TestResult {
    for (key, identifier, hash) in [
        ("secret", "Message", MESSAGE),
        ("abc123", "1", ONE),
        ("abcdefgh", "1234", "3f5ed07739c3217c03afaff4ecf40a6974ee8e0523e6c9914236b4251504db23"),
        ("Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ] {
        let (secret, user_id) = (secret(key)?, UserId::new(identifier)?);
        assert_eq!(UserHash::compute(&secret, user_id).as_str(), hash, "{identifier}");
        assert_eq!(parse(hash)?.verify(&secret, user_id), Ok(()), "{identifier}");
    }
    assert_eq!(UserHash::compute(&secret("abc123")?, UserId::from(1_i32)).as_str(), ONE);
    Ok(())
}

#[test]
fn hash_is_of_the_user_id_and_of_the_email_only_without_one() -> TestResult {
    let (secret, user_id, email) = (secret("abc123")?, UserId::from(1_u32), Email::new("ada@example.com")?);
    let hash_of_email = parse(&spell(reference::hmac_sha256(b"abc123", b"ada@example.com")))?;
    for (hash, identity, verdict) in [
        (parse(ONE)?, (user_id, email).into(), Ok(())),
        (parse(ONE)?, Identity::Email(email), Err(UserHashMismatch)),
        (hash_of_email.clone(), (user_id, email).into(), Err(UserHashMismatch)),
        (hash_of_email, Identity::Email(email), Ok(())),
    ] {
        assert_eq!(hash.verify(&secret, identity), verdict);
        assert_eq!(UserHash::compute(&secret, identity) == hash, verdict.is_ok());
    }
    Ok(())
}

#[test]
fn hash_of_another_user_or_another_secret_is_refused() -> TestResult {
    for (key, user_id) in [("abc123", "2"), ("abc123", "01"), ("abc123", "1 "), ("abc124", "1"), ("ABC123", "1")] {
        let verdict = parse(ONE)?.verify(&secret(key)?, UserId::new(user_id)?);
        assert_eq!(verdict, Err(UserHashMismatch), "{key} {user_id}");
    }
    assert_eq!(UserHashMismatch.to_string(), "the user hash does not match the identity");
    Ok(())
}

/// Two digits swapped differ from the true ones by the same bits: a comparison that cancels differences out finds none.
#[test]
fn hash_with_any_digit_changed_or_any_two_swapped_is_refused() -> TestResult {
    let (secret, user_id) = (secret("secret")?, UserId::new("Message")?);
    for (first, one) in MESSAGE.chars().enumerate() {
        for wrong in "0123456789abcdef".chars().filter(|&wrong| wrong != one) {
            let verdict = parse(&with(first, wrong))?.verify(&secret, user_id);
            assert_eq!(verdict, Err(UserHashMismatch), "{wrong} at {first}");
        }
        for (second, other) in MESSAGE.chars().enumerate().skip(first).filter(|&(_, other)| other != one) {
            let mut swapped: Vec<_> = MESSAGE.chars().collect();
            swapped.swap(first, second);
            let verdict = parse(&swapped.iter().collect::<String>())?.verify(&secret, user_id);
            assert_eq!(verdict, Err(UserHashMismatch), "{one} at {first} and {other} at {second}");
        }
    }
    Ok(())
}

#[test]
fn text_that_is_not_64_bytes_long_is_refused_with_its_length() {
    for (text, found) in [
        ("", 0),
        (&MESSAGE.replacen('a', "", 1), 63),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", 40),     // SHA-1
        ("qnR8UCqJggD55PohusaBNviGoOJ67HC6Btry4qXLVZc=", 44), // the published sample in base64
        (&format!("{MESSAGE}\n"), 65),
        (&format!("\"{MESSAGE}\""), 66),
        (&"\u{e9}".repeat(64), 128),
        (&"z".repeat(65), 65),
    ] {
        assert_eq!(parse(text), Err(ParseUserHashError::Length { found }), "{text:?}");
    }
    let error = ParseUserHashError::Length { found: 40 };
    assert_eq!(error.to_string(), "a user hash has 64 hexadecimal digits, not 40: send HMAC-SHA256 in hexadecimal");
}

/// Of the other characters, the first six are next to the ranges of digits.
#[test]
fn text_with_a_character_that_is_no_lower_case_digit_is_refused_with_the_reason() {
    for position in 0..64 {
        for letter in 'A'..='F' {
            assert_eq!(parse(&with(position, letter)), Err(ParseUserHashError::UpperCase), "{letter} at {position}");
        }
        for other in ['/', ':', '@', 'G', '`', 'g', ' ', '\n', '\0', '-', 'x', '\x7f'] {
            let text = with(position, other);
            assert_eq!(parse(&text), Err(ParseUserHashError::NotHex), "{text:?}");
            assert_eq!(parse(&text.to_uppercase()), Err(ParseUserHashError::NotHex), "{text:?}");
        }
    }
    assert_eq!(parse(&MESSAGE.to_uppercase()), Err(ParseUserHashError::UpperCase));
    assert_eq!(parse(&"🔑".repeat(16)), Err(ParseUserHashError::NotHex));
    let text = "the user hash has upper-case digits: send it in lower case";
    assert_eq!(ParseUserHashError::UpperCase.to_string(), text);
    let text = "the user hash has a character that is not a hexadecimal digit: send HMAC-SHA256 in hexadecimal";
    assert_eq!(ParseUserHashError::NotHex.to_string(), text);
}

#[test]
fn hashes_are_equal_if_and_only_if_their_texts_are() -> TestResult {
    let hash = parse(MESSAGE)?;
    assert_eq!(format!("{hash:*<66}|{hash:.8}"), format!("{MESSAGE}**|aa747c50"));
    assert_eq!(hash, hash.clone());
    assert!(bool::from(hash.ct_eq(&parse(MESSAGE)?)));
    for other in [ONE, &with(0, 'b'), &with(63, '8')] {
        assert_ne!(hash, parse(other)?);
        assert!(!bool::from(hash.ct_eq(&parse(other)?)));
    }
    Ok(())
}

#[cfg(feature = "serde")]
#[test]
fn hash_is_its_text_in_json_and_as_strict_as_parsing() -> TestResult {
    assert_eq!(serde_json::to_value(parse(MESSAGE)?)?, MESSAGE);
    assert_eq!(serde_json::from_value::<UserHash>(MESSAGE.into())?.as_str(), MESSAGE);
    for (json, error) in [
        (serde_json::json!(MESSAGE.to_uppercase()), ParseUserHashError::UpperCase.to_string()),
        (serde_json::json!(with(0, 'g')), ParseUserHashError::NotHex.to_string()),
        (serde_json::json!(4711), "expected a string".to_owned()),
    ] {
        let refusal = serde_json::from_value::<UserHash>(json).map_err(|error| error.to_string());
        assert_eq!(refusal, Err(error));
    }
    Ok(())
}

proptest! {
    #[test]
    fn hash_is_hmac_sha256_of_the_identifier_keyed_with_the_secret(
        key in vec(any::<u8>(), 1..300),
        user_id in "(?s)[^.\u{fffd}]{1,300}",
        email in "(?s)[^.\u{fffd}]{0,100}@[^.\u{fffd}]{0,100}",
    ) {
        let secret = Secret::from_raw_key(&key)?;
        let by_user_id = reference::hmac_sha256(&key, user_id.as_bytes());
        let by_email = reference::hmac_sha256(&key, email.as_bytes());
        let (user_id, email) = (UserId::new(&user_id)?, Email::new(&email)?);
        for (identity, expected) in
            [(user_id.into(), by_user_id), (email.into(), by_email), (Identity::from((user_id, email)), by_user_id)]
        {
            let hash = UserHash::compute(&secret, identity);
            prop_assert_eq!(hash.to_bytes(), expected);
            prop_assert_eq!(hash.as_str(), spell(expected));
            prop_assert_eq!(hash.verify(&secret, identity), Ok(()));
        }
    }

    #[test]
    fn only_64_lower_case_hexadecimal_digits_are_a_hash_and_survive_parsing(
        text in prop_oneof!["[0-9a-f]{64}", "[0-9a-f]{63,65}", "[0-9a-fA-F]{64}", "[0-9a-f]{0,63}(?s:.)[0-9a-f]{0,63}"],
    ) {
        let is_hash = text.len() == 64 && text.chars().all(|digit| "0123456789abcdef".contains(digit));
        let hash = parse(&text).ok();
        prop_assert_eq!(hash.as_ref().map(UserHash::as_str), is_hash.then_some(text.as_str()));
        prop_assert_eq!(hash.map(|hash| spell(hash.to_bytes())), is_hash.then_some(text));
    }
}
