//! What the crate signs is given to other implementations to verify, and the other way round.
//!
//! The arguments are a name, a program and a script for each of them that is a process.

mod cases;
mod peer;

use std::{error::Error, fmt::Debug, process::ExitCode};

use intercom_identity::{Email, JwtError, Secret, UnixTime, UserClaims, UserId, UserJwt};
use serde_json::Value;

use crate::{cases::Case, peer::Peer};

/// In the form of Intercom's own.
const KEY: &str = "q3zX0vB8nW5tY2rL7mK4jH1gF6dS9aP-cVxZuQwE_oI";
const ANOTHER_KEY: &str = "Q3zX0vB8nW5tY2rL7mK4jH1gF6dS9aP-cVxZuQwE_oI";
/// 2026-01-01 00:00 UTC. The others look at their clock.
const NOW: i64 = 1_767_225_600;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (processes, []) = arguments.as_chunks() else {
        return Err("each process is a name, a program and a script".into());
    };
    let processes = processes.iter().cloned();
    let processes = processes.map(|[name, program, script]| Peer::Process { name, program, script });

    let (mut passed, mut failed) = (0, 0);
    for peer in processes.chain([Peer::Jsonwebtoken]) {
        let mut checks = Checks { peer: &peer, passed: 0, failed: 0 };
        checks.valid()?;
        checks.refused_here()?;
        checks.refused_there()?;
        println!("{}: {} passed, {} failed", peer.name(), checks.passed, checks.failed);
        passed += checks.passed;
        failed += checks.failed;
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Checks<'a> {
    peer: &'a Peer,
    passed: u32,
    failed: u32,
}

impl Checks<'_> {
    fn valid(&mut self) -> Result<(), Box<dyn Error>> {
        let cases = cases::valid()?;
        let claims: Vec<_> = cases.iter().map(|case| &case.claims).collect();

        for (case, token) in cases.iter().zip(self.peer.sign(KEY, "HS256", &claims)?) {
            let claims = verify(&token)?;
            let agrees = claims.as_ref().is_ok_and(|claims| self.peer.agrees(claims, &case.claims));
            self.check(agrees, "its token is verified here", case, &claims);
        }

        let tokens = claims.iter().map(|claims| sign(KEY, claims)).collect::<Result<Vec<_>, _>>()?;
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
        for (key, case) in [(ANOTHER_KEY, cases::plain()), (KEY, cases::expired()), (KEY, cases::not_yet_valid())] {
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

fn verify(token: &str) -> Result<Result<Value, JwtError>, Box<dyn Error>> {
    let (secret, now) = (Secret::new(KEY)?, UnixTime::from_seconds(NOW)?);
    let claims = token.parse::<UserJwt>().and_then(|jwt| jwt.verify(&secret, now));
    Ok(match claims {
        Ok(claims) => Ok(serde_json::from_str(&serde_json::to_string(&claims)?)?),
        Err(error) => Err(error),
    })
}

fn sign(key: &str, claims: &Value) -> Result<String, Box<dyn Error>> {
    let text = |name| claims.get(name).and_then(Value::as_str);
    let mut signed = UserClaims::new(UserId::new(text("user_id").ok_or("no user_id")?)?);
    if let Some(email) = text("email") {
        signed = signed.email(Email::new(email)?);
    }
    if let Some(expiry) = claims.get("exp").and_then(Value::as_i64) {
        signed = signed.expires_at(UnixTime::from_seconds(expiry)?);
    }
    if let Some(start) = claims.get("nbf").and_then(Value::as_i64) {
        signed = signed.not_before(UnixTime::from_seconds(start)?);
    }
    for (name, value) in claims.as_object().ok_or("no object")? {
        if !["user_id", "email", "exp", "nbf"].contains(&name.as_str()) {
            signed = signed.attribute(name, value)?;
        }
    }
    Ok(UserJwt::sign(&Secret::new(key)?, &signed)?.to_string())
}
