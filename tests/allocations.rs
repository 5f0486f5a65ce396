//! Nothing that is done for a user allocates: only making a secret does.
#![expect(clippy::unwrap_used, reason = "a test panics")]

use std::hint::black_box;

use allocation_counter::measure;
use intercom_identity::{Email, Identity, ParseUserHashError, Secret, UserHash, UserHashMismatch, UserId};

/// With its padding, SHA-256 takes the first two as one block, the next two as two, the last as many.
const IDENTIFIER_LENGTHS: [usize; 5] = [6, 36, 60, 100, 3000];

fn allocations<T>(operation: impl FnOnce() -> T) -> u64 {
    measure(|| drop(black_box(operation()))).count_total
}

fn secret() -> Secret {
    Secret::new("secret").unwrap()
}

#[test]
fn making_a_secret_allocates_once() {
    for length in [1, 43, 64, 65, 200] {
        let text = "k".repeat(length);
        assert_eq!(allocations(|| Secret::new(&text).unwrap()), 1, "{length} bytes");
    }
}

#[test]
fn making_an_identity_does_not_allocate() {
    assert_eq!(allocations(|| UserId::from(u64::MAX)), 0);
    assert_eq!(allocations(|| Identity::new(Some("4711"), Some("ada@example.com")).unwrap()), 0);
    assert_eq!(allocations(|| Email::new("ada").unwrap_err()), 0);
}

#[test]
fn computing_does_not_allocate() {
    let secret = secret();
    for length in IDENTIFIER_LENGTHS {
        let identifier = "7".repeat(length);
        let compute = || UserHash::compute(&secret, UserId::new(&identifier).unwrap());
        assert_eq!(allocations(compute), 0, "identifier of {length} bytes");
    }
}

#[test]
fn parsing_does_not_allocate() {
    let hash = UserHash::compute(&secret(), UserId::from(4711_u32));
    assert_eq!(allocations(|| hash.as_str().parse::<UserHash>().unwrap()), 0);

    let refused = |text: &str| text.parse::<UserHash>().unwrap_err();
    let upper_case = hash.as_str().to_uppercase();
    assert_eq!(allocations(|| assert_eq!(refused(&upper_case), ParseUserHashError::UpperCase)), 0);
}

#[test]
fn verifying_does_not_allocate() {
    let secret = secret();
    for length in IDENTIFIER_LENGTHS {
        let identifier = "7".repeat(length);
        let user_id = UserId::new(&identifier).unwrap();
        let hash = UserHash::compute(&secret, user_id);
        let verify = |user_id| hash.verify(&secret, user_id);
        assert_eq!(allocations(|| assert_eq!(verify(user_id), Ok(()))), 0, "identifier of {length} bytes");
        assert_eq!(allocations(|| assert_eq!(verify(UserId::from(1_u32)), Err(UserHashMismatch))), 0);
    }
}

#[test]
fn reading_a_hash_does_not_allocate() {
    let hash = UserHash::compute(&secret(), UserId::from(4711_u32));
    assert_eq!(allocations(|| assert_eq!(hash.as_str().len(), 64)), 0);
    assert_eq!(allocations(|| hash.to_bytes()), 0);
}
