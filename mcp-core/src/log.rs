//! The log of a server whose author installed none: one line per event on standard error.
//!
//! A subscriber that the author installs first takes its place. Spans are not shown.

use std::fmt::{self, Write as _};
use std::io::Write as _;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Makes sure that somebody hears what the server logs. Hosts call it when they start.
///
/// Without this, the cause of a private error would be lost unless the user remembered to install
/// a subscriber. Does nothing when there is one. Otherwise events of level `INFO` and above go to
/// standard error from now on; nothing can be configured, and a subscriber that is installed later
/// is refused.
///
/// ```
/// mcp_core::log::ensure();
/// assert!(tracing::enabled!(tracing::Level::INFO));
/// assert!(!tracing::enabled!(tracing::Level::DEBUG));
/// ```
pub fn ensure() {
    // Fails when there is one already, which is what we want.
    let _ = tracing::subscriber::set_global_default(StandardError);
}

struct StandardError;

impl Subscriber for StandardError {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        Some(tracing::level_filters::LevelFilter::INFO)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let metadata = event.metadata();
        let Line { message, fields } = line;
        let text = format!(
            "{} {}: {message}{fields}\n",
            metadata.level(),
            metadata.target()
        );
        // Nothing can be done about a log that cannot be written.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // A line break inside a value must not start what looks like another event, nor may a
        // control sequence reach the terminal.
        let mut text = String::new();
        for c in format!("{value:?}").chars() {
            match c {
                c if c.is_control() => text.extend(c.escape_default()),
                c => text.push(c),
            }
        }
        if field.name() == "message" {
            self.message.push_str(&text);
        } else {
            let _ = write!(self.fields, " {}={text}", field.name());
        }
    }
}
