//! What is measured, the same for both benchmarks.
#![expect(clippy::unwrap_used, reason = "an operation that fails is not worth measuring")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use intercom_identity::{Secret, UserHash, UserId};
use sha2::{Digest, Sha256, block_api::compress256};

/// A small integer, a UUID, a long email.
pub(crate) const IDENTIFIER_LENGTHS: [usize; 3] = [6, 36, 100];

/// From one block of SHA-256 to 64 KiB.
pub(crate) const GROWING_LENGTHS: [usize; 6] = [1 << 6, 1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16];

/// Of the form that Intercom's dashboard shows.
const SECRET: &str = "kV9xQ2mTz7LrB4nYc8WdE1sHf6JgP3uKaX5oZvRtN0i";

/// A name, and what tells how long so many calls take.
pub(crate) type Operation<'a> = (&'static str, Box<dyn Fn(u64) -> Duration + 'a>);

fn operation<'a, T>(name: &'static str, call: impl Fn() -> T + 'a) -> Operation<'a> {
    let time = move |calls| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        start.elapsed()
    };
    (name, Box::new(time))
}

/// One user, and all that is prepared before a request comes in.
pub(crate) struct User {
    identifier: String,
    received: String,
    secret: Secret,
    ring: ring::hmac::Key,
}

impl User {
    pub(crate) fn with_identifier_of(length: usize) -> Self {
        let identifier = "7".repeat(length);
        let secret = Secret::new(SECRET).unwrap();
        let received = UserHash::compute(&secret, UserId::new(&identifier).unwrap()).to_string();
        let ring = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
        Self { identifier, received, secret, ring }
    }

    fn identifier(&self) -> &str {
        black_box(&self.identifier)
    }

    fn received(&self) -> &str {
        black_box(&self.received)
    }

    fn user_id(&self) -> UserId<'_> {
        UserId::new(self.identifier()).unwrap()
    }

    /// With the `hmac` crate and nothing kept, as most back ends have it.
    fn recipe(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(black_box(SECRET).as_bytes()).unwrap().chain_update(self.identifier())
    }

    pub(crate) fn operations(&self) -> [Operation<'_>; 8] {
        let block = [[0x36; 64]];
        [
            operation("two SHA-256 compressions", move || {
                let mut state = black_box([0; 8]);
                compress256(&mut state, black_box(&block));
                compress256(&mut state, black_box(&block));
                state
            }),
            operation("compute", || {
                let hash = UserHash::compute(&self.secret, self.user_id());
                black_box(hash.as_str());
            }),
            operation("parse and verify", || {
                self.received().parse::<UserHash>().unwrap().verify(&self.secret, self.user_id()).unwrap();
            }),
            operation("recipe: compute", || hex::encode(self.recipe().finalize().into_bytes())),
            operation("recipe: verify", || {
                self.recipe().verify_slice(&hex::decode(self.received()).unwrap()).unwrap();
            }),
            operation("ring: compute", || hex::encode(ring::hmac::sign(&self.ring, self.identifier().as_bytes()))),
            operation("ring: verify", || {
                let tag = hex::decode(self.received()).unwrap();
                ring::hmac::verify(&self.ring, self.identifier().as_bytes(), &tag).unwrap();
            }),
            operation("Secret::new", || Secret::new(black_box(SECRET)).unwrap()),
        ]
    }

    pub(crate) fn growing_operations(&self) -> [Operation<'_>; 2] {
        [
            operation("compute", || UserHash::compute(&self.secret, self.user_id())),
            operation("SHA-256", || Sha256::digest(self.identifier())),
        ]
    }
}
