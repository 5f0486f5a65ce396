//! What the peers in Rust share. A peer is a process that runs one of its operations as often as it is asked to, and says how
//! long that took.
#![expect(clippy::missing_panics_doc, reason = "a peer that fails is not worth measuring")]

mod heap;
#[cfg(feature = "hex")]
mod hex_tag;

use std::{
    collections::HashMap,
    env,
    error::Error,
    hint::black_box,
    io,
    time::{Duration, Instant},
};

#[cfg(feature = "hex")]
pub use hex_tag::HexTag;

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A name, and what tells how long so many calls take.
pub type Operation<'a> = (String, Box<dyn Fn(u32) -> Duration + 'a>);

pub fn operation<'a, T>(name: &str, call: impl Fn() -> T + 'a) -> Operation<'a> {
    let time = move |calls| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        start.elapsed()
    };
    (name.into(), Box::new(time))
}

/// An operation as `operation` times it, and again with every call waiting for the last one: a call is given which of two
/// equal inputs to take, and gives a byte of its result, which decides for the next.
pub fn waiting<'a>(name: &str, call: impl Fn(usize) -> u8 + Copy + 'a) -> [Operation<'a>; 2] {
    let time = move |calls| {
        let start = Instant::now();
        let last = (0..calls).fold(0, |last, _| call(usize::from(last & 1)));
        black_box(last);
        start.elapsed()
    };
    [operation(name, move || call(black_box(0))), (format!("{name}, waiting"), Box::new(time))]
}

/// The secret, the identifier and its user hash; or the secret and a token.
#[must_use]
pub fn arguments<const N: usize>() -> [String; N] {
    env::args().skip(1).collect::<Vec<_>>().try_into().unwrap()
}

/// Says which operations there are, and runs the one that each line of standard input asks for.
pub fn serve<'a>(operations: impl IntoIterator<Item = Operation<'a>>) {
    let (names, times): (Vec<_>, Vec<_>) = operations.into_iter().unzip();
    println!("{}", names.join("\t"));
    let operations: HashMap<_, _> = names.into_iter().zip(times).collect();
    for line in io::stdin().lines() {
        let line = line.unwrap();
        let (calls, name) = line.split_once('\t').unwrap();
        let (calls, time): (u32, _) = (calls.parse().unwrap(), &operations[name]);
        let before = heap::allocated();
        let nanoseconds = time(calls).as_nanos();
        println!("{nanoseconds}\t{}", heap::allocated() - before);
    }
}

/// A peer that makes user hashes and verifies them, once it has shown that it is right.
pub fn user_hash<T>(
    [identifier, user_hash]: [&str; 2],
    compute: impl Fn(&str) -> T,
    as_str: impl Fn(&T) -> &str,
    verify: impl Fn(&str, &str) -> bool,
) {
    assert_eq!(as_str(&compute(identifier)), user_hash);
    assert!(verify(identifier, user_hash));
    assert!(!verify("another", user_hash));
    serve([
        operation("compute", || {
            let hash = compute(black_box(identifier));
            black_box(as_str(&hash));
        }),
        operation("verify", || verify(black_box(identifier), black_box(user_hash))),
    ]);
}

/// What a token says of its user.
pub struct Claims {
    pub user_id: &'static str,
    pub email: &'static str,
    pub exp: i64,
    pub name: &'static str,
    pub plan: &'static str,
}

/// It expires in the year 2100.
pub const CLAIMS: Claims = Claims {
    user_id: "4f8b7d0e-6a51-4c3e-9d2b-7e1f0a9c8b6d",
    email: "ada@example.com",
    exp: 4_102_444_800,
    name: "Ada Lovelace",
    plan: "pro",
};

/// A peer that signs claims and verifies tokens.
pub fn user_jwt<T, C>(
    token: &str,
    sign: impl Fn(&Claims) -> Result<T>,
    as_str: impl Fn(&T) -> &str,
    verify: impl Fn(&str) -> Result<C>,
) {
    assert!(verify(token).is_ok());
    assert!(verify(as_str(&sign(&CLAIMS).unwrap())).is_ok());
    assert!(verify(&token.replace(".eyJ1", ".eyJ2")).is_err());
    serve([
        operation("sign", || sign(black_box(&CLAIMS)).unwrap()),
        operation("verify", || verify(black_box(token)).unwrap()),
    ]);
}
