//! An HTTP server under measurement, as a process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::Outcome;

/// What a server prints in front of its address.
const ANNOUNCEMENT: &str = "listening on ";

/// How long a server may take to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The process, killed at the latest when this is dropped.
pub(crate) struct HttpServer {
    child: Child,
    /// Kept open: a server that prints on must not die of a closed pipe.
    _stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl HttpServer {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(mut command: Command) -> Outcome<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let announced = announced(&mut child);
        match announced {
            Ok((address, stdout)) => Ok(Self {
                child,
                _stdout: stdout,
                address,
            }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(error)
            }
        }
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, as an operator would, and waits until it has.
    pub(crate) fn terminate(mut self) -> Outcome<()> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status()?;
        if !sent.success() {
            return Err(format!("the server {id} cannot be sent a SIGTERM").into());
        }
        let patience = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > patience {
                return Err(format!("the server {id} does not end on SIGTERM").into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        // Fails where the process has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the address from the server's stdout.
fn announced(child: &mut Child) -> Outcome<(SocketAddr, BufReader<ChildStdout>)> {
    let mut stdout = BufReader::new(child.stdout.take().ok_or("the server has no stdout")?);
    let mut line = String::new();
    loop {
        line.clear();
        if stdout.read_line(&mut line)? == 0 {
            return Err("the server ended without saying where it listens".into());
        }
        if let Some(address) = line.trim_end().strip_prefix(ANNOUNCEMENT) {
            return Ok((address.parse()?, stdout));
        }
    }
}
