//! Reading a text from any deserializer, with no error that quotes what was found.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};
use core::{convert::Infallible, fmt};

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use zeroize::Zeroizing;

/// Reads what `parse` takes; `expected` completes "invalid type: number, expected …".
pub(crate) fn deserialize<'de, D, T, E>(
    deserializer: D,
    expected: &'static str,
    parse: fn(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    deserializer.deserialize_string(TextVisitor { expected, parse, integer: None })
}

/// Reads a text, or a non-negative integer as its decimal text.
pub(crate) fn deserialize_or_integer<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<String, D::Error> {
    let parse = |text: &str| Ok::<_, Infallible>(text.to_owned());
    deserializer.deserialize_any(TextVisitor { expected, parse, integer: Some(|integer| integer.to_string()) })
}

struct TextVisitor<T, E> {
    expected: &'static str,
    parse: fn(&str) -> Result<T, E>,
    integer: Option<fn(u64) -> T>,
}

/// The default of these methods quotes the value.
macro_rules! refuse {
    ($($method:ident($kind:ty) as $name:literal;)+) => {
        $(fn $method<X: Error>(self, _: $kind) -> Result<T, X> {
            Err(X::invalid_type(Unexpected::Other($name), &self))
        })+
    };
}

impl<T, E: fmt::Display> Visitor<'_> for TextVisitor<T, E> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<X: Error>(self, text: &str) -> Result<T, X> {
        (self.parse)(text).map_err(X::custom)
    }

    fn visit_string<X: Error>(self, text: String) -> Result<T, X> {
        self.visit_str(&Zeroizing::new(text))
    }

    fn visit_u64<X: Error>(self, integer: u64) -> Result<T, X> {
        self.integer.map(|read| read(integer)).ok_or_else(|| X::invalid_type(Unexpected::Other("number"), &self))
    }

    refuse! {
        visit_bool(bool) as "boolean";
        visit_i64(i64) as "number";
        visit_i128(i128) as "number";
        visit_u128(u128) as "number";
        visit_f64(f64) as "number";
    }
}
