//! Checks what clients send: `cargo run --features verify --example verify`.

use std::error::Error;

use intercom_identity::{
    Keyring, Platform, Secret, UserHash, UserId,
    verify::{Admission, AuthRequest, Authenticator},
};

fn main() -> Result<(), Box<dyn Error>> {
    let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
    let ada = UserHash::compute(&secret, UserId::from(4711_i64)).to_string();
    let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], secret));

    for (what, user_id, user_hash) in [
        ("Ada", Some("4711"), &*ada),
        ("a visitor", None, ""),
        ("no hash", Some("4711"), ""),
        ("Ada's hash for another user", Some("4712"), &ada),
        ("white space around the id", Some(" 4711"), &ada),
    ] {
        let request = AuthRequest::new(Platform::Web).named(user_id, None).user_hash(user_hash);
        match authenticator.authenticate(&request) {
            Ok(Admission::Verified(user)) => println!("{what}: let in as {}", user.identifier()),
            Ok(admission) => println!("{what}: let in, {}", admission.label()),
            // The client gets the answer, the log the reason and what explains it.
            Err(reason) => {
                println!("{what}: {} for the client, for the log: {reason}", reason.answer().status_code);
                for mistake in authenticator.diagnose(&request) {
                    println!("  {mistake}");
                }
            }
        }
    }
    Ok(())
}
