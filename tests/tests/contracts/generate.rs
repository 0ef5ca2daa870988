//! Values made from a published schema.

use fastrand::Rng;
use serde_json::{Map, Value};

/// Makes values of one schema.
pub(crate) struct Generator<'a> {
    pub(crate) definitions: Option<&'a Value>,
    /// Texts that are known to fit something in it: no text is made up for a pattern or a format.
    pub(crate) texts: &'a [String],
}

impl Generator<'_> {
    /// A value of a schema, which is not always one that a call takes.
    pub(crate) fn value(&self, schema: &Value, rng: &mut Rng, depth: u8) -> Value {
        let Value::Object(schema) = schema else {
            return any(rng, depth);
        };
        if let Some(Value::String(target)) = schema.get("$ref") {
            let name = target.rsplit('/').next().unwrap_or_default();
            let definition = self.definitions.and_then(|all| all.get(name));
            return definition.map_or(Value::Null, |schema| self.value(schema, rng, depth + 1));
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            return rng.choice(values).cloned().unwrap_or_default();
        }
        for key in ["oneOf", "anyOf"] {
            let Some(chosen) = schema
                .get(key)
                .and_then(Value::as_array)
                .and_then(|all| rng.choice(all))
            else {
                continue;
            };
            let mut value = self.value(chosen, rng, depth);
            if let (Value::Object(value), true) = (&mut value, schema.contains_key("properties")) {
                value.extend(self.object(schema, rng, depth));
            }
            return value;
        }
        let kind = match schema.get("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => match rng.choice(kinds) {
                Some(Value::String(kind)) => kind,
                _ => return Value::Null,
            },
            _ => return any(rng, depth),
        };
        match kind.as_str() {
            "boolean" => rng.bool().into(),
            "integer" => whole(schema, rng).into(),
            "number" => real(schema, rng),
            "string" => self.text(schema, rng).into(),
            "array" => self.list(schema, rng, depth),
            "object" => Value::Object(self.object(schema, rng, depth)),
            _ => Value::Null,
        }
    }

    fn text(&self, schema: &Map<String, Value>, rng: &mut Rng) -> String {
        let bounds = ["minLength", "maxLength"].map(|key| schema.get(key).and_then(Value::as_u64));
        let has_words = schema.contains_key("pattern") || schema.contains_key("format");
        if (has_words || rng.u8(..4) == 0)
            && let Some(text) = rng.choice(self.texts)
        {
            return text.clone();
        }
        let (min, max) = (bounds[0].unwrap_or(0), bounds[1].unwrap_or(8));
        let letters = ['a', 'Z', '0', 'ä', '-', ' ', '"', '\u{1F600}'];
        (0..rng.u64(min..=max.max(min)))
            .filter_map(|_| rng.choice(&letters))
            .collect()
    }

    fn list(&self, schema: &Map<String, Value>, rng: &mut Rng, depth: u8) -> Value {
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        let min = count("minItems").unwrap_or(0);
        let max = count("maxItems").unwrap_or(if depth > 4 { min } else { min + 3 });
        let places = schema.get("prefixItems").and_then(Value::as_array);
        let each = schema.get("items").cloned().unwrap_or(Value::Bool(true));
        let length = rng.u64(min..=max.max(min));
        (0..usize::try_from(length).unwrap_or(0))
            .map(|index| {
                let item = places.and_then(|places| places.get(index)).unwrap_or(&each);
                self.value(item, rng, depth + 1)
            })
            .collect()
    }

    fn object(&self, schema: &Map<String, Value>, rng: &mut Rng, depth: u8) -> Map<String, Value> {
        let mut object = Map::new();
        let required = schema.get("required").and_then(Value::as_array);
        for (name, field) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let is_required = required.is_some_and(|all| all.iter().any(|known| known == name));
            if is_required || rng.bool() {
                object.insert(name.clone(), self.value(field, rng, depth + 1));
            }
        }
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        let (keys, each) = match patterns.and_then(|all| all.values().next()) {
            Some(each) => (["7", "12"], Some(each)),
            None => (["a", "other"], schema.get("additionalProperties")),
        };
        if let Some(each) = each.filter(|each| **each != Value::Bool(false) && depth < 5) {
            for key in keys {
                if rng.bool() && !object.contains_key(key) {
                    object.insert(key.to_owned(), self.value(each, rng, depth + 1));
                }
            }
        }
        object
    }
}

fn whole(schema: &Map<String, Value>, rng: &mut Rng) -> i64 {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let (min, max) = (
        bound("minimum").unwrap_or(-1000),
        bound("maximum").unwrap_or(1000),
    );
    let max = bound("exclusiveMaximum").map_or(max, |bound| bound - 1);
    match rng.u8(..4) {
        0 => min,
        1 => max,
        _ => rng.i64(min..=max.max(min)),
    }
}

fn real(schema: &Map<String, Value>, rng: &mut Rng) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let min = bound("minimum")
        .or(bound("exclusiveMinimum"))
        .unwrap_or(-100.0);
    let max = bound("maximum")
        .or(bound("exclusiveMaximum"))
        .unwrap_or(100.0);
    (min + rng.f64() * (max - min)).into()
}

/// Any value at all.
pub(crate) fn any(rng: &mut Rng, depth: u8) -> Value {
    match rng.u8(..if depth > 3 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => rng.i64(-300..300).into(),
        3 => (rng.f64() * 10.0).into(),
        4 => rng.u64(..).into(),
        5 => ["", "x", "5", "true", "[1]", "{}", "1e3", "-0"][rng.usize(..8)].into(),
        6 => (0..rng.usize(..3)).map(|_| any(rng, depth + 1)).collect(),
        _ => {
            let keys = ["a", "x", "kind", "value"];
            let pairs =
                (0..rng.usize(..3)).map(|_| (keys[rng.usize(..4)].to_owned(), any(rng, depth + 1)));
            Value::Object(pairs.collect())
        }
    }
}
