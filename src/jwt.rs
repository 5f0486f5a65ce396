//! HS256 in the compact serialization (RFC 7515, RFC 7519) and nothing else.

mod member;
mod object;

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use base64ct::{Base64UrlUnpadded, Encoding};

pub(crate) use self::object::{Object, quoted};
use crate::{JwtError, Secret, secret::ct_eq};

/// The longest token taken or made, in bytes: what common servers take as a header line.
const MAX_LENGTH: usize = 8 * 1024;

/// The length of a signature, 32 bytes, in base64url.
const SIGNATURE_LENGTH: usize = 43;

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
    /// What is signed goes from the beginning of the text to the end of the payload, the signature from the dot after it.
    payload: Range<usize>,
}

impl Compact<String> {
    /// Signs claims, a JSON object.
    #[inline]
    #[expect(clippy::expect_used, clippy::indexing_slicing, reason = "there is room for every part, and all is ASCII")]
    pub(crate) fn sign(secret: &Secret, typ: Type, claims: &str) -> Result<Self, JwtError> {
        let header = typ.header().as_bytes();
        let start = header.len() + 1;
        let payload = start..start + Base64UrlUnpadded::encoded_len(claims.as_bytes());
        let length = payload.end + 1 + SIGNATURE_LENGTH;
        check_length(length)?;
        let mut text = Vec::with_capacity(length);
        text.extend_from_slice(header);
        text.resize(payload.end + 1, b'.');
        Base64UrlUnpadded::encode(claims.as_bytes(), &mut text[payload.clone()]).expect("there is room");
        let mut text = String::from_utf8(text).expect("base64url is ASCII");
        let mut digits = [0; SIGNATURE_LENGTH];
        text.push_str(signature(secret, &text[..payload.end], &mut digits));
        Ok(Self { text, payload })
    }
}

/// In constant time: until a token's signature has matched, the expected one is secret.
#[expect(clippy::expect_used, reason = "there is room for 32 bytes")]
fn signature<'a>(secret: &Secret, signed: &str, digits: &'a mut [u8; SIGNATURE_LENGTH]) -> &'a str {
    Base64UrlUnpadded::encode(&secret.mac(signed.as_bytes()), digits).expect("there is room for 32 bytes")
}

impl<S: AsRef<str>> Compact<S> {
    /// Takes a token apart. The header is read before the signature is verified, but only to refuse the token: the
    /// algorithm is HS256 whatever it says.
    pub(crate) fn parse(text: S, typ: Type) -> Result<Self, JwtError> {
        let token = text.as_ref();
        check_length(token.len())?;
        let (header, rest) = token.split_once('.').ok_or(JwtError::Parts)?;
        let (payload, signature) = rest.split_once('.').ok_or(JwtError::Parts)?;
        if signature.contains('.') {
            return Err(JwtError::Parts);
        }
        if header != typ.header() {
            check_header(header, typ)?;
        }
        let start = header.len() + 1;
        let payload = start..start + payload.len();
        Ok(Self { text, payload })
    }

    pub(crate) fn into_owned(self) -> Compact<String> {
        let Self { text, payload } = self;
        Compact { text: text.as_ref().into(), payload }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_ref()
    }

    /// Compares the signature as text, so that no other form of it passes than the canonical one.
    pub(crate) fn verify(&self, secret: &Secret) -> Option<Payload<'_>> {
        let (signed, received) = self.signed_and_signature();
        let received = received.as_bytes().try_into().ok()?;
        let mut expected = [0; SIGNATURE_LENGTH];
        signature(secret, signed, &mut expected);
        let matches: bool = ct_eq(&expected, received).into();
        matches.then(|| Payload(signed.split_at(self.payload.start).1))
    }

    /// Why a token that no secret verifies is refused.
    pub(crate) fn refusal(&self) -> JwtError {
        let (_, signature) = self.signed_and_signature();
        Base64UrlUnpadded::decode_vec(signature).map_or(JwtError::Base64, |_| JwtError::Signature)
    }

    fn signed_and_signature(&self) -> (&str, &str) {
        let (signed, _) = self.as_str().split_at(self.payload.end);
        let (_, signature) = self.as_str().split_at(self.payload.end + 1);
        (signed, signature)
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
