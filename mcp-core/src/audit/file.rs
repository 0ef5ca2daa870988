//! Records at the end of a file, intents through to the disk.

use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use super::{AuditError, AuditEvent, AuditRecord, AuditSink, Written};
use crate::json;
use crate::timestamp::write_timestamp;

/// A file to which records are appended, one line of JSON each. Nothing is ever taken out of it.
///
/// An intent ([`Audit::intents`](super::Audit::intents)) is on the disk before its call runs (`fsync`). A call
/// that the process did not survive has an intent without an end. When the file is opened the next time,
/// a line with the event `unfinished` and the same `audit_id` is added for each: who reads the file sees
/// that the call never completed, and that it may have taken effect.
///
/// Of several processes each needs a file of its own: one that opens a file takes what others are about
/// to finish for unfinished.
///
/// ```
/// use mcp_core::audit::{Audit, AuditFile};
/// use mcp_core::{Server, server_info};
///
/// # fn main() -> Result<(), mcp_core::HostError> {
/// # let directory = std::env::temp_dir().join(format!("mcp-audit-example-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("audit.jsonl");
/// let file = AuditFile::open(path)?;
/// let audit = Audit::to(file).intents().fail_closed();
/// let server = Server::new(server_info!(), ()).audit(audit).build()?;
/// # drop(server);
/// # std::fs::remove_dir_all(directory)?;
/// # Ok(())
/// # }
/// ```
pub struct AuditFile {
    file: Arc<File>,
    unfinished: usize,
}

impl AuditFile {
    /// Opens the file, which is made if it is not there, and adds a line for each call that an earlier
    /// process did not finish. Reads the whole file once. Example: [`AuditFile`].
    ///
    /// # Errors
    ///
    /// It cannot be opened, read or written.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let open = unfinished(BufReader::new(&file))?;
        let mut lines = Vec::new();
        if is_cut(&mut file)? {
            lines.push(b'\n');
        }
        for (id, intent) in &open {
            lines.extend_from_slice(br#"{"timestamp":""#);
            write_timestamp(&mut lines, SystemTime::now());
            lines.extend_from_slice(
                br#"","level":"WARN","log_type":"mcp.audit","schema_version":"1","audit_id":"#,
            );
            json::string(&mut lines, id);
            lines.extend_from_slice(br#","event":"unfinished","intent":"#);
            json::string(&mut lines, intent);
            lines.extend_from_slice(b"}\n");
        }
        file.write_all(&lines)?;
        file.sync_data()?;
        Ok(Self {
            file: Arc::new(file),
            unfinished: open.len(),
        })
    }

    /// How many calls an earlier process had begun and not finished.
    ///
    /// ```
    /// # use mcp_core::audit::AuditFile;
    /// fn warn(file: &AuditFile) {
    ///     if file.unfinished() > 0 {
    ///         eprintln!("some calls were not finished; look for \"unfinished\" in the audit file");
    ///     }
    /// }
    /// ```
    pub fn unfinished(&self) -> usize {
        self.unfinished
    }
}

impl AuditSink for AuditFile {
    fn record(&self, record: &AuditRecord<'_>) -> Written {
        let mut line = record.to_json();
        line.push(b'\n');
        // In one piece, so that lines of several threads do not mix.
        let written = (&*self.file).write_all(&line);
        if written.is_err() || record.event() != AuditEvent::Intent {
            return Written::Now(written.map_err(Into::into));
        }
        let file = Arc::clone(&self.file);
        Written::later(async move {
            let synced = tokio::task::spawn_blocking(move || file.sync_data()).await;
            synced.map_err(AuditError::from)?.map_err(AuditError::from)
        })
    }
}

impl fmt::Debug for AuditFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditFile")
            .field("unfinished", &self.unfinished)
            .finish_non_exhaustive()
    }
}

/// The ids of calls without an end, each with the moment of its intent. What is no record is passed over.
fn unfinished(mut lines: impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut open: HashMap<String, String> = HashMap::new();
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let record: Value = serde_json::from_slice(&line).unwrap_or_default();
        line.clear();
        let text = |key: &str| record.get(key).and_then(Value::as_str);
        match (text("audit_id"), text("event")) {
            (Some(id), Some("intent")) => {
                let moment = text("timestamp").unwrap_or_default();
                open.insert(id.to_owned(), moment.to_owned());
            }
            (Some(id), _) => {
                open.remove(id);
            }
            _ => {}
        }
    }
    let mut open: Vec<_> = open.into_iter().collect();
    // In the order in which they began.
    open.sort_unstable_by(|(a, then), (b, later)| (then, a).cmp(&(later, b)));
    Ok(open)
}

/// Whether the last line has no end, since the process ended while it wrote it.
fn is_cut(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, event: &str, moment: &str) -> String {
        format!(r#"{{"timestamp":"{moment}","audit_id":"{id}","event":"{event}"}}"#)
    }

    #[test]
    fn what_has_no_end_is_said_to_have_none_and_only_once() {
        let name = format!("mcp-core-audit-{}.jsonl", std::process::id());
        let path = std::env::temp_dir().join(name);
        let before = [
            line("b", "intent", "2"),
            line("done", "intent", "1"),
            "no record".to_owned(),
            line("a", "intent", "3"),
            line("done", "end", "4"),
            line("other", "end", "5"),
            r#"{"audit_id":"cut","ev"#.to_owned(),
        ];
        std::fs::write(&path, before.join("\n")).unwrap();
        let opened = |expected: usize| {
            assert_eq!(AuditFile::open(&path).unwrap().unfinished(), expected);
            std::fs::read_to_string(&path).unwrap()
        };
        let after = opened(2);
        let lines: Vec<&str> = after.lines().collect();
        assert!(lines.iter().zip(&before).all(|(now, then)| now == then));
        let added: Vec<Value> = lines[7..]
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(added.len(), 2);
        for (line, (id, intent)) in added.iter().zip([("b", "2"), ("a", "3")]) {
            assert_eq!(line["event"], "unfinished");
            assert_eq!(
                (&line["audit_id"], &line["intent"]),
                (&id.into(), &intent.into())
            );
        }
        assert_eq!(opened(0), after);
        std::fs::remove_file(path).unwrap();
    }
}
