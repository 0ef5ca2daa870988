//! Whether a redacted result is still what the output schema of its tool promises.

use std::collections::HashSet;

use boon::{Compiler, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

/// An output schema, compiled.
pub(crate) struct OutputCheck {
    schemas: Schemas,
    index: SchemaIndex,
    /// Keys that the schema names, which therefore tell nothing.
    pub(crate) keys: HashSet<String>,
}

impl OutputCheck {
    /// Compiles a schema. `None` if it is none, which no result fits then.
    pub(crate) fn new(schema: &[u8]) -> Option<Self> {
        let tree: Value = serde_json::from_slice(schema).ok()?;
        let mut keys = HashSet::new();
        collect_keys(&tree, &mut keys);
        let mut compiler = Compiler::new();
        // Nothing is fetched: only schemas that are given can be referred to.
        compiler.use_loader(Box::new(boon::SchemeUrlLoader::new()));
        compiler.add_resource(NAME, tree).ok()?;
        let mut schemas = Schemas::new();
        let index = compiler.compile(NAME, &mut schemas).ok()?;
        Some(Self {
            schemas,
            index,
            keys,
        })
    }

    /// Where a value does not fit; nothing if it does.
    pub(crate) fn misfit(&self, json: &[u8]) -> Option<String> {
        let Ok(value) = serde_json::from_slice(json) else {
            return Some("it is no JSON".to_owned());
        };
        let error = self.schemas.validate(&value, self.index).err()?;
        let mut places = Vec::new();
        places_of(&error, &mut places);
        Some(places.join(", "))
    }
}

const NAME: &str = "urn:output";

/// The innermost places that are wrong. What is there is not said: it may be what was to be hidden.
fn places_of(error: &ValidationError<'_, '_>, places: &mut Vec<String>) {
    if error.causes.is_empty() {
        places.push(format!("`{}`", error.instance_location));
    }
    for cause in &error.causes {
        places_of(cause, places);
    }
}

/// The names of properties, wherever they are declared.
fn collect_keys(tree: &Value, keys: &mut HashSet<String>) {
    match tree {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                keys.extend(properties.keys().cloned());
            }
            map.values().for_each(|inner| collect_keys(inner, keys));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_keys(inner, keys)),
        _ => {}
    }
}
