//! A rate for each of a hundred thousand callers, and for all of them beyond: what they are told, and what it
//! takes to remember them.
#![cfg(target_os = "linux")]

use std::time::Duration;

use mcp_core::intercept::RateLimit;
use mcp_core::testing::Client;
use mcp_core::{Caller, Server, server_info, tool, tools};
use serde_json::json;

/// Looks.
#[tool(read_only)]
fn look() -> &'static str {
    "seen"
}

const CALLERS: u32 = 100_000;

/// How much memory so many callers may take: 100 bytes each, and the room that a table doubles.
const GROWTH: u64 = 20 * 1024 * 1024;

/// The memory of this process that is in RAM.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kilobytes: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
    kilobytes * 1024
}

// Alone in its file, so that nobody else uses memory beside it.
#[tokio::test]
async fn a_hundred_thousand_callers_are_limited_one_by_one_in_finite_memory() {
    let server = Server::new(server_info!(), ())
        .tools(tools![look])
        .interceptor(RateLimit::per_caller(1, Duration::from_secs(24 * 3600)));
    let client = Client::new(&server.build().unwrap());
    let passes = async |caller: u32| {
        let caller = Caller::for_tests(format!("caller-{caller}"));
        let result = client
            .clone()
            .as_caller(caller)
            .call("look", json!({}))
            .await;
        let passed = result["content"][0]["text"] == "seen";
        assert_eq!(result["error"]["code"] == -32603, !passed, "{result}");
        passed
    };
    // What runs for the first time takes memory that is no caller's.
    for _ in 0..1_000 {
        passes(0).await;
    }
    let before = resident();
    let mut admitted = 0;
    for caller in 1..CALLERS {
        admitted += u32::from(passes(caller).await);
    }
    // Each had one call, and each has none left.
    assert_eq!(admitted, CALLERS - 1);
    for caller in (0..CALLERS).step_by(97) {
        assert!(!passes(caller).await, "{caller}");
    }
    let after = resident();
    // As many again have one call among them all.
    let mut admitted = 0;
    for caller in CALLERS..2 * CALLERS {
        admitted += u32::from(passes(caller).await);
    }
    assert_eq!(admitted, 1);
    let beyond = resident();
    println!(
        "{CALLERS} callers: {} KiB; as many again: {} KiB",
        after.saturating_sub(before) / 1024,
        beyond.saturating_sub(after) / 1024
    );
    assert!(after.saturating_sub(before) < GROWTH);
    assert!(beyond.saturating_sub(after) < 1024 * 1024);
}
