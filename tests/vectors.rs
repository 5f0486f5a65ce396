//! Agreement with Python's `hmac` on every line of `vectors/user_hashes.tsv`, which `vectors/make.py` makes.

mod support;

use intercom_identity::{Secret, UserHash, UserId};

use support::TestResult;

fn check(line: &str) -> TestResult {
    let columns: Vec<_> = line.split('\t').collect();
    let [secret, identifier, user_hash] = columns.as_slice() else { return Err("there are not three columns".into()) };
    let (secret, identifier) = (Secret::from_raw_key(&bytes(secret)?)?, String::from_utf8(bytes(identifier)?)?);
    let user_id = UserId::new(&identifier)?;
    let computed = UserHash::compute(&secret, user_id);
    if computed.as_str() != *user_hash || computed.to_bytes() != *bytes(user_hash)? {
        return Err(format!("computed {computed}").into());
    }
    Ok(user_hash.parse::<UserHash>()?.verify(&secret, user_id)?)
}

fn bytes(digits: &str) -> TestResult<Vec<u8>> {
    let mut bytes = vec![0; digits.len() / 2];
    hex::decode_to_slice(digits, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[test]
fn every_user_hash_is_computed_and_verified() -> TestResult {
    let mut checked = 0;
    for (line, number) in include_str!("vectors/user_hashes.tsv").lines().zip(1..) {
        if !line.starts_with('#') {
            check(line).map_err(|error| format!("line {number}: {error}"))?;
            checked += 1;
        }
    }
    assert!(checked > 0, "the file has no vectors");
    Ok(())
}
