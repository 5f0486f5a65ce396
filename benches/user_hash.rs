//! `cargo bench --bench user_hash`: times with their spread.

mod operations;

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use operations::{GROWING_LENGTHS, IDENTIFIER_LENGTHS, User};

fn user_hash(criterion: &mut Criterion) {
    for length in IDENTIFIER_LENGTHS {
        let user = User::with_identifier_of(length);
        let mut group = criterion.benchmark_group(format!("identifier of {length} bytes"));
        for (name, time) in user.operations() {
            group.bench_function(name, |bencher| bencher.iter_custom(&time));
        }
    }
}

fn growth(criterion: &mut Criterion) {
    for length in GROWING_LENGTHS {
        let user = User::with_identifier_of(length);
        let mut group = criterion.benchmark_group(format!("growing identifier of {length} bytes"));
        group.throughput(Throughput::BytesDecimal(length as u64));
        for (name, time) in user.growing_operations() {
            group.bench_function(name, |bencher| bencher.iter_custom(&time));
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = user_hash, growth
}
criterion_main!(benches);
