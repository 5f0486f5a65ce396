//! Whether every number in a value is finite. JSON has no others, and `serde_json` writes `null` in their place.

use core::fmt;

use serde::ser::{self, Serialize, Serializer};

pub(super) fn is_finite(value: &impl Serialize) -> bool {
    !matches!(value.serialize(Walk), Err(Stop::NonFinite))
}

/// Goes through a value and keeps nothing.
#[derive(Clone, Copy)]
struct Walk;

#[derive(Debug)]
enum Stop {
    NonFinite,
    /// The value itself refuses to serialize.
    Refused,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl core::error::Error for Stop {}

impl ser::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Refused
    }
}

type Step = Result<(), Stop>;

macro_rules! pass {
    ($($method:ident($($kind:ty),*))+) => {
        $(fn $method(self, $(_: $kind),*) -> Step {
            Ok(())
        })+
    };
}

macro_rules! open {
    ($($method:ident($($kind:ty),*))+) => {
        $(fn $method(self, $(_: $kind),*) -> Result<Self, Stop> {
            Ok(self)
        })+
    };
}

impl Serializer for Walk {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn serialize_f32(self, number: f32) -> Step {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Step {
        if number.is_finite() { Ok(()) } else { Err(Stop::NonFinite) }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Step {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Step {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Step {
        value.serialize(self)
    }

    pass! {
        serialize_bool(bool)
        serialize_i8(i8)
        serialize_i16(i16)
        serialize_i32(i32)
        serialize_i64(i64)
        serialize_i128(i128)
        serialize_u8(u8)
        serialize_u16(u16)
        serialize_u32(u32)
        serialize_u64(u64)
        serialize_u128(u128)
        serialize_char(char)
        serialize_str(&str)
        serialize_bytes(&[u8])
        serialize_none()
        serialize_unit()
        serialize_unit_struct(&'static str)
        serialize_unit_variant(&'static str, u32, &'static str)
    }

    open! {
        serialize_seq(Option<usize>)
        serialize_tuple(usize)
        serialize_tuple_struct(&'static str, usize)
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
        serialize_map(Option<usize>)
        serialize_struct(&'static str, usize)
        serialize_struct_variant(&'static str, u32, &'static str, usize)
    }
}

macro_rules! walk_into {
    ($($kind:ident::$method:ident($($name:ty)?))+) => {
        $(impl ser::$kind for Walk {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, $(_: $name,)? value: &T) -> Step {
                value.serialize(*self)
            }

            fn end(self) -> Step {
                Ok(())
            }
        })+
    };
}

walk_into! {
    SerializeSeq::serialize_element()
    SerializeTuple::serialize_element()
    SerializeTupleStruct::serialize_field()
    SerializeTupleVariant::serialize_field()
    SerializeStruct::serialize_field(&'static str)
    SerializeStructVariant::serialize_field(&'static str)
}

impl ser::SerializeMap for Walk {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Step {
        key.serialize(*self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Step {
        value.serialize(*self)
    }

    fn end(self) -> Step {
        Ok(())
    }
}
