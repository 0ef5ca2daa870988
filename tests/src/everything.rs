//! A log of everything that anybody says, events and spans of every level, on standard error.

use std::fmt::Write as _;
use std::io::Write as _;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Starts it, for the whole process.
pub fn log() {
    let _ = tracing::subscriber::set_global_default(Everything);
}

struct Everything;

impl Everything {
    fn line(metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(format!(
            "{} {} {}",
            metadata.level(),
            metadata.target(),
            metadata.name()
        ));
        record(&mut line);
        write(&line);
    }
}

fn write(line: &Line) {
    let _ = writeln!(std::io::stderr().lock(), "{}", line.0);
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Self::line(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line("span".to_owned());
        values.record(&mut line);
        write(&line);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        Self::line(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}
