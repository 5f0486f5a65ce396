use alloc::string::{String, ToString};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use zeroize::Zeroizing;

use super::Text;

/// A string, or the decimal text of an integer that fits into an `i64` or a `u64`.
pub(crate) struct TextOrInteger(pub(crate) Text);

impl<'de> Deserialize<'de> for TextOrInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl<'de> Visitor<'de> for Scalar {
            type Value = Zeroizing<String>;

            expecting! { "a string or a 64-bit integer", not }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.to_string().into())
            }

            fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
                Ok(integer.to_string().into())
            }

            fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
                Ok(integer.to_string().into())
            }

            /// An object; or any other number, if another crate enables `arbitrary_precision` of `serde_json`.
            fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
                Err(A::Error::custom("expected a string or a 64-bit integer"))
            }
        }

        deserializer.deserialize_any(Scalar).map(|text| Self(Text(text)))
    }
}
