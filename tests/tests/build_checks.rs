//! What `build()` refuses, each with a text that says what to change.

use std::time::Duration;

use mcp_core::testing::Client;
use mcp_core::{Caller, Limits, Server, server_info, tool, tools};
use serde_json::json;

/// First.
#[tool]
fn first() {}

/// Also first.
#[tool(name = "first")]
fn second() {}

const LONG: &str = include_str!("build_checks/2049.txt");

/// As long as may be.
#[tool(description = LONG_ENOUGH)]
fn long_enough() {}

/// Too long.
#[tool(description = LONG)]
fn too_long() {}

const LONG_ENOUGH: &str = LONG.split_at(2048).0;

/// Runs longer than a day.
#[tool(timeout = "1441m")]
async fn too_patient() {
    std::future::pending::<()>().await;
}

/// Runs a day.
#[tool(timeout = "1440m")]
async fn patient() {
    std::future::pending::<()>().await;
}

/// A folder in a folder.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Folder {
    inside: Vec<Folder>,
}

/// Lists everything.
#[tool]
fn tree() -> Folder {
    Folder { inside: Vec::new() }
}

macro_rules! refusal {
    ($($tool:path),*) => {
        Server::new(server_info!(), ()).tools(tools![$($tool),*]).build().unwrap_err().to_string()
    };
}

#[test]
fn two_tools_of_one_name() {
    assert!(refusal!(first, second).contains("two tools are named `first`"));
}

#[test]
fn texts_beyond_what_clients_keep() {
    assert_eq!(LONG.chars().count(), 2049);
    let text = refusal!(too_long);
    assert!(
        text.contains("the tool `too_long` has 2049 characters"),
        "{text}"
    );
    assert!(
        Server::new(server_info!(), ())
            .tools(tools![long_enough])
            .build()
            .is_ok()
    );
    let instructed = |text: &str| Server::new(server_info!(), ()).instructions(text).build();
    assert!(instructed(LONG_ENOUGH).is_ok());
    let text = instructed(LONG).unwrap_err().to_string();
    assert!(
        text.contains("the instructions have 2049 characters"),
        "{text}"
    );
}

#[test]
fn times_beyond_a_day() {
    assert!(refusal!(too_patient).contains("`too_patient` has to be above zero and at most 24"));
    assert!(
        Server::new(server_info!(), ())
            .tools(tools![patient])
            .build()
            .is_ok()
    );
}

#[test]
fn types_that_contain_themselves() {
    let text = refusal!(tree);
    assert!(
        text.contains("`tree`") && text.contains("contains itself"),
        "{text}"
    );
}

#[test]
fn limits_that_would_refuse_everything_or_nothing() {
    let with = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        let built = Server::new(server_info!(), ()).limits(limits).build();
        built
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert_eq!(with(|_| ()), "");
    assert!(with(|limits| limits.body_bytes = 0).contains("`body_bytes` is zero"));
    assert!(with(|limits| limits.in_flight = 0).contains("`in_flight` is zero"));
    let day = Duration::from_secs(24 * 60 * 60);
    assert_eq!(Duration::from_secs(86_400), day);
    assert_eq!(
        with(|limits| limits.call_timeout = Duration::from_secs(86_400)),
        ""
    );
    assert!(with(|limits| limits.call_timeout = Duration::from_secs(86_401)).contains("24 hours"));
    assert!(with(|limits| limits.write_stall = Duration::ZERO).contains("above zero"));
}

/// Only for some.
#[tool(scopes("a"))]
fn scoped_a() {}

/// Only for others.
#[tool(scopes("b"))]
fn scoped_b() {}

#[tokio::test]
async fn lists_beyond_the_cache_are_as_good_as_those_in_it() {
    for cached in [0, 1, 2] {
        let mut limits = Limits::default();
        limits.cached_lists = cached;
        let server = Server::new(server_info!(), ()).limits(limits);
        let server = server
            .tools(tools![first, scoped_a, scoped_b])
            .build()
            .unwrap();
        for _ in 0..2 {
            for (scopes, names) in [
                (&["a"][..], json!(["first", "scoped_a"])),
                (&["b"], json!(["first", "scoped_b"])),
                (&[], json!(["first"])),
            ] {
                let caller = Caller::for_tests("ann").with_scopes(scopes.iter().copied());
                let listed = Client::new(&server).as_caller(caller).tools().await;
                let listed: Vec<_> = listed.iter().map(|tool| tool["name"].clone()).collect();
                assert_eq!(json!(listed), names, "{cached} cached");
            }
        }
    }
}
