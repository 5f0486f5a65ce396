//! HS256 in the compact serialization (RFC 7515, RFC 7519) and nothing else.

#[cfg(test)]
mod tests;

use alloc::{borrow::ToOwned, string::String};
use core::{str::FromStr, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use serde_json::Value;

use super::{
    JwtError, UserClaims,
    members::{self, Members},
};
use crate::{
    Secret, UnixTime,
    identity::signing_input::LONGEST_USER_JWT,
    secret,
    unquoted::{Text, TextOrInteger},
};

/// `{"alg":"HS256","typ":"JWT"}` in base64url.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// The successor of the [user hash](crate::UserHash): a JSON Web Token in which an app server vouches for a user.
///
/// It is `intercom_user_jwt` in the web messenger's settings, and what the mobile SDKs take in `setUserJwt`. It is signed
/// with the same [`Secret`], always with HS256.
///
/// Anybody who has seen a token can replay it until it expires, so `Debug` does not show it.
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use intercom_identity::{
///     Secret, UnixTime, UserId,
///     jwt::{JwtError, UserClaims, UserJwt},
/// };
///
/// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
/// let now = UnixTime::from_seconds(1_767_225_600)?;
/// let in_an_hour = now + Duration::from_secs(3600);
///
/// let claims = UserClaims::new(UserId::new("4711")?, in_an_hour).attribute("plan", "pro")?;
/// let jwt = UserJwt::sign(&secret, &claims)?;
/// assert!(jwt.as_str().starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
///
/// // The other side, with the text that came over the wire.
/// let received: UserJwt = jwt.as_str().parse()?;
/// let claims = received.verify(&secret, now)?;
/// assert_eq!(claims.identity().identifier(), "4711");
/// assert_eq!(claims.read_attribute::<String>("plan")?.as_deref(), Some("pro"));
///
/// assert_eq!(received.verify(&secret, in_an_hour), Err(JwtError::Expired));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias("intercom_user_jwt", "user_jwt", "setUserJwt"))]
#[derive(Clone)]
pub struct UserJwt(String);

impl UserJwt {
    /// Signs the claims.
    ///
    /// # Errors
    ///
    /// [`JwtError::Length`] if the token would have more than 8 KiB.
    pub fn sign(secret: &Secret, claims: &UserClaims) -> Result<Self, JwtError> {
        let json = claims.to_json();
        // With room for two dots and a signature of 43 characters.
        let mut token = String::with_capacity(HEADER.len() + json.len() * 4 / 3 + 48);
        token.push_str(HEADER);
        token.push('.');
        BASE64URL.encode_string(json, &mut token);
        let signature = secret.mac(token.as_bytes(), |tag| *tag);
        token.push('.');
        BASE64URL.encode_string(signature, &mut token);
        check_length(&token)?;
        Ok(Self(token))
    }

    /// Checks that this token, which came from outside, was signed with the secret and is valid now; returns its claims.
    ///
    /// It takes the same time wherever the signature differs. Apart from the header, nothing is read before the signature
    /// is verified.
    ///
    /// # Errors
    ///
    /// - [`JwtError::Signature`] if it was signed with another secret or is forged.
    /// - [`JwtError::Expired`] from its `exp` on; [`JwtError::NotYetValid`] before its `nbf`.
    /// - [`JwtError::Base64`], [`JwtError::Claims`] or [`JwtError::Claim`] if a correctly signed payload is not a valid set
    ///   of claims.
    pub fn verify(&self, secret: &Secret, now: UnixTime) -> Result<UserClaims, JwtError> {
        let token = Compact::split(&self.0)?;
        let signature = token.verify(secret).ok_or(JwtError::Signature)?;
        let claims = UserClaims::read(token.payload(signature))?;
        claims.check_time(now, Duration::ZERO)?;
        Ok(claims)
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A token taken apart and not yet verified. Only [`verify`](Self::verify) leads to its claims.
#[derive(Clone, Copy)]
pub(crate) struct Compact<'a> {
    header: &'a str,
    payload: &'a str,
    /// Header and payload.
    signed: &'a str,
    signature: &'a str,
}

/// Proof that the signature of a token is verified.
#[derive(Clone, Copy)]
pub(crate) struct SignatureVerified(());

/// The payload of a token whose signature is verified, in base64url.
#[derive(Clone, Copy)]
pub(crate) struct Payload<'a>(&'a str);

impl<'a> Compact<'a> {
    /// Takes a token apart. The header can only get the token refused: the algorithm is HS256 whatever it says.
    pub(crate) fn parse(token: &'a str) -> Result<Self, JwtError> {
        let compact = Self::split(token)?;
        if compact.header != HEADER {
            check_header(compact.header)?;
        }
        Ok(compact)
    }

    fn split(token: &'a str) -> Result<Self, JwtError> {
        check_length(token)?;
        let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Parts)?;
        let (header, payload) = signed.split_once('.').ok_or(JwtError::Parts)?;
        if payload.contains('.') {
            return Err(JwtError::Parts);
        }
        Ok(Self { header, payload, signed, signature })
    }

    /// The bytes are compared in constant time. Only the canonical form of the signature is decoded.
    pub(crate) fn verify(&self, secret: &Secret) -> Option<SignatureVerified> {
        let received = BASE64URL.decode(self.signature).ok()?;
        let received = received.as_slice().try_into().ok()?;
        let matches = secret.mac(self.signed.as_bytes(), |tag| secret::ct_eq(tag, received));
        bool::from(matches).then_some(SignatureVerified(()))
    }

    pub(crate) const fn payload(&self, _: SignatureVerified) -> Payload<'a> {
        Payload(self.payload)
    }
}

impl Payload<'_> {
    pub(crate) fn decode<const N: usize>(self, names: [&str; N]) -> Result<Members<N>, JwtError> {
        decode(self.0, names, JwtError::Claims)
    }

    /// `user_id` if it is an integer. `Value` takes an object for a number where another crate enables `arbitrary_precision`.
    pub(crate) fn integer_id(self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Named {
            user_id: TextOrInteger,
        }

        let json = BASE64URL.decode(self.0).ok()?;
        let Named { user_id: TextOrInteger(Text(user_id)) } = serde_json::from_slice(&json).ok()?;
        Some(user_id.as_str().to_owned())
    }
}

fn decode<const N: usize>(part: &str, names: [&str; N], malformed: JwtError) -> Result<Members<N>, JwtError> {
    let json = BASE64URL.decode(part).map_err(|_| JwtError::Base64)?;
    let json = str::from_utf8(&json).map_err(|_| malformed)?;
    members::read(json, names).map_err(|_| malformed)
}

fn check_length(token: &str) -> Result<(), JwtError> {
    if token.len() > LONGEST_USER_JWT { Err(JwtError::Length { found: token.len() }) } else { Ok(()) }
}

fn check_header(header: &str) -> Result<(), JwtError> {
    let ([alg, typ, crit], _) = decode(header, ["alg", "typ", "crit"], JwtError::Header)?;
    let typ = match &typ {
        None | Some(Value::Null) => "JWT",
        Some(typ) => typ.as_str().ok_or(JwtError::Type)?,
    };
    if alg.as_ref().and_then(Value::as_str) != Some("HS256") {
        Err(JwtError::Algorithm)
    } else if crit.is_some() {
        Err(JwtError::Critical)
    } else if ["JWT", "application/jwt"].iter().any(|jwt| typ.eq_ignore_ascii_case(jwt)) {
        Ok(())
    } else {
        Err(JwtError::Type)
    }
}

/// Takes a token apart, strictly: three parts, and a header that asks for HS256. Payload and signature are left to
/// [`verify`](UserJwt::verify). See [`JwtError`].
impl FromStr for UserJwt {
    type Err = JwtError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Compact::parse(text)?;
        Ok(Self(text.to_owned()))
    }
}

as_text!(UserJwt);

// A token can be replayed.
redacted_debug!(UserJwt);
