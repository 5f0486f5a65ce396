//! How the program starts, or does not.

use std::{
    ffi::OsStr,
    io::{self, BufRead, BufReader},
    process::{Command, Stdio},
};

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

const VARIABLES: [&str; 3] = ["INTERCOM_SECRET_IOS", "INTERCOM_SECRET_ANDROID", "INTERCOM_SECRET_WEB"];
const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

fn command<T: AsRef<OsStr>>(variables: impl IntoIterator<Item = (&'static str, T)>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_app_server"));
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command.env("PORT", "0").envs(variables).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What it prints to both outputs when it listens.
fn start<T: AsRef<OsStr>>(variables: impl IntoIterator<Item = (&'static str, T)>) -> TestResult<(String, String)> {
    let (mut child, mut line) = (command(variables).spawn()?, String::new());
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    child.kill()?;
    child.wait()?;
    Ok((line, io::read_to_string(child.stderr.ok_or("no errors")?)?))
}

fn fails<T: AsRef<OsStr>>(variables: impl IntoIterator<Item = (&'static str, T)>, error: &str) -> TestResult {
    let output = command(variables).output()?;
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
    assert_eq!(String::from_utf8(output.stderr)?, format!("app_server: {error}\n"));
    Ok(())
}

#[test]
fn it_listens_on_loopback_and_warns_once_of_the_secrets_that_are_missing() -> TestResult {
    for (set, missing) in [
        (&VARIABLES[..], ""),
        (&["INTERCOM_SECRET_WEB"], "INTERCOM_SECRET_IOS, INTERCOM_SECRET_ANDROID"),
        (&[], "INTERCOM_SECRET_IOS, INTERCOM_SECRET_ANDROID, INTERCOM_SECRET_WEB"),
    ] {
        let (line, errors) = start(set.iter().map(|variable| (*variable, SECRET)))?;
        assert!(line.starts_with("listening on http://127.0.0.1:"), "{line}");
        let warning =
            format!("WARNING: not set: {missing}. Without its secret, everybody on a platform is a visitor\n");
        assert_eq!(errors, if missing.is_empty() { "" } else { &warning });
    }
    Ok(())
}

#[test]
fn a_malformed_secret_is_refused_by_its_name_and_not_quoted() -> TestResult {
    let app_id = "the secret has 8 characters, fewer than 32: \
        copy the identity verification secret from Intercom's settings, not the app id";
    for variable in VARIABLES {
        fails([(variable, "pi3243fa")], &format!("{variable}: {app_id}"))?;
    }
    #[cfg(unix)]
    {
        let latin_1: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4\xe9");
        fails([("INTERCOM_SECRET_WEB", latin_1)], "INTERCOM_SECRET_WEB is not UTF-8")?;
    }
    Ok(())
}

#[test]
fn a_malformed_port_is_refused_before_any_warning() -> TestResult {
    fails([("PORT", "65536")], "PORT is not a number from 0 to 65535")
}
