//! CPU time of HTTP servers under load: one written by hand, and the same one written with this
//! SDK.
//!
//! Run it with `cargo bench --bench http_cpu`; with `--features peers` rmcp is measured too.
//! Options behind `--`: `--requests N` of each server and method in a round, `--rounds N`. Reads
//! `/proc`, so it runs on Linux only. Ends with exit code 1 where the median of a ratio is above
//! its bound.
//!
//! User and system time of the server's process are compared, not what the client waits for: the
//! other programs of the machine slow both servers down, but their time is not counted. The servers
//! take turns, and every other round goes backwards, so that a slow drift of the machine cancels
//! out. What the kernel does for a large reply still varies with the machine's load; where single
//! ratios lie far apart, ask for more rounds.

#![expect(clippy::print_stdout, reason = "the report of the program")]

mod support;

use std::process::{Command, ExitCode};

use support::client::Connection;
use support::http_server::HttpServer;
use support::median::median;
use support::requests::Ask::{self, Call, List};
use support::ticks;
use support::{Outcome, command, exit};

/// How much more CPU time than the floor a call may take.
const CALL: f64 = 1.4;

/// How much more CPU time than the floor a list of 100 tools may take.
const LIST: f64 = 1.2;

/// Requests of each server and method in a round.
const REQUESTS: u64 = 40_000;

/// Rounds, unless the command line says otherwise.
const ROUNDS: usize = 5;

/// Connections that are kept open; one request is under way on each.
const CONNECTIONS: usize = 16;

/// The first id of a run: all ids have as many digits, so that all replies are equally long.
const FIRST_ID: u64 = 10_000_000;

fn main() -> ExitCode {
    if !command::is_bench() {
        println!("measures only under `cargo bench`");
        return ExitCode::SUCCESS;
    }
    exit::with(measure())
}

/// Measures both methods and says whether every bound is kept.
fn measure() -> Outcome<bool> {
    let requests = command::number("--requests", REQUESTS)?;
    let rounds = command::number("--rounds", ROUNDS)?;
    let servers = [
        Subject::start("floor", env!("CARGO_BIN_EXE_floor-http"))?,
        Subject::start("ours", env!("CARGO_BIN_EXE_ours-http"))?,
        #[cfg(feature = "peers")]
        Subject::start("rmcp", env!("CARGO_BIN_EXE_rmcp-http"))?,
    ];
    let mut kept = true;
    for (ask, bound) in [(Call, CALL), (List { tools: 100 }, LIST)] {
        for server in &servers {
            // One round for nothing: it costs the kernel more until it has sized the sockets'
            // buffers.
            server.load(ask, requests)?;
        }
        println!(
            "{} with 100 tools, {requests} requests a round, CPU time in clock ticks:",
            ask.method()
        );
        kept &= compare(&servers, ask, requests, rounds, bound)?;
    }
    Ok(kept)
}

/// Measures one method in all rounds and judges the second server against the first.
#[expect(clippy::cast_precision_loss, reason = "ticks are far below 2^52")]
fn compare(
    servers: &[Subject],
    ask: Ask,
    requests: u64,
    rounds: usize,
    bound: f64,
) -> Outcome<bool> {
    let mut ratios = vec![Vec::new(); servers.len()];
    for round in 0..rounds {
        let mut ticks = vec![0; servers.len()];
        let mut turns: Vec<_> = servers.iter().zip(&mut ticks).collect();
        if round % 2 == 1 {
            turns.reverse();
        }
        for (server, ticks) in turns {
            let before = server.ticks()?;
            server.load(ask, requests)?;
            *ticks = server.ticks()? - before;
        }
        let floor = ticks.first().copied().unwrap_or_default();
        if floor == 0 {
            return Err("the floor took no measurable time; ask for more --requests".into());
        }
        print!("  round {}:", round + 1);
        for ((server, &ticks), ratios) in servers.iter().zip(&ticks).zip(&mut ratios) {
            let ratio = ticks as f64 / floor as f64;
            ratios.push(ratio);
            print!("  {} {ticks} (x{ratio:.3})", server.label);
        }
        println!();
    }
    print!("  median:");
    for (server, ratios) in servers.iter().zip(&ratios) {
        print!("  {} x{:.3}", server.label, median(ratios));
    }
    println!();
    let ours = ratios.get(1).map_or(f64::NAN, |ratios| median(ratios));
    let kept = ours <= bound;
    let word = if kept { "ok" } else { "TOO MUCH" };
    println!(
        "  {word}: {}, ours to floor: {ours:.3}, at most {bound}",
        ask.method()
    );
    Ok(kept)
}

/// One of the servers that are compared.
struct Subject {
    label: &'static str,
    server: HttpServer,
}

impl Subject {
    /// Starts it with 100 tools.
    fn start(label: &'static str, program: &str) -> Outcome<Self> {
        let mut command = Command::new(program);
        command.arg("99");
        let server = HttpServer::start(command)?;
        Ok(Self { label, server })
    }

    /// Sends so many requests over a few connections.
    ///
    /// The first reply is checked in full, the others for their id and their length: reading every
    /// list as JSON would take the client longer than the server took to write it.
    fn load(&self, ask: Ask, requests: u64) -> Outcome<()> {
        let address = self.server.address;
        let mut connections = (0..CONNECTIONS)
            .map(|_| Connection::open(address))
            .collect::<Outcome<Vec<_>>>()?;
        let mut length = None;
        let mut id = FIRST_ID;
        while id < FIRST_ID + requests {
            for (id, connection) in (id..).zip(&mut connections) {
                connection.send(&ask.http(id, address))?;
            }
            for connection in &mut connections {
                let reply = connection.receive()?;
                let same = length.is_some_and(|length| reply.len() == length);
                if !same || !has_id(reply, id) {
                    ask.check(id, reply)?;
                }
                length.get_or_insert(reply.len());
                id += 1;
            }
        }
        Ok(())
    }

    fn ticks(&self) -> Outcome<u64> {
        ticks::of(self.server.id())
    }
}

/// True if the reply names the request where JSON-RPC envelopes usually do.
fn has_id(reply: &[u8], id: u64) -> bool {
    let id = format!(r#""id":{id},"#);
    let start = reply.get(..64).unwrap_or(reply);
    start.windows(id.len()).any(|part| part == id.as_bytes())
}
