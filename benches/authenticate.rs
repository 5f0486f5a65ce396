//! What it costs to decide on a request, and how many more two threads decide on than one.

use std::{
    error::Error,
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use intercom_identity::{
    AuthRequest, Authenticator, Keyring, Platform::Ios, Rejection, Secret, SecretError, UserHash, UserId,
};

const USER_ID: &str = "9b2e7c54-3d1f-4a86-b0e9-5c7a2f8d6e13";
const SECRETS: [&str; 4] = [
    "ykH0vXc3tq8mZ1nR5sWb7dLfJ9gP2uTaE4oKxQi6CwM",
    "B7rN2pVzUe5cYt0kHsD9aXmQ1wGf4jL8oJi3vRTqE6b",
    "m4WsK9dZ1fXyP7hTuC0vGqR2jNb6eLaS5oIk8tEwQ3c",
    "Q8tJ5vYxB1nMz6gWc3kLfRd0hPs7uTaE2oKiX9qCw4m",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    one_request(&mut criterion)?;
    threads(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn server(secrets: &[&str]) -> Result<Authenticator, SecretError> {
    let add = |keyring: Keyring, secret: &&str| Ok(keyring.with([Ios], Secret::new(secret)?));
    Ok(Authenticator::new(secrets.iter().try_fold(Keyring::new(), add)?))
}

fn hash_by(secret: &str) -> Result<String, Box<dyn Error>> {
    Ok(UserHash::compute(&Secret::new(secret)?, UserId::new(USER_ID)?).to_string())
}

fn one_request(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let [first, .., last] = SECRETS;
    let forged = "another secret";
    let mut group = criterion.benchmark_group("authenticate");
    for (name, secrets, user_hash, expected) in [
        ("one secret, accepted", &[first][..], hash_by(first)?, Ok("verified")),
        ("one secret, refused", &[first], hash_by(forged)?, Err(Rejection::UserHashMismatch)),
        ("four secrets, the first accepts", &SECRETS, hash_by(first)?, Ok("verified")),
        ("four secrets, the last accepts", &SECRETS, hash_by(last)?, Ok("verified")),
        ("four secrets, refused", &SECRETS, hash_by(forged)?, Err(Rejection::UserHashMismatch)),
    ] {
        let server = server(secrets)?;
        let request = AuthRequest::new(Ios).identity(UserId::new(USER_ID)?).user_hash(&user_hash);
        assert_eq!(server.authenticate(&request).map(|admission| admission.label()), expected);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(server.authenticate(black_box(&request)))));
    }
    group.finish();
    Ok(())
}

fn threads(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let server = server(&SECRETS[..1])?;
    let user_hash = hash_by(SECRETS[0])?;
    let request = AuthRequest::new(Ios).identity(UserId::new(USER_ID)?).user_hash(&user_hash);

    let mut group = criterion.benchmark_group("one shared authenticator, threads");
    // So short that on a busy machine some samples have the cores to themselves.
    group.sampling_mode(SamplingMode::Flat).sample_size(1_000).nresamples(1_000);
    let mut most_per_second = [0.0_f64; 2];
    for (threads, most) in (1_u32..).zip(&mut most_per_second) {
        group.throughput(Throughput::Elements(threads.into()));
        group.bench_function(BenchmarkId::from_parameter(threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let time = on_threads(threads, || {
                    for _ in 0..iterations {
                        let _ = black_box(server.authenticate(black_box(&request)));
                    }
                });
                // Shorter ones are of the warm-up, or of a run that only tests.
                if time > Duration::from_millis(1) {
                    #[expect(clippy::cast_precision_loss, reason = "2^53 decisions take years")]
                    let decisions = iterations as f64 * f64::from(threads);
                    *most = most.max(decisions / time.as_secs_f64());
                }
                time
            });
        });
    }
    group.finish();

    let [one, two] = most_per_second;
    if one > 0.0 && two > 0.0 {
        println!("best sample: {one:.0}/s on one thread, {two:.0}/s on two, {:.2} times as many", two / one);
    }
    Ok(())
}

/// From when the first thread begins until the last is done.
fn on_threads(threads: u32, work: impl Fn() + Sync) -> Duration {
    let barrier = Barrier::new(threads as usize);
    let now = Instant::now();
    let mut spans = vec![(now, now); threads as usize];
    thread::scope(|scope| {
        for span in &mut spans {
            scope.spawn(|| {
                barrier.wait();
                let begun = Instant::now();
                work();
                *span = (begun, Instant::now());
            });
        }
    });
    let begun = spans.iter().map(|(begun, _)| *begun).min();
    let done = spans.iter().map(|(_, done)| *done).max();
    begun.zip(done).map_or(Duration::ZERO, |(begun, done)| done - begun)
}
