//! On the processor itself, its SHA extensions included: does a statistic tell two classes of inputs apart by their times?
//!
//! Inputs of both classes lie in random order and are made before any is timed: what comes right before a sample is seen in
//! its time.

use std::{
    hint::black_box,
    io,
    time::{Duration, Instant},
};

use dudect_bencher::{
    BenchRng, Class, CtRunner,
    ctbench::{BenchFn, BenchMetadata, BenchName, BenchOpts, run_benches_console},
    rand::{Rng, RngExt},
};
use intercom_identity::{Secret, UnixTime, UserHash, jwt::UserJwt};

use crate::proof::{KEY, Proof, naive_eq, user_id};

const SAMPLES: u32 = 10_000_000;
const BATCH: u32 = 250;
const AT_MOST: Duration = Duration::from_secs(120);

pub(crate) fn time_all() -> io::Result<()> {
    let benches: [(_, BenchFn); 5] = [
        ("UserHash::verify, first or last digit wrong", |runner, rng| {
            let (secret, texts) = (secret(&KEY), wrong_at_either_end(&Proof::user_hash().unwrap()));
            let received = |class: usize, _: &mut _| texts[class].parse::<UserHash>().unwrap();
            sample(runner, rng, received, |received| received.verify(&secret, user_id()));
        }),
        ("UserHash::verify, one key or any", |runner, rng| {
            let received: UserHash = Proof::user_hash().unwrap().wrong_in(0..1).parse().unwrap();
            sample(runner, rng, one_or_any, |secret| received.verify(secret, user_id()));
        }),
        ("UserJwt::verify, first or last character wrong", |runner, rng| {
            let (secret, texts) = (secret(&KEY), wrong_at_either_end(&Proof::user_jwt().unwrap()));
            let received = |class: usize, _: &mut _| texts[class].parse::<UserJwt>().unwrap();
            let now = UnixTime::from_seconds(0).unwrap();
            sample(runner, rng, received, |received| received.verify(&secret, now));
        }),
        ("UserJwt::verify, one key or any", |runner, rng| {
            let received: UserJwt = Proof::user_jwt().unwrap().wrong_in(0..1).parse().unwrap();
            let now = UnixTime::from_seconds(0).unwrap();
            sample(runner, rng, one_or_any, |secret| received.verify(secret, now));
        }),
        ("control, == on the computed hash", |runner, rng| {
            let (secret, texts) = (secret(&KEY), wrong_at_either_end(&Proof::user_hash().unwrap()));
            let received = |class: usize, _: &mut _| -> [u8; 64] { texts[class].as_bytes().try_into().unwrap() };
            sample(runner, rng, received, |received| {
                naive_eq(UserHash::compute(&secret, user_id()).as_str().as_bytes(), received)
            });
        }),
    ];
    let metadata = |(name, benchfn)| BenchMetadata { name: BenchName(name), seed: None, benchfn };
    run_benches_console(BenchOpts::default(), benches.map(metadata).into())
}

/// Times the operation, on inputs of two classes in random order.
fn sample<T, U>(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    input: impl Fn(usize, &mut BenchRng) -> T,
    operation: impl Fn(&T) -> U,
) {
    let start = Instant::now();
    for _ in 0..SAMPLES / BATCH {
        let inputs = [(); BATCH as usize].map(|()| {
            let class = usize::from(rng.random::<bool>());
            (class, input(class, rng))
        });
        for (class, input) in black_box(&inputs) {
            runner.run_one([Class::Left, Class::Right][*class], || operation(input));
        }
        if start.elapsed() > AT_MOST {
            break;
        }
    }
}

fn wrong_at_either_end(proof: &Proof) -> [String; 2] {
    [0, proof.places - 1].map(|place| proof.wrong_in(place..place + 1))
}

fn one_or_any(class: usize, rng: &mut BenchRng) -> Secret {
    let mut keys = [KEY; 2];
    rng.fill_bytes(&mut keys[1]);
    secret(&keys[class])
}

fn secret(key: &[u8]) -> Secret {
    Secret::from_raw_key(key).unwrap()
}
