//! What the crate signs is given to other implementations to verify, and the other way round.

use std::{error::Error, fmt::Debug};

use intercom_identity::{
    Email, Secret, UnixTime, UserId,
    jwt::{JwtError, UserClaims, UserJwt},
};
use serde_json::{Value, json};

use crate::{
    KEY,
    cases::{self, Case},
    peer::Peer,
};

const ANOTHER_KEY: &str = "Q3zX0vB8nW5tY2rL7mK4jH1gF6dS9aP-cVxZuQwE_oI";
/// 2026-01-01 00:00 UTC. The others look at their clock.
const NOW: i64 = 1_767_225_600;

/// How many checks passed, and how many failed.
pub(crate) fn check(peer: &Peer) -> Result<(u32, u32), Box<dyn Error>> {
    let mut checks = Checks { peer, passed: 0, failed: 0 };
    checks.valid()?;
    checks.refused_here()?;
    checks.refused_there()?;
    println!("{}: {} passed, {} failed", peer.name(), checks.passed, checks.failed);
    Ok((checks.passed, checks.failed))
}

struct Checks<'a> {
    peer: &'a Peer,
    passed: u32,
    failed: u32,
}

impl Checks<'_> {
    fn valid(&mut self) -> Result<(), Box<dyn Error>> {
        let mut cases = cases::valid()?;
        let claims: Vec<_> = cases.iter().map(|case| &case.claims).collect();
        for (case, token) in cases.iter().zip(self.peer.sign(KEY, "HS256", &claims)?) {
            let claims = verify(&token)?.map(|claims| read(&claims, &case.claims));
            let agrees = claims.as_ref().is_ok_and(|claims| self.peer.agrees(claims, &case.claims));
            self.check(agrees, "its token is verified here", case, &claims);
        }

        cases.retain(|case| case.claims.get("nbf").is_none());
        let tokens = cases.iter().map(|case| sign(KEY, &case.claims)).collect::<Result<Vec<_>, _>>()?;
        for (case, claims) in cases.iter().zip(self.peer.verify(KEY, &tokens)?) {
            let agrees = claims.as_ref().is_some_and(|claims| self.peer.agrees(claims, &case.claims));
            self.check(agrees, "our token is verified there", case, &claims);
        }
        Ok(())
    }

    fn refused_here(&mut self) -> Result<(), Box<dyn Error>> {
        for (algorithm, key, case, error) in [
            ("HS256", ANOTHER_KEY, cases::plain(), JwtError::Signature),
            ("HS256", KEY, cases::expired(), JwtError::Expired),
            ("HS256", KEY, cases::not_yet_valid(), JwtError::NotYetValid),
            ("HS384", KEY, cases::plain(), JwtError::Algorithm),
            ("HS512", KEY, cases::plain(), JwtError::Algorithm),
            ("none", KEY, cases::plain(), JwtError::Algorithm),
        ] {
            if self.peer.signs(algorithm) {
                for token in self.peer.sign(key, algorithm, &[&case.claims])? {
                    let outcome = verify(&token)?;
                    self.check(outcome == Err(error), "its token is refused here", &case, &outcome);
                }
            }
        }
        Ok(())
    }

    fn refused_there(&mut self) -> Result<(), Box<dyn Error>> {
        for (key, case) in [(ANOTHER_KEY, cases::plain()), (KEY, cases::expired())] {
            for claims in self.peer.verify(KEY, &[sign(key, &case.claims)?])? {
                self.check(claims.is_none(), "our token is refused there", &case, &claims);
            }
        }
        Ok(())
    }

    fn check(&mut self, holds: bool, claim: &str, case: &Case, found: &impl Debug) {
        if holds {
            self.passed += 1;
        } else {
            self.failed += 1;
            println!("FAILED: {}, {}: {claim}: {found:?}", self.peer.name(), case.name);
        }
    }
}

fn verify(token: &str) -> Result<Result<UserClaims, JwtError>, Box<dyn Error>> {
    let (secret, now) = (Secret::new(KEY)?, UnixTime::from_seconds(NOW)?);
    Ok(token.parse::<UserJwt>().and_then(|jwt| jwt.verify(&secret, now)))
}

/// As JSON, the claims that are expected.
fn read(claims: &UserClaims, expected: &Value) -> Value {
    let names = expected.as_object().into_iter().flat_map(|expected| expected.keys());
    let value = |name: &String| match name.as_str() {
        "user_id" => json!(claims.identity().user_id().map(|user_id| user_id.as_str().to_owned())),
        "email" => json!(claims.identity().email().map(|email| email.as_str().to_owned())),
        "exp" => json!(claims.expires_at().map(UnixTime::as_seconds)),
        "nbf" => expected["nbf"].clone(),
        name => claims.read_attribute(name).ok().flatten().unwrap_or_default(),
    };
    names.map(|name| (name.clone(), value(name))).collect()
}

fn sign(key: &str, claims: &Value) -> Result<String, Box<dyn Error>> {
    let text = |name| claims.get(name).and_then(Value::as_str);
    let user_id = UserId::new(text("user_id").ok_or("no user_id")?)?;
    let mut signed = match claims.get("exp").and_then(Value::as_i64) {
        Some(expiry) => UserClaims::new(user_id, UnixTime::from_seconds(expiry)?),
        None => UserClaims::without_expiry(user_id),
    };
    if let Some(email) = text("email") {
        signed = signed.email(Email::new(email)?);
    }
    for (name, value) in claims.as_object().ok_or("no object")? {
        if !["user_id", "email", "exp"].contains(&name.as_str()) {
            signed = signed.attribute(name, value)?;
        }
    }
    Ok(UserJwt::sign(&Secret::new(key)?, &signed)?.to_string())
}
