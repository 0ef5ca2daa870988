//! Connections: how many there are, and how long each may take.

use std::io;
use std::time::Duration;

use mcp_core::{Context, Limits, Progress, Server, server_info, tool, tools};
use mcp_fargate_adapter::Host;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{PATIENCE, connect, rest, start};

/// Says much, a little at a time.
#[tool]
async fn floods(cx: &Context) -> String {
    for step in 1..=100_000_u32 {
        cx.progress(Progress::new(step).message("x".repeat(10_000)));
        tokio::task::yield_now().await;
    }
    "flooded".to_owned()
}

/// Gives much in one piece.
#[tool]
fn large() -> String {
    "x".repeat(16 * 1024 * 1024)
}

fn server() -> Server {
    let mut limits = Limits::default();
    limits.result_bytes = 32 * 1024 * 1024;
    limits.result_tokens = u32::MAX;
    limits.write_stall = Duration::from_millis(200);
    let server = Server::new(server_info!(), ()).limits(limits);
    server.tools(tools![floods, large]).build().unwrap()
}

/// Writes a request for readiness, and reads the status line of the reply.
async fn status(stream: &mut TcpStream) -> io::Result<String> {
    let request = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request).await?;
    let mut reply = Vec::new();
    while !reply.ends_with(b"\r\n\r\n") {
        reply.push(stream.read_u8().await?);
    }
    let reply = String::from_utf8_lossy(&reply).into_owned();
    Ok(reply.lines().next().unwrap_or_default().to_owned())
}

/// A call of a tool that wants to hear how far it has come.
fn call(tool: &str) -> String {
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","_meta":{{"progressToken":1}}}}}}"#
    );
    let length = body.len();
    format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn n_connections_are_served_and_one_more_is_told_to_come_again() {
    let running = start(Host::new(server()).connections(2)).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&running).await;
        assert_eq!(status(&mut stream).await.unwrap(), "HTTP/1.1 200 OK");
        held.push(stream);
    }
    let mut refused = connect(&running).await;
    refused.write_all(call("large").as_bytes()).await.unwrap();
    let reply = String::from_utf8(rest(&mut refused).await).unwrap();
    assert!(reply.starts_with("HTTP/1.1 503 "), "{reply}");
    assert!(reply.contains("retry-after: 1\r\n"), "{reply}");
    let (_, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(
        body.contains(r#""code":-32603"#) && body.contains("connections"),
        "{body}"
    );
    // A place that is given back is there for the next.
    held.pop();
    let served = async {
        loop {
            let mut stream = connect(&running).await;
            if status(&mut stream)
                .await
                .is_ok_and(|status| status.contains("200"))
            {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, served).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_sends_no_whole_head_is_closed() {
    let running = start(Host::new(server()).idle(Duration::from_millis(100))).await;
    for beginning in ["", "POST /mcp HTTP/1.1\r\nhost: loc"] {
        let mut stream = connect(&running).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let reply = String::from_utf8(rest(&mut stream).await).unwrap();
        assert!(
            reply.is_empty() || reply.starts_with("HTTP/1.1 408 "),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn a_client_that_never_reads_is_given_up_whatever_it_is_sent() {
    let running = start(Host::new(server())).await;
    for tool in ["large", "floods"] {
        let mut stream = connect(&running).await;
        stream.write_all(call(tool).as_bytes()).await.unwrap();
        // Much longer than it may leave everything unread, and yet no measure of time: it reads only
        // what the sockets hold, and the end of the connection.
        let closed = async {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                // Writing into a connection that was given up fails.
                if stream.write_all(b" ").await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, closed)
            .await
            .unwrap_or_else(|_| panic!("{tool} goes on"));
    }
}
