use alloc::string::{String, ToString};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use zeroize::Zeroizing;

use super::Text;

/// The only name of the map that stands for a number in `serde_json` with `arbitrary_precision`, which another crate of the
/// application may enable.
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

/// A string, or the decimal text of an integer that fits into an `i64` or a `u64`.
pub(crate) struct TextOrInteger(pub(crate) Text);

impl<'de> Deserialize<'de> for TextOrInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl<'de> Visitor<'de> for Scalar {
            type Value = Zeroizing<String>;

            expecting! { "a string or an integer of 64 bits", not }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.to_string().into())
            }

            fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
                Ok(integer.to_string().into())
            }

            fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
                Ok(integer.to_string().into())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                if let Ok(Some(NUMBER)) = map.next_key()
                    && let Ok(Digits(digits)) = map.next_value()
                    && is_integer(&digits)
                {
                    return Ok(digits.into());
                }
                Err(A::Error::custom("expected a string or an integer of 64 bits"))
            }
        }

        deserializer.deserialize_any(Scalar).map(|text| Self(Text(text)))
    }
}

/// The digits of a number, which `serde_json` gives away while it lends [`NUMBER`]. In a map that was sent it lends both, or
/// gives both away.
struct Digits(String);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Given;

        #[expect(clippy::serde_api_misuse, reason = "text that is lent is no number")]
        impl Visitor<'_> for Given {
            type Value = String;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("digits")
            }

            fn visit_string<E: Error>(self, digits: String) -> Result<String, E> {
                Ok(digits)
            }
        }

        deserializer.deserialize_any(Given).map(Self)
    }
}

/// Whether the text is how an `i64` or a `u64` is written: not `4711.0`, `1e2` or `-0`.
fn is_integer(number: &str) -> bool {
    number.parse().is_ok_and(|integer: i64| integer.to_string() == number)
        || number.parse().is_ok_and(|integer: u64| integer.to_string() == number)
}
