//! Signs and checks a JSON Web Token: `cargo run --features jwt --example token`.

use std::{error::Error, time::Duration};

use intercom_identity::{
    Secret, UnixTime, UserId,
    jwt::{UserClaims, UserJwt},
};

fn main() -> Result<(), Box<dyn Error>> {
    let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
    let (now, hour) = (UnixTime::now(), Duration::from_secs(3600));

    let claims = UserClaims::new(UserId::from(4711_i64), now + hour).attribute("plan", "pro")?;
    let sent = UserJwt::sign(&secret, &claims)?.to_string();
    println!("{sent}");

    let received: UserJwt = sent.parse()?;
    let claims = received.verify(&secret, now)?;
    println!("now: {}, plan {:?}", claims.identity().identifier(), claims.read_attribute::<String>("plan")?);
    println!("in two hours: {}", received.verify(&secret, now + hour + hour).err().ok_or("valid")?);
    Ok(())
}
