use intercom_identity::{Secret, UserHash, UserId};

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let secret = Secret::new(&secret).unwrap();
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| UserHash::compute(&secret, UserId::new(identifier).unwrap()),
        UserHash::as_str,
        |identifier, received| {
            let parsed = received.parse::<UserHash>();
            parsed.is_ok_and(|hash| hash.verify(&secret, UserId::new(identifier).unwrap()).is_ok())
        },
    );
}
