//! What one writes by hand: five lines for each side.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(identifier.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        },
        String::as_str,
        |identifier, received| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(identifier.as_bytes());
            hex::decode(received).is_ok_and(|tag| mac.verify_slice(&tag).is_ok())
        },
    );
}
