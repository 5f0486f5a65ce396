//! Signs a user for Intercom: `cargo run --example sign`.

use std::error::Error;

use intercom_identity::{Identity, Secret, UserHash, UserId};

fn main() -> Result<(), Box<dyn Error>> {
    // From Intercom's settings: keep yours out of the source.
    let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;

    // The user of your session. Where there is an id, the id is what is signed.
    let ada = UserId::from(4711_i64).with_email(Some("ada@example.com"))?;
    println!("Ada    {} {}", ada.identifier(), UserHash::compute(&secret, ada));

    // A user without an id is known by email.
    let grace = Identity::new(None, Some("grace@example.com"))?;
    println!("Grace  {} {}", grace.identifier(), UserHash::compute(&secret, grace));

    // An empty id is an error: the email is not signed instead.
    let nobody = Identity::new(Some(""), Some("eve@example.com"));
    println!("nobody {}", nobody.err().ok_or("signed")?);
    Ok(())
}
