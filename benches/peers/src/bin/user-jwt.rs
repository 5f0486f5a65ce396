use intercom_identity::{Email, Secret, UnixTime, UserClaims, UserId, UserJwt};
use peers::{CLAIMS, Claims};

fn claims(&Claims { user_id, email, exp, name, plan }: &Claims) -> peers::Result<UserClaims> {
    Ok(UserClaims::new(UserId::new(user_id)?)
        .email(Email::new(email)?)
        .expires_at(UnixTime::from_seconds(exp)?)
        .attribute("name", &name)?
        .attribute("plan", &plan)?)
}

fn main() {
    let [secret, token] = peers::arguments();
    let secret = Secret::new(&secret).unwrap();
    let prepared = claims(&CLAIMS).unwrap();
    peers::user_jwt(
        &token,
        |values| {
            let claims = if cfg!(feature = "user-jwt-of-values") { &claims(values)? } else { &prepared };
            Ok(UserJwt::sign(&secret, claims)?)
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
