//! The lines are two secrets, the names and the proof of a request.
#![no_main]

use intercom_identity::{
    Email, Identity, Keyring, Platform, Secret, UserId,
    verify::{AuthRequest, Authenticator, Mistake, Proofs},
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

    let Ok(Identity::UserIdAndEmail(user_id, email)) = Identity::new(user_id, email) else { return };
    let (user_id, email): (UserId<'_>, Email<'_>) = (user_id, email);
    let (user_id, email) = (user_id.as_str(), email.as_str());
    let is_short = [user_id, email, known_user_id].iter().all(|text| text.len() <= 1024);

    // Mistakes that must be found.
    let percent =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).into() } else { format!("%{byte:02x}") };
    let signed = [
        (key, email.to_owned()),
        (key, known_user_id.to_owned()),
        (key, String::new()),
        (key, format!("{user_id}\n")),
        (key, user_id.to_lowercase()),
        (key, user_id.trim().to_owned()),
        (key, format!("Some(\"{user_id}\")")),
        (key, format!("[{email}]")),
        (key, user_id.bytes().map(percent).collect()),
        (key, user_id.replace('+', " ")),
        (key, user_id.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")),
        (other_key, user_id.to_owned()),
        (other_key, format!("'{known_user_id}'")),
        ("", user_id.to_owned()),
        ("undefined", email.to_owned()),
    ];
    let hashes = signed.map(|(key, text)| oracle::user_hash(key, &text));
    let hashes = hashes.into_iter().chain([format!("\"{}\"", oracle::user_hash(key, user_id))]);
    // One of them for each input, so that there are many inputs.
    for hash in hashes.cycle().skip(text.len() % 16).take(1) {
        let request = named.user_hash(&hash);
        let is_refused = authenticator.authenticate(&request).is_err();
        assert_eq!(authenticator.diagnose(&request).is_empty(), !(is_refused && is_short));
    }

    // What others sent with a secret of their own accuses nobody: only a user_id that is itself a hash says anything.
    let hash = oracle::user_hash("another key", [user_id, email, known_user_id, ""][text.len() % 4]);
    let mistakes = authenticator.diagnose(&named.user_hash(&hash));
    let is_known = [key, other_key].contains(&"another key");
    assert!(is_known || mistakes.is_empty() || mistakes.contains(&Mistake::HashAsIdentifier));
});
