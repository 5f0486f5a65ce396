//! Agreement with Python's `hmac` on every line of `vectors/user_hashes.tsv`, which `vectors/make.py` makes.

use std::{collections::BTreeSet, error::Error};

use intercom_identity::{Secret, UserHash, UserId};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Vector {
    secret: String,
    identifier: String,
    user_hash: &'static str,
}

impl Vector {
    fn parse(line: &'static str) -> Result<Self> {
        let columns: Vec<_> = line.split('\t').collect();
        let [secret, identifier, user_hash] = columns[..] else { return Err("there are not three columns".into()) };
        let (secret, identifier) = (String::from_utf8(bytes(secret)?)?, String::from_utf8(bytes(identifier)?)?);
        Ok(Self { secret, identifier, user_hash })
    }
}

fn bytes(digits: &str) -> Result<Vec<u8>> {
    let mut bytes = vec![0; digits.len() / 2];
    hex::decode_to_slice(digits, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn for_each_vector(mut check: impl FnMut(Vector) -> Result) -> Result {
    let lines = include_str!("vectors/user_hashes.tsv").lines().zip(1..);
    for (line, number) in lines.filter(|(line, _)| !line.starts_with('#')) {
        Vector::parse(line).and_then(&mut check).map_err(|error| format!("line {number}: {error}"))?;
    }
    Ok(())
}

#[test]
fn every_user_hash_is_computed() -> Result {
    for_each_vector(|Vector { secret, identifier, user_hash }| {
        let computed = UserHash::compute(&Secret::new(&secret)?, UserId::new(&identifier)?);
        if computed.as_str() == user_hash { Ok(()) } else { Err(format!("computed {computed}").into()) }
    })
}

#[test]
fn every_user_hash_is_verified() -> Result {
    for_each_vector(|Vector { secret, identifier, user_hash }| {
        let received: UserHash = user_hash.parse()?;
        Ok(received.verify(&Secret::new(&secret)?, UserId::new(&identifier)?)?)
    })
}

#[test]
fn every_user_hash_has_the_bytes_of_its_digits() -> Result {
    for_each_vector(|Vector { user_hash, .. }| {
        let found = user_hash.parse::<UserHash>()?.to_bytes();
        if found == *bytes(user_hash)? { Ok(()) } else { Err(format!("found {found:?}").into()) }
    })
}

#[test]
fn there_are_1000_different_vectors_with_every_short_length() -> Result {
    let mut vectors = BTreeSet::new();
    for_each_vector(|vector| {
        vectors.insert(vector);
        Ok(())
    })?;
    assert!(vectors.len() >= 1_000, "only {} vectors", vectors.len());

    let secret_lengths: BTreeSet<_> = vectors.iter().map(|vector| vector.secret.len()).collect();
    let identifier_lengths: BTreeSet<_> = vectors.iter().map(|vector| vector.identifier.len()).collect();
    assert_eq!((1..=200).find(|length| !secret_lengths.contains(length)), None);
    assert_eq!((1..=130).find(|length| !identifier_lengths.contains(length)), None);
    assert_eq!(identifier_lengths.last(), Some(&10_000));
    Ok(())
}
