use alloc::{boxed::Box, vec::Vec};
use core::{cmp::Ordering, fmt, ops::Range};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// How many members there is room for at first.
pub(super) const CAPACITY: usize = 8;

/// Where a member stands in the JSON of its object.
#[derive(Clone)]
pub(super) struct Member {
    name: Name,
    value: Place,
}

#[derive(Clone)]
enum Name {
    InPlace(Place),
    /// One that has escapes where it stands.
    Unescaped(Box<str>),
}

#[derive(Clone, Copy)]
struct Place {
    start: usize,
    length: usize,
}

/// The members of the object, sorted; none of them twice.
pub(super) fn read_all(json: &str) -> serde_json::Result<Vec<Member>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let members = deserializer.deserialize_map(MembersOf { json })?;
    deserializer.end()?;
    Ok(members)
}

impl Member {
    /// One whose name stands there in quotation marks, before a colon and its value.
    pub(super) fn written(quoted: Range<usize>, name: &str, value: &str) -> Self {
        let value = Place { start: quoted.end + 1, length: value.len() };
        let in_place = Place { start: quoted.start + 1, length: name.len() };
        let has_escapes = quoted.len() != name.len() + 2;
        Self { name: if has_escapes { Name::Unescaped(name.into()) } else { Name::InPlace(in_place) }, value }
    }

    pub(super) fn name<'a>(&'a self, json: &'a str) -> &'a str {
        match &self.name {
            Name::InPlace(place) => place.of(json),
            Name::Unescaped(name) => name,
        }
    }

    pub(super) fn value<'a>(&self, json: &'a str) -> &'a str {
        self.value.of(json)
    }

    pub(super) fn value_range(&self) -> Range<usize> {
        self.value.range()
    }

    pub(super) fn is_named(&self, name: &str, json: &str) -> bool {
        self.name_length() == name.len() && self.name(json) == name
    }

    /// Any order of the names serves: most differ in their length already.
    pub(super) fn cmp(&self, other: &Self, json: &str) -> Ordering {
        self.name_length().cmp(&other.name_length()).then_with(|| self.name(json).cmp(other.name(json)))
    }

    fn name_length(&self) -> usize {
        match &self.name {
            Name::InPlace(place) => place.length,
            Name::Unescaped(name) => name.len(),
        }
    }
}

impl Place {
    /// Of a slice of the JSON.
    fn within(json: &str, slice: &str) -> Self {
        Self { start: slice.as_ptr().addr() - json.as_ptr().addr(), length: slice.len() }
    }

    /// In the JSON that it is a place in.
    fn of(self, json: &str) -> &str {
        &json[self.range()]
    }

    const fn range(self) -> Range<usize> {
        self.start..self.start + self.length
    }
}

struct MembersOf<'a> {
    json: &'a str,
}

impl<'de> Visitor<'de> for MembersOf<'de> {
    type Value = Vec<Member>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { json } = self;
        let mut members = Vec::with_capacity(CAPACITY);
        while let Some(name) = map.next_key_seed(NameIn { json })? {
            let value: &RawValue = map.next_value()?;
            members.push(Member { name, value: Place::within(json, value.get()) });
        }
        members.sort_unstable_by(|one: &Member, other| one.cmp(other, json));
        if members.is_sorted_by(|one, other| one.cmp(other, json).is_lt()) {
            Ok(members)
        } else {
            Err(A::Error::custom("a member stands there twice"))
        }
    }
}

struct NameIn<'a> {
    json: &'a str,
}

impl<'de> DeserializeSeed<'de> for NameIn<'de> {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameIn<'de> {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name, E> {
        Ok(Name::InPlace(Place::within(self.json, name)))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name::Unescaped(name.into()))
    }
}
