//! Prints a page that boots the messenger: `cargo run --features json --example page`.

use std::error::Error;

use intercom_identity::{Keyring, MessengerSettings, Platform, Secret, UserId};

fn main() -> Result<(), Box<dyn Error>> {
    let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
    let keyring = Keyring::new().with([Platform::Web], secret);

    let ada = UserId::from(4711_i64).with_email(Some("ada@example.com"))?;
    let settings = MessengerSettings::with_user_hash(&keyring, Platform::Web, ada)?
        .attribute("app_id", "a1b2c3d4")?
        .attribute("name", "Ada </script><script>alert(1)</script>")?;

    // No value can leave the data block.
    println!("<!doctype html>\n<meta charset=utf-8>");
    println!(r#"<script type="application/json" id="intercom">{}</script>"#, settings.to_script_json());
    println!(r#"<script src="/page.js"></script>"#);
    Ok(())
}
