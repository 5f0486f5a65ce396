//! What each feature adds to a program that uses it.

#[cfg(feature = "jwt")]
use std::time::Duration;

#[cfg(feature = "json")]
use intercom_identity::MessengerSettings;
#[cfg(feature = "verify")]
use intercom_identity::verify::{AuthRequest, Authenticator};
#[cfg(any(feature = "json", feature = "verify"))]
use intercom_identity::{Keyring, Platform};
use intercom_identity::{Secret, UserHash, UserId};
#[cfg(feature = "jwt")]
use intercom_identity::{
    UnixTime,
    jwt::{UserClaims, UserJwt},
};
#[cfg(feature = "serde")]
use serde::de::{Deserialize, IntoDeserializer, value::Error};

fn main() {
    let [secret, user_id] = peers::arguments();
    let user_id = UserId::new(&user_id).unwrap();
    #[cfg(not(feature = "serde"))]
    let secret = Secret::new(&secret).unwrap();
    #[cfg(feature = "serde")]
    let secret = Secret::deserialize(IntoDeserializer::<Error>::into_deserializer(secret)).unwrap();

    let user_hash = UserHash::compute(&secret, user_id);
    println!("{user_hash}");
    assert!(user_hash.as_str().parse::<UserHash>().unwrap().verify(&secret, user_id).is_ok());
    #[cfg(feature = "jwt")]
    {
        let now = UnixTime::now();
        let token = UserJwt::sign(&secret, &UserClaims::new(user_id, now + Duration::from_hours(1)));
        let received: UserJwt = token.unwrap().as_str().parse().unwrap();
        println!("{:?}", received.verify(&secret, now).unwrap().expires_at());
    }
    #[cfg(any(feature = "json", feature = "verify"))]
    let keyring = Keyring::new().with([Platform::Web], secret);
    #[cfg(feature = "json")]
    {
        let settings = MessengerSettings::with_user_hash(&keyring, Platform::Web, user_id).unwrap();
        println!("{}", settings.attribute("plan", "pro").unwrap().to_script_json());
    }
    #[cfg(feature = "verify")]
    {
        let request = AuthRequest::new(Platform::Web).identity(user_id).user_hash(user_hash.as_str());
        println!("{:?}", Authenticator::new(keyring).authenticate(&request));
    }
    peers::serve([]);
}
