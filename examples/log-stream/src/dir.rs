//! The directory: which log files it has, and how one is opened.
//!
//! A log is a plain file directly in the directory. Its name comes from a client, and everything that
//! could lead elsewhere is refused: separators, names that begin with a dot, links, pipes, devices.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mcp_core::{Error, HostError, Result};

/// Names the directory.
const LOG_DIR: &str = "LOG_DIR";

/// How many entries of the directory are looked at, so that a crowded one costs no more than this. A
/// log beyond them can be read by its name, and nobody hears of its changes.
const MAX_ENTRIES: usize = 500;

/// The longest name that file systems know, in bytes.
const MAX_NAME: usize = 255;

/// A directory of log files.
pub(crate) struct LogDir(PathBuf);

/// What can be known of a log without opening it. Two of a file differ when it was written to in
/// between, or is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogFile {
    /// Its size.
    pub bytes: u64,
    /// When it was last written to.
    pub modified: SystemTime,
}

/// The logs of a directory.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    /// Each by its name.
    pub files: BTreeMap<String, LogFile>,
    /// Whether the directory has entries that were not looked at.
    pub more: bool,
}

impl LogDir {
    /// The directory that `LOG_DIR` names.
    pub(crate) fn from_env() -> Result<Self, HostError> {
        Self::named(std::env::var_os(LOG_DIR).as_deref())
    }

    fn named(path: Option<&OsStr>) -> Result<Self, HostError> {
        // There is no default: which files strangers may read is not for a program to guess.
        let path = path.map(Path::new).ok_or_else(|| {
            HostError::new(format!(
                "set `{LOG_DIR}` to the directory with the log files, such as `/var/log/app`; \
                 clients can read every plain file that is directly in it"
            ))
        })?;
        let found = fs::canonicalize(path).and_then(|found| fs::read_dir(&found).map(|_| found));
        let found = found.map_err(|error| {
            HostError::new(format!(
                "cannot read the directory `{}`: {error}; set `{LOG_DIR}` to the one with the log \
                 files",
                path.display()
            ))
        })?;
        Ok(Self(found))
    }

    /// A directory that is there.
    #[cfg(test)]
    pub(crate) fn at(path: &Path) -> Result<Self, HostError> {
        Self::named(Some(path.as_os_str()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The logs that there are now.
    pub(crate) fn logs(&self) -> io::Result<Logs> {
        let mut entries = fs::read_dir(&self.0)?;
        let mut logs = Logs::default();
        for entry in entries.by_ref().take(MAX_ENTRIES) {
            let entry = entry?;
            let name = entry.file_name().into_string().ok();
            // Of the entry itself, not of what a link points to. It may be gone again.
            let (Some(name), Ok(found)) = (name, entry.metadata()) else {
                continue;
            };
            if is_name(&name) && found.is_file() {
                let modified = found.modified()?;
                let bytes = found.len();
                logs.files.insert(name, LogFile { bytes, modified });
            }
        }
        logs.more = entries.next().is_some();
        Ok(logs)
    }

    /// The first `limit` names of logs that begin like this, without a look at the files.
    pub(crate) fn names_like(&self, start: &str, limit: usize) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(&self.0)?.take(MAX_ENTRIES).flatten();
        let plain = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let names = plain.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> = names
            .filter(|name| is_name(name) && name.starts_with(start))
            .collect();
        names.sort_unstable();
        names.truncate(limit);
        Ok(names)
    }

    /// Opens a log by its name.
    pub(crate) fn open(&self, name: &str) -> Result<File> {
        if !is_name(name) {
            return Err(no_log(name));
        }
        let path = self.0.join(name);
        let found = path.symlink_metadata();
        if !found.map_err(|error| unreadable(name, error))?.is_file() {
            return Err(Error::new(format!(
                "`{name}` is a directory, a link or something else that is no plain file: \
                 `list_logs` says what can be read"
            )));
        }
        let mut options = File::options();
        options.read(true);
        // What is there may be another thing by now: no link is followed, no pipe waited for.
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
        }
        options.open(path).map_err(|error| unreadable(name, error))
    }
}

/// Whether this can be the name of a log: one that stays in the directory, is not hidden, and can be
/// printed.
fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && !name.starts_with('.')
        && !name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\'))
}

fn no_log(name: &str) -> Error {
    Error::not_found(format!("no log `{name}`: `list_logs` says which there are"))
}

fn unreadable(name: &str, error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => no_log(name),
        ErrorKind::PermissionDenied => {
            Error::new(format!("`{name}` may not be read by this server"))
        }
        _ => error.into(),
    }
}
