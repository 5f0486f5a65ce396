use intercom_identity::{Email, Secret, UnixTime, UserClaims, UserId, UserJwt};
use peers::Claims;

fn main() {
    let [secret, token] = peers::arguments();
    let secret = Secret::new(&secret).unwrap();
    peers::user_jwt(
        &token,
        |&Claims { user_id, email, exp, name, plan }| {
            let claims = UserClaims::new(UserId::new(user_id)?)
                .email(Email::new(email)?)
                .expires_at(UnixTime::from_seconds(exp)?)
                .attribute("name", &name)?
                .attribute("plan", &plan)?;
            Ok(UserJwt::sign(&secret, &claims)?)
        },
        UserJwt::as_str,
        |token| {
            let claims = token.parse::<UserJwt>()?.verify(&secret, UnixTime::now())?;
            let name: Option<String> = claims.read_attribute("name")?;
            let plan: Option<String> = claims.read_attribute("plan")?;
            Ok((claims, name, plan))
        },
    );
}
