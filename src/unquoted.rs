//! Reading with serde, with no error that quotes what was found: it may be a secret in the wrong place.
//!
//! Everything uses `deserialize_any`: with `deserialize_str`, some formats turn a number into a string, and others quote it.

use alloc::{borrow::ToOwned, string::String};
use core::{convert::Infallible, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};
use zeroize::Zeroizing;

/// The methods of a visitor that refuse what it does not expect, where the default ones quote the value.
macro_rules! expecting {
    ($expected:literal, not $($method:ident($kind:ty))*) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str($expected)
        }

        expecting! { @$expected, visit_bool(bool) visit_f64(f64) visit_i128(i128) visit_u128(u128) $($method($kind))* }
    };
    (@$expected:literal, $($method:ident($kind:ty))+) => {
        $(fn $method<X: Error>(self, _: $kind) -> Result<Self::Value, X> {
            Err(X::custom(concat!("expected ", $expected)))
        })+
    };
}

#[cfg(any(feature = "jwt", feature = "verify"))]
mod text_or_integer;

#[cfg(any(feature = "jwt", feature = "verify"))]
pub(crate) use text_or_integer::TextOrInteger;

/// Reads what `parse` takes.
pub(crate) fn string<'de, D: Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    struct Parsed<F>(F);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Parsed<F> {
        type Value = T;

        expecting! { "a string", not visit_i64(i64) visit_u64(u64) }

        fn visit_str<X: Error>(self, text: &str) -> Result<T, X> {
            (self.0)(text).map_err(X::custom)
        }

        fn visit_string<X: Error>(self, text: String) -> Result<T, X> {
            self.visit_str(&Zeroizing::new(text))
        }
    }

    deserializer.deserialize_any(Parsed(parse))
}

/// A string of any content.
#[derive(Clone, PartialEq)]
pub(crate) struct Text(pub(crate) Zeroizing<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, |text| Ok::<_, Infallible>(Self(text.to_owned().into())))
    }
}
