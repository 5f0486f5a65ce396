use hmac::{Hmac, KeyInit, Mac};
use peers::HexTag;
use sha2::Sha256;

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let keyed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = |identifier: &str| keyed.clone().chain_update(identifier);
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| HexTag::new(mac(identifier).finalize().into_bytes()),
        HexTag::as_str,
        |identifier, received| HexTag::parse(received).is_some_and(|tag| mac(identifier).verify_slice(&tag).is_ok()),
    );
}
