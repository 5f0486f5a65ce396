//! Reading a text from any deserializer, with no error that quotes what was found.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};
use core::{convert::Infallible, fmt};

use serde::de::{Deserializer, Error, Visitor};
use zeroize::Zeroizing;

/// Reads what `parse` takes.
pub(crate) fn deserialize<'de, D, T, E>(
    deserializer: D,
    expected: &'static str,
    parse: fn(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    let parsed = deserializer.deserialize_string(TextVisitor { parse, integer: None });
    parsed.map_err(|_| not_quoting(expected))?.map_err(D::Error::custom)
}

/// Reads a text, or a non-negative integer as its decimal text.
pub(crate) fn deserialize_or_integer<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<String, D::Error> {
    let parse = |text: &str| Ok::<_, Infallible>(text.to_owned());
    let read = deserializer.deserialize_any(TextVisitor { parse, integer: Some(|integer| integer.to_string()) });
    read.map_err(|_| not_quoting(expected)).map(|Ok(text)| text)
}

/// In place of a format's own error for another type, which has the value in it.
pub(crate) fn not_quoting<E: Error>(expected: &str) -> E {
    E::custom(format_args!("expected {expected}"))
}

/// Gives what `parse` makes of the text, so that every error of its own is the format's.
struct TextVisitor<T, E> {
    parse: fn(&str) -> Result<T, E>,
    integer: Option<fn(u64) -> T>,
}

impl<T, E> Visitor<'_> for TextVisitor<T, E> {
    type Value = Result<T, E>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<X: Error>(self, text: &str) -> Result<Self::Value, X> {
        Ok((self.parse)(text))
    }

    fn visit_string<X: Error>(self, text: String) -> Result<Self::Value, X> {
        self.visit_str(&Zeroizing::new(text))
    }

    fn visit_u64<X: Error>(self, integer: u64) -> Result<Self::Value, X> {
        self.integer.map(|read| Ok(read(integer))).ok_or_else(|| not_quoting("a text"))
    }
}
