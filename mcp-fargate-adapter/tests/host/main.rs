//! The host over real sockets.

mod application;
mod connections;
mod limits;

use std::net::SocketAddr;
use std::time::Duration;

use mcp_fargate_adapter::{Error, Host};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A host that serves. It ends with this.
struct Running {
    address: SocketAddr,
    serving: JoinHandle<Result<(), Error>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn start(host: Host) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(host.serve_on(listener));
    Running { address, serving }
}

async fn connect(running: &Running) -> TcpStream {
    TcpStream::connect(running.address).await.unwrap()
}

/// Everything until the other side closes.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes));
    // A reset is an end as well.
    let _ = read.await.expect("the connection stays open");
    bytes
}

/// A request of 2026-07-28 as it is sent. `own` are parameters, each followed by a comma; `name` is that of
/// the tool; `headers` are further ones, each with its end.
fn request(method: &str, name: Option<&str>, own: &str, headers: &str) -> String {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    let named = name.map_or_else(String::new, |name| format!(r#""name":"{name}","#));
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{named}{own}{meta}}}}}"#
    );
    let repeated = name.map_or_else(String::new, |name| format!("mcp-name: {name}\r\n"));
    format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\nmcp-protocol-version: 2026-07-28\r\n\
         mcp-method: {method}\r\n{repeated}{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads up to and with this text, and returns all of it.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let reading = async {
        let mut read = Vec::new();
        while !read.ends_with(end.as_bytes()) {
            read.push(stream.read_u8().await.expect("the connection ends"));
        }
        read
    };
    let read = tokio::time::timeout(PATIENCE, reading).await;
    String::from_utf8(read.expect("nothing comes")).unwrap()
}
