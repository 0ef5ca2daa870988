//! What a server remembers of clients that come and go: nothing.
#![cfg(target_os = "linux")]

use mcp_tests::Result;
use mcp_tests::endpoint_client::initialize;
use mcp_tests::process::Process;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 4;
const WARM_UP: usize = 5_000;
const CLIENTS: usize = 100_000;

/// How much more memory may be in use after all clients than after the first of them, in bytes. A
/// session that was kept would take some hundred bytes, and so far more in all.
const GROWTH: u64 = 8 * 1024 * 1024;

/// How many requests wait for their answers on one connection.
const AT_ONCE: usize = 50;

/// The memory of a process that is in RAM.
fn resident(process: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.ok_or("no VmRSS")?.parse::<u64>()? * 1024)
}

/// Begins so many sessions over one connection, and counts them.
async fn begin(address: String, clients: usize) -> Result<usize> {
    let body = initialize("2025-11-25", json!({"elicitation": {}})).to_string();
    let request = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = vec![0; 64 * 1024];
    let mut begun = 0;
    let mut unread: Vec<u8> = Vec::new();
    while begun < clients {
        stream.write_all(request.repeat(AT_ONCE).as_bytes()).await?;
        let until = begun + AT_ONCE;
        while begun < until {
            let read = stream.read(&mut buffer).await?;
            if read == 0 {
                return Err("the server closed the connection".into());
            }
            unread.extend_from_slice(&buffer[..read]);
            let text = String::from_utf8_lossy(&unread);
            begun += text.matches("mcp-session-id: mcp1.").count();
            // What is left is too short to hold the name of the header, which may be cut.
            let kept = unread.len().min("mcp-session-id: mcp1.".len() - 1);
            unread.drain(..unread.len() - kept);
        }
    }
    Ok(begun)
}

async fn begin_on_all(address: &str, clients: usize) -> Result<usize> {
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(begin(address.to_owned(), clients / CONNECTIONS)))
        .collect();
    let mut begun = 0;
    for task in tasks {
        begun += task.await??;
    }
    Ok(begun)
}

// [SESS-1b]
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_handshakes_leave_the_memory_as_it_was() -> Result<()> {
    let program = env!("CARGO_BIN_EXE_legacy");
    let mut process = Process::start(program.as_ref(), &[], [("MCP_BIND", "127.0.0.1:0")])?;
    let address = process.address().await?;
    let id = process.id().ok_or("the server is gone")?;
    begin_on_all(&address, WARM_UP).await?;
    let before = resident(id)?;
    assert_eq!(begin_on_all(&address, CLIENTS).await?, CLIENTS);
    let after = resident(id)?;
    println!("{before} bytes after {WARM_UP} handshakes, {after} after {CLIENTS} more");
    assert!(after < before + GROWTH, "{before} bytes became {after}");
    Ok(())
}
