//! A client that closes its connection, over a real socket: its call ends, and the server goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mcp_core::{Context, Progress, Server, State, server_info, tool, tools};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Begins, and never ends.
#[tool]
async fn hangs(
    /// Whether to report that it runs.
    speaks: bool,
    calls: &Calls,
    cx: &Context,
) -> String {
    let _guard = calls.begin();
    if speaks {
        cx.progress(Progress::new(1));
    }
    std::future::pending().await
}

/// Adds two numbers.
#[tool]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {
    a + b
}

#[derive(Clone)]
struct Calls {
    begun: Arc<AtomicUsize>,
    ended: Arc<Semaphore>,
}

struct Guard(Calls);

impl Calls {
    fn begin(&self) -> Guard {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Guard(self.clone())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.ended.add_permits(1);
    }
}

#[derive(State)]
struct App {
    calls: Calls,
}

fn request(tool: &str, arguments: &str) -> String {
    let meta = r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"progressToken":1}"#;
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments},"_meta":{meta}}}}}"#
    );
    format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\nmcp-protocol-version: 2026-07-28\r\n\
         mcp-method: tools/call\r\nmcp-name: {tool}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

// [CAN-1]
#[tokio::test]
async fn closing_the_connection_cancels_the_call() {
    let calls = Calls {
        begun: Arc::default(),
        ended: Arc::new(Semaphore::new(0)),
    };
    let server = Server::new(
        server_info!(),
        App {
            calls: calls.clone(),
        },
    );
    let server = server.tools(tools![hangs, add]).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(mcp_fargate_adapter::serve_on(listener, server));

    for (speaks, begun) in [("false", 1), ("true", 2)] {
        let mut client = TcpStream::connect(address).await.unwrap();
        let request = request("hangs", &format!(r#"{{"speaks":{speaks}}}"#));
        client.write_all(request.as_bytes()).await.unwrap();
        if speaks == "true" {
            let mut start = [0; 15];
            client.read_exact(&mut start).await.unwrap();
            assert_eq!(&start, b"HTTP/1.1 200 OK");
        }
        while calls.begun.load(Ordering::SeqCst) < begun {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            calls.ended.available_permits(),
            0,
            "it runs while its client is there"
        );
        drop(client);
        calls.ended.acquire().await.unwrap().forget();
    }

    let mut client = TcpStream::connect(address).await.unwrap();
    client
        .write_all(request("add", r#"{"a":1,"b":2}"#).as_bytes())
        .await
        .unwrap();
    let mut answer = vec![0; 4096];
    let length = client.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains(r#""structuredContent":3"#));
}
