//! A connection whose client takes nothing.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A stream that fails once it could write nothing for a while. Without this, a client that never
/// reads would keep a reply in memory, and its connection open, for as long as it likes.
pub(crate) struct WriteStall<S> {
    stream: S,
    longest: Duration,
    /// Started when a write first has to wait.
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl<S> WriteStall<S> {
    pub(crate) fn new(stream: S, longest: Duration) -> Self {
        Self {
            stream,
            longest,
            timer: None,
            waiting: false,
        }
    }

    /// Passes on what came of a write, unless it has waited too long.
    fn watched<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = false;
            return written;
        }
        let longest = self.longest;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(longest)));
        if !self.waiting {
            self.waiting = true;
            timer.as_mut().reset(Instant::now() + longest);
        }
        timer.as_mut().poll(cx).map(|()| {
            tracing::warn!(?longest, "a client takes nothing, its connection is closed");
            Err(io::ErrorKind::TimedOut.into())
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteStall<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteStall<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watched(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watched(cx, ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up_and_one_that_takes_a_little_is_not() {
        let longest = Duration::from_secs(30);
        let (server, client) = duplex(4);
        let mut server = WriteStall::new(server, longest);
        let begun = Instant::now();
        let written = server.write_all(b"12345678").await;
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 30);
        drop(client);

        let (server, mut client) = duplex(4);
        let mut server = WriteStall::new(server, longest);
        let reading = tokio::spawn(async move {
            let mut byte = [0; 1];
            for _ in 0..8 {
                sleep(Duration::from_secs(29)).await;
                client.read_exact(&mut byte).await.unwrap();
            }
        });
        server.write_all(b"12345678").await.unwrap();
        reading.await.unwrap();
    }
}
