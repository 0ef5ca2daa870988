//! The full form: JSON Schema 2020-12 as schemars writes it, without what nothing enforces.

use serde_json::{Map, Value};

use super::{Direction, marks, numbers};
use crate::json;

/// Keywords that a type's attributes can publish and no check enforces: a schema promises only what
/// the server keeps.
const UNENFORCED: [&str; 11] = [
    "multipleOf",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "not",
    "if",
    "dependentRequired",
];

/// The schema of a type.
pub(super) fn of(mut tree: Value, direction: Direction) -> Map<String, Value> {
    clean(&mut tree, direction);
    match tree {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// Puts the types that refer to themselves beside the schema.
pub(super) fn add_definitions(
    schema: &mut Map<String, Value>,
    definitions: Map<String, Value>,
    direction: Direction,
) {
    if definitions.is_empty() {
        return;
    }
    let cleaned = definitions
        .into_iter()
        .map(|(name, tree)| (name, Value::Object(of(tree, direction))));
    schema.insert("$defs".to_owned(), Value::Object(cleaned.collect()));
}

/// The same, written.
pub(super) fn write_definitions(
    out: &mut Vec<u8>,
    definitions: Map<String, Value>,
    direction: Direction,
) {
    let mut holder = Map::new();
    add_definitions(&mut holder, definitions, direction);
    if let Some(definitions) = holder.get("$defs") {
        out.extend_from_slice(br#","$defs":"#);
        json::sorted(out, definitions);
    }
}

fn clean(tree: &mut Value, direction: Direction) {
    if *tree == Value::Bool(true) {
        // Older revisions want an object where a schema stands.
        *tree = Value::Object(Map::new());
    }
    let Value::Object(schema) = tree else { return };
    for key in ["$schema", "title"].into_iter().chain(marks::ALL) {
        schema.remove(key);
    }
    if direction == Direction::Input {
        let excludes_zero = numbers::excludes_zero(schema);
        schema.retain(|key, _| {
            !UNENFORCED.contains(&key.as_str()) || (key == "not" && excludes_zero)
        });
    }
    numbers::plain(schema);
    for key in ["properties", "patternProperties"] {
        if let Some(Value::Object(children)) = schema.get_mut(key) {
            for child in children.values_mut() {
                clean(child, direction);
            }
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(child) = schema.get_mut(key).filter(|child| child.is_object()) {
            clean(child, direction);
        }
    }
    for key in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        if let Some(Value::Array(children)) = schema.get_mut(key) {
            for child in children {
                clean(child, direction);
            }
        }
    }
}
