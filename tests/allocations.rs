//! What allocates, and how often: making a secret once, and whatever outlives a request.
#![cfg(feature = "verify")]
#![expect(clippy::unwrap_used, reason = "a test panics")]

use std::hint::black_box;

use allocation_counter::measure;
use intercom_identity::{
    Email, Identity, IdentityError, Keyring, Platform, Secret, UserHash, UserHashMismatch, UserId,
    verify::{AuthRequest, Authenticator, Enforcement},
};

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

/// Of `4711`, with the secret.
const HASH: &str = "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495";

fn allocations<T>(operation: impl FnOnce() -> T) -> u64 {
    measure(|| drop(black_box(operation()))).count_total
}

#[test]
fn making_a_secret_allocates_once() {
    for length in [32, 43, 64, 65, 200] {
        let text: String = SECRET.chars().cycle().take(length).collect();
        assert_eq!(allocations(|| Secret::new(&text).unwrap()), 1, "{length} bytes");
    }
}

#[test]
fn making_an_identity_does_not_allocate() {
    let forged = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9";
    assert_eq!(allocations(|| UserId::from(i64::MIN)), 0);
    assert_eq!(allocations(|| Identity::new(Some("4711"), Some("ada@example.com")).unwrap()), 0);
    assert_eq!(allocations(|| assert_eq!(UserId::new(forged), Err(IdentityError::JwtSigningInput))), 0);
}

/// SHA-256 takes the first two identifiers as one block, with its padding; the next two as two; the last as many.
#[test]
fn nothing_that_is_done_with_a_hash_allocates() {
    let secret = Secret::new(SECRET).unwrap();
    for length in [6, 36, 60, 100, 3000] {
        let identifier = "7".repeat(length);
        let user_id = UserId::new(&identifier).unwrap();
        let hash = UserHash::compute(&secret, user_id);
        assert_eq!(allocations(|| UserHash::compute(&secret, user_id)), 0, "{length} bytes");
        assert_eq!(allocations(|| assert_eq!(hash.verify(&secret, user_id), Ok(()))), 0, "{length} bytes");
        let other = UserId::from(1_u32);
        assert_eq!(allocations(|| assert_eq!(hash.verify(&secret, other), Err(UserHashMismatch))), 0);
    }
    assert_eq!(allocations(|| HASH.parse::<UserHash>().unwrap().to_bytes()), 0);
    assert_eq!(allocations(|| HASH[1..].parse::<UserHash>().unwrap_err()), 0);
}

#[test]
fn outcome_allocates_the_identifiers_that_it_owns_and_a_rejection_nothing() {
    let wrong = HASH.replace('7', "0");
    let upper_case = HASH.to_uppercase();
    let keyring = ["3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z", SECRET]
        .into_iter()
        .fold(Keyring::new(), |keyring, secret| keyring.with([Platform::Ios], Secret::new(secret).unwrap()));
    let authenticator = Authenticator::new(keyring);
    let visitor = AuthRequest::new(Platform::Ios);
    let user = visitor.identity((UserId::new("4711").unwrap(), Email::new("ada@example.com").unwrap()));
    for (request, enforcement, accepted, expected) in [
        (user.user_hash(HASH), Enforcement::Enforce, true, 1),
        (user.user_hash(&wrong), Enforcement::Enforce, false, 0),
        (user.user_hash(&upper_case), Enforcement::Enforce, false, 0),
        (user, Enforcement::Enforce, false, 0),
        (user.named(Some(""), Some("ada@example.com")), Enforcement::Enforce, false, 0),
        (AuthRequest::new(Platform::Web).identity(UserId::from(1_u32)).user_hash(HASH), Enforcement::Enforce, false, 0),
        (user.user_hash(&wrong), Enforcement::Observe, true, 2),
        (visitor, Enforcement::Enforce, true, 0),
    ] {
        let mut outcome = None;
        let counted = measure(|| outcome = Some(authenticator.authenticate_with(&request, enforcement)));
        assert_eq!(outcome.map(|outcome| outcome.is_ok()), Some(accepted), "{request:?}");
        assert_eq!(counted.count_total, expected, "{request:?}");
    }
}
