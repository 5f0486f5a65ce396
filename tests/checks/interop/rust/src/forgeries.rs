//! Identifiers whose hash is the signature of a token: what some library takes, the crate refuses to hash.

use std::{collections::BTreeSet, error::Error, process::Command};

use intercom_identity::{IdentityError, UserId};

use crate::{KEY, peer::Peer};

const COUNT: &str = "4000";

/// Taken by libraries that only Maven's registry has.
const SEEN: [(&str, &str); 3] = [
    ("jjwt 0.12.6", "ey=iYWxnIjoiSFMyNTYifQ.eyJ1c2VyX2lkIjoiMSJ9"),
    ("nimbus-jose-jwt 9.37", "e2FsZzpIUzI1Nn0.eyJ1c2VyX2lkIjoiMSJ9"),
    ("nimbus-jose-jwt 9.37", "eydhbGcnOidIUzI1Nid9.eyJ1c2VyX2lkIjoiMSJ9"),
];

const HONEST: [&str; 8] = [
    "ew.jones",
    "a.b",
    "1.2",
    "john.smith",
    "api.eu-west-1.example.com",
    "1.0.0-rc.1+build.5",
    "001234.5f7c8ec7c33c6c004bbafe82a1b2c3d4.1234",
    "jdoe@mail.example.com",
];

/// How many checks passed, and how many failed.
pub(crate) fn check(script: &str, seed: &str, peers: &[Peer]) -> Result<(u32, u32), Box<dyn Error>> {
    let forger = Command::new("python3").args([script, KEY, seed, COUNT]).output()?;
    let lines = String::from_utf8(forger.stdout)?;
    let cases = lines.lines().map(|line| line.split_once('\t').ok_or("no tab"));
    let (identifiers, tokens): (Vec<_>, Vec<_>) = cases.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let identifiers = identifiers.into_iter().map(serde_json::from_str).collect::<Result<Vec<String>, _>>()?;
    let tokens: Vec<_> = tokens.into_iter().map(str::to_owned).collect();
    println!("{} forged identifiers, seed {seed}", identifiers.len());

    let mut failures = BTreeSet::new();
    for (library, identifier) in SEEN {
        if !refused(identifier) {
            failures.insert(format!("{library} takes {identifier:?}, and so does the crate"));
        }
    }
    for identifier in HONEST {
        if let Err(error) = UserId::new(identifier) {
            failures.insert(format!("{identifier:?}: {error}"));
        }
    }
    for peer in peers {
        let opened = peer.open(KEY, &tokens)?;
        println!("{} takes {}", peer.name(), opened.iter().filter(|&&opened| opened).count());
        if opened.first() != Some(&true) {
            failures.insert(format!("{} does not take the plain attack", peer.name()));
        }
        let taken = identifiers.iter().zip(opened).filter(|(_, opened)| *opened);
        let shortest =
            taken.filter(|(identifier, _)| !refused(identifier)).min_by_key(|(identifier, _)| identifier.len());
        if let Some((identifier, _)) = shortest {
            failures.insert(format!("{} takes {}, and so does the crate", peer.name(), identifier.escape_default()));
        }
    }
    for failure in &failures {
        println!("FAILED: {failure}");
    }
    let checks = SEEN.len() + HONEST.len() + 2 * peers.len();
    Ok((u32::try_from(checks - failures.len())?, u32::try_from(failures.len())?))
}

fn refused(identifier: &str) -> bool {
    UserId::new(identifier).err() == Some(IdentityError::JwtSigningInput)
}
