//! A server's process, ended with the test that started it.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::Result;

/// A running process whose standard error is collected line by line.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    grown: watch::Receiver<usize>,
}

impl Process {
    /// Starts a program.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start<K, V>(
        program: &Path,
        args: &[&str],
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self>
    where
        K: AsRef<std::ffi::OsStr>,
        V: AsRef<std::ffi::OsStr>,
    {
        let mut child = Command::new(program)
            .args(args)
            .envs(environment)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stderr = child
            .stderr
            .take()
            .ok_or("the process has no standard error")?;
        let log = Arc::new(Mutex::new(Vec::new()));
        let (grow, grown) = watch::channel(0);
        let lines = Arc::clone(&log);
        tokio::spawn(async move {
            let mut stderr = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = stderr.next_line().await {
                lines
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
                grow.send_modify(|count| *count += 1);
            }
        });
        Ok(Self { child, log, grown })
    }

    /// Waits for a line of the log that `wanted` gives a value for.
    ///
    /// # Errors
    ///
    /// When the process closes its standard error without such a line.
    pub async fn log_line<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> Result<T> {
        loop {
            if let Some(found) = self.log().iter().find_map(|line| wanted(line)) {
                return Ok(found);
            }
            if self.grown.changed().await.is_err() {
                // The last line may have come between the look and the wait.
                let log = self.log();
                return log
                    .iter()
                    .find_map(|line| wanted(line))
                    .ok_or_else(|| format!("not in the log: {log:?}").into());
            }
        }
    }

    /// The address that an HTTP host says it listens on.
    ///
    /// # Errors
    ///
    /// When it ends without saying so.
    pub async fn address(&mut self) -> Result<String> {
        self.log_line(|line| {
            let (_, rest) = line.split_once("listening address=")?;
            rest.split_whitespace().next().map(str::to_owned)
        })
        .await
    }

    /// The log so far.
    pub fn log(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The process id, while the process runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for the end and gives the exit code.
    ///
    /// # Errors
    ///
    /// When the process cannot be waited for.
    pub async fn wait(&mut self) -> Result<Option<i32>> {
        Ok(self.child.wait().await?.code())
    }
}

/// Asks a process to end, as a container platform does.
///
/// # Errors
///
/// When there is no such process.
pub fn terminate(id: u32) -> Result<()> {
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &id.to_string()])
        .status()?;
    if killed.success() {
        Ok(())
    } else {
        Err("kill failed".into())
    }
}
