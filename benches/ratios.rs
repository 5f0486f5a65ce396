//! `cargo bench --bench ratios`: tables of what this crate takes beside others, in Markdown.

mod operations;

use std::time::{Duration, Instant};

use operations::{GROWING_LENGTHS, IDENTIFIER_LENGTHS, Operation, User};

fn main() {
    print_table(&GROWING_LENGTHS.map(|length| {
        let [compute, sha256] = nanoseconds(&User::with_identifier_of(length).growing_operations(), 1);
        #[expect(clippy::cast_precision_loss, reason = "64 KiB at most")]
        let megabytes_per_second = |nanoseconds| format!("{:.0} MB/s", length as f64 * 1e3 / nanoseconds);
        [
            ("identifier of", format!("{length} bytes")),
            ("`compute`", megabytes_per_second(compute)),
            ("bare SHA-256", megabytes_per_second(sha256)),
        ]
    }));
    print_table(&IDENTIFIER_LENGTHS.map(|length| {
        let user = User::with_identifier_of(length);
        let [floor, compute, verify, recipe_compute, recipe_verify, ring_compute, ring_verify, secret] =
            nanoseconds(&user.operations(), 5);
        let ratio = |numerator, denominator| format!("{:.2}", numerator / denominator);
        [
            ("identifier of", format!("{length} bytes")),
            // SHA-256 pads with nine bytes or more; the outer hash takes one block.
            ("compressions that HMAC needs", ((length + 9).div_ceil(64) + 1).to_string()),
            ("floor: two bare SHA-256 compressions", format!("{floor:.0} ns")),
            ("`compute` / floor", ratio(compute, floor)),
            ("parse and `verify` / floor", ratio(verify, floor)),
            ("five-line recipe / `compute`", ratio(recipe_compute, compute)),
            ("five-line recipe / parse and `verify`", ratio(recipe_verify, verify)),
            ("`ring` / `compute`", ratio(ring_compute, compute)),
            ("`ring` / parse and `verify`", ratio(ring_verify, verify)),
            ("`Secret::new` / floor", ratio(secret, floor)),
        ]
    }));
}

/// What one call takes at its best. The batches are short and take turns, so that noise spoils all of them or none.
fn nanoseconds<const N: usize>(operations: &[Operation<'_>; N], seconds: u64) -> [f64; N] {
    const BATCH: u32 = 100;
    let mut best = [Duration::MAX; N];
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(seconds) {
        for ((_, time), best) in operations.iter().zip(&mut best) {
            *best = time(BATCH.into()).min(*best);
        }
    }
    best.map(|batch| batch.as_secs_f64() * 1e9 / f64::from(BATCH))
}

#[expect(clippy::indexing_slicing, reason = "every column has all rows")]
fn print_table<const ROWS: usize, const COLUMNS: usize>(columns: &[[(&str, String); ROWS]; COLUMNS]) {
    for row in 0..ROWS {
        let cells = columns.each_ref().map(|column| column[row].1.as_str());
        println!("| {} | {} |", columns[0][row].0, cells.join(" | "));
        if row == 0 {
            println!("|---|{}", "---:|".repeat(COLUMNS));
        }
    }
    println!();
}
