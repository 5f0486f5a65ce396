//! An example of this package as a process, the way its users run it.

use std::{
    env,
    ffi::OsStr,
    io::{self, BufRead, BufReader, PipeReader},
    process::{Child, Command, Stdio},
};

/// An example that listens; killed on drop.
pub(crate) struct Example {
    pub(crate) url: String,
    /// Kept open: the example may print more than its address.
    pub(crate) stdout: BufReader<PipeReader>,
    pub(crate) stderr: PipeReader,
    child: Child,
}

/// How an example ended that never listened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the example ended with exit code {code:?}: {stderr}")]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
}

impl Example {
    /// Starts an example with these variables.
    pub(crate) fn start(
        executable: &str,
        variables: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> io::Result<Result<Self, Ended>> {
        let mut command = command(executable);
        command.envs(variables);
        Self::spawn(command)
    }

    /// It returns when the example has printed `listening on URL`, or has ended.
    pub(crate) fn spawn(mut command: Command) -> io::Result<Result<Self, Ended>> {
        let (stdout, its_stdout) = io::pipe()?;
        let (stderr, its_stderr) = io::pipe()?;
        let child = command.stdin(Stdio::null()).stdout(its_stdout).stderr(its_stderr).spawn()?;
        // It holds the writing ends too: with them open, there would be no end to read.
        drop(command);

        let mut example = Self { url: String::new(), stdout: BufReader::new(stdout), stderr, child };
        let mut line = String::new();
        while example.stdout.read_line(&mut line)? > 0 {
            if let Some(url) = line.strip_prefix("listening on ") {
                url.trim_end().clone_into(&mut example.url);
                return Ok(Ok(example));
            }
            line.clear();
        }
        let code = example.child.wait()?.code();
        Ok(Err(Ended { code, stderr: io::read_to_string(&mut example.stderr)? }))
    }

    /// Kills the example and returns what it wrote to its standard error.
    pub(crate) fn stop(mut self) -> io::Result<String> {
        self.child.kill()?;
        io::read_to_string(&mut self.stderr)
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // Either fails only if the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An example with no `INTERCOM_…` variable, on a free port.
pub(crate) fn command(executable: &str) -> Command {
    let mut command = Command::new(executable);
    for (variable, _) in env::vars_os() {
        if variable.as_encoded_bytes().starts_with(b"INTERCOM_") {
            command.env_remove(variable);
        }
    }
    command.env("PORT", "0");
    command
}
