//! What `build()` refuses, each with a text that says what to change.

#![allow(clippy::unused_async)] // what is built is never called

use std::time::Duration;

use mcp_core::testing::Client;
use mcp_core::{
    Caller, Context, Icon, Limits, MemoryStore, Result, Server, prompt, prompts, resource,
    resources, server_info, tool, tools,
};
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
    let with = |change: Change| {
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
    for (name, zero) in COUNTS {
        assert!(with(zero).contains(&format!("`{name}` is zero")), "{name}");
    }
    for (name, set) in TIMES {
        let at = |time| {
            let mut limits = Limits::default();
            set(&mut limits, time);
            let built = Server::new(server_info!(), ()).limits(limits).build();
            built.err().map(|error| error.to_string())
        };
        let day = Duration::from_secs(24 * 60 * 60);
        let expected = format!(
            "the limit `{name}` has to be above zero and at most 24 hours [limit-out-of-range]"
        );
        assert_eq!(at(Duration::ZERO), Some(expected.clone()));
        assert_eq!(at(Duration::from_nanos(1)), None, "{name}");
        assert_eq!(at(day), None, "{name}");
        assert_eq!(at(day + Duration::from_nanos(1)), Some(expected));
    }
    // What zero switches off.
    assert_eq!(
        with(|limits| {
            limits.queued_notifications = 0;
            limits.cached_lists = 0;
            limits.subscriptions = 0;
            limits.subscriptions_per_caller = 0;
            limits.subscribed_resources = 0;
            limits.ended_sessions = 0;
            limits.resumable_replies = 0;
            limits.resumable_bytes = 0;
        }),
        ""
    );
}

type Change = fn(&mut Limits);

/// The limits that would refuse everything at zero.
const COUNTS: [(&str, Change); 10] = [
    ("body_bytes", |limits| limits.body_bytes = 0),
    ("line_bytes", |limits| limits.line_bytes = 0),
    ("depth", |limits| limits.depth = 0),
    ("arguments", |limits| limits.arguments = 0),
    ("in_flight", |limits| limits.in_flight = 0),
    ("in_flight_per_caller", |limits| {
        limits.in_flight_per_caller = 0;
    }),
    ("result_bytes", |limits| limits.result_bytes = 0),
    ("batch", |limits| limits.batch = 0),
    ("rounds", |limits| limits.rounds = 0),
    ("remembered_clients", |limits| limits.remembered_clients = 0),
];

type SetTime = fn(&mut Limits, Duration);

/// The limits that are times.
const TIMES: [(&str, SetTime); 7] = [
    ("call_timeout", |limits, time| limits.call_timeout = time),
    ("body_time", |limits, time| limits.body_time = time),
    ("write_stall", |limits, time| limits.write_stall = time),
    ("resumable_time", |limits, time| {
        limits.resumable_time = time;
    }),
    ("answer_timeout", |limits, time| {
        limits.answer_timeout = time;
    }),
    ("state_lifetime", |limits, time| {
        limits.state_lifetime = time;
    }),
    ("keep_alive", |limits, time| limits.keep_alive = time),
];

/// One.
#[prompt(name = "letter")]
fn one_letter() -> &'static str {
    ""
}

/// Another.
#[prompt(name = "letter")]
fn another_letter() -> &'static str {
    ""
}

/// One.
#[resource("docs://{name}")]
fn one_document(name: &str) -> &str {
    name
}

/// Another.
#[resource("docs://{name}", mime = "text/html")]
fn another_document(name: &str) -> &str {
    name
}

/// Also documents: of another template.
#[resource("docs://{title}")]
fn titled_document(title: &str) -> &str {
    title
}

#[test]
fn two_prompts_of_one_name_and_two_resources_of_one_uri() {
    let server = || Server::new(server_info!(), ());
    let twice = server().prompts(prompts![one_letter, another_letter]);
    let text = twice.build().unwrap_err().to_string();
    assert!(
        text.contains("two prompts are named `letter`") && text.contains("#[prompt(name ="),
        "{text}"
    );
    let twice = server().resources(resources![one_document, another_document]);
    let text = twice.build().unwrap_err().to_string();
    assert!(
        text.contains("two resources have the URI `docs://{name}`"),
        "{text}"
    );
    let apart = server().resources(resources![one_document, titled_document]);
    assert!(apart.prompts(prompts![one_letter]).build().is_ok());
}

/// As long as may be, and as patient.
#[prompt(description = LONG_ENOUGH, timeout = "1440m")]
async fn long_prompt() -> &'static str {
    ""
}

/// Too long.
#[prompt(description = LONG)]
fn too_long_prompt() -> &'static str {
    ""
}

/// Too patient.
#[prompt(timeout = "1441m")]
async fn too_patient_prompt() -> &'static str {
    ""
}

/// As long as may be, and as patient.
#[resource("long://1", description = LONG_ENOUGH, timeout = "1440m")]
async fn long_resource() -> &'static str {
    ""
}

/// Too long.
#[resource("long://2", description = LONG)]
fn too_long_resource() -> &'static str {
    ""
}

/// Too patient.
#[resource("long://3", timeout = "1441m")]
async fn too_patient_resource() -> &'static str {
    ""
}

#[test]
fn texts_and_times_of_prompts_and_resources() {
    let server = || Server::new(server_info!(), ());
    let fits = server()
        .prompts(prompts![long_prompt])
        .resources(resources![long_resource]);
    assert!(fits.build().is_ok());
    for (builder, says) in [
        (
            server().prompts(prompts![too_long_prompt]),
            "the description of the prompt `too_long_prompt` has 2049 characters",
        ),
        (
            server().prompts(prompts![too_patient_prompt]),
            "the timeout of the prompt `too_patient_prompt` has to be",
        ),
        (
            server().resources(resources![too_long_resource]),
            "the description of the resource `long://2` has 2049 characters",
        ),
        (
            server().resources(resources![too_patient_resource]),
            "the timeout of the resource `long://3` has to be",
        ),
    ] {
        let text = builder.build().unwrap_err().to_string();
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn pages_without_entries() {
    let paged = |size| Server::new(server_info!(), ()).page_size(size).build();
    let text = paged(0).unwrap_err().to_string();
    assert!(text.contains("holds at least one entry"), "{text}");
    assert!(paged(1).is_ok() && paged(u16::MAX).is_ok());
}

/// Pays once.
#[tool(single_use)]
async fn pay(cx: &Context) -> Result<String> {
    Ok(cx.idempotency_key())
}

#[test]
fn single_use_without_a_memory_of_what_was_used() {
    let text = refusal!(pay);
    assert!(
        text.contains("`pay` is `single_use`") && text.contains("`single_use_store`"),
        "{text}"
    );
    let remembers = Server::new(server_info!(), ())
        .tools(tools![pay])
        .single_use_store(MemoryStore::single_process());
    assert!(remembers.build().is_ok());
}

// [ICON-1]
#[test]
fn icons_of_the_server_where_clients_should_not_look() {
    let with_icon = |src: &str| {
        let info = server_info!().icon(Icon::new("https://example.com/a.png"));
        Server::new(info.icon(Icon::new(src)), ()).build()
    };
    for safe in ["https://example.com/b.png", "data:image/png;base64,iVBO"] {
        assert!(with_icon(safe).is_ok(), "{safe}");
    }
    for unsafe_icon in [
        "http://example.com/b.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://example.com/b.png",
        "/b.png",
        "b.png",
        " https://example.com/b.png",
        "",
    ] {
        let text = with_icon(unsafe_icon).unwrap_err().to_string();
        assert!(
            text.contains("`https:` or `data:`"),
            "{unsafe_icon}: {text}"
        );
    }
}

/// A number with a point, under a name that hides it.
type Share = f64;

/// Splits something.
#[tool]
fn split(#[arg(header = "Share")] share: Share) -> f64 {
    share
}

/// Sends it to a place.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Place {
    city: String,
}

/// Sends something.
#[tool]
fn send(#[arg(header = "Place")] place: Place) -> String {
    place.city
}

/// Sends something to a city.
#[tool]
fn send_to(
    #[arg(header = "City")] city: String,
    #[arg(header = "Zip")] zip: Option<u32>,
) -> String {
    format!("{city} {zip:?}")
}

// [HDR-5]
#[test]
fn headers_of_what_no_header_can_repeat() {
    for (text, argument) in [(refusal!(split), "share"), (refusal!(send), "place")] {
        let says = format!("the argument `{argument}` cannot have a header");
        assert!(text.contains(&says), "{text}");
    }
    let server = Server::new(server_info!(), ()).tools(tools![send_to]);
    assert!(server.build().is_ok());
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
