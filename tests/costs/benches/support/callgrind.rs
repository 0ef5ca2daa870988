//! How many instructions a process executes in user space, counted by valgrind's callgrind.
//!
//! The count does not depend on the machine's load, which no clock can say of itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Outcome;

/// Whether valgrind can be started.
pub(crate) fn is_installed() -> bool {
    Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// One counted run of a program.
pub(crate) struct Count {
    log: PathBuf,
}

impl Count {
    /// The command that runs `program` with callgrind, and its count to be read when it has ended.
    pub(crate) fn of(program: &str, arguments: &[&str], directory: &Path) -> (Self, Command) {
        let log = directory.join("callgrind.log");
        let mut command = Command::new("valgrind");
        command
            .arg("--tool=callgrind")
            .arg(format!("--log-file={}", log.display()))
            .arg(format!(
                "--callgrind-out-file={}",
                directory.join("callgrind.out").display()
            ))
            .arg(program)
            .args(arguments);
        (Self { log }, command)
    }

    /// The total of the run that has ended.
    pub(crate) fn total(self) -> Outcome<u64> {
        let log = std::fs::read_to_string(&self.log)?;
        let total = log
            .lines()
            .find_map(|line| line.split_once("Collected : "))
            .ok_or_else(|| format!("callgrind counted nothing:\n{log}"))?
            .1;
        Ok(total.trim().parse()?)
    }
}
