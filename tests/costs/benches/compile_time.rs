//! What a user waits for: the check of a crate with many tools, and the build of a small server.
//!
//! `cargo bench --bench compile_time` writes crates with 0, 10 and 200 tools, with this SDK and the
//! same functions with rmcp, and prints how long `cargo check` takes for the crate alone, its
//! dependencies being checked already. Incremental compilation is off, so that the whole crate is
//! checked; behind `--`, `--incremental` leaves it on, as it is for a user who saves a file. Without
//! that, it ends with exit code 1 if 200 tools of this SDK take more than half of the time.
//!
//! `cargo bench --bench compile_time -- --release` builds a server with one tool from nothing
//! instead, with both, in the default release profile with `strip = true` and `lto = false`. It
//! ends with exit code 1 if this SDK takes more than half of the time or makes more than half of
//! the size.

#![expect(clippy::print_stdout, reason = "the report of the program")]

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use support::median::median;
use support::scratch::Scratch;
use support::{Outcome, command, exit};

/// How many tools the checked crates have.
const SIZES: [usize; 3] = [0, 10, 200];

/// How often each crate is checked.
const ROUNDS: usize = 3;

/// The most that checking 200 tools, and time and size of the small server, may be, as a part of rmcp's.
const PART: f64 = 0.5;

fn main() -> ExitCode {
    if !command::is_bench() {
        println!("measures only under `cargo bench`");
        return ExitCode::SUCCESS;
    }
    exit::with(if command::given("--release") {
        compare_builds()
    } else {
        compare_checks(command::given("--incremental"))
    })
}

/// Who makes the server.
#[derive(Clone, Copy)]
enum Maker {
    Ours,
    Rmcp,
}

impl Maker {
    const BOTH: [Self; 2] = [Self::Ours, Self::Rmcp];

    fn label(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Rmcp => "rmcp",
        }
    }

    /// What a user writes into `[dependencies]`: no feature more than the server needs.
    fn dependencies(self) -> String {
        match self {
            Self::Ours => {
                let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../../mcp-core");
                format!("mcp-core = {{ path = {core:?}, features = [\"stdio\"] }}\n")
            }
            Self::Rmcp => concat!(
                "rmcp = { version = \"3.11\", default-features = false, ",
                "features = [\"server\", \"macros\", \"transport-io\"] }\n",
                "serde = { version = \"1\", features = [\"derive\"] }\n",
                "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n",
            )
            .to_owned(),
        }
    }

    /// The source of a stdio server with so many tools.
    fn source(self, tools: usize) -> String {
        match self {
            Self::Ours => our_source(tools),
            Self::Rmcp => rmcp_source(tools),
        }
    }
}

/// A server of this SDK.
fn our_source(tools: usize) -> String {
    let mut functions = String::new();
    let mut names = String::new();
    for tool in 0..tools {
        // Writing to a string has no way to fail.
        let _ = write!(
            functions,
            r"
/// Adds two numbers.
#[tool(read_only)]
fn add_{tool}(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {{
    a + b
}}
"
        );
        let _ = write!(names, "add_{tool}, ");
    }
    let (imports, register) = if tools == 0 {
        ("", String::new())
    } else {
        (", tool, tools", format!(".tools(tools![{names}])"))
    };
    format!(
        r"use mcp_core::{{HostError, Server, server_info, stdio{imports}}};
{functions}
fn main() -> Result<(), HostError> {{
    stdio::run(Server::new(server_info!(), ()){register}.build()?)
}}
"
    )
}

/// A server of rmcp. Each tool has a struct of its own for its arguments, as tools usually do.
fn rmcp_source(tools: usize) -> String {
    let mut structs = String::new();
    let mut functions = String::new();
    for tool in 0..tools {
        // Writing to a string has no way to fail.
        let _ = write!(
            structs,
            r"
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Add{tool} {{
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
}}
"
        );
        let _ = write!(
            functions,
            r"
    /// Adds two numbers.
    #[tool(annotations(read_only_hint = true))]
    fn add_{tool}(Parameters(Add{tool} {{ a, b }}): Parameters<Add{tool}>) -> Json<i64> {{
        Json(a + b)
    }}
"
        );
    }
    let (imports, empty) = if tools == 0 {
        ("tool_router", ", allow_empty")
    } else {
        (
            "handler::server::wrapper::Parameters, schemars, tool, tool_router, Json",
            "",
        )
    };
    format!(
        r"use rmcp::{{{imports}, ServiceExt as _, transport::stdio_pipes}};
{structs}
#[derive(Clone)]
struct Tools;

#[tool_router(server_handler{empty})]
impl Tools {{
{functions}
}}

#[tokio::main(flavor = {flavor:?})]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    Tools.serve(stdio_pipes()).await?.waiting().await?;
    Ok(())
}}
",
        flavor = "current_thread",
    )
}

/// A workspace of generated crates.
struct Workspace {
    scratch: Scratch,
}

impl Workspace {
    /// Writes one crate for each maker and size, and downloads what they depend on.
    fn generate(sizes: &[usize]) -> Outcome<Self> {
        let workspace = Self {
            scratch: Scratch::new("mcp-compile-time")?,
        };
        let root = workspace.scratch.path();
        std::fs::write(
            root.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n\
             [profile.release]\nstrip = true\nlto = false\n",
        )?;
        // The versions that the SDK itself is tested with, where it has settled on some.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
        if lock.exists() {
            std::fs::copy(lock, root.join("Cargo.lock"))?;
        }
        for maker in Maker::BOTH {
            for &tools in sizes {
                workspace.write_crate(maker, tools)?;
            }
        }
        run(workspace.cargo("fetch"))?;
        Ok(workspace)
    }

    /// Writes one crate.
    fn write_crate(&self, maker: Maker, tools: usize) -> Outcome<()> {
        let name = package(maker, tools);
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{}",
            maker.dependencies()
        );
        let directory = self.crate_path(maker, tools);
        std::fs::create_dir_all(directory.join("src"))?;
        std::fs::write(directory.join("Cargo.toml"), manifest)?;
        self.write_source(maker, tools)
    }

    /// Writes a crate's source. Cargo holds the crate for changed even if the text is the same.
    fn write_source(&self, maker: Maker, tools: usize) -> Outcome<()> {
        let path = self.crate_path(maker, tools).join("src").join("main.rs");
        Ok(std::fs::write(path, maker.source(tools))?)
    }

    fn crate_path(&self, maker: Maker, tools: usize) -> PathBuf {
        let root = self.scratch.path();
        root.join("crates").join(package(maker, tools))
    }

    /// A cargo command in the workspace: the cargo that runs this program, and no cache of
    /// compilers.
    fn cargo(&self, subcommand: &str) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(self.scratch.path())
            .env("RUSTC_WRAPPER", "")
            .env("CARGO_TARGET_DIR", self.scratch.path().join("target"))
            .args([subcommand, "--quiet"]);
        command
    }
}

/// The name of a generated crate.
fn package(maker: Maker, tools: usize) -> String {
    format!("{}-{tools}", maker.label())
}

/// Runs a command and says how long it took.
fn run(mut command: Command) -> Outcome<Duration> {
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let elapsed = start.elapsed();
    if output.status.success() {
        return Ok(elapsed);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed:\n{said}").into())
}

/// Checks the crates with few and many tools.
fn compare_checks(incremental: bool) -> Outcome<bool> {
    let workspace = Workspace::generate(&SIZES)?;
    let check = |maker, tools| -> Outcome<Duration> {
        let mut command = workspace.cargo("check");
        command
            .args(["--offline", "--package", &package(maker, tools)])
            .env("CARGO_INCREMENTAL", if incremental { "1" } else { "0" });
        run(command)
    };
    let crates = SIZES.map(|tools| Maker::BOTH.map(|maker| (maker, tools)));
    let mut times = crates.map(|row| row.map(|_| Vec::new()));
    for &(maker, tools) in crates.as_flattened() {
        check(maker, tools)?;
    }
    for _ in 0..ROUNDS {
        let times = times.as_flattened_mut();
        for (&(maker, tools), times) in crates.as_flattened().iter().zip(times) {
            workspace.write_source(maker, tools)?;
            times.push(check(maker, tools)?.as_secs_f64());
        }
    }

    println!(
        "cargo check of the user's crate alone, incremental {}, median of {ROUNDS}, in seconds:",
        if incremental { "on" } else { "off" }
    );
    println!("  tools      ours      rmcp");
    for (tools, [ours, rmcp]) in SIZES.into_iter().zip(&times) {
        println!("  {tools:>5}{:>10.2}{:>10.2}", median(ours), median(rmcp));
    }
    let [.., [ours, rmcp]] = &times;
    let part = median(ours) / median(rmcp);
    // What is checked again depends on the cache, not on the macros.
    Ok(incremental || verdict("check of 200 tools", part))
}

/// Builds a server with one tool, each maker's from nothing.
fn compare_builds() -> Outcome<bool> {
    let workspace = Workspace::generate(&[1])?;
    println!(
        "stdio server with one tool, default release profile with strip = true and lto = false:"
    );
    let build = |maker: Maker| -> Outcome<(f64, f64)> {
        let package = package(maker, 1);
        // A directory for each, so that neither finds a dependency of the other's already built.
        let target = workspace
            .scratch
            .path()
            .join(format!("target-{}", maker.label()));
        let mut command = workspace.cargo("build");
        command
            .args(["--offline", "--release", "--package", &package])
            .env("CARGO_TARGET_DIR", &target);
        let seconds = run(command)?.as_secs_f64();
        let program = format!("{package}{}", std::env::consts::EXE_SUFFIX);
        let bytes = std::fs::metadata(target.join("release").join(program))?.len();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a program is far below 2^52 bytes"
        )]
        let kib = bytes as f64 / 1024.0;
        println!("  {:<6}{seconds:>8.1} s{kib:>10.0} KiB", maker.label());
        Ok((seconds, kib))
    };
    let (our_seconds, our_kib) = build(Maker::Ours)?;
    let (rmcp_seconds, rmcp_kib) = build(Maker::Rmcp)?;
    let fast = verdict("build time", our_seconds / rmcp_seconds);
    let small = verdict("size", our_kib / rmcp_kib);
    Ok(fast && small)
}

/// Prints whether a part is small enough.
fn verdict(what: &str, part: f64) -> bool {
    let kept = part <= PART;
    let word = if kept { "ok" } else { "TOO MUCH" };
    println!("  {word}: {what}, ours to rmcp: {part:.3}, at most {PART}");
    kept
}
