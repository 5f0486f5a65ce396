//! Every request goes through a body, so that the table is the same with and without the feature `jwt`.

use intercom_identity::{
    Identity,
    IdentityError::{self, EmailWithoutAt, EmptyUserId, JwtSigningInput, Placeholder, Swapped},
    Keyring, ParseUserHashError,
    Platform::{self, Android, Ios, Web},
    Secret, SecretError, UnixTime,
    verify::{
        Admission, AuthRequestBody, Authenticator,
        Enforcement::{self, Enforce, Observe, RefuseInvalid},
        Rejection::{
            self, MalformedIdentity, MalformedUserHash, MissingProof, NoSecret, ProofNotAccepted, UserHashMismatch,
            UserJwtAsUserHash,
        },
    },
};
#[cfg(feature = "jwt")]
use intercom_identity::{
    jwt::JwtError::{Algorithm, Expired, NotYetValid, Parts, Signature},
    verify::{
        AuthRequest, Proofs,
        Rejection::{IdentityMismatch, InvalidUserJwt, UserHashAndUserJwt},
    },
};

use serde::Deserialize;
use serde_json::json;

use crate::{
    forge::{self, HEADER},
    support::TestResult,
};

const NOW: i64 = 1_767_225_600;

/// A `user_id` and an email.
type Names = [Option<&'static str>; 2];

const ADA: Option<&str> = Some("ada@example.com");
const GRACE: Option<&str> = Some("grace@example.com");
const ID: Option<&str> = Some("4711");
const SIGNING_INPUT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9";

/// What a client names, and who that is.
const NAMES: [(Names, Result<Option<Names>, IdentityError>); 17] = [
    ([None, None], Ok(None)),
    ([None, Some("")], Ok(None)),
    ([Some(""), Some("")], Ok(None)),
    ([ID, None], Ok(Some([ID, None]))),
    ([ID, Some("")], Ok(Some([ID, None]))),
    ([ID, Some("n/a")], Ok(Some([ID, None]))),
    ([ID, ADA], Ok(Some([ID, ADA]))),
    ([ID, GRACE], Ok(Some([ID, GRACE]))),
    ([Some("4712"), ADA], Ok(Some([Some("4712"), ADA]))),
    ([None, ADA], Ok(Some([None, ADA]))),
    ([None, GRACE], Ok(Some([None, GRACE]))),
    ([ADA, ID], Err(Swapped)),
    ([GRACE, ID], Err(Swapped)),
    ([Some("undefined"), ADA], Err(Placeholder)),
    ([Some(""), ADA], Err(EmptyUserId)),
    ([None, Some("n/a")], Err(EmailWithoutAt)),
    ([Some(SIGNING_INPUT), None], Err(JwtSigningInput)),
];

#[derive(Clone, Copy, Debug)]
enum Hash {
    Text(Option<&'static str>),
    UserJwt,
    Of { text: &'static str, key: Key, upper_case: bool },
}

const HASHES: [Hash; 9] = [
    Hash::Text(None),
    Hash::Text(Some("")),
    Hash::Text(Some("f028")),
    Hash::UserJwt,
    Hash::Of { text: "4711", key: Key::Signing, upper_case: false },
    Hash::Of { text: "4711", key: Key::Signing, upper_case: true },
    Hash::Of { text: "4711", key: Key::Older, upper_case: false },
    Hash::Of { text: "4711", key: Key::OfAnotherPlatform, upper_case: false },
    Hash::Of { text: "ada@example.com", key: Key::Signing, upper_case: false },
];

#[derive(Clone, Copy, Debug)]
enum Token {
    Text(Option<&'static str>),
    WithoutAlgorithm,
    Of { claims: Names, key: Key, valid_from: i64 },
}

/// Signed tokens are valid for one second.
const TOKENS: [Token; 11] = [
    Token::Text(None),
    Token::Text(Some("")),
    Token::Text(Some("f028")),
    Token::WithoutAlgorithm,
    Token::Of { claims: [ID, None], key: Key::Signing, valid_from: NOW },
    Token::Of { claims: [ID, ADA], key: Key::Signing, valid_from: NOW },
    Token::Of { claims: [ADA, None], key: Key::Signing, valid_from: NOW },
    Token::Of { claims: [ID, ADA], key: Key::Older, valid_from: NOW },
    Token::Of { claims: [ID, ADA], key: Key::OfAnotherPlatform, valid_from: NOW },
    Token::Of { claims: [ID, ADA], key: Key::Signing, valid_from: NOW - 1 },
    Token::Of { claims: [ID, ADA], key: Key::Signing, valid_from: NOW + 1 },
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Signing,
    Older,
    OfAnotherPlatform,
}

impl Key {
    fn text(self, platform: Platform) -> String {
        let platform = match (self, platform) {
            (Self::OfAnotherPlatform, Web) => Ios,
            (Self::OfAnotherPlatform, _) => Web,
            _ => platform,
        };
        let name = if self == Self::Older { "older" } else { "signing" };
        format!("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ-{platform}-{name}")
    }
}

impl Hash {
    fn text(self, platform: Platform) -> Option<String> {
        match self {
            Self::Text(text) => text.map(str::to_owned),
            Self::UserJwt => Token::Of { claims: [ID, ADA], key: Key::Signing, valid_from: NOW }.text(platform),
            Self::Of { text, key, upper_case } => {
                let hash = hex::encode(forge::tag(&key.text(platform), text));
                Some(if upper_case { hash.to_uppercase() } else { hash })
            }
        }
    }

    fn is_sent(self) -> bool {
        !matches!(self, Self::Text(None | Some("")))
    }

    /// Whether it proves this identifier, with the secret that signs or an older one.
    fn check(self, identifier: &str, platform: Platform, has_secret: bool) -> Result<bool, Rejection> {
        match self {
            Self::UserJwt => Err(UserJwtAsUserHash),
            Self::Of { upper_case: true, .. } if platform != Web => {
                Err(MalformedUserHash(ParseUserHashError::UpperCase))
            }
            Self::Of { .. } if !has_secret => Err(NoSecret),
            Self::Of { text, key, .. } if text == identifier && key != Key::OfAnotherPlatform => {
                Ok(key == Key::Signing)
            }
            Self::Of { .. } => Err(UserHashMismatch),
            Self::Text(_) => Err(MalformedUserHash(ParseUserHashError::Length { found: 4 })),
        }
    }
}

impl Token {
    fn text(self, platform: Platform) -> Option<String> {
        match self {
            Self::Text(text) => text.map(str::to_owned),
            Self::WithoutAlgorithm => Some(forge::token("", r#"{"alg":"none","typ":"JWT"}"#, r#"{"user_id":"4711"}"#)),
            Self::Of { claims: [user_id, email], key, valid_from } => {
                let exp = valid_from + 1;
                let claims = json!({ "user_id": user_id, "email": email, "nbf": valid_from, "exp": exp });
                Some(forge::token(&key.text(platform), HEADER, claims.to_string()))
            }
        }
    }

    fn is_sent(self) -> bool {
        !matches!(self, Self::Text(None | Some("")))
    }

    /// Whom it proves, beside what the request names, and whether the secret that signs has signed it.
    #[cfg(feature = "jwt")]
    fn check(self, named: Option<Names>, has_secret: bool) -> Result<(Names, bool), Rejection> {
        let (claims, key, valid_from) = match self {
            Self::Text(_) => return Err(InvalidUserJwt(Parts)),
            Self::WithoutAlgorithm => return Err(InvalidUserJwt(Algorithm)),
            Self::Of { .. } if !has_secret => return Err(NoSecret),
            Self::Of { key: Key::OfAnotherPlatform, .. } => return Err(InvalidUserJwt(Signature)),
            Self::Of { claims, key, valid_from } => (claims, key, valid_from),
        };
        let differ = |(claim, named): (Option<&str>, Option<&str>)| {
            claim.zip(named).is_some_and(|(claim, named)| claim != named)
        };
        if valid_from < NOW {
            Err(InvalidUserJwt(Expired))
        } else if valid_from > NOW {
            Err(InvalidUserJwt(NotYetValid))
        } else if claims.into_iter().zip(named.unwrap_or_default()).any(differ) {
            Err(IdentityMismatch)
        } else {
            Ok((claims, key == Key::Signing))
        }
    }
}

/// Which proofs a server accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Accepts {
    UserHash,
    #[cfg(feature = "jwt")]
    UserJwt,
    #[cfg(feature = "jwt")]
    Either,
}

#[derive(Clone, Copy, Debug)]
struct Server {
    platform: Platform,
    enforcement: Enforcement,
    accepts: Accepts,
    has_secret: bool,
}

fn servers() -> impl Iterator<Item = Server> {
    const ACCEPTS: &[Accepts] = &[
        Accepts::UserHash,
        #[cfg(feature = "jwt")]
        Accepts::UserJwt,
        #[cfg(feature = "jwt")]
        Accepts::Either,
    ];
    ACCEPTS.iter().flat_map(|&accepts| {
        Platform::ALL.iter().flat_map(move |&platform| {
            [Enforce, RefuseInvalid, Observe].into_iter().flat_map(move |enforcement| {
                [true, false].map(|has_secret| Server { platform, enforcement, accepts, has_secret })
            })
        })
    })
}

impl Server {
    fn start(self) -> Result<Authenticator, SecretError> {
        let mut keyring = Keyring::new();
        for platform in [Ios, Android, Web].into_iter().filter(|platform| self.has_secret || *platform != self.platform)
        {
            for key in [Key::Signing, Key::Older] {
                keyring = keyring.with([platform], Secret::new(&key.text(platform))?);
            }
        }
        let authenticator = Authenticator::new(keyring).enforcement(self.platform, self.enforcement);
        Ok(match self.accepts {
            Accepts::UserHash => authenticator,
            #[cfg(feature = "jwt")]
            Accepts::UserJwt => authenticator.accept(self.platform, Proofs::UserJwt),
            #[cfg(feature = "jwt")]
            Accepts::Either => authenticator.accept(self.platform, Proofs::Either),
        })
    }
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Verified { user: [Option<String>; 2], by_signing_secret: bool },
    Unverified { claimed: Option<[Option<String>; 2]>, reason: Rejection },
    Unidentified,
    Refused(Rejection),
}

/// The specification: what follows from how a request was made.
fn expected(
    server: Server,
    #[cfg_attr(not(feature = "jwt"), expect(unused_variables, reason = "only a token is checked beside names"))]
    names: Names,
    who: Result<Option<Names>, IdentityError>,
    hash: Hash,
    token: Token,
) -> Verdict {
    let Server { platform, enforcement, accepts, has_secret } = server;
    let by_hash = |identifier, proved| Ok((proved, hash.check(identifier, platform, has_secret)?));
    let proved = match (accepts, who) {
        #[cfg(feature = "jwt")]
        (Accepts::UserJwt | Accepts::Either, _) if token.is_sent() => {
            let both = accepts == Accepts::Either && hash.is_sent();
            beside_token(names, who)
                .and_then(|named| if both { Err(UserHashAndUserJwt) } else { token.check(named, has_secret) })
        }
        (_, Err(error)) => Err(MalformedIdentity(error)),
        (_, Ok(None)) => return Verdict::Unidentified,
        #[cfg(feature = "jwt")]
        (Accepts::UserJwt, Ok(Some(_))) if hash.is_sent() => Err(ProofNotAccepted),
        (_, Ok(Some([Some(user_id), _]))) if hash.is_sent() => by_hash(user_id, [Some(user_id), None]),
        (_, Ok(Some([None, email]))) if hash.is_sent() => by_hash(email.unwrap_or_default(), [None, email]),
        (_, Ok(Some(_))) if token.is_sent() => Err(ProofNotAccepted),
        (_, Ok(Some(_))) => Err(MissingProof),
    };
    let owned = |names: Names| names.map(|name| name.map(str::to_owned));
    match (proved, enforcement) {
        (Ok((user, by_signing_secret)), _) => Verdict::Verified { user: owned(user), by_signing_secret },
        (Err(reason), Observe) | (Err(reason @ (MissingProof | ProofNotAccepted)), RefuseInvalid) => {
            Verdict::Unverified { claimed: who.ok().flatten().map(owned), reason }
        }
        (Err(reason), _) => Verdict::Refused(reason),
    }
}

/// The token names the user, so an email that is none counts as absent.
#[cfg(feature = "jwt")]
fn beside_token([user_id, _]: Names, who: Result<Option<Names>, IdentityError>) -> Result<Option<Names>, Rejection> {
    match who {
        Err(EmailWithoutAt) => Ok(None),
        Err(Swapped) => Ok(Some([user_id, None])),
        who => who.map_err(MalformedIdentity),
    }
}

fn verdict(server: Server, outcome: Result<Admission, Rejection>) -> Verdict {
    let names = |identity: Identity<'_>| {
        [identity.user_id().map(|id| id.as_str().to_owned()), identity.email().map(|email| email.as_str().to_owned())]
    };
    match outcome {
        Ok(Admission::Verified(user)) => {
            assert_eq!(user.platform(), server.platform);
            Verdict::Verified { user: names(user.identity()), by_signing_secret: user.by_signing_secret() }
        }
        Ok(Admission::Unverified(user)) => {
            assert_eq!(user.platform(), server.platform);
            Verdict::Unverified { claimed: user.claimed().map(names), reason: *user.reason() }
        }
        Ok(Admission::Unidentified) => Verdict::Unidentified,
        Err(reason) => Verdict::Refused(reason),
    }
}

#[test]
fn every_request_of_the_table_has_the_verdict_that_the_rules_give_it() -> TestResult {
    let now = UnixTime::from_seconds(NOW)?;
    for server in servers() {
        let authenticator = server.start()?;
        let hashes = HASHES.map(|hash| (hash, hash.text(server.platform)));
        let tokens = TOKENS.map(|token| (token, token.text(server.platform)));
        for (names @ [user_id, email], who) in NAMES {
            for (hash, user_hash) in &hashes {
                for (token, user_jwt) in &tokens {
                    let body = json!({
                        "user_id": user_id, "email": email, "user_hash": user_hash, "user_jwt": user_jwt,
                    });
                    let body = AuthRequestBody::deserialize(body)?;
                    let verdict = verdict(server, authenticator.authenticate(&body.request(server.platform, now)));
                    let expected = expected(server, names, who, *hash, *token);
                    assert_eq!(verdict, expected, "{server:?} {user_id:?} {email:?} {hash:?} {token:?}");
                }
            }
        }
    }
    Ok(())
}

/// What the body of a request says can also be said step by step.
#[cfg(feature = "jwt")]
#[test]
fn request_in_steps_is_the_request_of_a_body() -> TestResult {
    let now = UnixTime::from_seconds(NOW)?;
    let authenticator =
        Server { platform: Ios, enforcement: Enforce, accepts: Accepts::Either, has_secret: true }.start()?;
    for (hash, token) in HASHES.into_iter().flat_map(|hash| TOKENS.map(|token| (hash.text(Ios), token.text(Ios)))) {
        let body = json!({ "user_id": "4711", "email": "n/a", "user_hash": hash, "user_jwt": token });
        let body = AuthRequestBody::deserialize(body)?;
        let mut request = AuthRequest::new(Ios).named(ID, Some("n/a"));
        request = hash.iter().fold(request, |request, text| request.user_hash(text));
        request = token.iter().fold(request, |request, text| request.user_jwt(text, now));
        assert_eq!(authenticator.authenticate(&request), authenticator.authenticate(&body.request(Ios, now)));
    }
    Ok(())
}
