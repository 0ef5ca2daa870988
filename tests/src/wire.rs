//! A client that writes HTTP/1.1 byte by byte, and the host that it talks to: for what a well-behaved
//! client never sends, and for streams that are read event by event.

use std::net::SocketAddr;

use mcp_core::Server;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::Result;
use crate::message::Message;

/// Serves on a free port of this machine until the runtime ends.
///
/// # Errors
///
/// When no port is to be had.
pub async fn host(server: Server) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(mcp_fargate_adapter::serve_on(listener, server));
    Ok(address)
}

/// One connection, with one request at a time on it.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    /// Bytes of the response that were read and not yet taken.
    body: Vec<u8>,
    left: Left,
}

/// What is still to come of a response.
#[derive(Debug)]
enum Left {
    Nothing,
    Bytes(usize),
    Chunks,
}

/// The beginning of a response.
#[derive(Debug)]
pub struct Head {
    /// Its status.
    pub status: u16,
    headers: Vec<(String, String)>,
}

impl Head {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The media type of the body.
    pub fn content_type(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When nobody listens there.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        Ok(Self {
            stream: BufReader::new(TcpStream::connect(address).await?),
            body: Vec::new(),
            left: Left::Nothing,
        })
    }

    /// Sends a message to the endpoint and waits for the beginning of the response.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn post(&mut self, message: &Message) -> Result<Head> {
        self.send(&message.post("/mcp")).await
    }

    /// Sends the bytes of a request and waits for the beginning of the response.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send(&mut self, request: &[u8]) -> Result<Head> {
        self.stream.write_all(request).await?;
        let status_line = self.line().await?;
        let status = status_line.split(' ').nth(1).unwrap_or_default().parse()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let head = Head { status, headers };
        self.body.clear();
        self.left = match head.header("content-length") {
            Some(length) => Left::Bytes(length.parse()?),
            None => Left::Chunks,
        };
        Ok(head)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        Ok(line.trim_end().to_owned())
    }

    /// Reads a further part of the body; false at its end.
    async fn read(&mut self) -> Result<bool> {
        let length = match self.left {
            Left::Nothing => return Ok(false),
            Left::Bytes(length) => length,
            Left::Chunks => usize::from_str_radix(&self.line().await?, 16)?,
        };
        let start = self.body.len();
        self.body.resize(start + length, 0);
        self.stream.read_exact(&mut self.body[start..]).await?;
        if matches!(self.left, Left::Chunks) {
            self.line().await?;
        }
        if matches!(self.left, Left::Bytes(_)) || length == 0 {
            self.left = Left::Nothing;
        }
        Ok(length > 0)
    }

    /// The next event of a stream, without comments between; `None` at its end.
    ///
    /// # Errors
    ///
    /// When the connection breaks in the middle of the stream.
    pub async fn event(&mut self) -> Result<Option<String>> {
        loop {
            if let Some(end) = self.body.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.body.drain(..end + 2).collect();
                let event = String::from_utf8(event)?;
                if event.starts_with(':') {
                    continue;
                }
                return Ok(Some(event.trim_end().to_owned()));
            }
            if !self.read().await? {
                return Ok(None);
            }
        }
    }

    /// The message of the next event of a stream that has nothing but messages; `None` at its end.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or an event has something other than one line of data.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        let Some(event) = self.event().await? else {
            return Ok(None);
        };
        let data = event.strip_prefix("data: ");
        let data = data.ok_or_else(|| format!("more than data: {event}"))?;
        Ok(Some(serde_json::from_str(data)?))
    }

    /// The messages of the rest of a stream.
    ///
    /// # Errors
    ///
    /// As [`Connection::next`].
    pub async fn rest(&mut self) -> Result<Vec<Value>> {
        let mut messages = Vec::new();
        while let Some(message) = self.next().await? {
            messages.push(message);
        }
        Ok(messages)
    }

    /// The body, up to its end.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn body(&mut self) -> Result<Vec<u8>> {
        while self.read().await? {}
        Ok(std::mem::take(&mut self.body))
    }

    /// Sends a message and reads a response that is one document: its status, and what it says.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or the response is no JSON.
    pub async fn ask(&mut self, message: &Message) -> Result<(u16, Value)> {
        let head = self.post(message).await?;
        let body = self.body().await?;
        Ok((head.status, serde_json::from_slice(&body)?))
    }

    /// Sends a message and reads all messages of the response, be it a document or a stream.
    ///
    /// # Errors
    ///
    /// As [`Connection::ask`] and [`Connection::rest`].
    pub async fn messages(&mut self, message: &Message) -> Result<Vec<Value>> {
        let head = self.post(message).await?;
        if head.content_type() == "text/event-stream" {
            return self.rest().await;
        }
        Ok(vec![serde_json::from_slice(&self.body().await?)?])
    }
}
