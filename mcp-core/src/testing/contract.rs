//! The contract of a server: a file that says what it publishes, and a test that it still does.

use std::fmt::{self, Write as _};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::changes::{self, Change};
use super::published::{self, LISTS};
use crate::protocol::Revision;
use crate::server::Server;

/// Fails the test when a server publishes something else than the file says, and says which
/// differences break callers.
///
/// The file is `contract.json` beside the `Cargo.toml` of the crate, or the one that a second, literal
/// argument names. It is written, and later brought up to date, by running the test with
/// `MCP_CONTRACT=write`, and belongs into version control. It has the tools, resources, templates and
/// prompts as revision 2026-07-28 describes them to a caller who may see all of them. No runtime is
/// needed. Where a test should not panic: [`check_contract`](crate::testing::check_contract).
///
/// ```
/// use mcp_core::{Server, server_info, tool, tools};
///
/// /// Adds two numbers.
/// #[tool(read_only)]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// // In your crate this is a #[test].
/// let server = Server::new(server_info!(), ()).tools(tools![add]).build().unwrap();
/// mcp_core::assert_contract!(server, "docs/contract.json");
/// ```
///
/// # Panics
///
/// When there is no such file, it cannot be read or written, or it says something else.
#[macro_export]
macro_rules! assert_contract {
    ($server:expr $(,)?) => {
        $crate::assert_contract!($server, "contract.json")
    };
    ($server:expr, $file:literal $(,)?) => {
        if let ::core::result::Result::Err(error) = $crate::testing::check_contract(
            &$server,
            ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $file),
        ) {
            ::core::panic!("{error}");
        }
    };
}

/// What a server publishes differs from its contract, or there is none. The text is a report. Example:
/// [`check_contract`].
#[derive(Debug)]
pub struct ContractError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Missing,
    Unusable(String),
    Changed(Vec<Change>),
}

impl ContractError {
    /// Whether a caller that kept to the contract can fail now. Example: [`check_contract`].
    pub fn breaks_callers(&self) -> bool {
        matches!(&self.reason, Reason::Changed(all) if all.iter().any(|change| change.breaks))
    }
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Missing => write!(f, "there is no contract at {path}")?,
            Reason::Unusable(text) => return write!(f, "the contract at {path}: {text}"),
            Reason::Changed(changes) => {
                write!(f, "the server publishes something else than {path} says")?;
                for (title, breaks) in [("breaks callers", true), ("breaks nobody", false)] {
                    let mut lines = String::new();
                    for change in changes.iter().filter(|change| change.breaks == breaks) {
                        let _ = write!(lines, "\n  - {}", change.text);
                    }
                    if !lines.is_empty() {
                        write!(f, "\n{title}:{lines}")?;
                    }
                }
            }
        }
        f.write_str(
            "\nhelp: if this is meant, run the test with MCP_CONTRACT=write and commit the file",
        )
    }
}

impl std::error::Error for ContractError {}

/// Compares what a server publishes with the file of [`assert_contract!`](crate::assert_contract!),
/// or writes the file if the environment has `MCP_CONTRACT=write`.
///
/// ```
/// use mcp_core::testing::{check_contract, write_contract};
/// use mcp_core::{Server, server_info, tool, tools};
///
/// /// Adds.
/// #[tool(name = "add")]
/// fn two(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// /// Adds.
/// #[tool(name = "add")]
/// fn three(a: i64, b: i64, c: i64) -> i64 {
///     a + b + c
/// }
///
/// # let file = std::env::temp_dir().join(format!("contract-{}.json", std::process::id()));
/// let old = Server::new(server_info!(), ()).tools(tools![two]).build().unwrap();
/// write_contract(&old, &file).unwrap();
/// let new = Server::new(server_info!(), ()).tools(tools![three]).build().unwrap();
/// let error = check_contract(&new, &file).unwrap_err();
/// # std::fs::remove_file(&file).unwrap();
/// assert!(error.breaks_callers());
/// assert!(error.to_string().contains("the tool `add`: `c` is new and required"));
/// ```
///
/// # Errors
///
/// When the two differ, or the file cannot be read or written.
pub fn check_contract(server: &Server, file: impl AsRef<Path>) -> Result<(), ContractError> {
    let path = file.as_ref();
    let mistake = |reason| ContractError {
        path: path.to_owned(),
        reason,
    };
    let unusable = |error: &dyn fmt::Display| mistake(Reason::Unusable(error.to_string()));
    if std::env::var_os("MCP_CONTRACT").is_some_and(|wish| wish == "write") {
        return write_contract(server, path).map_err(|error| unusable(&error));
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(mistake(Reason::Missing)),
        Err(error) => return Err(unusable(&error)),
    };
    let known: Value = serde_json::from_str(&text).map_err(|error| unusable(&error))?;
    let changes = changes::between(&known, &of(server));
    if changes.is_empty() {
        Ok(())
    } else {
        Err(mistake(Reason::Changed(changes)))
    }
}

/// Writes what a server publishes into a file. Example: [`check_contract`].
///
/// # Errors
///
/// When the file cannot be written.
pub fn write_contract(server: &Server, file: impl AsRef<Path>) -> io::Result<()> {
    fs::write(file, format!("{:#}\n", of(server)))
}

/// What a server publishes.
fn of(server: &Server) -> Value {
    let revision = Revision::V2026_07_28.as_str();
    let lists = LISTS.map(|(method, field)| {
        let entries = published::list(server, revision, (method, field));
        (field.to_owned(), Value::Array(entries))
    });
    Value::Object(Map::from_iter(lists))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server_info;

    #[test]
    fn a_contract_that_is_missing_or_none_is_an_error_that_says_so() {
        let server = Server::new(server_info!(), ()).build().unwrap();
        let file = std::env::temp_dir().join(format!("mcp-contract-{}", std::process::id()));
        let missing = check_contract(&server, &file).unwrap_err();
        assert!(!missing.breaks_callers());
        let text = missing.to_string();
        assert!(text.contains("there is no contract at"), "{text}");
        assert!(text.contains("MCP_CONTRACT=write"), "{text}");

        fs::write(&file, "{").unwrap();
        let unusable = check_contract(&server, &file).unwrap_err().to_string();
        write_contract(&server, &file).unwrap();
        let kept = check_contract(&server, &file);
        fs::remove_file(&file).unwrap();
        assert!(unusable.contains("EOF while parsing"), "{unusable}");
        assert!(kept.is_ok());
    }
}
