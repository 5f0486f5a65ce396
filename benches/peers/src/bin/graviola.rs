use graviola::hashing::{Sha256, hmac::Hmac};
use peers::HexTag;

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let keyed = Hmac::<Sha256>::new(secret);
    let mac = |identifier: &str| {
        let mut mac = keyed.clone();
        mac.update(identifier);
        mac
    };
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| HexTag::new(mac(identifier).finish()),
        HexTag::as_str,
        |identifier, received| HexTag::parse(received).is_some_and(|tag| mac(identifier).verify(&tag).is_ok()),
    );
}
