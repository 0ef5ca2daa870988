//! The tools: plain functions that a test can call like any other.
//!
//! Owned parameters and texts come from the client, `&LogDir` from the server. Reading a file blocks
//! the thread it runs on, so they are `blocking`. `Error::new` holds a text for the model; what the
//! file system says goes through `?` and stays private.

#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::time::SystemTime;

use mcp_core::{Error, Result, tool};

use crate::cursor::Position;
use crate::dir::LogDir;
use crate::records::{LogEntry, LogList, SearchPage};
use crate::resources::log_tail;
use crate::search::{self, Wanted};

/// The log files that there are, with their sizes and ages.
// At most 500 names of 255 bytes, each once more as a URI, of which nobody could ask for fewer.
#[tool(read_only, blocking, budget = 200_000)]
pub(crate) fn list_logs(logs: &LogDir) -> Result<LogList> {
    let now = SystemTime::now();
    let found = logs.logs()?;
    let entries = found.files.into_iter().map(|(name, file)| LogEntry {
        uri: log_tail::uri(&name),
        name,
        bytes: file.bytes,
        // A clock that was set back makes a file of the future.
        age_seconds: now
            .duration_since(file.modified)
            .unwrap_or_default()
            .as_secs(),
    });
    Ok(LogList {
        logs: entries.collect(),
        more: found.more,
    })
}

/// Lines of a log file that contain a text, newest first, in pages. A page searches 16 MiB at most, so
/// it can be empty and have a next one.
// The page has bounds of its own, in lines and bytes; what a line holds can be six bytes each as JSON.
#[tool(read_only, blocking, budget = 250_000)]
pub(crate) fn search_logs(
    /// Name of the file, as `list_logs` has it.
    name: &str,
    /// What a line has to contain: plain text, taken literally.
    #[arg(length = 1..=200)]
    pattern: &str,
    /// Whether `a` also finds `A`; so for A to Z.
    #[arg(default = false)]
    ignore_case: bool,
    /// `next_cursor` of the page before, unchanged; the newest lines when left out. Stays valid while
    /// the file grows.
    cursor: Option<&str>,
    /// How many lines a page holds at most.
    #[arg(default = 20, range = 1..=100)]
    limit: u16,
    logs: &LogDir,
) -> Result<SearchPage> {
    let before = cursor
        .map(|text| Position::parse(text).ok_or_else(bad_cursor))
        .transpose()?;
    let file = logs.open(name)?;
    let end = match before {
        None => file.metadata()?.len(),
        Some(position) if position.is_in(&file)? => position.at,
        Some(_) => return Err(replaced(name)),
    };

    let wanted = Wanted::new(pattern, ignore_case);
    let found = search::backwards(&file, end, &wanted, limit.into());
    let found = found.map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => replaced(name),
        _ => error.into(),
    })?;
    let next = (found.reached > 0).then(|| Position::in_file(&file, found.reached));
    Ok(SearchPage {
        lines: found.lines,
        next_cursor: next.transpose()?.map(|next| next.to_string()),
    })
}

fn bad_cursor() -> Error {
    Error::new(
        "`cursor` is not one this tool gave out: pass `next_cursor` of the page before unchanged, \
         or leave `cursor` out to start with the newest lines",
    )
}

fn replaced(name: &str) -> Error {
    Error::new(format!(
        "`{name}` is not the file that was searched before: it was truncated or rotated. Leave \
         `cursor` out to start with its newest lines; if `list_logs` has the old file under another \
         name, the cursor is good for that one"
    ))
}
