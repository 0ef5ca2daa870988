//! One event as one line.

use std::fmt::{self, Write as _};
use std::time::SystemTime;

use tracing::Event;
use tracing::field::{Field, Visit};

use crate::json;
use crate::timestamp::write_timestamp;

/// A line for people.
pub(super) fn text(event: &Event<'_>) -> Vec<u8> {
    let mut line = Text::default();
    event.record(&mut line);
    let metadata = event.metadata();
    let Text { message, fields } = line;
    let (level, target) = (metadata.level(), metadata.target());
    format!("{level} {target}: {message}{fields}\n").into_bytes()
}

#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
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

/// A line for machines.
pub(super) fn json(event: &Event<'_>, now: SystemTime) -> Vec<u8> {
    let mut found = Json::default();
    event.record(&mut found);
    let metadata = event.metadata();
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(br#"{"timestamp":""#);
    write_timestamp(&mut out, now);
    out.extend_from_slice(br#"","level":""#);
    out.extend_from_slice(metadata.level().as_str().as_bytes());
    out.extend_from_slice(br#"","message":"#);
    json::string(&mut out, &found.message);
    out.extend_from_slice(br#","target":"#);
    json::string(&mut out, metadata.target());
    if !found.fields.is_empty() {
        out.extend_from_slice(br#","fields":{"#);
        out.extend_from_slice(&found.fields);
        out.push(b'}');
    }
    out.extend_from_slice(b"}\n");
    out
}

#[derive(Default)]
struct Json {
    message: String,
    fields: Vec<u8>,
}

impl Json {
    /// Appends the key of a field.
    fn key(&mut self, field: &Field) -> &mut Vec<u8> {
        if !self.fields.is_empty() {
            self.fields.push(b',');
        }
        json::string(&mut self.fields, field.name());
        self.fields.push(b':');
        &mut self.fields
    }
}

impl Visit for Json {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message.push_str(value);
        } else {
            json::string(self.key(field), value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        json::value(self.key(field), &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        json::value(self.key(field), &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        json::value(self.key(field), &value);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::UNIX_EPOCH;

    use tracing::span::{Attributes, Id, Record};
    use tracing::{Metadata, Subscriber};

    use super::*;

    /// Keeps the lines in both forms.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<[Vec<u8>; 2]>>>);

    impl Subscriber for Kept {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            let lines = [text(event), json(event, UNIX_EPOCH)];
            self.0.lock().unwrap().push(lines);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn an_event_is_one_line_in_either_form() {
        let kept = Kept::default();
        tracing::subscriber::with_default(kept.clone(), || {
            let error = std::io::Error::other("no \"disk\"\n{\"level\":\"INFO\"}");
            tracing::warn!(tool = "export", tries = 3, late = true, left = -1, %error, "it\nfailed");
            tracing::info!("done");
        });
        let kept = kept.0.lock().unwrap();
        for [text, json] in kept.iter() {
            for line in [text, json] {
                let first = line.iter().position(|byte| *byte == b'\n');
                assert_eq!(first, Some(line.len() - 1));
            }
        }
        let json =
            |at: usize| -> serde_json::Value { serde_json::from_slice(&kept[at][1]).unwrap() };
        assert_eq!(
            json(0),
            serde_json::json!({
                "timestamp": "1970-01-01T00:00:00.000Z",
                "level": "WARN",
                "message": "it\nfailed",
                "target": module_path!(),
                "fields": {
                    "tool": "export",
                    "tries": 3,
                    "late": true,
                    "left": -1,
                    "error": "no \"disk\"\n{\"level\":\"INFO\"}",
                },
            })
        );
        assert_eq!(json(1).get("fields"), None);
    }
}
