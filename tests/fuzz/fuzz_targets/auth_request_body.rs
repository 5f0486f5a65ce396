#![no_main]

use std::sync::LazyLock;

use intercom_identity::{
    Admission, AuthRequestBody, Authenticator, Enforcement, Identity, IdentityError, JwtError, Keyring, Platform,
    Rejection, Secret, UserHash,
};
use libfuzzer_sys::fuzz_target;
use oracle::{KEYS, NOW};
use serde::Deserialize;
use serde_json::{Value, error::Category, json};

static AUTHENTICATOR: LazyLock<Authenticator> = LazyLock::new(|| {
    let keyring = KEYS.iter().fold(Keyring::new(), |keyring, key| {
        keyring.with(Platform::ALL.iter().copied(), Secret::new(key).expect("it is a secret"))
    });
    Authenticator::new(keyring)
        .enforcement(Platform::Android, Enforcement::RefuseInvalid)
        .enforcement(Platform::Web, Enforcement::Observe)
});

fuzz_target!(|json: &[u8]| {
    if let Some(body) = check(json) {
        for body in body.with_proofs() {
            check(body.to_string().as_bytes());
        }
    }
});

fn check(json: &[u8]) -> Option<Body> {
    let body = serde_json::from_slice::<AuthRequestBody>(json);
    // A derived `Deserialize` takes an array as well.
    let expected = serde_json::from_slice::<Body>(json).ok().filter(|_| json.trim_ascii_start().starts_with(b"{"));
    match (body, expected) {
        (Ok(body), Some(expected)) => {
            for &platform in Platform::ALL {
                is_decided_as(&body, &expected, platform);
            }
            Some(expected)
        }
        (Err(error), None) => {
            quotes_nothing(&error);
            None
        }
        (body, expected) => panic!("{body:?}, not {expected:?}"),
    }
}

/// Whatever was quoted would have marks around it or, sooner or later, a character that no message has. What
/// `serde_json` itself refuses, it does not quote.
fn quotes_nothing(error: &serde_json::Error) {
    if error.classify() == Category::Data {
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or_default();
        assert!(message.chars().all(|c| matches!(c, 'a'..='z' | ' ' | ',' | ':')), "{message}");
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    user_id: Option<TextOrInteger>,
    email: Option<String>,
    user_hash: Option<String>,
    user_jwt: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum TextOrInteger {
    Text(String),
    Integer(u64),
}

#[derive(Clone, Debug, PartialEq)]
struct Names {
    user_id: Option<String>,
    email: Option<String>,
}

impl Names {
    fn of(identity: Identity<'_>) -> Self {
        let user_id = identity.user_id().map(|user_id| user_id.as_str().to_owned());
        Self { user_id, email: identity.email().map(|email| email.as_str().to_owned()) }
    }

    fn error(&self) -> Option<IdentityError> {
        if self.user_id.as_deref() == Some("") {
            Some(IdentityError::EmptyUserId)
        } else if self.email.as_deref() == Some("") {
            Some(IdentityError::EmptyEmail)
        } else {
            self.email.as_ref().filter(|email| !email.contains('@')).map(|_| IdentityError::EmailWithoutAt)
        }
    }

    fn identifier(&self) -> Option<&str> {
        self.user_id.as_deref().or(self.email.as_deref())
    }

    fn agree_with(&self, token: &Names) -> bool {
        match (&self.user_id, &self.email) {
            (None, None) => true,
            (Some(_), None) => token.user_id == self.user_id,
            (None, Some(_)) if token.email.is_some() => token.email == self.email,
            (None, Some(_)) => token.user_id == self.email,
            (Some(_), Some(_)) => token.user_id == self.user_id && (token.email.is_none() || token.email == self.email),
        }
    }
}

impl Body {
    fn names(&self) -> Names {
        let user_id = self.user_id.as_ref().map(|user_id| match user_id {
            TextOrInteger::Text(text) => text.clone(),
            TextOrInteger::Integer(integer) => integer.to_string(),
        });
        Names { user_id, email: self.email.clone() }
    }

    /// The same user, each time with a proof: one that holds, or one that nearly does.
    fn with_proofs(&self) -> Vec<Value> {
        let names = self.names();
        let (Some(identifier), Names { user_id, email }) = (names.identifier(), &names) else { return Vec::new() };
        let mut bodies = Vec::new();
        for key in KEYS {
            let hash = oracle::user_hash(key, identifier);
            let forged = oracle::with_another_digit(&hash, identifier.len() % 64);
            for user_hash in [&hash, &hash.to_uppercase(), &forged] {
                bodies.push(json!({ "user_id": user_id, "email": email, "user_hash": user_hash }));
            }
            for (claimed, claimed_email) in [
                (identifier, email.clone()),
                (identifier, Some("another@example.com".to_owned())),
                ("another", email.clone()),
            ] {
                let claims = json!({ "user_id": claimed, "email": claimed_email }).to_string();
                let token = oracle::sign(key, r#"{"alg":"HS256"}"#, &claims);
                bodies.push(json!({ "user_id": user_id, "email": email, "user_jwt": token }));
            }
        }
        bodies
    }

    fn proved(&self, platform: Platform) -> Result<Names, Rejection> {
        let names = self.names();
        match (&self.user_hash, &self.user_jwt) {
            (Some(_), Some(_)) => Err(Rejection::UserHashAndUserJwt),
            (Some(user_hash), None) => {
                let folded = user_hash.to_ascii_lowercase();
                let parsed = if platform == Platform::Web { &folded } else { user_hash }.parse::<UserHash>();
                let parsed = parsed.map_err(|error| {
                    let is_token = user_hash.starts_with("eyJ") && user_hash.matches('.').count() == 2;
                    if is_token { Rejection::UserJwtAsUserHash } else { Rejection::MalformedUserHash(error) }
                })?;
                let is_of = |key| oracle::user_hash(key, names.identifier().unwrap_or_default()) == parsed.as_str();
                if KEYS.into_iter().any(is_of) { Ok(names) } else { Err(Rejection::UserHashMismatch) }
            }
            (None, Some(token)) => {
                let [first, second] = KEYS.map(|key| oracle::user_jwt(key, token));
                let claims = if matches!(first, Err(JwtError::Signature)) { second } else { first }?;
                let token = Names { user_id: Some(claims.user_id), email: claims.email };
                if names.agree_with(&token) { Ok(token) } else { Err(Rejection::IdentityMismatch) }
            }
            (None, None) => Err(Rejection::MissingUserHash),
        }
    }
}

fn is_decided_as(body: &AuthRequestBody, expected: &Body, platform: Platform) {
    let names = expected.names();
    let request = match (body.request(platform, NOW), names.error()) {
        (Ok(request), None) => request,
        (request, error) => return assert_eq!(request.err(), error),
    };
    let outcome = AUTHENTICATOR.authenticate(&request);
    let is_visitor = names.identifier().is_none();
    if is_visitor && expected.user_jwt.is_none() {
        return assert_eq!(outcome, Ok(Admission::Unidentified));
    }
    let is_tolerated = |reason| match platform {
        Platform::Android => reason == Rejection::MissingUserHash,
        Platform::Web => !is_visitor,
        _ => false,
    };
    match (outcome, expected.proved(platform)) {
        (Ok(Admission::Verified(user)), Ok(proved)) => assert_eq!(Names::of(user.identity()), proved),
        (Ok(Admission::Unverified(user)), Err(reason)) if is_tolerated(reason) => {
            assert_eq!((Names::of(user.identity()), *user.reason()), (names, reason));
        }
        (Err(outcome), Err(reason)) if !is_tolerated(reason) => assert_eq!(outcome, reason),
        (outcome, expected) => panic!("{platform}: {outcome:?}, not {expected:?}"),
    }
}
