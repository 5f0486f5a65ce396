#![no_main]

use std::{collections::BTreeSet, sync::LazyLock};

use intercom_identity::{
    Identity, IdentityError, Keyring, Platform, Secret, UserHash,
    jwt::JwtError,
    verify::{Admission, AuthRequestBody, Authenticator, Enforcement, Proofs, Rejection},
};
use libfuzzer_sys::fuzz_target;
use oracle::{KEYS, NOW, is_placeholder, may_be_signing_input};
use serde::Deserialize;
use serde_json::{Value, error::Category, json};

const PROOFS: [Proofs; 3] = [Proofs::Either, Proofs::UserHash, Proofs::UserJwt];
const ENFORCEMENTS: [Enforcement; 3] = [Enforcement::Enforce, Enforcement::RefuseInvalid, Enforcement::Observe];

static AUTHENTICATORS: LazyLock<[Authenticator; 3]> = LazyLock::new(|| PROOFS.map(accepting));

fn accepting(proofs: Proofs) -> Authenticator {
    let keyring = KEYS.iter().fold(Keyring::new(), |keyring, key| {
        keyring.with(Platform::ALL, Secret::from_raw_key(key.as_bytes()).expect("it is not empty"))
    });
    Platform::ALL
        .iter()
        .fold(Authenticator::new(keyring), |authenticator, platform| authenticator.accept(*platform, proofs))
}

fuzz_target!(|json: &[u8]| {
    if let Some(body) = check(json) {
        for body in body.with_proofs() {
            check(body.to_string().as_bytes());
        }
    }
});

fn check(json: &[u8]) -> Option<Body> {
    let body = serde_json::from_slice::<AuthRequestBody>(json);
    // A derived `Deserialize` also takes an array.
    let expected = serde_json::from_slice::<Body>(json).ok().filter(|_| json.trim_ascii_start().starts_with(b"{"));
    match (body, expected) {
        (Ok(body), Some(expected)) => {
            // Any of them, so that each body is decided on in few of the many ways.
            let (proofs, enforcement) = (json.len() % 3, json.len() / 3 % 3);
            for &platform in Platform::ALL {
                is_decided_as(&body, &expected, platform, proofs, ENFORCEMENTS[enforcement]);
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

/// Of what `serde_json` itself refuses, it quotes nothing.
fn quotes_nothing(error: &serde_json::Error) {
    const EXPECTED: [&str; 3] = ["expected an object", "expected a string", "expected a string or a 64-bit integer"];
    const FIELDS: &str = "user_id userId email user_hash userHash user_jwt userJwt intercom_user_jwt intercomUserJwt";

    if error.classify() == Category::Data {
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or_default();
        let expectation = ["sequence", "map", "null"]
            .iter()
            .find_map(|found| message.strip_prefix(&format!("invalid type: {found}, ")))
            .unwrap_or(message);
        let is_duplicate = FIELDS.split(' ').any(|name| message == format!("duplicate field `{name}`"));
        assert!(is_duplicate || EXPECTED.contains(&expectation), "{message}");
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Spellings")]
struct Body {
    user_id: Option<String>,
    email: Option<String>,
    user_hash: Option<String>,
    user_jwt: Option<String>,
}

#[derive(Deserialize)]
struct Spellings {
    user_id: Option<TextOrInteger>,
    #[serde(rename = "userId")]
    camel_user_id: Option<TextOrInteger>,
    email: Option<String>,
    user_hash: Option<String>,
    #[serde(rename = "userHash")]
    camel_user_hash: Option<String>,
    user_jwt: Option<String>,
    #[serde(rename = "userJwt")]
    camel_user_jwt: Option<String>,
    intercom_user_jwt: Option<String>,
    #[serde(rename = "intercomUserJwt")]
    camel_intercom_user_jwt: Option<String>,
}

impl TryFrom<Spellings> for Body {
    type Error = &'static str;

    fn try_from(sent: Spellings) -> Result<Self, Self::Error> {
        fn one(spellings: &[Option<String>]) -> Result<Option<String>, &'static str> {
            let values: BTreeSet<&String> = spellings.iter().flatten().collect();
            if values.len() > 1 { Err("they differ") } else { Ok(values.first().map(ToString::to_string)) }
        }

        Ok(Self {
            user_id: one(&[sent.user_id, sent.camel_user_id].map(|user_id| user_id.map(String::from)))?,
            email: sent.email,
            user_hash: one(&[sent.user_hash, sent.camel_user_hash])?,
            user_jwt: one(&[sent.user_jwt, sent.camel_user_jwt, sent.intercom_user_jwt, sent.camel_intercom_user_jwt])?,
        })
    }
}

impl From<TextOrInteger> for String {
    fn from(user_id: TextOrInteger) -> Self {
        match user_id {
            TextOrInteger::Text(text) => text,
            TextOrInteger::Signed(integer) => integer.to_string(),
            TextOrInteger::Unsigned(integer) => integer.to_string(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum TextOrInteger {
    Text(String),
    Signed(i64),
    Unsigned(u64),
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

    /// The user whom these name, if any.
    fn checked(mut self) -> Result<Option<Self>, IdentityError> {
        if [&self.user_id, &self.email].into_iter().flatten().all(String::is_empty) {
            return Ok(None);
        }
        let is_email = self.email.as_ref().is_some_and(|email| email.contains('@'));
        match &self.user_id {
            Some(user_id) if user_id.is_empty() => return Err(IdentityError::EmptyUserId),
            Some(user_id) if is_placeholder(user_id) => return Err(IdentityError::Placeholder),
            Some(user_id) if may_be_signing_input(user_id) => return Err(IdentityError::JwtSigningInput),
            Some(user_id) if user_id.contains('@') && !is_email && self.email.iter().any(has_digit) => {
                return Err(IdentityError::Swapped);
            }
            None if !is_email => return Err(IdentityError::EmailWithoutAt),
            _ => self.email = self.email.filter(|_| is_email),
        }
        if self.email.iter().any(|email| may_be_signing_input(email)) {
            return Err(IdentityError::JwtSigningInput);
        }
        Ok(Some(self))
    }

    /// The same beside a token, which names the user: an email that is none counts as absent.
    fn checked_beside_token(self) -> Result<Option<Self>, IdentityError> {
        match self.clone().checked() {
            Err(IdentityError::EmailWithoutAt) => Ok(None),
            Err(IdentityError::Swapped) => Self { email: None, ..self }.checked(),
            named => named,
        }
    }

    fn identifier(&self) -> Option<&str> {
        self.user_id.as_deref().or(self.email.as_deref())
    }

    /// What the hash of a user proves.
    fn hashed(self) -> Self {
        Self { email: self.email.filter(|_| self.user_id.is_none()), ..self }
    }

    fn agree_with(&self, token: &Self) -> bool {
        let agree = |named: &Option<String>, token: &Option<String>| named.is_none() || named == token;
        agree(&self.user_id, &token.user_id) && (token.email.is_none() || agree(&self.email, &token.email))
    }
}

fn has_digit(text: &String) -> bool {
    text.contains(|character: char| character.is_ascii_digit())
}

impl Body {
    fn names(&self) -> Names {
        Names { user_id: self.user_id.clone(), email: self.email.clone() }
    }

    /// The same user, each time with another proof: one that holds, or one that nearly does.
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

    /// Who is proved, and whether by the signing secret; nobody for a visitor.
    fn proved(
        &self,
        named: Result<Option<Names>, IdentityError>,
        platform: Platform,
        proofs: Proofs,
    ) -> Result<Option<(Names, bool)>, Rejection> {
        let sent = [&self.user_hash, &self.user_jwt].map(|proof| proof.as_deref().filter(|proof| !proof.is_empty()));
        let [user_hash, user_jwt] = sent;
        let user_hash = user_hash.filter(|_| proofs != Proofs::UserJwt);
        let user_jwt = user_jwt.filter(|_| proofs != Proofs::UserHash);
        let named = if user_jwt.is_some() { self.names().checked_beside_token() } else { named };
        let named = named.map_err(Rejection::MalformedIdentity)?;
        if let (Some(_), Some(_)) = (user_hash, user_jwt) {
            return Err(Rejection::UserHashAndUserJwt);
        }
        if let Some(token) = user_jwt {
            let [first, second] = KEYS.map(|key| oracle::user_jwt(key, token));
            let signs = !matches!(first, Err(JwtError::Signature));
            let claims = if signs { first } else { second }?;
            let token = Names { user_id: Some(claims.user_id), email: claims.email };
            let agrees = named.is_none_or(|named| named.agree_with(&token));
            return if agrees { Ok(Some((token, signs))) } else { Err(Rejection::IdentityMismatch) };
        }
        let Some(named) = named else { return Ok(None) };
        let Some(user_hash) = user_hash else {
            let was_sent = sent.iter().any(Option::is_some);
            return Err(if was_sent { Rejection::ProofNotAccepted } else { Rejection::MissingProof });
        };
        let folded = user_hash.to_ascii_lowercase();
        let parsed = if platform == Platform::Web { &folded } else { user_hash }.parse::<UserHash>();
        let parsed = parsed.map_err(|error| {
            let is_token = user_hash.starts_with("eyJ") && user_hash.matches('.').count() == 2;
            if is_token { Rejection::UserJwtAsUserHash } else { Rejection::MalformedUserHash(error) }
        })?;
        let is_of = |key| oracle::user_hash(key, named.identifier().unwrap_or_default()) == parsed.as_str();
        let key = KEYS.into_iter().position(is_of).ok_or(Rejection::UserHashMismatch)?;
        Ok(Some((named.hashed(), key == 0)))
    }
}

fn is_decided_as(body: &AuthRequestBody, expected: &Body, platform: Platform, proofs: usize, enforcement: Enforcement) {
    let request = body.request(platform, NOW);
    let outcome = AUTHENTICATORS[proofs].authenticate_with(&request, enforcement);
    let named = expected.names().checked();
    let proved = expected.proved(named.clone(), platform, PROOFS[proofs]);
    let is_tolerated = |reason| match enforcement {
        Enforcement::Observe => true,
        Enforcement::RefuseInvalid => matches!(reason, Rejection::MissingProof | Rejection::ProofNotAccepted),
        _ => false,
    };
    match (outcome, proved) {
        (Ok(Admission::Unidentified), Ok(None)) => {}
        (Ok(Admission::Verified(user)), Ok(Some(proved))) => {
            assert_eq!((Names::of(user.identity()), user.by_signing_secret()), proved);
        }
        (Ok(Admission::Unverified(user)), Err(reason)) if is_tolerated(reason) => {
            assert_eq!((user.claimed().map(Names::of), *user.reason()), (named.ok().flatten(), reason));
        }
        (Err(outcome), Err(reason)) if !is_tolerated(reason) => assert_eq!(outcome, reason),
        (outcome, expected) => panic!("{platform}: {outcome:?}, not {expected:?}"),
    }
}
