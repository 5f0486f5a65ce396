use alloc::{borrow::Cow, string::String, vec::Vec};

use base64ct::{Base64UrlUnpadded, Encoding};

use super::member::{self, Member};
use crate::{JwtError, UnixTime};

/// A JSON object as it is written, so that no number loses a digit, and where in it the members are.
#[derive(Clone)]
pub(crate) struct Object {
    json: String,
    /// In the order of their names, each of which stands there once.
    members: Vec<Member>,
}

impl Object {
    /// Five claims take no more, so that adding them does not move what is there.
    const CAPACITY: usize = 192;

    pub(crate) fn empty() -> Self {
        let mut json = String::with_capacity(Self::CAPACITY);
        json.push_str("{}");
        Self { json, members: Vec::with_capacity(member::CAPACITY) }
    }

    /// Reads the object that a part of a token holds.
    pub(super) fn decode(part: &str, malformed: JwtError) -> Result<Self, JwtError> {
        let json = decode_base64url(part).map_err(|_| JwtError::Base64)?;
        let json = String::from_utf8(json).map_err(|_| malformed)?;
        let members = member::read_all(&json).map_err(|_| malformed)?;
        Ok(Self { json, members })
    }

    pub(crate) fn as_json(&self) -> &str {
        &self.json
    }

    /// The name and the JSON of every member, in an order that depends on the names alone.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|member| (member.name(&self.json), member.value(&self.json)))
    }

    /// The JSON of a member.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(|member| member.value(&self.json))
    }

    fn find(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.is_named(name, &self.json))
    }

    /// Reads a member that is a text; one that is `null` is as good as left out.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<Cow<'_, str>>, JwtError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
            Some(text) if !text.contains('\\') => Ok(Some(Cow::Borrowed(text))),
            _ => serde_json::from_str(value).map_err(|_| JwtError::Claim { name }),
        }
    }

    /// Reads a `NumericDate` (RFC 7519, section 2), a fraction of a second dropped. `null` is none: JavaScript writes a date
    /// that it could not compute so, and a token must not become eternal by that.
    pub(crate) fn time(&self, name: &'static str) -> Result<Option<UnixTime>, JwtError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let seconds = value.parse().ok().or_else(|| whole_seconds(value)).ok_or(JwtError::Claim { name })?;
        UnixTime::from_seconds(seconds).map(Some).map_err(|_| JwtError::Claim { name })
    }

    /// Writes a member, its value in JSON, in the place of the one of that name, if there is one.
    #[expect(clippy::expect_used, reason = "with another value it is still an object")]
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if let Some(member) = self.find(name) {
            self.json.replace_range(member.value_range(), value);
            self.members = member::read_all(&self.json).expect("with another value it is still an object");
        } else {
            self.add(name, value);
        }
    }

    /// Writes a member, its value in JSON, that is not there yet.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.json.truncate(self.json.trim_end().len() - "}".len());
        if !self.members.is_empty() {
            self.json.push(',');
        }
        let start = self.json.len();
        // Most names have nothing to escape.
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.json.extend(["\"", name, "\""]);
        } else {
            self.json.push_str(&quoted(name));
        }
        let member = Member::written(start..self.json.len(), name, value);
        self.json.extend([":", value, "}"]);
        let place = self.members.partition_point(|other| other.cmp(&member, &self.json).is_lt());
        self.members.insert(place, member);
    }
}

/// In pieces of 64 characters: a length that the compiler knows is decoded in less time.
fn decode_base64url(text: &str) -> Result<Vec<u8>, base64ct::Error> {
    let (pieces, rest) = text.as_bytes().as_chunks::<64>();
    let mut bytes = Vec::with_capacity(text.len());
    for piece in pieces {
        bytes.extend_from_slice(Base64UrlUnpadded::decode(piece, &mut [0; 48])?);
    }
    bytes.extend_from_slice(Base64UrlUnpadded::decode(rest, &mut [0; 48])?);
    Ok(bytes)
}

/// A text in JSON.
#[expect(clippy::expect_used, reason = "a text serializes")]
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text serializes")
}

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates far beyond the bounds of `UnixTime`")]
fn whole_seconds(number: &str) -> Option<i64> {
    serde_json::from_str(number).ok().map(|seconds: f64| seconds as i64)
}
