//! Constraints inside an argument: bounds of fields, of items and of keys, as its schema publishes
//! them.
//!
//! `serde` enforces types; what it does not enforce is compiled from the schema once, when the tool
//! is first called, and checked on the raw JSON after the argument was decoded. An argument without
//! such constraints pays nothing. Where decoding failed, the same walk looks at types as well and
//! reports all that is wrong.

mod compile;
mod inside;
mod number;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::args::table::MAX_ARGUMENTS;
use crate::schema;
use crate::tool::ToolSpec;

use compile::Node;
pub(crate) use compile::is_secret;

/// What a value has to fulfil.
#[derive(Debug)]
pub(crate) struct Rule {
    root: Node,
    /// Types that refer to themselves, by name.
    definitions: Vec<(String, Node)>,
}

/// Compiles the schema of a type, as schemars wrote it. `None` when `serde` enforces all of it.
#[cfg(feature = "seal")]
pub(crate) fn compile(schema: &Value) -> Option<Rule> {
    let rule = compile_all(schema, &Map::new());
    rule.root.is_beyond_decoding().then_some(rule)
}

/// The same with the types that refer to themselves, whoever enforces it.
pub(crate) fn compile_all(schema: &Value, definitions: &Map<String, Value>) -> Rule {
    let definitions = definitions
        .iter()
        .map(|(name, schema)| (name.clone(), Node::of(schema)));
    Rule {
        root: Node::of(schema),
        definitions: definitions.collect(),
    }
}

/// What is wrong with the patterns in a schema.
pub(crate) fn check_patterns(schema: &Value) -> Result<(), String> {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(pattern)) = map.get("pattern") {
                regex_lite::Regex::new(pattern).map_err(|error| {
                    format!("has the pattern `{pattern}`, which cannot be checked: {error}")
                })?;
            }
            map.values().try_for_each(check_patterns)
        }
        Value::Array(list) => list.iter().try_for_each(check_patterns),
        _ => Ok(()),
    }
}

/// Takes a violation. The text is made when it is asked for: a hostile list can break a rule a
/// million times, and only the first few are told.
pub(crate) type Report<'a> = &'a mut dyn FnMut(&dyn Fn() -> String);

/// Checks the raw JSON of an argument that was decoded, reporting each violation by its path.
pub(crate) fn check(rule: &Rule, name: &str, json: &str, report: Report<'_>) {
    if rule.root.is_beyond_decoding() {
        walk::start(rule, name, json, walk::Depth::BeyondDecoding, report);
    }
}

/// Checks raw JSON of which nothing is known, types included.
pub(crate) fn check_all(rule: &Rule, name: &str, json: &str, report: Report<'_>) {
    walk::start(rule, name, json, walk::Depth::All, report);
}

/// The rules of a tool's arguments, compiled when first needed.
pub(crate) struct Rules {
    spec: &'static ToolSpec,
    /// The arguments that have rules beyond decoding, one bit each.
    beyond: u16,
    compiled: OnceLock<Box<[Rule]>>,
}

impl Rules {
    /// The rules of a tool of whose arguments nothing is known yet.
    pub(crate) fn new(spec: &'static ToolSpec) -> Self {
        Self {
            spec,
            beyond: 0,
            compiled: OnceLock::new(),
        }
    }

    /// Looks whether an argument, as schemars describes it, can need rules.
    pub(crate) fn expect(&mut self, index: usize, tree: &Value) {
        if compile::may_need_rules(tree) {
            self.beyond |= 1_u16 << (index % MAX_ARGUMENTS);
        }
    }

    /// The rule of an argument that was decoded, if it may have one.
    pub(crate) fn beyond_decoding(&self, index: usize) -> Option<&Rule> {
        if self.beyond == 0 || self.beyond >> index & 1 == 0 {
            return None;
        }
        self.of(index)
    }

    /// The rule of an argument.
    #[cold]
    pub(crate) fn of(&self, index: usize) -> Option<&Rule> {
        let rules = self.compiled.get_or_init(|| {
            let (trees, definitions) = schema::arguments(self.spec);
            trees
                .iter()
                .map(|tree| compile_all(tree, &definitions))
                .collect()
        });
        rules.get(index)
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules").finish_non_exhaustive()
    }
}
