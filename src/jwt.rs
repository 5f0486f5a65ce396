//! HS256 in the compact serialization (RFC 7515, RFC 7519) and nothing else.

mod member;
mod object;

use alloc::{string::String, vec};
use core::ops::Range;

use base64ct::{Base64UrlUnpadded, Encoding};

pub(crate) use self::object::{Object, quoted};
use crate::{JwtError, Secret};

/// The longest token taken or made, in bytes: what common servers take as a header line.
const MAX_LENGTH: usize = 8 * 1024;

/// The length of a signature in base64url.
const TAG_LENGTH: usize = 43;

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
    /// What is signed goes from the beginning of the text to the end of the payload.
    payload: Range<usize>,
    tag: [u8; 32],
}

impl Compact<String> {
    /// Signs claims, a JSON object.
    #[expect(clippy::expect_used, clippy::indexing_slicing, reason = "there is room for every part, and all is ASCII")]
    pub(crate) fn sign(secret: &Secret, typ: Type, claims: &str) -> Result<Self, JwtError> {
        let header = typ.header().as_bytes();
        let start = header.len() + 1;
        let payload = start..start + Base64UrlUnpadded::encoded_len(claims.as_bytes());
        let length = payload.end + 1 + TAG_LENGTH;
        check_length(length)?;
        let mut text = vec![b'.'; length];
        text[..header.len()].copy_from_slice(header);
        Base64UrlUnpadded::encode(claims.as_bytes(), &mut text[payload.clone()]).expect("there is room");
        let tag = secret.mac(&text[..payload.end]);
        Base64UrlUnpadded::encode(&tag, &mut text[payload.end + 1..]).expect("there is room");
        let text = String::from_utf8(text).expect("base64url is ASCII");
        Ok(Self { text, payload, tag })
    }
}

impl<S: AsRef<str>> Compact<S> {
    /// Takes a token apart. The header is read before the signature is verified, but only to refuse the token: the
    /// algorithm is HS256 whatever it says.
    pub(crate) fn parse(text: S, typ: Type) -> Result<Self, JwtError> {
        let token = text.as_ref();
        check_length(token.len())?;
        let (header, rest) = token.split_once('.').ok_or(JwtError::Parts)?;
        let (payload, tag) = rest.split_once('.').ok_or(JwtError::Parts)?;
        if tag.contains('.') {
            return Err(JwtError::Parts);
        }
        if header != typ.header() {
            check_header(header, typ)?;
        }
        let start = header.len() + 1;
        let payload = start..start + payload.len();
        let Ok(digits) = <&[u8; TAG_LENGTH]>::try_from(tag.as_bytes()) else {
            return Err(Base64UrlUnpadded::decode_vec(tag).map_or(JwtError::Base64, |_| JwtError::Signature));
        };
        let mut bytes = [0; 32];
        Base64UrlUnpadded::decode(digits, &mut bytes).map_err(|_| JwtError::Base64)?;
        Ok(Self { text, payload, tag: bytes })
    }

    pub(crate) fn into_owned(self) -> Compact<String> {
        let Self { text, payload, tag } = self;
        Compact { text: text.as_ref().into(), payload, tag }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_ref()
    }

    pub(crate) fn verify(&self, secret: &Secret) -> Result<Payload<'_>, JwtError> {
        let (signed, _) = self.as_str().split_at(self.payload.end);
        let (_, payload) = signed.split_at(self.payload.start);
        if secret.verifies(signed.as_bytes(), &self.tag) { Ok(Payload(payload)) } else { Err(JwtError::Signature) }
    }
}

/// What a token says, its signature verified.
pub(crate) struct Payload<'a>(&'a str);

impl Payload<'_> {
    pub(crate) fn claims(&self) -> Result<Object, JwtError> {
        Object::decode(self.0, JwtError::Claims)
    }
}

fn check_length(found: usize) -> Result<(), JwtError> {
    if found > MAX_LENGTH { Err(JwtError::Length { found }) } else { Ok(()) }
}

fn check_header(header: &str, typ: Type) -> Result<(), JwtError> {
    let header = Object::decode(header, JwtError::Header)?;
    if header.text("alg").map_err(|_| JwtError::Algorithm)?.as_deref() != Some("HS256") {
        Err(JwtError::Algorithm)
    } else if header.get("crit").is_some() {
        Err(JwtError::Critical)
    } else if !typ.matches(header.text("typ").map_err(|_| JwtError::Type)?.as_deref()) {
        Err(JwtError::Type)
    } else {
        Ok(())
    }
}
