//! Small pieces of JSON text.

mod members;

use std::io::Write;

use serde_core::Serialize;
use serde_json::Value;

pub(crate) use members::members;

/// Appends `text` as a JSON string.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    // Most texts need no escapes.
    let needs_escapes = text
        .bytes()
        .any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    if needs_escapes {
        value(out, text);
        return;
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Appends any value whose serialisation cannot fail: text, numbers and trees of them.
pub(crate) fn value<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}

/// Appends a tree with the keys of every object sorted.
///
/// The order of `serde_json::Map` depends on a feature that any crate in the graph can switch on;
/// lists must be the same bytes in every build.
pub(crate) fn sorted(out: &mut Vec<u8>, tree: &Value) {
    match tree {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push(b'{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(out, key);
                out.push(b':');
                sorted(out, map.get(key).unwrap_or(&Value::Null));
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                sorted(out, item);
            }
            out.push(b']');
        }
        leaf => value(out, leaf),
    }
}

/// Whether arrays and objects nest deeper than `limit`.
///
/// The number of opening brackets bounds the depth, and counting them needs no look at strings;
/// only a message with many of them is walked.
pub(crate) fn deeper_than(text: &str, limit: u16) -> bool {
    let limit = usize::from(limit);
    // Counted in a byte at a time, so that many are looked at in one step.
    let opening = |chunk: &[u8]| {
        chunk.iter().fold(0_u8, |count, byte| {
            count + u8::from(matches!(byte, b'{' | b'['))
        })
    };
    let chunks = text.as_bytes().chunks(128);
    if chunks
        .map(|chunk| usize::from(opening(chunk)))
        .sum::<usize>()
        <= limit
    {
        return false;
    }
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// A writer that takes at most `limit` bytes and fails at the first byte beyond.
pub(crate) struct Bounded {
    pub(crate) bytes: Vec<u8>,
    limit: usize,
    full: bool,
}

impl Bounded {
    pub(crate) fn new(limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self {
            bytes: Vec::with_capacity(limit.min(128)),
            limit,
            full: false,
        }
    }

    /// Whether a write was refused.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.limit - self.bytes.len() {
            self.full = true;
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_exact_at_the_limit() {
        assert!(!deeper_than("[[[]]]", 3));
        assert!(deeper_than("[[[[]]]]", 3));
        assert!(deeper_than(r#"{"a":{"b":[{}]}}"#, 3));
    }

    #[test]
    fn brackets_in_strings_and_siblings_do_not_nest() {
        assert!(!deeper_than(r#"["[[[[\"[[[["]"#, 1));
        assert!(!deeper_than("[[],[],[],[]]", 2));
    }

    #[test]
    fn the_bounded_writer_takes_n_and_refuses_n_plus_one() {
        let mut out = Bounded::new(4);
        assert!(out.write_all(b"1234").is_ok() && !out.is_full());
        assert!(out.write_all(b"5").is_err() && out.is_full());
        assert_eq!(out.bytes, b"1234");
    }

    #[test]
    fn keys_come_out_sorted_at_every_level() {
        let tree = serde_json::json!({"b": {"z": 1, "a": [2]}, "a": null});
        let mut out = Vec::new();
        sorted(&mut out, &tree);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"a":null,"b":{"a":[2],"z":1}}"#
        );
    }
}
