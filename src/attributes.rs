use alloc::{borrow::ToOwned, collections::BTreeMap, string::String};

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::UnixTime;

/// A JSON object with distinct names. What is `null` counts as absent, but its name is known.
#[derive(Clone, Default)]
pub(crate) struct Attributes(pub(crate) BTreeMap<String, Value>);

impl Attributes {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn present(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter().filter(|(_, value)| !value.is_null())
    }

    /// Adds a value of that name, unless there is one. `null` counts as none.
    pub(crate) fn add(&mut self, name: &str, value: Value) -> Result<(), AttributeError> {
        let earlier = self.get(name).is_some();
        match value {
            Value::Null if earlier => Ok(()),
            _ if earlier => Err(AttributeError::Duplicate),
            value if name == "created_at" && !is_seconds(&value) => Err(AttributeError::NotSeconds),
            value => {
                self.0.insert(name.to_owned(), value);
                Ok(())
            }
        }
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.present().eq(other.present())
    }
}

impl Eq for Attributes {}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.present())
    }
}

/// The JSON of an attribute's value. `NaN` and infinite numbers are `null`.
pub(crate) fn json(value: impl Serialize) -> Result<Value, AttributeError> {
    serde_json::to_value(value).map_err(|_| AttributeError::NotJson)
}

/// Whether it is a whole number of seconds from 1970 to 9999, or nothing. Milliseconds are not.
fn is_seconds(value: &Value) -> bool {
    value.is_null() || value.as_i64().is_some_and(|seconds| (0..=UnixTime::MAX.as_seconds()).contains(&seconds))
}

/// Why an attribute cannot be added or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributeError {
    /// The name is reserved for the identity, the proof or a time of the token (`exp`, `nbf`), or is `__proto__`.
    #[error("the name of the attribute is reserved: use the methods for identity, proof and expiry, or another name")]
    Reserved,
    /// The token has a claim of that name, and the page must not contradict it.
    #[error("the token has a claim of that name: leave the attribute out")]
    Signed,
    /// There is an attribute of that name.
    #[error("duplicate attribute: set each name once")]
    Duplicate,
    /// The value does not serialize to JSON, or is not of the type asked for.
    #[error("the attribute does not serialize to JSON, or is not of the type asked for")]
    NotJson,
    /// `created_at` is not a whole number of seconds from 1970 to 9999: a date as text, or milliseconds.
    #[error("created_at is not a time in seconds: pass a UnixTime, or whole seconds since 1970")]
    NotSeconds,
}
