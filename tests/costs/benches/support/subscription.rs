//! A subscription of a client that does as little as it can: blocking, on a connection of its own.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Outcome, requests};

/// What the client wants to hear of.
const WANTED: &str = r#""notifications":{"resourceSubscriptions":["thing://one"]},"#;

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The stream; dropping it ends the subscription.
pub(crate) struct Subscription {
    stream: TcpStream,
}

impl Subscription {
    /// Subscribes, and waits until that is acknowledged.
    pub(crate) fn open(address: SocketAddr) -> Outcome<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let method = "subscriptions/listen";
        let body = requests::json(1, method, WANTED);
        stream.write_all(requests::http(method, None, &body, address).as_bytes())?;
        let mut opened = Self { stream };
        opened.hear("notifications/subscriptions/acknowledged")?;
        Ok(opened)
    }

    /// Reads until a message that has this in it has come.
    pub(crate) fn hear(&mut self, part: &str) -> Outcome<()> {
        let mut heard = String::new();
        let mut buffer = [0; 4096];
        // Messages end with their chunk.
        while !(heard.contains(part) && heard.ends_with("\r\n")) {
            let length = self.stream.read(&mut buffer)?;
            let piece = buffer.get(..length).unwrap_or_default();
            heard.push_str(std::str::from_utf8(piece)?);
            if length == 0 || heard.contains(r#""error":"#) {
                return Err(format!("no {part} comes: {heard}").into());
            }
        }
        Ok(())
    }
}
