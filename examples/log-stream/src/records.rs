//! What the tools answer. The doc comments are the descriptions the model reads.

use schemars::JsonSchema;
use serde::Serialize;

/// One log file.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LogEntry {
    /// Its name.
    pub name: String,
    /// The resource with its last lines, to read or to subscribe to.
    pub uri: String,
    /// Its size.
    pub bytes: u64,
    /// How many seconds ago it was last written to.
    pub age_seconds: u64,
}

/// The log files that there are.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LogList {
    /// The log files, by name.
    pub logs: Vec<LogEntry>,
    /// Whether the directory holds more than was looked at.
    pub more: bool,
}

/// One line that contains the text.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FoundLine {
    /// Where the line begins, in bytes from the start of the file.
    pub at: u64,
    /// The line; of a long one, the part around the text.
    pub line: String,
}

/// One page of the lines that contain a text, newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SearchPage {
    /// The lines of this page. Possibly none, though there is a next page.
    pub lines: Vec<FoundLine>,
    /// Pass it as `cursor` to search on in older lines; absent once the whole file was searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
