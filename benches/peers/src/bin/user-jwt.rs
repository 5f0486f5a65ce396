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
    let of_values = cfg!(feature = "user-jwt-of-values");
    peers::user_jwt(
        &token,
        |values| {
            let claims = if of_values { &claims(values)? } else { &prepared };
            Ok(UserJwt::sign(&secret, claims)?)
        },
        UserJwt::as_str,
        |token| {
            let claims = token.parse::<UserJwt>()?.verify(&secret, UnixTime::now())?;
            let read = |name| if of_values { claims.read_attribute::<String>(name) } else { Ok(None) };
            Ok((read("name")?, read("plan")?, claims))
        },
    );
}
