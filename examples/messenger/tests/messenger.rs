//! The program, run as its users run it.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn messenger() -> Command {
    Command::new(env!("CARGO_BIN_EXE_messenger"))
}

#[test]
fn the_story_goes_as_told() -> TestResult {
    let output = messenger().output()?;
    assert_eq!((output.status.code(), String::from_utf8(output.stderr)?.as_str()), (Some(0), ""));
    let story = String::from_utf8(output.stdout)?;
    assert!(!story.contains("told otherwise"), "{story}");
    assert_eq!(story.lines().count(), 36, "{story}");
    Ok(())
}

#[test]
fn both_servers_stay_up_if_told_to_serve() -> TestResult {
    let mut child = messenger().arg("--serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    for server in ["auth", "app"] {
        let line = lines.next().ok_or("no line")??;
        assert!(line.starts_with(&format!("the {server} server listens on http://127.0.0.1:")), "{line}");
    }
    assert_eq!(child.try_wait()?, None);
    child.kill()?;
    child.wait()?;
    Ok(())
}

#[test]
fn another_argument_is_refused() -> TestResult {
    let output = messenger().arg("--help").output()?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr)?, "Error: \"the only argument is --serve\"\n");
    Ok(())
}
