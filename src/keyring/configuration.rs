use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
};

use crate::{Keyring, Platform, Secret, unquoted::Text};

/// From a map of platform to secret, or to a list of secrets of which the first signs.
impl<'de> Deserialize<'de> for Keyring {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByPlatform;

        impl<'de> Visitor<'de> for ByPlatform {
            type Value = Keyring;

            expecting! { "a map of platform to secret", not visit_i64(i64) visit_u64(u64) visit_str(&str) }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keyring, A::Error> {
                let mut keyring = Keyring::new();
                // A name is parsed here: `figment` prints one that cannot be read, and it may be a secret.
                while let Some(Text(name)) = map.next_key()? {
                    let platform: Platform = name.parse().map_err(A::Error::custom)?;
                    if keyring.secret(platform).is_ok() {
                        return Err(A::Error::custom("duplicate platform"));
                    }
                    let OneOrMore(secrets) = map.next_value()?;
                    keyring = secrets.into_iter().fold(keyring, |keyring, secret| keyring.with([platform], secret));
                }
                Ok(keyring)
            }
        }

        deserializer.deserialize_any(ByPlatform)
    }
}

struct OneOrMore(Vec<Secret>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Secrets;

        impl<'de> Visitor<'de> for Secrets {
            type Value = Vec<Secret>;

            expecting! { "a secret or a list of secrets", not visit_i64(i64) visit_u64(u64) }

            fn visit_str<E: Error>(self, secret: &str) -> Result<Self::Value, E> {
                Secret::new(secret).map(|secret| Vec::from([secret])).map_err(E::custom)
            }

            fn visit_string<E: Error>(self, secret: String) -> Result<Self::Value, E> {
                Secret::try_from(secret).map(|secret| Vec::from([secret])).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                let secrets = Vec::deserialize(SeqAccessDeserializer::new(list))?;
                if secrets.is_empty() { Err(A::Error::custom("empty list of secrets")) } else { Ok(secrets) }
            }
        }

        deserializer.deserialize_any(Secrets).map(Self)
    }
}
