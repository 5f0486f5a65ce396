//! Reading with serde, with no error that quotes what was found: it may be a secret in the wrong place.
//!
//! All of it asks for `deserialize_any`: asked for a string, some formats turn a number into one, and others quote it.

use alloc::{string::String, vec::Vec};
use core::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
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

/// Reads what `parse` takes.
pub(crate) fn string<'de, D: Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    struct Text<F>(F);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Text<F> {
        type Value = T;

        expecting! { "a string", not visit_i64(i64) visit_u64(u64) }

        fn visit_str<X: Error>(self, text: &str) -> Result<T, X> {
            (self.0)(text).map_err(X::custom)
        }

        fn visit_string<X: Error>(self, text: String) -> Result<T, X> {
            self.visit_str(&Zeroizing::new(text))
        }
    }

    deserializer.deserialize_any(Text(parse))
}

/// Reads a sequence.
pub(crate) fn sequence<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Sequence<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Sequence<T> {
        type Value = Vec<T>;

        expecting! { "a sequence", not visit_i64(i64) visit_u64(u64) visit_str(&str) }

        fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(sequence))
        }
    }

    deserializer.deserialize_any(Sequence(PhantomData))
}

/// Reads a struct that derives [`Deserialize`], from its fields by name.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        expecting! { "an object", not visit_i64(i64) visit_u64(u64) visit_str(&str) }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_any(Object(PhantomData))
}

/// Whether the text is how an `i64` or a `u64` is written: not `4711.0`, `1e2` or `-0`.
#[cfg(any(feature = "jwt", feature = "verify"))]
pub(crate) fn is_integer(number: &str) -> bool {
    number.parse().is_ok_and(|integer: i64| alloc::format!("{integer}") == number)
        || number.parse().is_ok_and(|integer: u64| alloc::format!("{integer}") == number)
}
