//! The portable form: what all model vendors take.
//!
//! A schema is written anew from the keywords that it may have; what cannot be said with them is a
//! mistake that names the way out.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::forms::{self, properties, requires};
use super::{Direction, Mistake, data_enum, in_words, numbers, words};
use crate::json;

/// The longest name of a property, in bytes ([Anthropic], `^[a-zA-Z0-9_.-]{1,64}$`).
///
/// [Anthropic]: https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use
const MAX_PROPERTY: usize = 64;

/// The longest text beside an argument or a field, in characters.
const MAX_DESCRIPTION: usize = 2048;

/// The portable form of a type.
pub(super) fn of(tree: &Value, direction: Direction, at: &str) -> Result<Built, Mistake> {
    let mut place = Place {
        base: at,
        path: String::new(),
    };
    Built::of(tree, direction, &mut place)
}

/// Whether a description is short enough.
pub(super) fn check_description(text: &str, at: &str) -> Result<(), Mistake> {
    let length = text.chars().count();
    if length > MAX_DESCRIPTION {
        return Err(Mistake::new(
            at,
            format!(
                "is described in {length} characters, and clients cut what is beyond \
                 {MAX_DESCRIPTION}; shorten it"
            ),
        ));
    }
    Ok(())
}

/// Where in a type something is.
pub(super) struct Place<'a> {
    base: &'a str,
    path: String,
}

impl Place<'_> {
    pub(super) fn mistake(&self, text: &str) -> Mistake {
        Mistake::new(&self.to_text(), text)
    }

    fn to_text(&self) -> String {
        let Self { base, path } = self;
        if path.is_empty() {
            (*base).to_owned()
        } else {
            format!("{base}, at `{path}`,")
        }
    }

    /// Looks at what is one step further inside.
    pub(super) fn within<T>(&mut self, step: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        if length > 0 && step != "[]" {
            self.path.push('.');
        }
        self.path.push_str(step);
        let found = look(self);
        self.path.truncate(length);
        found
    }
}

/// A portable schema, and what is to be said about it.
pub(super) struct Built {
    pub(super) schema: Map<String, Value>,
    /// What the author wrote.
    pub(super) docs: String,
    /// What the schema itself cannot say: the meaning of variants, how a text is written.
    pub(super) added: String,
    /// Whether a result can be `null`.
    pub(super) nullable: bool,
}

impl Built {
    fn new(kind: &str) -> Self {
        let mut built = Self {
            schema: Map::new(),
            docs: String::new(),
            added: String::new(),
            nullable: false,
        };
        if !kind.is_empty() {
            built.set("type", kind);
        }
        built
    }

    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.schema.insert(key.to_owned(), value.into());
    }

    fn add(&mut self, text: &str) {
        if !self.added.is_empty() {
            self.added.push(' ');
        }
        self.added.push_str(text);
    }

    /// The schema with its description.
    pub(super) fn into_schema(mut self) -> Map<String, Value> {
        let docs = std::mem::take(&mut self.docs);
        let text = with_added(docs, &self.added);
        if !text.is_empty() {
            self.set("description", text);
        }
        self.schema
    }

    /// The portable form of any schema.
    pub(super) fn of(
        tree: &Value,
        direction: Direction,
        place: &mut Place<'_>,
    ) -> Result<Self, Mistake> {
        let empty = Map::new();
        let schema = match tree {
            Value::Object(schema) => schema,
            Value::Bool(true) => &empty,
            _ => return Err(place.mistake("has no value that fits; give it another type")),
        };
        if schema.contains_key("$ref") {
            return Err(Mistake::recursive(&place.to_text()));
        }
        let Some(mut found) = forms::forms(schema) else {
            return Err(place.mistake("has more than 256 forms; use a simpler type"));
        };
        let mut built = match found.of.as_mut_slice() {
            [] => plain(&empty_null(), direction, place)?,
            [one] => plain(one, direction, place)?,
            many => match forms::names(many) {
                Some(names) => unit_variants(&names),
                None => data_enum::merge(many, direction, place)?,
            },
        };
        if let Some(docs) = forms::docs(schema) {
            docs.clone_into(&mut built.docs);
        }
        built.nullable |= found.nullable;
        if built.nullable && direction == Direction::Output {
            built.admit_null();
        }
        let text = with_added(built.docs.clone(), &built.added);
        check_description(&text, &place.to_text())?;
        Ok(built)
    }

    /// A result says `null` where it can be that.
    fn admit_null(&mut self) {
        self.nullable = false;
        match self.schema.get_mut("type") {
            Some(Value::String(kind)) if kind != "null" => {
                let kinds = vec![kind.as_str().into(), "null".into()];
                self.set("type", Value::Array(kinds));
            }
            _ => {}
        }
        if let Some(Value::Array(values)) = self.schema.get_mut("enum") {
            values.push(Value::Null);
        }
    }
}

/// What the author wrote, followed by what the schema itself cannot say.
pub(super) fn with_added(mut docs: String, added: &str) -> String {
    if docs.is_empty() {
        return added.trim_start().to_owned();
    }
    if !added.is_empty() && !added.starts_with('\n') {
        docs.push(' ');
    }
    docs.push_str(added);
    docs
}

fn empty_null() -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "null".into());
    schema
}

fn unit_variants(names: &[(&str, Option<&str>)]) -> Built {
    let mut built = Built::new("string");
    let values: Vec<Value> = names.iter().map(|(name, _)| (*name).into()).collect();
    built.set("enum", values);
    for (name, docs) in names {
        if let Some(docs) = docs {
            let _ = write!(built.added, "\n- `{name}`: {docs}");
        }
    }
    built
}

/// A schema without combinators.
fn plain(
    schema: &Map<String, Value>,
    direction: Direction,
    place: &mut Place<'_>,
) -> Result<Built, Mistake> {
    if schema.contains_key("$ref") {
        return Err(Mistake::recursive(&place.to_text()));
    }
    let (kinds, nullable) = kinds(schema);
    let mut built = match kinds.as_slice() {
        [] if nullable => null(direction, place)?,
        [] => anything(direction, place)?,
        ["boolean"] => Built::new("boolean"),
        ["integer" | "number"] => number(schema),
        ["string"] => text(schema),
        ["array"] => list(schema, direction, place)?,
        ["object"] => object(schema, direction, place)?,
        // A decimal number, for example: what every such type takes is text.
        several if several.contains(&"string") => text(schema),
        _ => {
            return Err(place.mistake(
                "takes values of several types, which model vendors refuse; decide for one, or \
                 publish `SchemaProfile::Full`",
            ));
        }
    };
    if let Some(Value::String(docs)) = schema.get("description") {
        docs.trim().clone_into(&mut built.docs);
    }
    built.nullable |= nullable && !kinds.is_empty();
    Ok(built)
}

/// The types that a schema admits, `null` aside, and whether that is one of them.
fn kinds(schema: &Map<String, Value>) -> (Vec<&str>, bool) {
    let mut kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => values(schema).iter().map(|value| kind_of(value)).collect(),
    };
    kinds.sort_unstable();
    kinds.dedup();
    let nullable = kinds.contains(&"null");
    kinds.retain(|kind| *kind != "null");
    (kinds, nullable)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The values that a schema lists, `null` aside.
fn values(schema: &Map<String, Value>) -> Vec<Value> {
    let listed = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => values.clone(),
        (_, Some(only)) => vec![only.clone()],
        _ => Vec::new(),
    };
    listed.into_iter().filter(|it| !it.is_null()).collect()
}

fn null(direction: Direction, place: &Place<'_>) -> Result<Built, Mistake> {
    match direction {
        Direction::Output => Ok(Built::new("null")),
        Direction::Input => Err(place.mistake("takes nothing but `null`; leave it out")),
    }
}

fn anything(direction: Direction, place: &Place<'_>) -> Result<Built, Mistake> {
    match direction {
        Direction::Output => Ok(Built::new("")),
        Direction::Input => Err(place.mistake(
            "can be anything, so a model cannot know what to send; name its type, take JSON in a \
             `String`, or a `serde_json::Map` for any object",
        )),
    }
}

fn number(schema: &Map<String, Value>) -> Built {
    let mut schema = schema.clone();
    numbers::plain(&mut schema);
    let is_whole = schema.get("type").is_none_or(|kind| kind != "number");
    let mut built = Built::new(if is_whole { "integer" } else { "number" });
    for (key, exclusive, step) in [
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ] {
        if let Some(bound) = schema.get(exclusive) {
            match numbers::inclusive(bound, step).filter(|_| is_whole) {
                Some(bound) => built.set(key, bound),
                // Checked, and said in words: vendors do not know the keyword.
                None if step > 0 => built.add(&format!("Greater than {bound}.")),
                None => built.add(&format!("Less than {bound}.")),
            }
        }
        if let Some(bound) = schema.get(key)
            && !built.schema.contains_key(key)
        {
            built.set(key, bound.clone());
        }
    }
    if numbers::excludes_zero(&schema) {
        built.add("Not 0.");
    }
    // Vendors know lists of texts alone.
    let values = values(&schema);
    let as_f64 = |value: &Value| value.as_f64().unwrap_or_default();
    let least = values.iter().min_by(|a, b| as_f64(a).total_cmp(&as_f64(b)));
    let most = values.iter().max_by(|a, b| as_f64(a).total_cmp(&as_f64(b)));
    if let (Some(least), Some(most)) = (least, most) {
        built.set("minimum", least.clone());
        built.set("maximum", most.clone());
        let all: Vec<String> = values.iter().map(Value::to_string).collect();
        built.add(&format!("One of {}.", all.join(", ")));
    }
    built
}

fn text(schema: &Map<String, Value>) -> Built {
    let mut built = Built::new("string");
    let values = values(schema);
    if !values.is_empty() {
        built.set("enum", values);
        return built;
    }
    for key in ["minLength", "maxLength", "pattern"] {
        if let Some(bound) = schema.get(key) {
            built.set(key, bound.clone());
        }
    }
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(meaning) = format.and_then(words::of_format) {
        built.add(meaning);
    }
    built
}

fn list(
    schema: &Map<String, Value>,
    direction: Direction,
    place: &mut Place<'_>,
) -> Result<Built, Mistake> {
    let mut built = Built::new("array");
    let each = match schema.get("prefixItems") {
        Some(Value::Array(places)) => one_type(places, place)?,
        _ => schema.get("items").unwrap_or(&Value::Bool(true)),
    };
    let each = place.within("[]", |place| Built::of(each, direction, place))?;
    built.set("items", each.into_schema());
    for key in ["minItems", "maxItems"] {
        if let Some(bound) = schema.get(key) {
            built.set(key, bound.clone());
        }
    }
    Ok(built)
}

/// The type that all places of a tuple have.
fn one_type<'s>(places: &'s [Value], place: &Place<'_>) -> Result<&'s Value, Mistake> {
    match places {
        [first, others @ ..] if others.iter().all(|other| other == first) => Ok(first),
        _ => Err(place.mistake(
            "is a tuple of different types, which model vendors refuse; use a struct with named \
             fields",
        )),
    }
}

fn object(
    schema: &Map<String, Value>,
    direction: Direction,
    place: &mut Place<'_>,
) -> Result<Built, Mistake> {
    let mut built = Built::new("object");
    let mut all = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for (name, schema_of_field) in properties(schema) {
        let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || name.len() > MAX_PROPERTY || !name.chars().all(is_legal) {
            return Err(place.mistake(&format!(
                "has a field `{}`, and model vendors take 1 to {MAX_PROPERTY} ASCII letters, \
                 digits, `_`, `-` and `.`; rename it with `#[serde(rename = \"...\")]`",
                crate::text::cut(name, 80)
            )));
        }
        let field = place.within(name, |place| Built::of(schema_of_field, direction, place))?;
        if requires(schema, name) {
            required.push(name.into());
        }
        all.insert(name.to_owned(), Value::Object(field.into_schema()));
    }
    if let Some(each) = other_values(schema) {
        let each = place.within("*", |place| match each {
            // Any value: the author asked for whatever comes.
            Value::Bool(_) => Ok(Map::new()),
            each => Built::of(each, direction, place).map(Built::into_schema),
        })?;
        built.add(&of_others(all.is_empty(), &each));
    }
    built.set("properties", Value::Object(all));
    if !required.is_empty() {
        built.set("required", required);
    }
    Ok(built)
}

/// What the values of keys are that are not named.
fn other_values(schema: &Map<String, Value>) -> Option<&Value> {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let by_pattern = patterns.and_then(|patterns| patterns.values().next());
    let others = schema.get("additionalProperties");
    by_pattern.or(others.filter(|others| **others != Value::Bool(false)))
}

/// A map in words, since no keyword for it is portable.
fn of_others(no_fields: bool, each: &Map<String, Value>) -> String {
    let keys = if no_fields {
        "Any keys"
    } else {
        "Any further keys"
    };
    if each.is_empty() {
        return format!("{keys} and values.");
    }
    if each
        .get("type")
        .is_some_and(|kind| kind == "object" || kind == "array")
    {
        let mut shown = Vec::new();
        json::sorted(&mut shown, &Value::Object(each.clone()));
        let shown = String::from_utf8(shown).unwrap_or_default();
        return format!("{keys}; each value has the schema `{shown}`.");
    }
    format!("{keys}; each value is {}.", in_words(each))
}
