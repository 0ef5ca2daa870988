//! User-space instructions per request: of servers written by hand, and of the same servers written
//! with this SDK.
//!
//! Run it with `cargo bench --bench instructions`; with `--features peers` rmcp is counted too, but
//! since features of shared dependencies then add up, a bound counts as kept or missed in a run
//! without it. Needs valgrind; ends with exit code 3 where that is missing and with 1 where a bound
//! is not kept.
//!
//! Each server runs twice, once with twice as many requests as the other time. The difference
//! between the totals is the cost of the requests alone: start and end cancel out. A large copy
//! counts as one instruction per byte, so a tool list that is copied once more shows.

#![expect(clippy::print_stdout, reason = "the report of the program")]

mod support;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use support::client::Connection;
use support::http_server::HttpServer;
use support::requests::Ask::{self, Call, List, Order};
use support::scratch::Scratch;
use support::{Outcome, callgrind, command, exit, stdio_server};

/// Instructions that one call over stdio may take with one tool: 5 % more than the 15,833 that it took
/// when tools were all there was, so that a plain call does not pay for the rest of the protocol.
const STDIO_CALL: f64 = 16_625.0;

/// How much of the cost of a call the number of tools may make out: 200 against 10.
const SPREAD: f64 = 0.02;

/// How much more than an unchecked call one may take whose nested argument is checked.
const NESTED: f64 = 1.6;

/// Instructions that one call over stdio may take with one tool and the record that it leaves by default: 12 %
/// more than a call may take without. It takes some 18,180, which is 10.3 % more than the 16,484 of a call when
/// there were no records; the rest is room for other processors, which copy in other ways.
const AUDITED_CALL: f64 = 1.12 * STDIO_CALL;

/// How much more than the floor one call over HTTP may take.
const HTTP_CALL: f64 = 1.4;

/// How much more than the floor a list of 100 tools over HTTP may take.
const HTTP_LIST: f64 = 1.2;

/// How much more a list of 100 tools may take where as many others are hidden from the caller, and
/// those that are seen are so by a scope.
const FILTERED_LIST: f64 = 1.1;

/// Requests of the shorter run.
const CALLS: u64 = 1_000;
const LISTS: u64 = 250;

/// How long the client waits before each request. A server with several threads takes another way
/// through their hand-over when a request comes before all of them have gone to sleep; with the
/// pause every run takes the same one, the dearer one of a server that was idle.
const PAUSE: Duration = Duration::from_millis(1);

const FLOOR_STDIO: &str = env!("CARGO_BIN_EXE_floor-stdio");
const FLOOR_HTTP: &str = env!("CARGO_BIN_EXE_floor-http");
const OURS_STDIO: &str = env!("CARGO_BIN_EXE_ours-stdio");
const NESTED_STDIO: &str = env!("CARGO_BIN_EXE_nested-stdio");
const OURS_CALLERS: &str = env!("CARGO_BIN_EXE_ours-callers");
const OURS_HTTP: &str = env!("CARGO_BIN_EXE_ours-http");

fn main() -> ExitCode {
    if !command::is_bench() {
        println!("measures only under `cargo bench`");
        return ExitCode::SUCCESS;
    }
    if !callgrind::is_installed() {
        eprintln!("valgrind is not installed; nothing was counted");
        return ExitCode::from(exit::TOOL_MISSING);
    }
    exit::with(measure())
}

/// Counts everything and says whether every bound is kept.
fn measure() -> Outcome<bool> {
    let scratch = Scratch::new("mcp-instructions")?;
    let directory = scratch.path();
    let stdio = measure_stdio(directory)?;
    let nested = measure_nested(directory)?;
    let http = measure_http(directory)?;
    let callers = measure_callers(directory)?;
    Ok(stdio && nested && http && callers)
}

/// Counts the stdio servers.
fn measure_stdio(directory: &Path) -> Outcome<bool> {
    println!("tools/call over stdio, instructions per call:");
    let count = |label: &str, program: &str, arguments: &[&str]| -> Outcome<f64> {
        let counted = difference(CALLS, |requests| {
            let (count, command) = callgrind::Count::of(program, arguments, directory);
            stdio_server::run(command, Call, requests, PAUSE)?;
            count.total()
        })?;
        println!("  {label:<24}{counted:>12.0}");
        Ok(counted)
    };
    count("floor", FLOOR_STDIO, &["0"])?;
    let one = count("ours, 1 tool", OURS_STDIO, &["0"])?;
    let ten = count("ours, 10 tools", OURS_STDIO, &["9"])?;
    let many = count("ours, 200 tools", OURS_STDIO, &["199"])?;
    let audited = count("ours, 1 tool, audited", OURS_STDIO, &["0", "audited"])?;
    #[cfg(feature = "peers")]
    for (label, extra) in [("rmcp, 1 tool", "0"), ("rmcp, 200 tools", "199")] {
        count(label, env!("CARGO_BIN_EXE_rmcp-stdio"), &[extra])?;
    }

    let cheap = verdict("instructions of a call with 1 tool", one, STDIO_CALL);
    let even = verdict(
        "difference that 200 tools make to 10",
        (many - ten).abs() / ten,
        SPREAD,
    );
    let evident = verdict("instructions of an audited call", audited, AUDITED_CALL);
    Ok(cheap && even && evident)
}

/// Counts what it takes to check an argument by the schema that its type publishes.
fn measure_nested(directory: &Path) -> Outcome<bool> {
    println!("tools/call over stdio with an order of three lines, instructions per call:");
    let count = |tool: &'static str| -> Outcome<f64> {
        let counted = difference(CALLS, |requests| {
            let (count, command) = callgrind::Count::of(NESTED_STDIO, &[], directory);
            stdio_server::run(command, Order { tool }, requests, PAUSE)?;
            count.total()
        })?;
        println!("  {tool:<24}{counted:>12.0}");
        Ok(counted)
    };
    let unchecked = count("unchecked")?;
    let checked = count("checked")?;
    Ok(verdict(
        "a call whose nested argument is checked, to an unchecked one",
        checked / unchecked,
        NESTED,
    ))
}

/// Counts the HTTP servers, each with 100 tools.
fn measure_http(directory: &Path) -> Outcome<bool> {
    let mut kept = true;
    for (ask, requests, bound) in [
        (Call, CALLS, HTTP_CALL),
        (List { tools: 100 }, LISTS, HTTP_LIST),
    ] {
        println!(
            "{} over HTTP with 100 tools, instructions per request:",
            ask.method()
        );
        let count =
            |label: &str, program: &str| count_http(label, program, "99", ask, requests, directory);
        let floor = count("floor", FLOOR_HTTP)?;
        let ours = count("ours", OURS_HTTP)?;
        #[cfg(feature = "peers")]
        count("rmcp", env!("CARGO_BIN_EXE_rmcp-http"))?;
        let name = format!("{} over HTTP, ours to floor", ask.method());
        kept &= verdict(&name, ours / floor, bound);
    }
    Ok(kept)
}

/// Counts a list for a caller who sees all there is, and for one who sees half of it by a scope.
fn measure_callers(directory: &Path) -> Outcome<bool> {
    println!("tools/list over HTTP for a caller who sees 100 tools, instructions per request:");
    let ask = List { tools: 100 };
    let count =
        |label: &str, kind: &str| count_http(label, OURS_CALLERS, kind, ask, LISTS, directory);
    let open = count("of 100", "open")?;
    let scoped = count("of 200", "scoped")?;
    let name = "tools/list, filtered to unfiltered";
    Ok(verdict(name, scoped / open, FILTERED_LIST))
}

/// Counts what a server takes for one request over HTTP.
fn count_http(
    label: &str,
    program: &str,
    argument: &str,
    ask: Ask,
    requests: u64,
    directory: &Path,
) -> Outcome<f64> {
    let mut bytes = 0;
    let counted = difference(requests, |requests| {
        let (count, command) = callgrind::Count::of(program, &[argument], directory);
        let server = HttpServer::start(command)?;
        bytes = ask_all(&server, ask, requests)?;
        server.terminate()?;
        count.total()
    })?;
    println!("  {label:<24}{counted:>12.0}   {bytes:>6} bytes a reply");
    Ok(counted)
}

/// Sends the requests over one connection and checks every reply; says how long the last one was.
fn ask_all(server: &HttpServer, ask: Ask, requests: u64) -> Outcome<usize> {
    let mut connection = Connection::open(server.address)?;
    let mut length = 0;
    for id in 1..=requests {
        std::thread::sleep(PAUSE);
        connection.send(&ask.http(id, server.address))?;
        let reply = connection.receive()?;
        ask.check(id, reply)?;
        length = reply.len();
    }
    Ok(length)
}

/// The cost of one request: what a run of twice as many takes more, divided among them.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn difference(requests: u64, mut total: impl FnMut(u64) -> Outcome<u64>) -> Outcome<f64> {
    let once = total(requests)?;
    let twice = total(2 * requests)?;
    Ok((twice as f64 - once as f64) / requests as f64)
}

/// Prints whether a bound is kept.
fn verdict(what: &str, measured: f64, bound: f64) -> bool {
    let kept = measured <= bound;
    let word = if kept { "ok" } else { "TOO MUCH" };
    println!("  {word}: {what}: {measured:.3}, at most {bound:.3}");
    kept
}
