//! How a measuring program ends.

use std::process::ExitCode;

use super::Outcome;

/// A bound was not kept, or something could not be measured.
pub(crate) const MISSED: u8 = 1;

/// A program that the measurement needs is not installed.
pub(crate) const TOOL_MISSING: u8 = 3;

/// Ends a program whose measurement says whether every bound was kept.
pub(crate) fn with(outcome: Outcome<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(MISSED),
        Err(error) => {
            eprintln!("could not measure: {error}");
            ExitCode::from(MISSED)
        }
    }
}
