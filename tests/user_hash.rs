//! What a user hash is, whose it is, and which texts are one.

mod reference;

use std::error::Error;

use intercom_identity::{Email, Identity, ParseUserHashError, Secret, UserHash, UserHashMismatch, UserId};
use proptest::{collection::vec, prelude::*};
use subtle::ConstantTimeEq;

type TestResult = Result<(), Box<dyn Error>>;

/// Secret `secret`, `user_id` `Message`: the sample that Intercom publishes.
const MESSAGE: &str = "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597";

/// Secret `abc123`, `user_id` `1`: from the tests of Intercom's Node client.
const ONE: &str = "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3";

fn parse(text: &str) -> Result<UserHash, ParseUserHashError> {
    text.parse()
}

fn spell(bytes: [u8; 32]) -> String {
    bytes.map(|byte| format!("{byte:02x}")).concat()
}

/// The published sample with one digit replaced.
fn with(position: usize, replacement: char) -> String {
    MESSAGE.chars().enumerate().map(|(at, digit)| if at == position { replacement } else { digit }).collect()
}

#[test]
fn known_answers() -> TestResult {
    assert_eq!(UserHash::compute(&Secret::new("secret")?, UserId::new("Message")?).as_str(), MESSAGE);
    assert_eq!(UserHash::compute(&Secret::new("abc123")?, UserId::new("1")?).as_str(), ONE);
    assert_eq!(UserHash::compute(&Secret::new("abc123")?, UserId::from(1_u32)).as_str(), ONE);
    Ok(())
}

#[test]
fn hash_is_accepted_for_the_identity_and_secret_it_was_made_with() -> TestResult {
    let secret = Secret::new("abc123")?;
    let (user_id, email) = (UserId::new("4711")?, Email::new("ada@example.com")?);
    for identity in [user_id.into(), email.into(), Identity::from((user_id, email))] {
        assert_eq!(UserHash::compute(&secret, identity).verify(&secret, identity), Ok(()));
    }
    Ok(())
}

#[test]
fn user_id_hash_is_accepted_when_the_email_is_known_too() -> TestResult {
    let secret = Secret::new("abc123")?;
    let both = (UserId::from(1_u32), Email::new("ada@example.com")?);
    assert_eq!(parse(ONE)?.verify(&secret, both), Ok(()));
    assert_eq!(UserHash::compute(&secret, both).as_str(), ONE);
    Ok(())
}

#[test]
fn email_hash_is_rejected_when_the_user_id_is_known() -> TestResult {
    let secret = Secret::new("abc123")?;
    let (user_id, email) = (UserId::from(1_u32), Email::new("ada@example.com")?);
    let hash = UserHash::compute(&secret, email);
    assert_eq!(hash.verify(&secret, (user_id, email)), Err(UserHashMismatch));
    Ok(())
}

#[test]
fn user_id_hash_is_rejected_when_only_the_email_is_known() -> TestResult {
    let secret = Secret::new("abc123")?;
    assert_eq!(parse(ONE)?.verify(&secret, Email::new("ada@example.com")?), Err(UserHashMismatch));
    Ok(())
}

#[test]
fn hash_of_another_user_is_rejected() -> TestResult {
    let secret = Secret::new("abc123")?;
    for user_id in ["2", "01", "1 ", "11"] {
        assert_eq!(parse(ONE)?.verify(&secret, UserId::new(user_id)?), Err(UserHashMismatch), "{user_id:?}");
    }
    Ok(())
}

#[test]
fn hash_made_with_another_secret_is_rejected() -> TestResult {
    for secret in ["abc124", "ABC123", "abc1234"] {
        assert_eq!(parse(ONE)?.verify(&Secret::new(secret)?, UserId::from(1_u32)), Err(UserHashMismatch), "{secret}");
    }
    Ok(())
}

#[test]
fn hash_with_any_one_digit_changed_is_rejected() -> TestResult {
    let (secret, user_id) = (Secret::new("secret")?, UserId::new("Message")?);
    for (position, digit) in MESSAGE.chars().enumerate() {
        for wrong in "0123456789abcdef".chars().filter(|&other| other != digit) {
            let hash = parse(&with(position, wrong))?;
            assert_eq!(hash.verify(&secret, user_id), Err(UserHashMismatch), "{wrong} at {position}");
        }
    }
    Ok(())
}

/// Two digits swapped differ from the true ones by the same bits, so a comparison that adds differences up, instead of
/// collecting them, may find none.
#[test]
fn hash_with_any_two_digits_swapped_is_rejected() -> TestResult {
    let (secret, user_id) = (Secret::new("secret")?, UserId::new("Message")?);
    for first in 0..MESSAGE.len() {
        for second in first + 1..MESSAGE.len() {
            let mut digits = MESSAGE.to_owned().into_bytes();
            digits.swap(first, second);
            let expected = if digits == MESSAGE.as_bytes() { Ok(()) } else { Err(UserHashMismatch) };
            let hash = parse(str::from_utf8(&digits)?)?;
            assert_eq!(hash.verify(&secret, user_id), expected, "{first} and {second}");
        }
    }
    Ok(())
}

#[test]
fn text_that_is_not_64_bytes_long_is_refused_with_its_length() {
    for (text, found) in [
        (String::new(), 0),
        ("a".into(), 1),
        ("a".repeat(63), 63),
        ("a".repeat(65), 65),
        ("a".repeat(128), 128),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709".into(), 40), // SHA-1
        ("qnR8UCqJggD55PohusaBNviGoOJ67HC6Btry4qXLVZc=".into(), 44), // the published sample in base64
        (format!(" {MESSAGE}"), 65),
        (format!("{MESSAGE}\n"), 65),
        (format!("{MESSAGE}\0"), 65),
        (format!("0x{MESSAGE}"), 66),
        (format!("\"{MESSAGE}\""), 66),
        ("\u{e9}".repeat(64), 128),
        ("A".repeat(63), 63),
        ("z".repeat(65), 65),
    ] {
        assert_eq!(parse(&text), Err(ParseUserHashError::Length { found }), "{text:?}");
    }
}

#[test]
fn text_with_any_upper_case_digit_is_refused_as_upper_case() {
    assert_eq!(parse(&MESSAGE.to_uppercase()), Err(ParseUserHashError::UpperCase));
    for position in 0..64 {
        for letter in 'A'..='F' {
            assert_eq!(parse(&with(position, letter)), Err(ParseUserHashError::UpperCase), "{letter} at {position}");
        }
    }
}

#[test]
fn text_with_anything_else_is_refused_as_not_hexadecimal() {
    for position in 0..64 {
        // The first six stand beside the ranges of digits.
        for other in ['/', ':', '@', 'G', '`', 'g', ' ', '\n', '\0', '-', 'x', '\x7f'] {
            assert_eq!(parse(&with(position, other)), Err(ParseUserHashError::NotHex), "{other:?} at {position}");
        }
    }
    for text in [
        format!("0x{}", "a".repeat(62)),
        format!(" {}", "a".repeat(63)),
        format!("{}\n", "a".repeat(63)),
        format!("{}\u{e9}", "a".repeat(62)),
        format!("\u{ff10}{}", "a".repeat(61)),
        "🔑".repeat(16),
    ] {
        assert_eq!(parse(&text), Err(ParseUserHashError::NotHex), "{text:?}");
    }
}

#[test]
fn not_hexadecimal_is_named_before_upper_case() {
    for text in [format!("Ag{}", "0".repeat(62)), format!("gA{}", "0".repeat(62))] {
        assert_eq!(parse(&text), Err(ParseUserHashError::NotHex), "{text}");
    }
}

#[test]
fn display_is_the_text_and_heeds_width_and_precision() -> TestResult {
    let hash = parse(MESSAGE)?;
    assert_eq!(hash.to_string(), MESSAGE);
    assert_eq!(format!("{hash:>66}"), format!("  {MESSAGE}"));
    assert_eq!(format!("{hash:*<66}"), format!("{MESSAGE}**"));
    assert_eq!(format!("{hash:.8}"), "aa747c50");
    Ok(())
}

#[test]
fn debug_is_redacted() -> TestResult {
    assert_eq!(format!("{:?}", parse(MESSAGE)?), "UserHash([REDACTED])");
    assert_eq!(format!("{:#?}", parse(MESSAGE)?), "UserHash([REDACTED])");
    Ok(())
}

#[test]
fn bytes_are_what_the_digits_spell() -> TestResult {
    let text = "00010f10ff7f80a5000000000000000000000000000000000000000000000000";
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&[0x00, 0x01, 0x0f, 0x10, 0xff, 0x7f, 0x80, 0xa5]);
    assert_eq!(parse(text)?.to_bytes(), bytes);
    Ok(())
}

#[test]
fn hashes_are_equal_if_and_only_if_their_texts_are() -> TestResult {
    let hash = parse(MESSAGE)?;
    assert_eq!(hash, parse(MESSAGE)?);
    assert_eq!(hash, hash.clone());
    assert!(bool::from(hash.ct_eq(&parse(MESSAGE)?)));
    for other in [ONE, &with(0, 'b'), &with(63, '8')] {
        assert_ne!(hash, parse(other)?);
        assert!(!bool::from(hash.ct_eq(&parse(other)?)));
    }
    Ok(())
}

/// Texts that are a hash, and texts that only just are not.
fn hash_like() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{64}",
        "[0-9a-f]{63,65}",
        "[0-9a-fA-F]{64}",
        "[0-9a-f]{0,63}(?s:.)[0-9a-f]{0,63}",
        "(?s:.){0,70}"
    ]
}

proptest! {
    #[test]
    fn hash_is_hmac_sha256_of_the_identifier_keyed_with_the_secret(
        secret in r"(?s)[^\s\x{feff}].{0,200}\S",
        user_id in r"(?s).{1,300}",
        email in r"(?s).{0,100}@.{0,100}",
    ) {
        let key = Secret::new(&secret)?;
        let by_user_id = reference::hmac_sha256(secret.as_bytes(), user_id.as_bytes());
        let by_email = reference::hmac_sha256(secret.as_bytes(), email.as_bytes());
        let (user_id, email) = (UserId::new(&user_id)?, Email::new(&email)?);
        for (identity, expected) in
            [(user_id.into(), by_user_id), (email.into(), by_email), (Identity::from((user_id, email)), by_user_id)]
        {
            let hash = UserHash::compute(&key, identity);
            prop_assert_eq!(hash.to_bytes(), expected);
            prop_assert_eq!(hash.as_str(), spell(expected));
            prop_assert_eq!(hash.verify(&key, identity), Ok(()));
        }
    }

    #[test]
    fn any_bytes_key_as_in_hmac(key in vec(any::<u8>(), 1..300), user_id: u64) {
        let hash = UserHash::compute(&Secret::from_bytes(&key)?, UserId::from(user_id));
        prop_assert_eq!(hash.to_bytes(), reference::hmac_sha256(&key, user_id.to_string().as_bytes()));
    }

    #[test]
    fn text_and_bytes_of_a_hash_survive_parsing(bytes: [u8; 32]) {
        let text = spell(bytes);
        let hash = parse(&text)?;
        prop_assert_eq!(hash.as_str(), text);
        prop_assert_eq!(hash.to_bytes(), bytes);
        prop_assert_eq!(parse(hash.as_str())?, hash);
    }

    #[test]
    fn only_64_lower_case_hexadecimal_digits_are_a_hash(text in hash_like()) {
        let is_hash = text.len() == 64 && text.chars().all(|digit| "0123456789abcdef".contains(digit));
        prop_assert_eq!(parse(&text).is_ok(), is_hash);
    }
}
