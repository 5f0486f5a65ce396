#![no_main]

use intercom_identity::{ParseUserHashError, UserHash};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let parsed = text.parse::<UserHash>();
    match &parsed {
        Ok(hash) => {
            assert!(is_64_of(text, "0123456789abcdef"));
            assert_eq!(hash.as_str(), text);
            assert_eq!(data_encoding::HEXLOWER.encode(&hash.to_bytes()), text);
        }
        Err(ParseUserHashError::Length { found }) => {
            assert_eq!(*found, text.len());
            assert_ne!(*found, 64);
        }
        Err(ParseUserHashError::UpperCase) => {
            assert!(is_64_of(text, "0123456789abcdefABCDEF"));
            assert!(!is_64_of(text, "0123456789abcdef"));
        }
        Err(ParseUserHashError::NotHex) => {
            assert_eq!(text.len(), 64);
            assert!(!is_64_of(text, "0123456789abcdefABCDEF"));
        }
        Err(error) => panic!("{error:?}"),
    }
    assert_eq!(serde_json::from_value(Value::from(text)).ok(), parsed.ok());
});

fn is_64_of(text: &str, digits: &str) -> bool {
    text.len() == 64 && text.chars().all(|digit| digits.contains(digit))
}
