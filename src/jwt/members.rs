use alloc::{collections::BTreeMap, string::String};
use core::fmt;

use serde::{
    Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::Value;

use crate::attributes::Attributes;

/// The values of some names, and the rest of an object.
pub(crate) type Members<const N: usize> = ([Option<Value>; N], Attributes);

/// Reads an object, and takes the values of these names out of it. Refuses a duplicate name, where a map of the standard
/// library keeps the last value.
pub(crate) fn read<const N: usize>(json: &str, names: [&str; N]) -> serde_json::Result<Members<N>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let members = deserializer.deserialize_map(Distinct(names))?;
    deserializer.end()?;
    Ok(members)
}

struct Distinct<'a, const N: usize>([&'a str; N]);

impl<'de, const N: usize> Visitor<'de> for Distinct<'_, N> {
    type Value = Members<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut values, mut rest) = ([const { None }; N], BTreeMap::new());
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            let earlier = match self.0.iter().position(|known| *known == name).and_then(|n| values.get_mut(n)) {
                Some(known) => known.replace(value),
                None => rest.insert(name, value),
            };
            if earlier.is_some() {
                return Err(A::Error::custom("duplicate name"));
            }
        }
        Ok((values, Attributes(rest)))
    }
}
