//! What a server remembers of clients that come and go: nothing.
#![cfg(target_os = "linux")]

use mcp_core::{Server, server_info, tool, tools};
use mcp_tests::Result;
use mcp_tests::endpoint_client::{initialize, local};
use mcp_tests::message;
use mcp_tests::process::Process;
use mcp_tests::rounds::post;
use mcp_tests::tokens::Tokens;
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

/// Tools that need one scope each, so that callers can see 2^14 different lists.
macro_rules! scoped_tools {
    ($($name:ident $scope:literal)*) => {
        $(
            /// Says nothing, at a length that lets lists weigh something: what is kept of each of them
            /// shows in the memory of the process, which is what this is about. What is kept of each of
            /// them shows in the memory of the process. What is kept of each of them shows in the memory.
            #[tool(scopes($scope))]
            fn $name() {}
        )*

        /// The names of the tools, which are their scopes.
        const NAMES: [&str; 14] = [$($scope),*];

        fn scoped_server() -> Server {
            let server = Server::new(server_info!(), ()).tools(tools![$($name),*]);
            server.caller_source(Tokens).build().unwrap()
        }
    };
}
scoped_tools!(
    a01 "a01" a02 "a02" a03 "a03" a04 "a04" a05 "a05" a06 "a06" a07 "a07" a08 "a08" a09 "a09" a10 "a10"
    a11 "a11" a12 "a12" a13 "a13" a14 "a14"
);

#[tokio::test]
async fn ten_thousand_sets_of_scopes_leave_the_memory_bounded() -> Result<()> {
    let endpoint = local(&scoped_server());
    let list = async |set: usize| {
        let held = NAMES.iter().enumerate();
        let held = held.filter(|(bit, _)| set >> bit & 1 == 1);
        let held: Vec<&str> = held.map(|(_, name)| *name).collect();
        let token = format!("ann {}", held.join(" "));
        let message = message::modern("tools/list", json!({})).from_caller(&token);
        let reply = post(&endpoint, &message).await;
        let tools = reply.result()["tools"].as_array().cloned();
        let seen = tools.unwrap_or_default();
        let seen: Vec<_> = seen
            .iter()
            .filter_map(|tool| tool["name"].as_str())
            .collect();
        assert_eq!(
            seen, held,
            "each sees what their scopes permit, kept or not"
        );
    };
    for set in 0..200 {
        list(set).await;
    }
    let id = std::process::id();
    let before = resident(id)?;
    for set in 200..10_200 {
        list(set).await;
    }
    let after = resident(id)?;
    println!("{before} bytes after 200 sets of scopes, {after} after 10,000 more");
    assert!(after < before + GROWTH, "{before} bytes became {after}");
    Ok(())
}
