//! What a Lambda function costs: from its start until it asks for its first event, and processor time
//! per event; a bare `lambda_runtime` function, and one that is this SDK's.
//!
//! Run it with `cargo bench -p mcp-costs --bench lambda`; with `--features peers` `lambda_http` is
//! measured too. Options behind `--`: `--starts N` of each, `--events N` in a round, `--rounds N`.
//! Reads `/proc`, so it runs on Linux only. Ends with exit code 1 where the median of a ratio is above
//! its bound.
//!
//! All are built with one profile and take turns in one run, so what else the machine does cancels out
//! of the ratios.

#![expect(clippy::print_stdout, reason = "the report of the program")]

mod support;

use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;
use support::median::median;
use support::runtime_api::{Function, RuntimeApi};
use support::{Outcome, command, exit, ticks};

/// How much longer than the floor a start may take.
const START: f64 = 1.15;

/// How much more processor time than the floor an event may take.
const EVENT: f64 = 1.71;

/// Starts of each program.
const STARTS: usize = 60;

/// Events that each program answers in a round.
const EVENTS: u64 = 20_000;

/// Rounds of events.
const ROUNDS: usize = 5;

/// The programs, the floor first and ours second.
const PROGRAMS: &[(&str, &str)] = &[
    ("floor", env!("CARGO_BIN_EXE_floor-lambda")),
    ("ours", env!("CARGO_BIN_EXE_ours-lambda")),
    #[cfg(feature = "peers")]
    ("lambda_http", env!("CARGO_BIN_EXE_lambda-http")),
];

fn main() -> ExitCode {
    if !command::is_bench() {
        println!("measures only under `cargo bench`");
        return ExitCode::SUCCESS;
    }
    exit::with(measure())
}

/// Measures both and says whether every bound is kept.
fn measure() -> Outcome<bool> {
    let starts = starts(command::number("--starts", STARTS)?)?;
    let events = events(
        command::number("--events", EVENTS)?,
        command::number("--rounds", ROUNDS)?,
    )?;
    for (label, program) in PROGRAMS {
        let size = std::fs::metadata(program)?.len() / 1024;
        println!("{label}: {size} KiB");
    }
    Ok(starts && events)
}

/// A call of a tool through a Function URL.
fn event() -> String {
    let call = json!({
        "jsonrpc": "2.0",
        "id": 7,
        "method": "tools/call",
        "params": {"name": "add", "arguments": {"a": 2, "b": 3}},
    });
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/mcp",
        "rawQueryString": "",
        "headers": {
            "accept": "application/json, text/event-stream",
            "accept-encoding": "gzip, br, deflate",
            "content-length": "104",
            "content-type": "application/json",
            "host": "abcdefghijklmnop.lambda-url.eu-central-1.on.aws",
            "mcp-protocol-version": "2025-11-25",
            "user-agent": "python-httpx/0.28.1",
            "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-amzn-trace-id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abcdefghijklmnop",
            "authorizer": {"iam": {
                "accessKey": "AKIAEXAMPLE",
                "accountId": "123456789012",
                "callerId": "AROAEXAMPLE:session",
                "cognitoIdentity": null,
                "principalOrgId": "o-example",
                "userArn": "arn:aws:sts::123456789012:assumed-role/caller/session",
                "userId": "AROAEXAMPLE:session",
            }},
            "domainName": "abcdefghijklmnop.lambda-url.eu-central-1.on.aws",
            "domainPrefix": "abcdefghijklmnop",
            "http": {
                "method": "POST",
                "path": "/mcp",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "python-httpx/0.28.1",
            },
            "requestId": "0f5d8a5e-1a33-4c3c-9d5b-1d1a1e4b7b1f",
            "routeKey": "$default",
            "stage": "$default",
            "time": "25/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_608_000_000_u64,
        },
        "body": call.to_string(),
        "isBase64Encoded": false,
    })
    .to_string()
}

/// From the start of the process until it asks for its first event.
fn starts(rounds: usize) -> Outcome<bool> {
    let mut times = vec![Vec::new(); PROGRAMS.len()];
    // One round for nothing: the first start reads the program from the disk.
    for round in 0..=rounds {
        let mut turns: Vec<_> = PROGRAMS.iter().zip(&mut times).collect();
        if round % 2 == 1 {
            turns.reverse();
        }
        for ((_, program), times) in turns {
            let api = RuntimeApi::start(event())?;
            let started = Instant::now();
            let function = api.function(program)?;
            let took = api.asked()?.duration_since(started);
            drop(function);
            if round > 0 {
                times.push(took.as_secs_f64() * 1e3);
            }
        }
    }
    println!("from the start to the first question, {rounds} starts, milliseconds:");
    judge(&times, START)
}

/// Processor time of events.
#[expect(clippy::cast_precision_loss, reason = "ticks are far below 2^52")]
fn events(events: u64, rounds: usize) -> Outcome<bool> {
    let mut subjects = Vec::new();
    for (_, program) in PROGRAMS {
        let api = RuntimeApi::start(event())?;
        let function = api.function(program)?;
        // Those before the first round do not count.
        let reply = api.invoke(1000)?;
        check(&reply)?;
        subjects.push((api, function));
    }
    let mut times = vec![Vec::new(); PROGRAMS.len()];
    for round in 0..rounds {
        let mut turns: Vec<_> = subjects.iter().zip(&mut times).collect();
        if round % 2 == 1 {
            turns.reverse();
        }
        for ((api, function), times) in turns {
            let before = ticks::of(Function::id(function))?;
            check(&api.invoke(events)?)?;
            let took = ticks::of(function.id())? - before;
            if took == 0 {
                return Err("no measurable time; ask for more --events".into());
            }
            // A tick is 10 ms.
            times.push(took as f64 * 1e4 / events as f64);
        }
    }
    println!("processor time of an event, {rounds} rounds of {events}, microseconds:");
    judge(&times, EVENT)
}

/// Whether a reply is one to the event. What the floor says is not looked at.
fn check(reply: &[u8]) -> Outcome<()> {
    let reply: serde_json::Value = serde_json::from_slice(reply)?;
    let body = reply.get("body").and_then(|body| body.as_str());
    match body {
        Some(body) if body.contains("hello from") || body.contains(r#""structuredContent":5"#) => {
            Ok(())
        }
        _ if body.is_some_and(|body| body.contains(r#""result":5"#)) => Ok(()),
        _ => Err(format!("not the reply to the event: {reply}").into()),
    }
}

/// Prints the medians and the ratios to the floor, and judges ours.
fn judge(times: &[Vec<f64>], bound: f64) -> Outcome<bool> {
    let floor = times.first().ok_or("nothing was measured")?;
    let mut kept = true;
    for ((label, _), times) in PROGRAMS.iter().zip(times) {
        let ratios: Vec<f64> = times
            .iter()
            .zip(floor)
            .map(|(time, floor)| time / floor)
            .collect();
        let ratio = median(&ratios);
        println!(
            "  {label}: median {:.2}, to the floor x{ratio:.3}",
            median(times)
        );
        if *label == "ours" {
            kept = ratio <= bound;
            let word = if kept { "ok" } else { "TOO MUCH" };
            println!("  {word}: at most x{bound}");
        }
    }
    Ok(kept)
}
