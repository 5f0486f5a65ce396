//! For memcheck: which steps of computing, verifying and comparing depend on the key? Not of signing a token: its signature
//! is about to be public, and Rust checks that it is ASCII.

use std::error::Error;

use intercom_identity::{
    Secret, UnixTime, UserHash, UserHashMismatch,
    jwt::{JwtError, UserClaims, UserJwt},
};

use crate::{
    proof::{KEY, Proof, naive_eq, user_id},
    valgrind::{declassify, is_tainted, reports, taint},
};

pub(crate) fn check_all() -> Result<(), Box<dyn Error>> {
    let key = taint(KEY);
    let secret = Secret::from_raw_key(&key)?;

    let compute = || Secret::from_raw_key(&key).map(|secret| UserHash::compute(&secret, user_id()));
    let computed = check("Secret::from_raw_key, UserHash::compute", Must::BranchOnce, compute)?;
    let proof = Proof::user_hash()?;
    for (what, text) in variants(&proof) {
        let received: UserHash = text.parse()?;
        let verify = || received.verify(&secret, user_id());
        let verdict = declassify(check(&format!("UserHash::verify, {what}"), Must::BeClean, verify));
        let right = text == proof.right();
        assert_eq!(verdict, if right { Ok(()) } else { Err(UserHashMismatch) });
        let equal = declassify(check(&format!("UserHash ==, {what}"), Must::BeClean, || received == computed));
        assert_eq!(equal, right);
    }

    let claims = UserClaims::without_expiry(user_id());
    let now = UnixTime::from_seconds(0)?;
    let proof = Proof::user_jwt()?;
    for (what, text) in variants(&proof) {
        let received: UserJwt = text.parse()?;
        let verify = || received.verify(&secret, now);
        let verdict = check(&format!("UserJwt::verify, {what}"), Must::BranchOnce, verify);
        let right = text == proof.right();
        assert_eq!(verdict, if right { Ok(claims.clone()) } else { Err(JwtError::Signature) });
    }

    let hash: UserHash = Proof::user_hash()?.right().parse()?;
    check("control, a verdict that stays secret", Must::Fire, || hash.verify(&secret, user_id()).unwrap());
    let tag = taint(hash.to_bytes());
    check("control, == on a tag", Must::Fire, || naive_eq(&tag, &hash.to_bytes()));
    check("control, hexadecimal digits from a table", Must::Fire, || hex::encode(tag));
    Ok(())
}

/// Wrong in the first place that a comparison looks at, in the last, in all, and in none.
fn variants(proof: &Proof) -> [(&'static str, String); 4] {
    [
        ("first character wrong", 0..1),
        ("last character wrong", proof.places - 1..proof.places),
        ("every character wrong", 0..proof.places),
        ("right", 0..0),
    ]
    .map(|(what, places)| (what, proof.wrong_in(places)))
}

enum Must {
    /// No step depends on the key, but the outcome does.
    BeClean,
    /// One branch depends on the key: only a right signature leads to the claims, and only zeros alone are refused as a key.
    BranchOnce,
    Fire,
}

/// Prints how many branches and addresses depended on the key, and whether that is as expected.
fn check<T>(what: &str, must: Must, run: impl FnOnce() -> T) -> T {
    let before = reports();
    let outcome = run();
    match (must, reports() - before, is_tainted(&outcome)) {
        (Must::BeClean, 0, true) => println!("ok    {what}: clean"),
        (Must::BranchOnce, 1, _) => println!("ok    {what}: clean but for one branch"),
        (Must::Fire, steps @ 1.., _) => println!("ok    {what}: fires as it must, {steps} times"),
        (Must::Fire, _, _) => println!("FAIL  {what}: does not fire"),
        (_, 0, _) => println!("FAIL  {what}: the outcome does not depend on the key"),
        (_, steps, _) => println!("FAIL  {what}: {steps} branches and addresses depend on the key"),
    }
    outcome
}
