use std::{collections::BTreeMap, fmt};

use data_encoding::BASE64URL_NOPAD;
use intercom_identity::{UnixTime, jwt::JwtError};
use serde::{
    Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::Value;

use crate::{NOW, hmac_sha256, is_placeholder, may_be_signing_input};

#[must_use]
pub fn signing_input(header: &str, payload: &str) -> String {
    format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload.as_bytes()))
}

/// A correctly signed token of any header and any payload.
#[must_use]
pub fn sign(key: &str, header: &str, payload: &str) -> String {
    let signed = signing_input(header, payload);
    let tag = BASE64URL_NOPAD.encode(&hmac_sha256(key, signed.as_bytes()));
    format!("{signed}.{tag}")
}

#[derive(Debug)]
pub struct UserClaims {
    pub user_id: String,
    pub email: Option<String>,
    pub expires_at: Option<UnixTime>,
    pub attributes: Members,
}

/// What [`UserJwt`](intercom_identity::jwt::UserJwt) makes of the token at [`NOW`].
pub fn user_jwt(key: &str, token: &str) -> Result<UserClaims, JwtError> {
    let mut claims = payload(key, token)?;
    let malformed = |name| JwtError::Claim { name };
    let user_id = match claims.remove("user_id") {
        Some(Value::String(user_id))
            if user_id.is_empty() || is_placeholder(&user_id) || may_be_signing_input(&user_id) =>
        {
            return Err(malformed("user_id"));
        }
        Some(Value::String(user_id)) => user_id,
        Some(Value::Number(user_id)) if user_id.is_i64() || user_id.is_u64() => user_id.to_string(),
        _ => return Err(malformed("user_id")),
    };
    let email = match claims.remove("email") {
        None | Some(Value::Null) => None,
        Some(Value::String(email)) if !email.contains('@') => None,
        Some(Value::String(email)) if !may_be_signing_input(&email) => Some(email),
        Some(_) => return Err(malformed("email")),
    };
    let [expires_at, not_before] = ["exp", "nbf"].map(|name| match claims.remove(name) {
        None => Ok(None),
        Some(time) => seconds(&time).map(Some).ok_or(malformed(name)),
    });
    let (expires_at, not_before) = (expires_at?, not_before?);
    if expires_at.is_some_and(|expiry| expiry <= NOW) {
        return Err(JwtError::Expired);
    }
    if not_before.is_some_and(|start| start > NOW) {
        return Err(JwtError::NotYetValid);
    }
    claims.retain(|_, value| !value.is_null());
    Ok(UserClaims { user_id, email, expires_at, attributes: claims })
}

type Members = BTreeMap<String, Value>;

fn payload(key: &str, token: &str) -> Result<Members, JwtError> {
    if token.len() > 8192 {
        return Err(JwtError::Length { found: token.len() });
    }
    let &[header, payload, signature] = token.split('.').collect::<Vec<_>>().as_slice() else {
        return Err(JwtError::Parts);
    };
    let members_of_header = members(header, JwtError::Header)?;
    let typ = match members_of_header.get("typ") {
        None | Some(Value::Null) => None,
        Some(Value::String(typ)) => Some(typ.to_ascii_lowercase()),
        Some(_) => return Err(JwtError::Type),
    };
    if members_of_header.get("alg") != Some(&Value::from("HS256")) {
        return Err(JwtError::Algorithm);
    }
    if members_of_header.contains_key("crit") {
        return Err(JwtError::Critical);
    }
    if typ.is_some_and(|typ| typ != "jwt" && typ != "application/jwt") {
        return Err(JwtError::Type);
    }
    let tag = hmac_sha256(key, format!("{header}.{payload}").as_bytes());
    if signature != BASE64URL_NOPAD.encode(&tag) {
        return Err(JwtError::Signature);
    }
    members(payload, JwtError::Claims)
}

fn members(part: &str, malformed: JwtError) -> Result<Members, JwtError> {
    let json = BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| JwtError::Base64)?;
    let mut json = serde_json::Deserializer::from_slice(&json);
    let members = json.deserialize_map(DistinctNames).map_err(|_| malformed)?;
    json.end().map_err(|_| malformed)?;
    Ok(members)
}

struct DistinctNames;

impl<'de> Visitor<'de> for DistinctNames {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with distinct names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("duplicate name"));
            }
        }
        Ok(members)
    }
}

/// A `NumericDate`, its fraction dropped.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, far beyond the bounds of `UnixTime`")]
fn seconds(time: &Value) -> Option<UnixTime> {
    let seconds = time.as_i64().or(time.as_f64().map(|seconds| seconds.trunc() as i64))?;
    UnixTime::from_seconds(seconds).ok()
}
