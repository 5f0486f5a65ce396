use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use peers::Claims;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Payload<S> {
    user_id: S,
    email: S,
    exp: i64,
    name: S,
    plan: S,
}

fn main() {
    let [secret, token] = peers::arguments();
    let signing_key = EncodingKey::from_secret(secret.as_bytes());
    let verifying_key = DecodingKey::from_secret(secret.as_bytes());
    let (header, validation) = (Header::new(Algorithm::HS256), Validation::new(Algorithm::HS256));
    peers::user_jwt(
        &token,
        |&Claims { user_id, email, exp, name, plan }| {
            Ok(encode(&header, &Payload { user_id, email, exp, name, plan }, &signing_key)?)
        },
        String::as_str,
        |token| Ok(decode::<Payload<String>>(token, &verifying_key, &validation)?),
    );
}
