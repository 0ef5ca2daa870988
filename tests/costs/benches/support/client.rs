//! An HTTP client that does as little as it can: blocking, one keep-alive connection.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Outcome;

/// How long a server may take for one reply; under an instrumenting tool it is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection, with the buffers that its replies are read into.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            line: String::new(),
            body: Vec::new(),
        })
    }

    /// Sends one request.
    pub(crate) fn send(&mut self, request: &str) -> Outcome<()> {
        Ok(self.stream.get_mut().write_all(request.as_bytes())?)
    }

    /// Reads the reply to the oldest request without one: the body of a 200 with JSON.
    pub(crate) fn receive(&mut self) -> Outcome<&[u8]> {
        self.read_line()?;
        if self.line.split(' ').nth(1) != Some("200") {
            return Err(format!("the server answered `{}`", self.line).into());
        }
        let (mut length, mut chunked) = (0, false);
        loop {
            self.read_line()?;
            let Some((name, value)) = self.line.split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value == "chunked",
                "content-type" if !value.starts_with("application/json") => {
                    return Err(format!("the reply is `{value}`, not JSON").into());
                }
                _ => {}
            }
        }
        self.body.clear();
        if chunked {
            while let size @ 1.. = self.read_chunk_size()? {
                self.read_body(size)?;
                self.read_line()?;
            }
            self.read_line()?;
        } else {
            self.read_body(length)?;
        }
        Ok(&self.body)
    }

    /// Reads the line in front of a chunk.
    fn read_chunk_size(&mut self) -> Outcome<usize> {
        self.read_line()?;
        Ok(usize::from_str_radix(&self.line, 16)?)
    }

    /// Appends so many bytes to the body.
    fn read_body(&mut self, size: usize) -> Outcome<()> {
        let start = self.body.len();
        self.body.resize(start + size, 0);
        let unread = self.body.get_mut(start..).unwrap_or_default();
        Ok(self.stream.read_exact(unread)?)
    }

    /// Reads one line of the head, without its end.
    fn read_line(&mut self) -> Outcome<()> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            return Err("the server closed the connection".into());
        }
        self.line.truncate(self.line.trim_end().len());
        Ok(())
    }
}
