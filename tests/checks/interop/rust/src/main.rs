//! Other implementations beside this crate. The arguments are the script that forges and its seed, then a name, a program
//! and a script for each peer that is a process: those to exchange tokens with and, behind `--`, those that only open them.

mod cases;
mod exchange;
mod forgeries;
mod peer;

use std::{error::Error, process::ExitCode};

use crate::peer::Peer;

/// In the form of Intercom's own.
const KEY: &str = "q3zX0vB8nW5tY2rL7mK4jH1gF6dS9aP-cVxZuQwE_oI";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [script, seed, arguments @ ..] = arguments.as_slice() else { return Err("no script and seed".into()) };
    let (exchanging, opening) = arguments.split_at(arguments.iter().position(|it| it == "--").ok_or("no --")?);
    let mut peers = Peer::processes(exchanging)?;
    peers.push(Peer::Jsonwebtoken);

    let mut results = peers.iter().map(exchange::check).collect::<Result<Vec<_>, _>>()?;
    peers.extend(Peer::processes(&opening[1..])?);
    results.push(forgeries::check(script, seed, &peers)?);

    let (passed, failed) = results.iter().fold((0, 0), |sum, checks| (sum.0 + checks.0, sum.1 + checks.1));
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
