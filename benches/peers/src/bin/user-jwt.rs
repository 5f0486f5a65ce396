use intercom_identity::{
    Email, Secret, UnixTime, UserId,
    jwt::{UserClaims, UserJwt},
};
use peers::{CLAIMS, Claims};

fn claims(&Claims { user_id, email, exp, name, plan }: &Claims) -> peers::Result<UserClaims> {
    Ok(UserClaims::new(UserId::new(user_id)?, UnixTime::from_seconds(exp)?)
        .email(Email::new(email)?)
        .attribute("name", name)?
        .attribute("plan", plan)?)
}

fn main() {
    let [secret, token] = peers::arguments();
    let secret = Secret::new(&secret).unwrap();
    let prepared = claims(&CLAIMS).unwrap();
    let of_claims = cfg!(feature = "user-jwt-of-claims");
    peers::user_jwt(
        &token,
        |values| {
            let claims = if of_claims { &prepared } else { &claims(values)? };
            Ok(UserJwt::sign(&secret, claims)?)
        },
        UserJwt::as_str,
        |token| {
            let claims = token.parse::<UserJwt>()?.verify(&secret, UnixTime::now())?;
            let read = |name| if of_claims { Ok(None) } else { claims.read_attribute::<String>(name) };
            Ok((read("name")?, read("plan")?, claims))
        },
    );
}
