use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use intercom_identity::{AccessTokenError, JwtError, UnixTime};
use serde_json::{Value, value::RawValue};
use serde_with::{MapPreventDuplicates, Same, de::DeserializeAsWrap};

use crate::{NOW, hmac_sha256};

/// A token of any header and any payload, properly signed.
#[must_use]
pub fn sign(key: &str, header: &str, payload: &str) -> String {
    let signed =
        format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload.as_bytes()));
    let tag = BASE64URL_NOPAD.encode(&hmac_sha256(key, signed.as_bytes()));
    format!("{signed}.{tag}")
}

pub struct UserClaims {
    pub user_id: String,
    pub email: Option<String>,
    pub expires_at: Option<UnixTime>,
    pub not_before: Option<UnixTime>,
    pub attributes: Members,
}

/// What [`UserJwt`](intercom_identity::UserJwt) makes of the token at [`NOW`].
pub fn user_jwt(key: &str, token: &str) -> Result<UserClaims, JwtError> {
    let mut claims = payload(key, token, |typ| typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT")))?;
    let user_id = text(&claims, "user_id")?.filter(|user_id| !user_id.is_empty());
    let user_id = user_id.ok_or(JwtError::Claim { name: "user_id" })?;
    let email = text(&claims, "email")?;
    if email.as_ref().is_some_and(|email| !email.contains('@')) {
        return Err(JwtError::Claim { name: "email" });
    }
    let expires_at = time(&claims, "exp")?;
    let not_before = time(&claims, "nbf")?;
    if expires_at.is_some_and(|expiry| expiry <= NOW) {
        return Err(JwtError::Expired);
    }
    if not_before.is_some_and(|start| start > NOW) {
        return Err(JwtError::NotYetValid);
    }
    claims.retain(|name, _| !["user_id", "email", "exp", "nbf"].contains(&name.as_str()));
    Ok(UserClaims { user_id, email, expires_at, not_before, attributes: claims })
}

#[derive(Debug, PartialEq)]
pub enum AccessClaims {
    UserId { verified: bool, user_id: String },
    Email { verified: bool, email: String },
    Unidentified,
}

/// What [`AccessTokens`](intercom_identity::AccessTokens) for the audience make of the token at [`NOW`].
pub fn access_token(key: &str, audience: &str, token: &str) -> Result<AccessClaims, AccessTokenError> {
    let claims = payload(key, token, |typ| typ.is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt")))?;
    if text(&claims, "aud")?.as_deref() != Some(audience) {
        return Err(AccessTokenError::Audience);
    }
    if time(&claims, "exp")?.ok_or(JwtError::Claim { name: "exp" })? <= NOW {
        return Err(JwtError::Expired.into());
    }
    let verified = match text(&claims, "identity")?.as_deref() {
        Some("verified") => true,
        Some("unverified") => false,
        Some("unidentified") => return Ok(AccessClaims::Unidentified),
        _ => return Err(JwtError::Claim { name: "identity" }.into()),
    };
    let subject = text(&claims, "sub")?;
    match (text(&claims, "identifier")?.as_deref(), subject) {
        (Some("user_id"), Some(user_id)) if !user_id.is_empty() => Ok(AccessClaims::UserId { verified, user_id }),
        (Some("email"), Some(email)) if email.contains('@') => Ok(AccessClaims::Email { verified, email }),
        (Some("user_id" | "email"), _) => Err(JwtError::Claim { name: "sub" }.into()),
        _ => Err(JwtError::Claim { name: "identifier" }.into()),
    }
}

/// Not `Value`s yet: that one is not readable leaves the others as they are.
type Members = BTreeMap<String, Box<RawValue>>;

fn payload(key: &str, token: &str, is_typ: fn(Option<&str>) -> bool) -> Result<Members, JwtError> {
    if token.len() > 8192 {
        return Err(JwtError::Length { found: token.len() });
    }
    let &[header, payload, tag] = token.split('.').collect::<Vec<_>>().as_slice() else { return Err(JwtError::Parts) };
    let members_of_header = members(header, JwtError::Header)?;
    if text(&members_of_header, "alg").ok().flatten().as_deref() != Some("HS256") {
        return Err(JwtError::Algorithm);
    }
    if members_of_header.contains_key("crit") {
        return Err(JwtError::Critical);
    }
    if !text(&members_of_header, "typ").is_ok_and(|typ| is_typ(typ.as_deref())) {
        return Err(JwtError::Type);
    }
    let tag = BASE64URL_NOPAD.decode(tag.as_bytes()).map_err(|_| JwtError::Base64)?;
    if tag != hmac_sha256(key, format!("{header}.{payload}").as_bytes()) {
        return Err(JwtError::Signature);
    }
    members(payload, JwtError::Claims)
}

fn members(part: &str, malformed: JwtError) -> Result<Members, JwtError> {
    let json = BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| JwtError::Base64)?;
    serde_json::from_slice::<DeserializeAsWrap<Members, MapPreventDuplicates<Same, Same>>>(&json)
        .map(DeserializeAsWrap::into_inner)
        .map_err(|_| malformed)
}

fn text(members: &Members, name: &'static str) -> Result<Option<String>, JwtError> {
    match value(members, name)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(JwtError::Claim { name }),
    }
}

/// A `NumericDate`, a fraction of a second dropped.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates far beyond the years that are taken")]
fn time(members: &Members, name: &'static str) -> Result<Option<UnixTime>, JwtError> {
    if !members.contains_key(name) {
        return Ok(None);
    }
    let seconds = match value(members, name)? {
        Value::Number(number) => number.as_i64().or(number.as_f64().map(|seconds| seconds.trunc() as i64)),
        _ => None,
    };
    let time = seconds.and_then(|seconds| UnixTime::from_seconds(seconds).ok());
    time.map(Some).ok_or(JwtError::Claim { name })
}

fn value(members: &Members, name: &'static str) -> Result<Value, JwtError> {
    let json = members.get(name).map_or("null", |value| value.get());
    serde_json::from_str(json).map_err(|_| JwtError::Claim { name })
}
