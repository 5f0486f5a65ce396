//! The program that `run` runs, under valgrind and without.

mod count;
mod proof;
mod taint;
#[cfg(feature = "time")]
mod time;
mod valgrind;

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        Some("taint") => taint::check_all(),
        Some("count") => count::count_all(),
        #[cfg(feature = "time")]
        Some("time") => Ok(time::time_all()?),
        _ => Err("taint, count or time?".into()),
    }
}
