//! What app servers and auth servers do with the crate.

use std::hint::black_box;

use intercom_identity::{
    Identity, Keyring, MessengerSettings,
    Platform::Web,
    Secret, UserHash, UserId,
    verify::{AuthRequest, Authenticator, Mistake},
};
use peers::{Operation, operation};
use serde::Serialize;

const EMAIL: &str = "ada@example.com";

/// The settings as one writes them without the crate.
#[derive(Serialize)]
struct Plain<'a> {
    user_id: &'a str,
    email: &'a str,
    user_hash: &'a str,
    name: &'a str,
    plan: &'a str,
}

fn secret_text(number: usize) -> String {
    format!("benchmark-of-a-keyring-with-secret-number-{number:02}")
}

fn secret(number: usize) -> Secret {
    Secret::new(&secret_text(number)).unwrap()
}

fn keyring(secrets: usize) -> Keyring {
    (0..secrets).fold(Keyring::new(), |keyring, number| keyring.with([Web], secret(number)))
}

/// The key, and hashes of a `user_id` that fits into one block of SHA-256, or does not.
fn lengths<'a>() -> impl Iterator<Item = Operation<'a>> {
    let text = secret_text(0);
    let keyed = operation("`Secret::new`", move || Secret::new(black_box(&text)).unwrap());
    let hashes = [6, 100].into_iter().flat_map(|length| {
        let (user_id, (app, auth)) = ("7".repeat(length), (secret(0), secret(0)));
        let sent = UserHash::compute(&app, UserId::new(&user_id).unwrap());
        let again = user_id.clone();
        [
            operation(&format!("`compute`, a `UserId` of {length} bytes"), move || {
                UserHash::compute(&app, UserId::new(black_box(&user_id)).unwrap())
            }),
            operation(&format!("`verify`, a `UserId` of {length} bytes"), move || {
                let received: UserHash = black_box(sent.as_str()).parse().unwrap();
                received.verify(&auth, UserId::new(black_box(&again)).unwrap()).unwrap();
            }),
        ]
    });
    hashes.chain([keyed])
}

/// Hashes of a `user_id` with an email beside it, which is looked at and not hashed.
fn hashes(user_id: &str) -> impl Iterator<Item = Operation<'_>> {
    ["ada.lovelace@example.com", "ada.lovelace@analytical.example"].into_iter().flat_map(move |email| {
        let identity = move || Identity::new(Some(black_box(user_id)), Some(black_box(email))).unwrap();
        let (app, auth) = (secret(0), secret(0));
        let sent = UserHash::compute(&app, identity());
        [
            operation(&format!("`compute`, `Identity::new` with `{email}`"), move || {
                let hash = UserHash::compute(&app, identity());
                black_box(hash.as_str());
            }),
            operation(&format!("`verify`, `Identity::new` with `{email}`"), move || {
                black_box(sent.as_str()).parse::<UserHash>().unwrap().verify(&auth, identity()).unwrap();
            }),
        ]
    })
}

fn settings(user_id: &str) -> [Operation<'_>; 4] {
    let (keyring, secret) = (keyring(1), secret(0));
    let identity = || Identity::new(Some(black_box(user_id)), Some(black_box(EMAIL))).unwrap();
    let (name, plan) = ("Ada Lovelace", "pro");
    let from_identity = move || {
        let settings = MessengerSettings::with_user_hash(&keyring, Web, identity()).unwrap();
        settings.attribute("name", black_box(name)).unwrap().attribute("plan", black_box(plan)).unwrap()
    };
    let by_hand = |user_hash: &UserHash| {
        let user_hash = black_box(user_hash.as_str());
        serde_json::to_string(&Plain { user_id, email: EMAIL, user_hash, name, plan }).unwrap()
    };
    let (settings, user_hash) = (from_identity(), UserHash::compute(&secret, identity()));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&settings.to_script_json()).unwrap(),
        serde_json::from_str::<serde_json::Value>(&by_hand(&user_hash)).unwrap()
    );
    [
        operation("settings, from the identity to script JSON", move || from_identity().to_script_json()),
        operation("a hash, a struct and `serde_json`", move || by_hand(&UserHash::compute(&secret, identity()))),
        operation("… `to_script_json` alone", move || black_box(&settings).to_script_json()),
        operation("… `serde_json` alone", move || by_hand(&user_hash)),
    ]
}

/// Operations on a keyring of so many secrets; the hash is by one of them, or by none.
fn keyrings(user_id: &str, secrets: usize) -> Vec<Operation<'_>> {
    let identity = Identity::new(Some(user_id), Some(EMAIL)).unwrap();
    let [by_first, by_last, by_none] =
        [0, secrets - 1, secrets].map(|signer| UserHash::compute(&secret(signer), identity));
    let of_email = UserHash::compute(&secret(secrets - 1), Identity::new(None, Some(EMAIL)).unwrap());

    let authenticate = [("accepted by the first", by_first), ("by the last", by_last), ("refused", by_none.clone())];
    let authenticate = authenticate.into_iter().map(|(name, user_hash)| {
        let (server, accepted) = (Authenticator::new(keyring(secrets)), name != "refused");
        operation(&format!("`authenticate`, {name}|{secrets}"), move || {
            let request = AuthRequest::new(Web).identity(black_box(identity)).user_hash(user_hash.as_str());
            let decision = server.authenticate(&request);
            assert_eq!(decision.is_ok(), accepted);
            decision
        })
    });
    let diagnose = [("the email was hashed", of_email, vec![Mistake::EmailHashed]), ("nothing found", by_none, vec![])];
    let diagnose = diagnose.into_iter().map(|(name, user_hash, expected)| {
        let server = Authenticator::new(keyring(secrets));
        operation(&format!("`diagnose`, {name}|{secrets}"), move || {
            let request = AuthRequest::new(Web).identity(black_box(identity)).user_hash(user_hash.as_str());
            let mistakes = server.diagnose(&request);
            assert_eq!(mistakes, expected);
            mistakes
        })
    });
    authenticate.chain(diagnose).collect()
}

fn main() {
    let [_, identifier, _] = peers::arguments();
    let keyrings = [1, 4, 16].into_iter().flat_map(|secrets| keyrings(&identifier, secrets));
    peers::serve(lengths().chain(hashes(&identifier)).chain(settings(&identifier)).chain(keyrings));
}
