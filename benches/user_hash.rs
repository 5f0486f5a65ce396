//! `cargo bench`: the hot path of a user hash, for identifiers of three lengths. `benches/peers` compares it with other libraries.
#![expect(clippy::unwrap_used, reason = "an operation that fails is not worth measuring")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use intercom_identity::{Identity, Secret, UserHash, UserId};

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

fn user_hash(criterion: &mut Criterion) {
    let secret = Secret::new(SECRET).unwrap();
    let mut group = criterion.benchmark_group("user_hash");
    group.throughput(Throughput::Elements(1));
    for length in [6, 36, 100] {
        let text = "7".repeat(length);
        let user_id = || UserId::new(black_box(&text)).unwrap();
        let hash = UserHash::compute(&secret, user_id());
        let id = |operation| BenchmarkId::new(operation, format!("{length} bytes"));
        group.bench_function(id("compute"), |bencher| bencher.iter(|| UserHash::compute(&secret, user_id())));
        group.bench_function(id("verify"), |bencher| bencher.iter(|| hash.verify(&secret, user_id())));
    }
    let identity = || Identity::new(Some(black_box("4711")), Some(black_box("ada@example.com"))).unwrap();
    let text = UserHash::compute(&secret, identity()).to_string();
    group.bench_function("Identity::new", |bencher| bencher.iter(identity));
    group.bench_function("parse", |bencher| bencher.iter(|| black_box(&text).parse::<UserHash>().unwrap()));
    group.bench_function("Secret::new", |bencher| bencher.iter(|| Secret::new(black_box(SECRET)).unwrap()));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    user_hash(&mut criterion);
    criterion.final_summary();
}
