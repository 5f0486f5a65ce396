use alloc::{borrow::ToOwned, collections::BTreeMap, string::String};

use serde::Serialize;
use serde_json::Value;

/// A JSON object with distinct names.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Attributes(pub(crate) BTreeMap<String, Value>);

impl Attributes {
    #[cfg(feature = "jwt")]
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    #[cfg(feature = "jwt")]
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn add(&mut self, name: &str, value: Value) -> Result<(), AttributeError> {
        if self.0.contains_key(name) {
            return Err(AttributeError::Duplicate);
        }
        self.0.insert(name.to_owned(), value);
        Ok(())
    }
}

/// The JSON of an attribute's value. `NaN` and infinite numbers are `null`.
pub(crate) fn json(value: impl Serialize) -> Result<Value, AttributeError> {
    serde_json::to_value(value).map_err(|_| AttributeError::NotJson)
}

/// Why an attribute cannot be added or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributeError {
    /// The name is one that other methods set (identity, proof, `exp` and `nbf`), or `__proto__`.
    #[error("the name of the attribute is reserved: identity, proof and times have methods of their own")]
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
}
