//! What changed between two states of a contract, and what of it breaks callers.
//!
//! What a caller may send must not shrink, and what it gets must not grow.

use std::fmt;

use serde_json::{Map, Value};

use super::published::LISTS;

/// One difference.
#[derive(Debug)]
pub(super) struct Change {
    /// Whether a caller that kept to the old state can fail now.
    pub(super) breaks: bool,
    pub(super) text: String,
}

/// The differences of two contracts.
pub(super) fn between(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Changes::default();
    for (_, field) in LISTS {
        let (noun, key) = match field {
            "tools" => ("tool", "name"),
            "prompts" => ("prompt", "name"),
            "resources" => ("resource", "uri"),
            _ => ("resource template", "uriTemplate"),
        };
        changes.entries(noun, key, entries(old, field), entries(new, field));
    }
    changes.0
}

fn entries<'v>(contract: &'v Value, field: &str) -> &'v [Value] {
    let entries = contract.get(field).and_then(Value::as_array);
    entries.map_or(&[], Vec::as_slice)
}

#[derive(Default)]
struct Changes(Vec<Change>);

/// Which way data goes that a schema describes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// From the caller.
    In,
    /// To the caller.
    Out,
}

impl Changes {
    fn add(&mut self, breaks: bool, text: fmt::Arguments<'_>) {
        self.0.push(Change {
            breaks,
            text: text.to_string(),
        });
    }

    fn entries(&mut self, noun: &str, key: &str, old: &[Value], new: &[Value]) {
        let of = |all: &'_ [Value], name: &Value| {
            all.iter().position(|entry| entry.get(key) == Some(name))
        };
        for entry in old {
            let Some(Value::String(name)) = entry.get(key) else {
                continue;
            };
            let at = of(new, &Value::from(name.as_str())).and_then(|at| new.get(at));
            match at {
                None => self.add(true, format_args!("the {noun} `{name}` is gone")),
                Some(now) => self.entry(&format!("the {noun} `{name}`"), entry, now),
            }
        }
        for entry in new {
            if let Some(name) = entry.get(key).filter(|name| of(old, name).is_none()) {
                let name = name.as_str().unwrap_or_default();
                self.add(false, format_args!("the {noun} `{name}` is new"));
            }
        }
    }

    fn entry(&mut self, at: &str, old: &Value, new: &Value) {
        for key in keys(old, new) {
            let (before, now) = (old.get(key), new.get(key));
            match (key, before, now) {
                _ if before == now => {}
                ("inputSchema", Some(before), Some(now)) => {
                    self.schema(&Place::new(at, "its arguments"), Direction::In, before, now);
                }
                ("outputSchema", Some(before), Some(now)) => {
                    self.schema(&Place::new(at, "its result"), Direction::Out, before, now);
                }
                ("outputSchema", Some(_), None) => {
                    self.add(
                        true,
                        format_args!("{at}: its result has no schema any more"),
                    );
                }
                ("arguments", _, _) => self.prompt(at, old, new),
                ("mimeType", _, _) => self.add(true, format_args!("{at}: `mimeType` is another")),
                _ => self.add(false, format_args!("{at}: `{key}` is another")),
            }
        }
    }

    fn prompt(&mut self, at: &str, old: &Value, new: &Value) {
        let (old, new) = (entries(old, "arguments"), entries(new, "arguments"));
        let named = |all: &'_ [Value], name: &str| {
            all.iter()
                .position(|it| it.get("name").is_some_and(|known| known == name))
        };
        let is_required = |it: &Value| it.get("required").is_some_and(|required| *required == true);
        let name_of = |it: &'_ Value| {
            it.get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        for before in old {
            let name = name_of(before);
            match named(new, &name).and_then(|index| new.get(index)) {
                None => self.add(true, format_args!("{at}: `{name}` is gone")),
                Some(now) if is_required(now) && !is_required(before) => {
                    self.add(true, format_args!("{at}: `{name}` is required now"));
                }
                Some(now) if now != before => {
                    self.add(false, format_args!("{at}: `{name}` is described otherwise"));
                }
                Some(_) => {}
            }
        }
        for now in new {
            let name = name_of(now);
            if named(old, &name).is_none() {
                let (breaks, and) = if is_required(now) {
                    (true, " and required")
                } else {
                    (false, "")
                };
                self.add(breaks, format_args!("{at}: `{name}` is new{and}"));
            }
        }
    }

    fn schema(&mut self, at: &Place<'_>, direction: Direction, old: &Value, new: &Value) {
        let empty = Map::new();
        let (old, new) = (
            old.as_object().unwrap_or(&empty),
            new.as_object().unwrap_or(&empty),
        );
        // Breaks a caller who sends, or one who receives.
        let shrinks = direction == Direction::In;
        let grows = direction == Direction::Out;
        self.types(at, direction, old, new);
        self.values(at, direction, old, new);
        for (keys, is_lower) in [
            (
                ["minimum", "exclusiveMinimum", "minLength", "minItems"],
                true,
            ),
            (
                ["maximum", "exclusiveMaximum", "maxLength", "maxItems"],
                false,
            ),
        ] {
            for key in keys {
                let (before, now) = (number(old, key), number(new, key));
                let is_tighter = match (before, now) {
                    (None, Some(_)) => true,
                    (Some(before), Some(now)) => (now > before) == is_lower,
                    _ => false,
                };
                if before != now {
                    let breaks = if is_tighter { shrinks } else { grows };
                    self.add(
                        breaks,
                        format_args!(
                            "{at}: `{key}` is {} instead of {}",
                            Shown(new.get(key)),
                            Shown(old.get(key))
                        ),
                    );
                }
            }
        }
        for key in ["pattern", "format"] {
            match (old.get(key), new.get(key)) {
                (before, now) if before == now => {}
                (None, Some(now)) => self.add(shrinks, format_args!("{at}: `{key}` is {now} now")),
                (Some(_), None) => self.add(grows, format_args!("{at}: `{key}` is gone")),
                (_, now) => self.add(
                    true,
                    format_args!("{at}: `{key}` is another: {}", Shown(now)),
                ),
            }
        }
        self.fields(at, direction, old, new);
        for (key, step) in [("items", "[]"), ("additionalProperties", ".*")] {
            if let (Some(before), Some(now)) = (old.get(key), new.get(key)) {
                self.schema(&at.step(step), direction, before, now);
            }
        }
        for key in [
            "anyOf",
            "oneOf",
            "allOf",
            "prefixItems",
            "$ref",
            "$defs",
            "not",
            "x-mcp-header",
        ] {
            if old.get(key) != new.get(key) {
                self.add(
                    true,
                    format_args!("{at}: `{key}` is another, and may break callers"),
                );
            }
        }
        if old.get("description") != new.get("description") {
            self.add(false, format_args!("{at}: described otherwise"));
        }
    }

    fn types(
        &mut self,
        at: &Place<'_>,
        direction: Direction,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let (before, now) = (kinds(old), kinds(new));
        let gone = before.iter().find(|kind| !covers(&now, kind));
        let added = now.iter().find(|kind| !covers(&before, kind));
        // Without a type, a schema admits all of them.
        if let Some(kind) = gone.filter(|_| !now.is_empty()) {
            self.add(
                direction == Direction::In,
                format_args!("{at}: is no `{kind}` any more"),
            );
        }
        if let Some(kind) = added.filter(|_| !before.is_empty()) {
            self.add(
                direction == Direction::Out,
                format_args!("{at}: can be `{kind}` now"),
            );
        }
        if before.is_empty() != now.is_empty() {
            let is_narrower = before.is_empty();
            self.add(
                is_narrower == (direction == Direction::In),
                format_args!("{at}: `type` is another"),
            );
        }
    }

    fn values(
        &mut self,
        at: &Place<'_>,
        direction: Direction,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let (Some(before), Some(now)) = (values(old), values(new)) else {
            if values(old) != values(new) {
                let is_narrower = values(old).is_none();
                self.add(
                    is_narrower == (direction == Direction::In),
                    format_args!("{at}: the list of its values is another"),
                );
            }
            return;
        };
        for value in before.iter().filter(|value| !now.contains(value)) {
            self.add(
                direction == Direction::In,
                format_args!("{at}: {value} is gone"),
            );
        }
        for value in now.iter().filter(|value| !before.contains(value)) {
            self.add(
                direction == Direction::Out,
                format_args!("{at}: {value} is new"),
            );
        }
    }

    fn fields(
        &mut self,
        at: &Place<'_>,
        direction: Direction,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let empty = Value::Object(Map::new());
        let (before, now) = (
            old.get("properties").unwrap_or(&empty),
            new.get("properties").unwrap_or(&empty),
        );
        for name in keys(before, now) {
            let (was_required, is_required) = (requires(old, name), requires(new, name));
            match (before.get(name), now.get(name)) {
                (Some(_), None) => self.add(
                    true,
                    format_args!("{}: is gone", at.step(&format!(".{name}"))),
                ),
                (None, Some(_)) if is_required && direction == Direction::In => {
                    self.add(true, format_args!("{} is new and required", at.named(name)));
                }
                (None, Some(_)) => self.add(false, format_args!("{} is new", at.named(name))),
                (Some(before), Some(now)) => {
                    if is_required != was_required {
                        let breaks = is_required == (direction == Direction::In);
                        let words = if is_required {
                            "is required now"
                        } else {
                            "can be missing now"
                        };
                        self.add(breaks, format_args!("{} {words}", at.named(name)));
                    }
                    self.schema(&at.step(&format!(".{name}")), direction, before, now);
                }
                (None, None) => {}
            }
        }
    }
}

/// Where in a schema something is.
#[derive(Clone)]
struct Place<'p> {
    entry: &'p str,
    whole: &'p str,
    path: String,
}

impl<'p> Place<'p> {
    fn new(entry: &'p str, whole: &'p str) -> Self {
        Self {
            entry,
            whole,
            path: String::new(),
        }
    }

    fn step(&self, step: &str) -> Self {
        let mut inner = self.clone();
        inner.path.push_str(step);
        inner
    }

    /// A field in it, in words.
    fn named(&self, name: &str) -> String {
        self.step(&format!(".{name}")).to_string()
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, whole, path } = self;
        match (path.strip_prefix('.').unwrap_or(path), *whole) {
            ("", whole) => write!(f, "{entry}: {whole}"),
            (path, "its arguments") => write!(f, "{entry}: `{path}`"),
            (path, whole) => write!(f, "{entry}: `{path}` of {whole}"),
        }
    }
}

struct Shown<'v>(Option<&'v Value>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, "{value}"),
            None => f.write_str("none"),
        }
    }
}

/// The keys of either, in order, each once.
fn keys<'v>(old: &'v Value, new: &'v Value) -> Vec<&'v str> {
    let both = [old, new].into_iter().filter_map(Value::as_object);
    let mut keys: Vec<&str> = both.flat_map(Map::keys).map(String::as_str).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn number(schema: &Map<String, Value>, key: &str) -> Option<f64> {
    schema.get(key).and_then(Value::as_f64)
}

fn kinds(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn covers(kinds: &[&str], kind: &str) -> bool {
    kinds.contains(&kind) || (kind == "integer" && kinds.contains(&"number"))
}

fn values(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => Some(values.iter().collect()),
        (_, Some(only)) => Some(vec![only]),
        _ => None,
    }
}

fn requires(schema: &Map<String, Value>, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What changed between two input schemas with these fields, in one line each.
    fn changes(direction: &str, old: &Value, new: &Value) -> Vec<String> {
        let contract = |schema: &Value| json!({"tools": [{"name": "t", direction: schema}]});
        between(&contract(old), &contract(new))
            .into_iter()
            .map(|change| format!("{}{}", if change.breaks { "! " } else { "" }, change.text))
            .collect()
    }

    fn field(schema: &Value) -> Value {
        json!({"type": "object", "properties": {"a": schema}})
    }

    #[test]
    fn what_may_be_sent_must_not_shrink_and_what_comes_must_not_grow() {
        for (old, new, says, breaks_input) in [
            (
                json!({"type": "integer"}),
                json!({"type": "number"}),
                "can be `number` now",
                false,
            ),
            (
                json!({"type": "string", "enum": ["x"]}),
                json!({"type": "string", "enum": ["x", "y"]}),
                "\"y\" is new",
                false,
            ),
            (
                json!({"type": "string", "enum": ["x", "y"]}),
                json!({"type": "string", "enum": ["x"]}),
                "\"y\" is gone",
                true,
            ),
            (
                json!({"maximum": 9}),
                json!({"maximum": 10}),
                "`maximum` is 10 instead of 9",
                false,
            ),
            (
                json!({"minimum": 1}),
                json!({"minimum": 2}),
                "`minimum` is 2 instead of 1",
                true,
            ),
            (
                json!({}),
                json!({"maxLength": 5}),
                "`maxLength` is 5 instead of none",
                true,
            ),
            (
                json!({"maxLength": 5}),
                json!({}),
                "`maxLength` is none instead of 5",
                false,
            ),
            (
                json!({}),
                json!({"pattern": "x"}),
                "`pattern` is \"x\" now",
                true,
            ),
            (
                json!({"items": {"minimum": 0}}),
                json!({"items": {}}),
                "`minimum` is none instead of 0",
                false,
            ),
        ] {
            let input = changes("inputSchema", &field(&old), &field(&new));
            let output = changes("outputSchema", &field(&old), &field(&new));
            assert_eq!(input.len(), 1, "{input:?}");
            assert!(input[0].ends_with(says), "{input:?}");
            assert_eq!(input[0].starts_with("! "), breaks_input, "{input:?}");
            assert_eq!(output[0].starts_with("! "), !breaks_input, "{output:?}");
        }
    }

    #[test]
    fn fields_that_are_gone_break_and_new_ones_only_if_they_are_required() {
        let old = json!({"properties": {"a": {}, "b": {}}, "required": ["a"]});
        let new = json!({"properties": {"b": {}, "c": {}, "d": {}}, "required": ["b", "c"]});
        assert_eq!(
            changes("inputSchema", &old, &new),
            [
                "! the tool `t`: `a`: is gone",
                "! the tool `t`: `b` is required now",
                "! the tool `t`: `c` is new and required",
                "the tool `t`: `d` is new",
            ]
        );
        assert_eq!(
            changes("outputSchema", &new, &old),
            [
                "the tool `t`: `a` of its result is new",
                "! the tool `t`: `b` of its result can be missing now",
                "! the tool `t`: `c` of its result: is gone",
                "! the tool `t`: `d` of its result: is gone",
            ]
        );
    }

    #[test]
    fn entries_that_are_gone_break() {
        let old = json!({
            "tools": [{"name": "a", "description": "x", "outputSchema": {}}, {"name": "b"}],
            "resources": [{"uri": "r://a", "mimeType": "text/plain"}],
            "prompts": [{"name": "p", "arguments": [{"name": "x"}, {"name": "y"}]}],
        });
        let new = json!({
            "tools": [{"name": "a", "description": "y"}, {"name": "c"}],
            "resources": [{"uri": "r://a", "mimeType": "text/html"}],
            "prompts": [{"name": "p", "arguments": [{"name": "x", "required": true}, {"name": "z"}]}],
        });
        let texts: Vec<String> = between(&old, &new)
            .into_iter()
            .map(|change| format!("{} {}", change.breaks, change.text))
            .collect();
        assert_eq!(
            texts,
            [
                "false the tool `a`: `description` is another",
                "true the tool `a`: its result has no schema any more",
                "true the tool `b` is gone",
                "false the tool `c` is new",
                "true the resource `r://a`: `mimeType` is another",
                "true the prompt `p`: `x` is required now",
                "true the prompt `p`: `y` is gone",
                "false the prompt `p`: `z` is new",
            ]
        );
        assert!(between(&old, &old).is_empty());
    }
}
