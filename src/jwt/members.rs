use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::btree_map::{BTreeMap, Entry},
    string::String,
};
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error, MapAccess, Visitor},
};
use serde_json::value::{RawValue, to_raw_value};

use crate::{JwtError, UnixTime};

/// The members of a JSON object, each as it stands in the text, so that no number loses a digit.
#[derive(Clone, Default)]
pub(crate) struct Members(BTreeMap<String, Box<RawValue>>);

impl Members {
    /// Reads the object that a part of a token holds.
    pub(super) fn decode(part: &str, malformed: JwtError) -> Result<Self, JwtError> {
        let json = Base64UrlUnpadded::decode_vec(part).map_err(|_| JwtError::Base64)?;
        serde_json::from_slice(&json).map_err(|_| malformed)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn insert(&mut self, name: &str, value: &impl Serialize) -> serde_json::Result<()> {
        self.0.insert(name.to_owned(), to_raw_value(value)?);
        Ok(())
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.get(name).map(AsRef::as_ref)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_ref()))
    }

    /// Reads a member; one that is `null` is as good as left out.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, JwtError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        serde_json::from_str(value.get()).map_err(|_| JwtError::Claim { name })
    }

    /// Reads a `NumericDate` (RFC 7519, section 2), a fraction of a second dropped. `null` is none: JavaScript writes a date
    /// that it could not compute so, and a token must not become eternal by that.
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates far beyond the bounds of `UnixTime`")]
    pub(crate) fn read_time(&self, name: &'static str) -> Result<Option<UnixTime>, JwtError> {
        if !self.contains(name) {
            return Ok(None);
        }
        let seconds: f64 = self.read(name)?.ok_or(JwtError::Claim { name })?;
        UnixTime::from_seconds(seconds as i64).map(Some).map_err(|_| JwtError::Claim { name })
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        self.iter().map(|(name, value)| (name, value.get())).eq(other.iter().map(|(name, value)| (name, value.get())))
    }
}

impl Eq for Members {}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            match members.entry(name) {
                Entry::Vacant(entry) => entry.insert(map.next_value()?),
                Entry::Occupied(_) => return Err(A::Error::custom("a member stands there twice")),
            };
        }
        Ok(Members(members))
    }
}
