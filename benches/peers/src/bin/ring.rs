use peers::HexTag;

use ring::hmac::{self, HMAC_SHA256, Key};

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| HexTag::new(hmac::sign(&key, identifier.as_bytes())),
        HexTag::as_str,
        |identifier, received| {
            HexTag::parse(received).is_some_and(|tag| hmac::verify(&key, identifier.as_bytes(), &tag).is_ok())
        },
    );
}
