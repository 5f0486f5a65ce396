//! `cargo bench --bench ratios`: in five seconds, what the crate takes beside two bare SHA-256 compressions, for identifiers
//! of three lengths. Where memory happens to lie is drawn by lot at each start and costs up to a tenth: take the best of several.
//! `benches/peers` does, and compares the crate with other libraries.
#![expect(clippy::unwrap_used, reason = "an operation that fails is not worth measuring")]

use std::{
    hint::black_box,
    iter,
    time::{Duration, Instant},
};

use intercom_identity::{
    Identity, Keyring, Platform, Secret, UserHash, UserId,
    verify::{AuthRequest, Authenticator},
};
use sha2::block_api::compress256;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const BATCH: u32 = 1000;

/// A name, and a function that times a batch of calls.
type Operation<'a> = (&'static str, Box<dyn Fn() -> Duration + 'a>);

fn operation<'a, T>(name: &'static str, call: impl Fn() -> T + 'a) -> Operation<'a> {
    let time = move || {
        let start = Instant::now();
        for _ in 0..BATCH {
            black_box(call());
        }
        start.elapsed()
    };
    (name, Box::new(time))
}

/// What a call takes at its best, in nanoseconds. The batches take turns, so that noise spoils some of each and not all of one.
fn best(operations: &[Operation<'_>]) -> Vec<f64> {
    let mut best = vec![Duration::MAX; operations.len()];
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(1500) {
        for ((_, time), best) in operations.iter().zip(&mut best) {
            *best = time().min(*best);
        }
    }
    best.iter().map(|batch| batch.as_secs_f64() * 1e9 / f64::from(BATCH)).collect()
}

fn main() {
    println!("identifier of | 6 bytes | 36 bytes | 100 bytes\n---|---:|---:|---:");
    let columns = [6, 36, 100].map(|length| ratios(&"7".repeat(length)));
    let [six, thirty_six, hundred] = &columns;
    for (((name, six), (_, thirty_six)), (_, hundred)) in six.iter().zip(thirty_six).zip(hundred) {
        println!("{name} | {six:.2} | {thirty_six:.2} | {hundred:.2}");
    }
}

fn ratios(user_id: &str) -> Vec<(&'static str, f64)> {
    let secret = Secret::new(SECRET).unwrap();
    let authenticator = Authenticator::new(Keyring::new().with([Platform::Ios], Secret::new(SECRET).unwrap()));
    let identity = || Identity::new(Some(black_box(user_id)), Some(black_box("ada@example.com"))).unwrap();
    let user_id = || UserId::new(black_box(user_id)).unwrap();
    let sent = UserHash::compute(&secret, user_id()).to_string();
    let sent = || black_box(sent.as_str());
    let block = [[0x36; 64]];

    let operations = [
        operation("two SHA-256 compressions, in ns", || {
            let mut state = black_box([0; 8]);
            compress256(&mut state, black_box(&block));
            compress256(&mut state, black_box(&block));
            state
        }),
        operation("`compute`", || UserHash::compute(&secret, user_id())),
        operation("parse and `verify`", || sent().parse::<UserHash>().unwrap().verify(&secret, user_id())),
        operation("`Identity::new` and `compute`", || UserHash::compute(&secret, identity())),
        operation("`authenticate`", || {
            authenticator.authenticate(&AuthRequest::new(Platform::Ios).identity(user_id()).user_hash(sent())).unwrap()
        }),
        operation("`Secret::new`", || Secret::new(black_box(SECRET)).unwrap()),
    ];
    let best = best(&operations);
    let floor = *best.first().unwrap();
    let units = iter::once(1.0).chain(iter::repeat(floor));
    operations.iter().zip(best).zip(units).map(|(((name, _), time), unit)| (*name, time / unit)).collect()
}
