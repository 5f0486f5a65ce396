//! What grows with the identifier, with the secrets of a keyring and with threads.

use std::{
    hint::black_box,
    iter,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use intercom_identity::{AuthRequest, Authenticator, Keyring, Platform::Web, Secret, UserHash, UserId};
use peers::{Operation, operation};
use sha2::{Digest, Sha256};

const LENGTHS: [usize; 4] = [64, 1024, 32 * 1024, 1024 * 1024];
const SECRETS: [usize; 4] = [1, 4, 16, 64];

fn lengths(secret: &Secret) -> impl Iterator<Item = Operation<'_>> {
    LENGTHS.into_iter().flat_map(move |length| {
        let (identifier, message) = ("7".repeat(length), "7".repeat(length));
        [
            operation(&format!("`compute`|{length}|bytes of identifier"), move || {
                UserHash::compute(secret, UserId::new(black_box(&identifier)).unwrap())
            }),
            operation(&format!("bare SHA-256|{length}|bytes of identifier"), move || {
                Sha256::digest(black_box(&message))
            }),
        ]
    })
}

fn authenticator(secrets: usize) -> Authenticator {
    let keyring = (0..secrets).fold(Keyring::new(), |keyring, n| keyring.with([Web], secret_number(n)));
    Authenticator::new(keyring)
}

fn secret_number(n: usize) -> Secret {
    Secret::new(&format!("secret number {n}")).unwrap()
}

/// Accepted by the first, by the last, and by none of so many secrets.
fn secrets(identifier: &str) -> impl Iterator<Item = Operation<'_>> {
    SECRETS.into_iter().flat_map(move |secrets| {
        [("the first accepts", 0), ("the last accepts", secrets - 1), ("all refuse", secrets)].map(|(name, signer)| {
            let authenticator = authenticator(secrets);
            let user_id = UserId::new(identifier).unwrap();
            let user_hash = UserHash::compute(&secret_number(signer), user_id);
            operation(&format!("{name}|{secrets}|secrets in the keyring"), move || {
                let request = AuthRequest::new(Web).identity(black_box(user_id)).user_hash(user_hash.as_str());
                assert_eq!(authenticator.authenticate(&request).is_ok(), signer < secrets);
            })
        })
    })
}

/// One authenticator for all of so many threads.
fn threads(identifier: &str) -> impl Iterator<Item = Operation<'_>> {
    let cores = thread::available_parallelism().unwrap().get();
    let fewer = iter::successors(Some(1), |threads| Some(threads * 2)).take_while(move |threads| *threads < cores);
    fewer.chain([cores]).map(|threads| {
        let authenticator = authenticator(1);
        let user_id = UserId::new(identifier).unwrap();
        let user_hash = UserHash::compute(&secret_number(0), user_id);
        let time = move |calls: u32| {
            on_threads(threads, || {
                for _ in 0..calls {
                    let request = AuthRequest::new(Web).identity(black_box(user_id)).user_hash(user_hash.as_str());
                    assert!(black_box(authenticator.authenticate(&request)).is_ok());
                }
            })
        };
        (format!("decisions|{threads}|threads"), Box::new(time) as Box<_>)
    })
}

/// From when the first thread begins until the last is done.
fn on_threads(threads: usize, work: impl Fn() + Sync) -> Duration {
    let barrier = Barrier::new(threads);
    let work = || {
        barrier.wait();
        let begun = Instant::now();
        work();
        (begun, Instant::now())
    };
    let spans: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let begun = spans.iter().map(|(begun, _)| *begun).min().unwrap();
    let done = spans.iter().map(|(_, done)| *done).max().unwrap();
    done - begun
}

fn main() {
    let [secret, identifier, _] = peers::arguments();
    let secret = Secret::new(&secret).unwrap();
    peers::serve(lengths(&secret).chain(secrets(&identifier)).chain(threads(&identifier)));
}
