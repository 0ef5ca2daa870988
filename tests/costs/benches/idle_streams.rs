//! What idle subscriptions cost one instance: memory for each, processor time to keep them alive, and the
//! time until all have heard of a change.
//!
//! Run it with `cargo bench -p mcp-costs --bench idle_streams`; with `--features peers` rmcp is measured
//! too. Options behind `--`: `--streams N`, `--idle SECONDS`, `--changes N`. Reads `/proc`, so it runs on
//! Linux only, and needs a file descriptor for each stream (`ulimit -n`). Ends with exit code 1 where a
//! bound is not kept, or a stream hears of nothing or ends improperly.
//!
//! Memory is what the process has in RAM; what the kernel keeps for a socket comes on top. An allocator need not
//! give back to the system what it got back, and that of glibc seldom does; so the server is filled three times,
//! and what streams left behind would count against the bound.

#![expect(clippy::print_stdout, reason = "the report of the program")]

mod support;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use support::client::Connection;
use support::http_server::HttpServer;
use support::subscription::Subscription;
use support::{Outcome, command, exit, memory, requests, ticks};

/// How much memory a stream may take, in bytes. 24 KiB are three buffers of hyper: what is written, the request that
/// was read, and what may yet be read. The last is in RAM only where the memory was used before.
const MEMORY: u64 = 40 * 1024;

/// Subscriptions at the same time.
const STREAMS: usize = 10_000;

/// How many seconds nothing changes: each stream is kept alive at least once.
const IDLE: u64 = 20;

/// How often something changes then.
const CHANGES: usize = 5;

/// How long connections may take to be closed.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    if !command::is_bench() {
        println!("measures only under `cargo bench`");
        return ExitCode::SUCCESS;
    }
    exit::with(measure())
}

/// Measures all servers and says whether ours keeps its bounds.
fn measure() -> Outcome<bool> {
    let streams = command::number("--streams", STREAMS)?;
    let idle = Duration::from_secs(command::number("--idle", IDLE)?);
    let changes = command::number("--changes", CHANGES)?;
    let ours = Subject::start("ours", env!("CARGO_BIN_EXE_ours-streams"), streams)?;
    let each = ours.measure(idle, changes)?;
    ours.end()?;
    let kept = each <= MEMORY;
    let word = if kept { "ok" } else { "TOO MUCH" };
    println!("  {word}: {each} bytes a stream of ours, at most {MEMORY}");
    #[cfg(feature = "peers")]
    Subject::start("rmcp", env!("CARGO_BIN_EXE_rmcp-streams"), streams)?.measure(idle, changes)?;
    Ok(kept)
}

/// A server under measurement.
struct Subject {
    label: &'static str,
    server: HttpServer,
    streams: usize,
}

impl Subject {
    fn start(label: &'static str, program: &str, streams: usize) -> Outcome<Self> {
        let mut command = Command::new(program);
        command.arg(streams.to_string());
        let server = HttpServer::start(command)?;
        Ok(Self {
            label,
            server,
            streams,
        })
    }

    fn say(&self, what: &str) {
        println!("{}: {what}", self.label);
    }

    fn resident_kib(&self) -> Outcome<u64> {
        memory::resident_kib(self.server.id())
    }

    /// Opens all streams, tells them of changes, drops them and opens them twice more. Returns how many bytes
    /// each took where that was most.
    fn measure(&self, idle: Duration, changes: usize) -> Outcome<u64> {
        self.change()?;
        let (files, before) = (memory::open_files(self.server.id())?, self.resident_kib()?);
        let first = self.fill(before)?;
        let mut open = first.streams;
        self.rest(idle)?;
        let idle_kib = self.resident_kib()?;
        self.say(&format!("{idle_kib} KiB after {} s", idle.as_secs()));
        self.tell(&mut open, changes)?;
        let mut most = self.resident_kib()?;
        self.say(&format!("{most} KiB after all have heard"));

        drop(open);
        self.closed(files)?;
        let after = self.resident_kib()?;
        self.say(&format!("{after} KiB after all were dropped"));
        for _ in 0..2 {
            let filled = self.fill(before)?;
            most = most.max(filled.kib);
            drop(filled.streams);
            self.closed(files)?;
        }

        let each = most.saturating_sub(before) * 1024 / u64::try_from(self.streams.max(1))?;
        self.say(&format!("{each} bytes a stream where it was most"));
        Ok(each)
    }

    /// Opens all streams.
    fn fill(&self, before: u64) -> Outcome<Filled> {
        let begun = Instant::now();
        let streams = self.open()?;
        let took = begun.elapsed();
        let kib = self.resident_kib()?;
        let count = streams.len();
        self.say(&format!(
            "{count} streams in {took:.1?}: {before} KiB before, {kib} KiB with them"
        ));
        Ok(Filled { streams, kib })
    }

    fn open(&self) -> Outcome<Vec<Subscription>> {
        let address = self.server.address;
        (0..self.streams)
            .map(|_| Subscription::open(address))
            .collect()
    }

    /// Lets time pass.
    fn rest(&self, idle: Duration) -> Outcome<()> {
        let before = ticks::of(self.server.id())?;
        std::thread::sleep(idle);
        let ticks = ticks::of(self.server.id())? - before;
        self.say(&format!(
            "{ticks} clock ticks to keep them alive for {} s",
            idle.as_secs()
        ));
        Ok(())
    }

    /// Has the resource change, and waits until all have heard of it, so many times.
    fn tell(&self, open: &mut [Subscription], changes: usize) -> Outcome<()> {
        for _ in 0..changes {
            let before = ticks::of(self.server.id())?;
            let begun = Instant::now();
            self.change()?;
            for subscription in &mut *open {
                subscription.hear("notifications/resources/updated")?;
            }
            let took = begun.elapsed();
            let ticks = ticks::of(self.server.id())? - before;
            self.say(&format!(
                "a change: all have heard after {took:.2?}, {ticks} clock ticks"
            ));
        }
        Ok(())
    }

    /// Has the resource change.
    fn change(&self) -> Outcome<()> {
        let address = self.server.address;
        let body = requests::json(1, "tools/call", r#""name":"change","#);
        let mut connection = Connection::open(address)?;
        connection.send(&requests::http(
            "tools/call",
            Some("change"),
            &body,
            address,
        ))?;
        connection.receive()?;
        Ok(())
    }

    /// Waits until the server has closed its connections.
    fn closed(&self, files: usize) -> Outcome<()> {
        let begun = Instant::now();
        while memory::open_files(self.server.id())? > files {
            if begun.elapsed() > PATIENCE {
                return Err(
                    format!("{} keeps connections whose clients are gone", self.label).into(),
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Ends the server while all streams are open: each has to get its end.
    fn end(self) -> Outcome<()> {
        let mut open = self.open()?;
        let begun = Instant::now();
        let (label, server) = (self.label, self.server);
        let ending =
            std::thread::spawn(move || server.terminate().map_err(|error| error.to_string()));
        for subscription in &mut open {
            subscription.hear(r#""resultType":"complete""#)?;
        }
        drop(open);
        ending
            .join()
            .map_err(|_| "the thread that ends the server is gone")??;
        println!(
            "{label}: all {} streams and the process have ended after {:.2?}",
            self.streams,
            begun.elapsed()
        );
        Ok(())
    }
}

/// A server with all its streams, and its memory.
struct Filled {
    streams: Vec<Subscription>,
    kib: u64,
}
