//! What `run` calls in Node. A check that fails panics, which is a trap.

use std::time::Duration;

use intercom_identity::{
    Keyring, Platform, Secret, UnixTime, UserHash, UserId,
    jwt::{JwtError, UserClaims, UserJwt},
    verify::{Admission, AuthRequest, Authenticator, Proofs},
};

const KEY: &[u8] = b"forty-three-characters-that-keep-no-secrets";

/// Computes and verifies every user hash of the vectors, and tells how many there are.
#[unsafe(no_mangle)]
pub extern "C" fn user_hashes() -> usize {
    let lines = include_str!("../../../vectors/user_hashes.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(user_hash).count()
}

fn user_hash(line: &str) {
    let columns: Vec<_> = line.split('\t').collect();
    let &[secret, identifier, user_hash] = columns.as_slice() else { panic!("three columns") };
    let secret = Secret::from_raw_key(&hex::decode(secret).unwrap()).unwrap();
    let identifier = String::from_utf8(hex::decode(identifier).unwrap()).unwrap();
    let user_id = UserId::new(&identifier).unwrap();
    assert_eq!(UserHash::compute(&secret, user_id).as_str(), user_hash);
    user_hash.parse::<UserHash>().unwrap().verify(&secret, user_id).unwrap();
}

/// Signs a token, verifies it until it expires, and authenticates its user.
#[unsafe(no_mangle)]
pub extern "C" fn user_jwts() {
    let secret = || Secret::from_raw_key(KEY).unwrap();
    let now = UnixTime::from_seconds(1_800_000_000).unwrap();
    let later = now + Duration::from_secs(60);
    let claims = UserClaims::new(UserId::from(4711), later).attribute("plan", "pro").unwrap();
    let token = UserJwt::sign(&secret(), &claims).unwrap();
    let received: UserJwt = token.as_str().parse().unwrap();
    assert_eq!(received.verify(&secret(), now), Ok(claims));
    assert_eq!(received.verify(&secret(), later), Err(JwtError::Expired));
    assert_eq!(received.verify(&Secret::from_raw_key(b"another").unwrap(), now), Err(JwtError::Signature));

    let keyring = Keyring::new().with([Platform::Web], secret());
    let authenticator = Authenticator::new(keyring).accept(Platform::Web, Proofs::UserJwt);
    let admission = authenticator.authenticate(&AuthRequest::new(Platform::Web).user_jwt(token.as_str(), now));
    assert!(matches!(admission, Ok(Admission::Verified(user)) if user.identifier() == "4711"));
}
