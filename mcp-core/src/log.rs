//! The log of a server whose author installed none: one line per event on standard error.
//!
//! A subscriber that the author installs first takes its place. Spans are not shown. Example: [`ensure`].

mod line;

use std::io::Write as _;

/// How much is logged, as `tracing` has it. Example: [`ensure_as`].
pub use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

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
    ensure_as(Form::Text, LevelFilter::INFO);
}

/// The same as [`ensure`], in this form and down to this level. A host that starts later changes nothing
/// about it. The host for AWS Lambda calls it with what the function's settings say.
///
/// ```
/// use mcp_core::log::{Form, LevelFilter, ensure_as};
///
/// ensure_as(Form::Json, LevelFilter::WARN);
/// assert!(tracing::enabled!(tracing::Level::WARN));
/// assert!(!tracing::enabled!(tracing::Level::INFO));
/// ```
pub fn ensure_as(form: Form, least: LevelFilter) {
    // Fails when there is one already, which is what we want.
    let _ = tracing::subscriber::set_global_default(StandardError { form, least });
}

/// What a line of the log looks like. Example: [`ensure_as`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// For people: `INFO mcp_core::stdio: message key=value`.
    Text,
    /// For machines: an object with `timestamp` ([RFC 3339]), `level`, `message`, `target` and, where the
    /// event has any, `fields`. `timestamp` and `level` are what AWS Lambda filters by.
    ///
    /// [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339
    Json,
}

struct StandardError {
    form: Form,
    least: LevelFilter,
}

impl Subscriber for StandardError {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Spans are not shown, so that nobody pays for them.
        !metadata.is_span() && *metadata.level() <= self.least
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.least)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let line = match self.form {
            Form::Text => line::text(event),
            Form::Json => line::json(event, std::time::SystemTime::now()),
        };
        // Nothing can be done about a log that cannot be written.
        let _ = std::io::stderr().lock().write_all(&line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
