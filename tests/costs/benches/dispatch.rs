//! What one request costs in the engine alone, without a transport.
//!
//! `cargo bench -p mcp-costs --bench dispatch`. Compare rows of one run with each other; the machine
//! decides about the rest.

#[macro_use]
#[path = "../src/bin/shared/extra.rs"]
#[allow(dead_code)] // the command line of the servers
mod extra;
#[path = "../src/bin/shared/ours.rs"]
mod ours;

use divan::Bencher;
use divan::counter::BytesCount;
use mcp_core::testing::Client;
use tokio::runtime::{Builder, Runtime};

fn main() {
    divan::main();
}

/// A client of a server with `add` and this many tools in all.
fn client(tools: usize) -> (Runtime, Client) {
    let server = ours::server(tools - 1).expect("the server is sound");
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    (runtime, Client::new(&server))
}

fn request(bencher: Bencher<'_, '_>, tools: usize, method: &str, params: &str) {
    let (runtime, client) = client(tools);
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    let message =
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{params}{meta}}}}}"#);
    let answer = runtime.block_on(client.send_raw(&message));
    let answer = String::from_utf8(answer).expect("text");
    assert!(answer.contains(r#""resultType":"complete""#), "{answer}");
    bencher
        .counter(BytesCount::new(answer.len()))
        .bench_local(|| runtime.block_on(client.send_raw(divan::black_box(&message))));
}

#[divan::bench(args = [10, 200])]
fn call(bencher: Bencher<'_, '_>, tools: usize) {
    request(
        bencher,
        tools,
        "tools/call",
        r#""name":"add","arguments":{"a":1,"b":2},"#,
    );
}

#[divan::bench(args = [10, 200])]
fn list(bencher: Bencher<'_, '_>, tools: usize) {
    request(bencher, tools, "tools/list", "");
}
