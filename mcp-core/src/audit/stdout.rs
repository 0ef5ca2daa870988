//! Lines on standard output, each in one piece.

use std::io::{self, Write as _};

use super::record::LENGTH;
use super::{AuditRecord, AuditSink, Written};

/// One line of JSON per record.
pub(super) struct StandardOutput;

impl AuditSink for StandardOutput {
    fn record(&self, record: &AuditRecord<'_>) -> Written {
        let mut line = Vec::with_capacity(LENGTH);
        record.write_json(&mut line);
        Written::Now(write_line(line, record.runtime.transport).map_err(Into::into))
    }
}

/// Writes a line in one piece, so that those of several threads do not mix. Where standard output belongs to
/// the protocol, the line goes to standard error.
pub(crate) fn write_line(mut line: Vec<u8>, transport: &str) -> io::Result<()> {
    line.push(b'\n');
    if transport == "stdio" {
        io::stderr().lock().write_all(&line)
    } else {
        // It ends in a line break, so it goes out at once.
        io::stdout().lock().write_all(&line)
    }
}
