//! The walk over raw JSON along a rule.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use serde_json::Value;

use super::compile::{Choice, Count, Kinds, Node, Object, Others, Tag};
use super::number::Bound;
use super::{Report, Rule, inside, number};
use crate::args::problem::Shown;
use crate::jsonrpc;
use crate::text;

/// How much is known about the JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// It was decoded, so its types are right.
    BeyondDecoding,
    /// Nothing is known.
    All,
}

/// Walks over one value, reporting each violation by its path.
pub(super) fn start(rule: &Rule, name: &str, json: &str, depth: Depth, report: Report<'_>) {
    Walk {
        rule,
        path: name.to_owned(),
        depth,
        steps: &Cell::new(MIN_STEPS + json.len() * STEPS_PER_BYTE),
        is_over: false,
        guesses: MAX_GUESSES,
        report,
    }
    .value(&rule.root, json);
}

struct Walk<'a> {
    rule: &'a Rule,
    path: String,
    depth: Depth,
    /// How many more values are looked at. Forms inside forms are tried again and again: a few
    /// hundred bytes could keep the walk busy for years.
    steps: &'a Cell<usize>,
    /// Whether it was given up.
    is_over: bool,
    /// How many more undeclared keys are compared with fields: there can be a million of them.
    guesses: u8,
    report: Report<'a>,
}

/// Undeclared keys that are compared with fields.
const MAX_GUESSES: u8 = 20;

/// Values that are looked at however short the JSON is.
const MIN_STEPS: usize = 10_000;

/// How many more of them for each byte of it. A value has a byte at least.
const STEPS_PER_BYTE: usize = 8;

fn kinds_of(json: &str) -> Kinds {
    match json.as_bytes().first() {
        Some(b'n') => Kinds::NULL,
        Some(b't' | b'f') => Kinds::BOOLEAN,
        Some(b'"') => Kinds::STRING,
        Some(b'[') => Kinds::ARRAY,
        Some(b'{') => Kinds::OBJECT,
        Some(_) => Kinds::NUMBER,
        None => Kinds::NONE,
    }
}

impl Walk<'_> {
    fn value(&mut self, node: &Node, json: &str) {
        if self.is_over || (self.depth == Depth::BeyondDecoding && !node.is_beyond_decoding()) {
            return;
        }
        let Some(left) = self.steps.get().checked_sub(1) else {
            self.is_over = true;
            let path = &self.path;
            return (self.report)(&|| {
                format!("`{path}` has too many forms inside each other to be checked; send less")
            });
        };
        self.steps.set(left);
        if let Some(name) = &node.same_as {
            let definitions = &self.rule.definitions;
            if let Some((_, node)) = definitions.iter().find(|(known, _)| **known == **name) {
                self.value(node, json);
            }
            return;
        }
        let kind = kinds_of(json);
        if kind == Kinds::NULL && (node.kinds.has(kind) || self.depth == Depth::BeyondDecoding) {
            return;
        }
        let admitted = node.kinds.has(kind)
            || (kind == Kinds::NUMBER && node.kinds.has(Kinds::INTEGER) && number::is_whole(json));
        if !admitted {
            // A value of another type that was decoded is of a form that the type takes as well.
            if self.depth == Depth::All {
                self.violated(node, format_args!("{}", Shown(json)));
            }
            return;
        }
        if let Some(choice) = &node.choice {
            return self.choice(node, choice, json);
        }
        if let Some(values) = &node.values
            && !values.iter().any(|value| equals(value, json))
        {
            return self.violated(node, format_args!("{}", Shown(json)));
        }
        match kind {
            Kinds::NUMBER => self.number(node, json),
            Kinds::STRING => self.text(node, json),
            Kinds::ARRAY => self.list(node, json),
            Kinds::OBJECT => self.object(node, json),
            _ => {}
        }
    }

    fn number(&mut self, node: &Node, json: &str) {
        let Some(range) = &node.number else { return };
        let below = range
            .min
            .as_ref()
            .is_some_and(|min| min.is_passed(json, Ordering::Less));
        let above = range
            .max
            .as_ref()
            .is_some_and(|max| max.is_passed(json, Ordering::Greater));
        if below || above {
            self.violated(node, format_args!("{}", text::cut(json, 40)));
        }
    }

    fn text(&mut self, node: &Node, json: &str) {
        let (Some(rule), Some(text)) = (&node.text, jsonrpc::text(json)) else {
            return;
        };
        if !self.length(node, &rule.length, text.chars().count())
            && rule
                .pattern
                .as_ref()
                .is_some_and(|pattern| !pattern.is_match(&text))
        {
            self.violated(node, format_args!("{}", Shown(json)));
        }
    }

    fn list(&mut self, node: &Node, json: &str) {
        let Some(list) = &node.list else { return };
        let mut count = 0;
        inside::items(json, |item| {
            if let Some(rule) = list.first.get(count).or(list.each.as_ref()) {
                self.step(Step::Item(count), rule, item);
            }
            count += 1;
        });
        self.length(node, &list.length, count);
    }

    fn object(&mut self, node: &Node, json: &str) {
        let Some(object) = &node.object else { return };
        let all = self.depth == Depth::All;
        let mut seen = vec![false; if all { object.fields.len() } else { 0 }];
        inside::pairs(json, |key, value| {
            if let Some(index) = self.field(object, key, value)
                && let Some(seen) = seen.get_mut(index)
            {
                *seen = true;
            }
        });
        for (field, seen) in object.fields.iter().zip(seen) {
            if field.required && !seen {
                let (path, name) = (&self.path, &field.name);
                let words = &field.rule.words;
                (self.report)(&|| format!("`{path}.{name}` is required: {words}"));
            }
        }
    }

    /// Checks the value of a key. Gives the position of its field, or of the one that it may have meant.
    fn field(&mut self, object: &Object, key: &str, json: &str) -> Option<usize> {
        let found = object.fields.iter().position(|field| *field.name == *key);
        if let Some(field) = found.and_then(|index| object.fields.get(index)) {
            self.step(Step::Field(key), &field.rule, json);
            return found;
        }
        match &object.others {
            Others::Any => {}
            Others::Each(each) => {
                self.step(Step::Field(text::cut(key, 40)), each, json);
            }
            Others::Refused { of_other_variants } => {
                let is_of_other = of_other_variants.iter().any(|name| **name == *key);
                // A client that fills in all fields says so.
                if !(is_of_other && json == "null") {
                    return self.undeclared(object, key);
                }
            }
        }
        None
    }

    fn undeclared(&mut self, object: &Object, key: &str) -> Option<usize> {
        let path = &self.path;
        let names = || object.fields.iter().map(|field| &*field.name);
        (self.report)(&|| {
            let help = match text::nearest(key, names()) {
                Some(name) => format!("; did you mean `{name}`?"),
                None if object.fields.is_empty() => ", it takes no fields".to_owned(),
                None => format!("; it takes `{}`", names().collect::<Vec<_>>().join("`, `")),
            };
            format!("`{path}` has no `{}`{help}", text::cut(key, 40))
        });
        // One mistake is one violation: that field is not missing as well.
        if self.depth == Depth::BeyondDecoding || self.guesses == 0 {
            return None;
        }
        self.guesses -= 1;
        let meant = text::nearest(key, names())?;
        names().position(|name| name == meant)
    }

    /// One of several forms: the one that its tag names, or the first that fits.
    fn choice(&mut self, node: &Node, choice: &Choice, json: &str) {
        if let Some(tag) = &choice.tag {
            return self.tagged(node, choice, tag, json);
        }
        if choice.forms.iter().any(|form| self.fits(form, json)) {
            return;
        }
        match choice.meant(json) {
            Some(form) => self.all_of(form, json),
            None => self.violated(node, format_args!("{}", Shown(json))),
        }
    }

    /// Reports all that is wrong with a value, its types included.
    fn all_of(&mut self, form: &Node, json: &str) {
        let depth = std::mem::replace(&mut self.depth, Depth::All);
        self.value(form, json);
        self.depth = depth;
    }

    fn tagged(&mut self, node: &Node, choice: &Choice, tag: &Tag, json: &str) {
        let Tag { name: tag, texts } = tag;
        if !json.starts_with('{') {
            return self.violated(node, format_args!("{}", Shown(json)));
        }
        let mut given = None;
        inside::pairs(json, |key, value| {
            if *key == **tag {
                given = Some(value.to_owned());
            }
        });
        let text = given.as_deref().and_then(jsonrpc::text);
        let of_name = choice.forms.iter().zip(texts);
        let mut forms = of_name.filter(|(_, name)| text.as_deref() == Some(&***name));
        let Some((first, _)) = forms.next() else {
            let path = &self.path;
            (self.report)(&|| {
                let mut names: Vec<&str> = texts.iter().map(|name| &**name).collect();
                names.dedup();
                let names = names.join("`, `");
                match &given {
                    None => format!("`{path}.{tag}` is required: one of `{names}`"),
                    Some(_) if node.holds_secrets() => {
                        format!("`{path}.{tag}` has to be one of `{names}`")
                    }
                    Some(given) => {
                        format!(
                            "`{path}.{tag}` has to be one of `{names}`; got {}",
                            Shown(given)
                        )
                    }
                }
            });
            return;
        };
        // Two enums in one struct: several forms have the name.
        if self.fits(first, json) || forms.any(|(form, _)| self.fits(form, json)) {
            return;
        }
        self.all_of(first, json);
    }

    /// Whether a value is of a form, types included.
    fn fits(&self, form: &Node, json: &str) -> bool {
        let mut fits = true;
        Walk {
            rule: self.rule,
            path: String::new(),
            depth: Depth::All,
            steps: self.steps,
            is_over: false,
            guesses: 0,
            report: &mut |_| fits = false,
        }
        .value(form, json);
        fits
    }

    /// Whether a length is outside its bounds, which is then reported.
    fn length(&mut self, node: &Node, bounds: &Count, length: usize) -> bool {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        let is_outside = bounds.min.is_some_and(|min| length < min)
            || bounds.max.is_some_and(|max| length > max);
        if is_outside {
            self.violated(node, format_args!("a length of {length}"));
        }
        is_outside
    }

    fn violated(&mut self, node: &Node, got: fmt::Arguments<'_>) {
        let (path, words, secret) = (&self.path, &node.words, node.secret);
        (self.report)(&|| {
            if secret {
                format!("`{path}` has to be {words}; what came is not shown")
            } else {
                format!("`{path}` has to be {words}; got {got}")
            }
        });
    }

    /// Checks what lies one step further inside.
    fn step(&mut self, step: Step<'_>, node: &Node, json: &str) {
        if self.depth == Depth::BeyondDecoding && !node.is_beyond_decoding() {
            return;
        }
        let length = self.path.len();
        match step {
            Step::Field(name) => {
                self.path.push('.');
                self.path.push_str(name);
            }
            Step::Item(index) => {
                let _ = write!(self.path, "[{index}]");
            }
        }
        self.value(node, json);
        self.path.truncate(length);
    }
}

/// From a value to one inside it.
#[derive(Clone, Copy)]
enum Step<'s> {
    Field(&'s str),
    Item(usize),
}

impl Choice {
    /// The only form that knows a key of an object that is of none.
    fn meant(&self, json: &str) -> Option<&Node> {
        if !json.starts_with('{') {
            return None;
        }
        let mut keys = Vec::new();
        inside::pairs(json, |key, _| keys.push(key.to_owned()));
        let knows = |form: &&Node| {
            let fields = form.object.iter().flat_map(|object| &object.fields);
            fields
                .into_iter()
                .any(|field| keys.iter().any(|key| **key == *field.name))
        };
        let mut forms = self.forms.iter().filter(knows);
        forms.next().filter(|_| forms.next().is_none())
    }
}

/// Whether raw JSON is this value.
fn equals(value: &Value, json: &str) -> bool {
    match value {
        Value::String(text) => jsonrpc::text(json).is_some_and(|given| *given == **text),
        Value::Number(number) => Bound::new(number, false).is_some_and(|it| it.is_equal(json)),
        other => serde_json::from_str::<Value>(json).is_ok_and(|given| given == *other),
    }
}
