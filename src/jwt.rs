//! HS256 in the compact serialization (RFC 7515, RFC 7519) and nothing else.

mod members;

use alloc::string::String;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Serialize;

pub(crate) use self::members::Members;
use crate::{JwtError, Secret};

/// The longest token taken or made, in bytes: what common servers take as a header line.
const MAX_LENGTH: usize = 8 * 1024;

/// What a token is for, its `typ`, so that one kind is never taken for another (RFC 8725, section 3.11).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    UserJwt,
    AccessToken,
}

impl Type {
    /// The header of every token of this type that is made here: `{"alg":"HS256","typ":"…"}` in base64url.
    const fn header(self) -> &'static str {
        match self {
            Self::UserJwt => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            Self::AccessToken => "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9",
        }
    }

    fn matches(self, typ: Option<&str>) -> bool {
        match self {
            Self::UserJwt => typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT")),
            Self::AccessToken => typ.is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt")),
        }
    }
}

/// A token taken apart, of which nothing is believed: there is no way to its claims but through [`verify`](Self::verify).
#[derive(Clone)]
pub(crate) struct Compact<S> {
    text: S,
    /// The length of what is signed: header, dot and payload.
    signed: usize,
    tag: [u8; 32],
}

impl Compact<String> {
    pub(crate) fn sign(secret: &Secret, typ: Type, claims: &impl Serialize) -> Result<Self, JwtError> {
        let payload = serde_json::to_vec(claims).map_err(|_| JwtError::Claims)?;
        let mut text = String::from(typ.header());
        text.push('.');
        text.push_str(&Base64UrlUnpadded::encode_string(&payload));
        let (signed, tag) = (text.len(), secret.mac(text.as_bytes()));
        text.push('.');
        text.push_str(&Base64UrlUnpadded::encode_string(&tag));
        check_length(&text)?;
        Ok(Self { text, signed, tag })
    }
}

impl<S: AsRef<str>> Compact<S> {
    /// Takes a token apart. The header is read before the signature is verified, but only to refuse the token: the
    /// algorithm is HS256 whatever it says.
    pub(crate) fn parse(text: S, typ: Type) -> Result<Self, JwtError> {
        let token = text.as_ref();
        check_length(token)?;
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(tag), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwtError::Parts);
        };
        if header != typ.header() {
            check_header(header, typ)?;
        }
        let signed = header.len() + 1 + payload.len();
        let mut bytes = [0; 32];
        let decoded = Base64UrlUnpadded::decode(tag, &mut bytes).map_err(|error| match error {
            base64ct::Error::InvalidEncoding => JwtError::Base64,
            base64ct::Error::InvalidLength => JwtError::Signature,
        })?;
        if decoded.len() < 32 {
            return Err(JwtError::Signature);
        }
        Ok(Self { text, signed, tag: bytes })
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_ref()
    }

    pub(crate) fn verify(&self, secret: &Secret) -> Result<Payload<'_>, JwtError> {
        let (signed, _) = self.as_str().split_at(self.signed);
        if secret.verifies(signed.as_bytes(), &self.tag) { Ok(Payload { signed }) } else { Err(JwtError::Signature) }
    }
}

/// What a token says, its signature verified.
pub(crate) struct Payload<'a> {
    signed: &'a str,
}

impl Payload<'_> {
    pub(crate) fn claims(&self) -> Result<Members, JwtError> {
        let (_, payload) = self.signed.split_once('.').ok_or(JwtError::Parts)?;
        Members::decode(payload, JwtError::Claims)
    }
}

fn check_length(token: &str) -> Result<(), JwtError> {
    if token.len() > MAX_LENGTH { Err(JwtError::Length { found: token.len() }) } else { Ok(()) }
}

fn check_header(header: &str, typ: Type) -> Result<(), JwtError> {
    let header = Members::decode(header, JwtError::Header)?;
    if header.read::<String>("alg")?.as_deref() != Some("HS256") {
        Err(JwtError::Algorithm)
    } else if header.contains("crit") {
        Err(JwtError::Critical)
    } else if !typ.matches(header.read::<String>("typ")?.as_deref()) {
        Err(JwtError::Type)
    } else {
        Ok(())
    }
}
