//! The lines are two secrets, the names and the proof of a request.
#![no_main]

use intercom_identity::{
    Email, Identity, Keyring, Platform, Secret, UserId,
    verify::{AuthRequest, Authenticator, Proofs},
};
use libfuzzer_sys::fuzz_target;
use oracle::NOW;

fuzz_target!(|text: &str| {
    let lines: Vec<_> = text.split('\n').collect();
    let &[key, other_key, user_id, email, known_user_id, proof] = lines.as_slice() else { return };
    let [secret, other_secret] = [key, other_key].map(|key| Secret::from_raw_key(key.as_bytes()));
    let (Ok(secret), Ok(other_secret)) = (secret, other_secret) else { return };
    let keyring = Keyring::new().with([Platform::Web], secret).with([Platform::Ios], other_secret);
    let authenticator = Authenticator::new(keyring).accept(Platform::Web, Proofs::Either);

    let [user_id, email] = [user_id, email].map(|name| Some(name).filter(|name| !name.is_empty()));
    let named = AuthRequest::new(Platform::Web).named(user_id, email).known_user_id(known_user_id);
    for request in [named.user_hash(proof), named.user_jwt(proof, NOW), named] {
        let mistakes = authenticator.diagnose(&request);
        assert!(mistakes.is_empty() || authenticator.authenticate(&request).is_err());
    }

    // Three mistakes that must be found.
    let Ok(Identity::UserIdAndEmail(user_id, email)) = Identity::new(user_id, email) else { return };
    let (user_id, email): (UserId<'_>, Email<'_>) = (user_id, email);
    let short = [user_id.as_str(), email.as_str(), known_user_id].iter().all(|text| text.len() <= 1024);
    let hashes = [
        oracle::user_hash(key, email.as_str()),
        oracle::user_hash(other_key, user_id.as_str()),
        format!("\"{}\"", oracle::user_hash(key, user_id.as_str())),
    ];
    for hash in hashes {
        let request = named.user_hash(&hash);
        let is_refused = authenticator.authenticate(&request).is_err();
        assert_eq!(authenticator.diagnose(&request).is_empty(), !(is_refused && short));
    }
});
