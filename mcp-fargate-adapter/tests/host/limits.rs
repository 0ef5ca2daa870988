//! What a client meets at each limit of a host, and one beyond it: the replies.

use std::pin::Pin;
use std::time::Duration;

use axum::http::request::Parts;
use mcp_core::http::{CallerSource, Unidentified};
use mcp_core::{Caller, Limits, Provenance, Server, server_info, tool, tools};
use mcp_fargate_adapter::Host;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{PATIENCE, Running, connect, read_until, request, rest, start};

/// Never ends.
#[tool]
async fn hangs() -> String {
    std::future::pending().await
}

/// Is as long as it is told to be.
#[tool]
fn long(
    /// In bytes.
    bytes: usize,
) -> String {
    "x".repeat(bytes)
}

/// Whoever the header `x-caller` names.
#[derive(Debug)]
struct Named;

impl CallerSource for Named {
    fn identify<'r>(
        &'r self,
        request: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        Box::pin(async move {
            let name = request.headers.get("x-caller");
            let name = name
                .and_then(|name| name.to_str().ok())
                .ok_or(Unidentified::Invalid)?;
            Ok(Some(Caller::new(name, Provenance::Custom)))
        })
    }
}

fn server(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    let server = Server::new(server_info!(), ())
        .limits(limits)
        .caller_source(Named);
    server
        .tools(tools![hangs, long])
        .list_changes()
        .build()
        .unwrap()
}

async fn limited(change: impl FnOnce(&mut Limits)) -> Running {
    start(Host::new(server(change))).await
}

fn call(tool: &str, arguments: &str, caller: &str) -> String {
    let arguments = format!(r#""arguments":{arguments},"#);
    request(
        "tools/call",
        Some(tool),
        &arguments,
        &format!("x-caller: {caller}\r\n"),
    )
}

fn listen(caller: &str) -> String {
    let wanted = r#""notifications":{"toolsListChanged":true},"#;
    request(
        "subscriptions/listen",
        None,
        wanted,
        &format!("x-caller: {caller}\r\n"),
    )
}

/// Sends a request and lets the connection stand.
async fn send(running: &Running, request: &str) -> TcpStream {
    let mut stream = connect(running).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// The whole reply to a request on a connection of its own.
async fn reply(running: &Running, request: &str) -> String {
    let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let mut stream = send(running, &request).await;
    String::from_utf8(rest(&mut stream).await).unwrap()
}

/// Repeats a request until its reply begins like this: a call that was sent begins a moment later.
async fn becomes(running: &Running, request: &str, status: &str) -> String {
    let repeated = async {
        loop {
            let reply = reply(running, request).await;
            if reply.starts_with(status) {
                return reply;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, repeated)
        .await
        .expect(status)
}

/// Prints what came of the request that was one too many, and wants all of these words in it.
fn refused(limit: &str, reply: &str, words: &[&str]) {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let status = head.lines().next().unwrap_or_default();
    let again = head.lines().find(|line| line.starts_with("retry-after"));
    println!(
        "{limit}: {status}, {}, {}",
        again.unwrap_or("no retry-after"),
        body.trim_end()
    );
    for word in words {
        assert!(reply.contains(word), "{limit}, `{word}`: {reply}");
    }
}

const OK: &str = "HTTP/1.1 200 OK";
const BUSY: &[&str] = &["HTTP/1.1 503 ", "retry-after: 1\r\n", "-32603"];

#[tokio::test]
async fn n_calls_run_and_one_more_is_told_to_come_again() {
    let running = limited(|limits| limits.in_flight = 2).await;
    let short = call("long", r#"{"bytes":1}"#, "eve");
    let _first = send(&running, &call("hangs", "{}", "ann")).await;
    assert!(reply(&running, &short).await.starts_with(OK));
    let _second = send(&running, &call("hangs", "{}", "bob")).await;
    refused(
        "in_flight",
        &becomes(&running, &short, "HTTP/1.1 503").await,
        BUSY,
    );
}

#[tokio::test]
async fn n_calls_of_a_caller_run_and_one_more_is_told_to_come_again() {
    let running = limited(|limits| limits.in_flight_per_caller = 2).await;
    let short = |caller| call("long", r#"{"bytes":1}"#, caller);
    let _first = send(&running, &call("hangs", "{}", "ann")).await;
    assert!(reply(&running, &short("ann")).await.starts_with(OK));
    let _second = send(&running, &call("hangs", "{}", "ann")).await;
    let busy = becomes(&running, &short("ann"), "HTTP/1.1 429").await;
    refused(
        "in_flight_per_caller",
        &busy,
        &["retry-after: 1\r\n", "-32603"],
    );
    assert!(reply(&running, &short("bob")).await.starts_with(OK));
}

#[tokio::test]
async fn n_subscriptions_are_open_and_one_more_is_told_to_come_again() {
    let all = limited(|limits| limits.subscriptions = 2).await;
    let own = limited(|limits| limits.subscriptions_per_caller = 2).await;
    for (limit, running, second) in [
        ("subscriptions", all, "bob"),
        ("subscriptions_per_caller", own, "ann"),
    ] {
        let mut open = Vec::new();
        for caller in ["ann", second] {
            let mut stream = send(&running, &listen(caller)).await;
            let head = read_until(&mut stream, "\n\n").await;
            assert!(
                head.starts_with(OK) && head.contains("acknowledged"),
                "{head}"
            );
            open.push(stream);
        }
        refused(limit, &reply(&running, &listen("ann")).await, BUSY);
    }
}

#[tokio::test]
async fn a_body_of_n_bytes_is_read_and_one_of_n_plus_one_is_too_large() {
    let mut call = call("long", r#"{"bytes":1}"#, "ann");
    let size = call.split_once("\r\n\r\n").unwrap().1.len();
    let running = limited(|limits| limits.body_bytes = u32::try_from(size).unwrap()).await;
    assert!(reply(&running, &call).await.starts_with(OK));
    call = call.replace(
        &format!("content-length: {size}"),
        &format!("content-length: {}", size + 1),
    );
    call.push(' ');
    refused(
        "body_bytes",
        &reply(&running, &call).await,
        &["HTTP/1.1 413 ", "-32600"],
    );
}

#[tokio::test]
async fn a_result_of_n_bytes_is_sent_and_one_of_n_plus_one_is_an_error_that_a_model_can_read() {
    let running = limited(|limits| limits.result_bytes = 100).await;
    // With its quotation marks.
    let fits = reply(&running, &call("long", r#"{"bytes":98}"#, "ann")).await;
    assert!(
        fits.starts_with(OK) && !fits.contains("isError\":true"),
        "{fits}"
    );
    let large = reply(&running, &call("long", r#"{"bytes":99}"#, "ann")).await;
    refused("result_bytes", &large, &[OK, r#""isError":true"#]);
}

#[tokio::test]
async fn a_head_of_n_fields_is_read_and_one_of_n_plus_one_is_too_large() {
    let running = limited(|_| {}).await;
    // `host`, `connection`, and as many more as it takes.
    let with = |fields: usize| {
        let more = "x: 1\r\n".repeat(fields - 2);
        format!("GET /readyz HTTP/1.1\r\nhost: localhost\r\n{more}\r\n")
    };
    assert!(reply(&running, &with(100)).await.starts_with(OK));
    refused(
        "fields of a head",
        &reply(&running, &with(101)).await,
        &["HTTP/1.1 431 "],
    );
}

#[tokio::test]
async fn a_head_of_64_kib_is_read_and_one_of_four_times_that_is_too_large() {
    let running = limited(|_| {}).await;
    let with = |bytes: usize| {
        let head =
            |more: &str| format!("GET /readyz HTTP/1.1\r\nhost: localhost\r\nx: {more}\r\n\r\n");
        // `connection: close` comes on top.
        head(&"x".repeat(bytes - head("").len() - 19))
    };
    assert!(reply(&running, &with(64 * 1024)).await.starts_with(OK));
    let mut stream = connect(&running).await;
    // It may be refused before all of it is written.
    let _ = stream.write_all(with(256 * 1024).as_bytes()).await;
    let mut start = [0; 13];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 431 ");
}
