use hmac_sha256::HMAC;
use peers::HexTag;

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let keyed = HMAC::new(secret);
    let mac = |identifier: &str| {
        let mut mac = keyed.clone();
        mac.update(identifier);
        mac
    };
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| HexTag::new(mac(identifier).finalize()),
        HexTag::as_str,
        |identifier, received| HexTag::parse(received).is_some_and(|tag| mac(identifier).finalize_verify(&tag)),
    );
}
