//! Standard output, for the protocol alone.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::context::Notifications;
use crate::encode::Answer;

#[cfg(unix)]
type Stream = std::fs::File;
#[cfg(not(unix))]
type Stream = io::Stdout;

/// Writes one message per line, each in one piece.
pub(super) struct Output {
    stream: Mutex<Stream>,
    closed: AtomicBool,
}

impl Output {
    /// Takes standard output over: what `println!` writes from now on goes to standard error, where
    /// it cannot break the protocol.
    pub(super) fn claim() -> io::Result<Self> {
        io::stdout().flush()?;
        let stream = take()?;
        Ok(Self {
            stream: Mutex::new(stream),
            closed: AtomicBool::new(false),
        })
    }

    /// Whether the client is gone.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Sends an answer, if there is one to send.
    pub(super) fn answer(&self, answer: Answer) {
        if let Some(body) = answer.body {
            self.send(body);
        }
    }
}

#[cfg(unix)]
fn take() -> io::Result<Stream> {
    use std::os::fd::AsFd;
    let stream = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(stream.into())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // the same shape on every system
fn take() -> io::Result<Stream> {
    Ok(io::stdout())
}

impl Notifications for Output {
    fn send(&self, mut message: Vec<u8>) {
        message.push(b'\n');
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        if stream
            .write_all(&message)
            .and_then(|()| stream.flush())
            .is_err()
        {
            self.closed.store(true, Ordering::Relaxed);
        }
    }
}
