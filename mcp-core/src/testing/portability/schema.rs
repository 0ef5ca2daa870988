//! The schemas inside a schema, each with its place.

use serde_json::{Map, Value};

/// One schema.
pub(super) struct Node<'s> {
    pub(super) schema: &'s Map<String, Value>,
    /// `filter.tags[]`; empty for the whole.
    pub(super) path: String,
    /// How many schemas it is inside of.
    pub(super) depth: usize,
}

impl<'s> Node<'s> {
    pub(super) fn is_root(&self) -> bool {
        self.depth == 0
    }

    pub(super) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.schema.contains_key(*key))
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        match self.schema.get("type") {
            Some(Value::String(only)) => only == kind,
            Some(Value::Array(kinds)) => kinds.iter().any(|known| known == kind),
            _ => false,
        }
    }

    /// The names of the properties.
    pub(super) fn properties(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
    }
}

/// All schemas in a schema, itself first; one that is no object counts as an empty one.
pub(super) fn nodes(schema: Option<&Value>) -> Vec<Node<'_>> {
    let mut nodes = Vec::new();
    if let Some(Value::Object(schema)) = schema {
        collect(schema, String::new(), 0, &mut nodes);
    }
    nodes
}

fn collect<'s>(
    schema: &'s Map<String, Value>,
    path: String,
    depth: usize,
    nodes: &mut Vec<Node<'s>>,
) {
    let mut inside: Vec<(&'s Map<String, Value>, String)> = Vec::new();
    for key in ["properties", "patternProperties", "$defs", "definitions"] {
        let children = schema.get(key).and_then(Value::as_object);
        for (name, child) in children.into_iter().flatten() {
            if let Value::Object(child) = child {
                let point = if path.is_empty() { "" } else { "." };
                inside.push((child, format!("{path}{point}{name}")));
            }
        }
    }
    for (key, step) in [("items", "[]"), ("additionalProperties", ".*"), ("not", "")] {
        if let Some(Value::Object(child)) = schema.get(key) {
            inside.push((child, format!("{path}{step}")));
        }
    }
    for key in ["oneOf", "anyOf", "allOf", "prefixItems"] {
        let children = schema.get(key).and_then(Value::as_array);
        let children = children.into_iter().flatten().filter_map(Value::as_object);
        inside.extend(children.map(|child| (child, path.clone())));
    }
    nodes.push(Node {
        schema,
        path,
        depth,
    });
    for (child, path) in inside {
        collect(child, path, depth + 1, nodes);
    }
}
