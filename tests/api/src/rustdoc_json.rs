//! `rustdoc` with the switch that lets a stable one write JSON.
//!
//! The switch is an environment variable. Set for `cargo` as a whole, it would have build scripts run again,
//! and everything behind them compiled again; set here, it is rustdoc's alone.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let rustdoc = Command::new("rustdoc")
        .args(std::env::args_os().skip(1))
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    match rustdoc {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("rustdoc cannot be started: {error}");
            ExitCode::FAILURE
        }
    }
}
