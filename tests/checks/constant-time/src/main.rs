//! The program that `run` runs under valgrind.

mod count;
mod proof;
mod taint;
mod valgrind;

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        Some("taint") => taint::check_all(),
        Some("count") => count::count_all(),
        _ => Err("taint or count?".into()),
    }
}
