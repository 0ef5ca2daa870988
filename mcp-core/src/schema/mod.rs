//! Schemas of tools: what schemars says about a type, brought into the form that is published.
//!
//! The same description is compiled into the checks of a call (`args/nested`), so what is promised
//! and what is enforced have one source. Property order is the order of the signature, other keys
//! are sorted, so the bytes are the same in every build.

mod data_enum;
pub(crate) mod forms;
mod full;
mod numbers;
mod portable;
mod words;

use std::fmt;

use schemars::SchemaGenerator;
use schemars::generate::{Contract, SchemaSettings};
use serde_json::{Map, Value};

use crate::args::nested::{self, Rules};
use crate::args::{Arg, Bounds, DefaultValue, Items, NumberBounds};
use crate::json;
use crate::tool::ToolSpec;

pub(crate) use words::{in_words, kind};

/// Which form of JSON Schema a server publishes for the tools of [`tools!`](crate::tools).
///
/// What a call is checked against is the same with both. Every kind of type and what becomes of it:
/// the [table of types](crate::types).
///
/// ```
/// use mcp_core::{SchemaProfile, Server, server_info, tool, tools};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// enum Shape {
///     Circle(f64),
///     Square(f64),
/// }
///
/// /// Draws a shape.
/// #[tool]
/// fn draw(shape: Shape) {}
///
/// // No plain object says "either of two", which most model vendors refuse.
/// let portable = Server::new(server_info!(), ()).tools(tools![draw]).build();
/// assert!(portable.unwrap_err().to_string().contains("serde(tag"));
/// let full = Server::new(server_info!(), ()).tools(tools![draw]).schemas(SchemaProfile::Full);
/// assert!(full.build().is_ok());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaProfile {
    /// What all model vendors take: everything inlined, no combinators, no `additionalProperties`,
    /// no `default`, no `format`. A type that it cannot say is an error of
    /// [`build()`](crate::ServerBuilder::build).
    #[default]
    Portable,
    /// What JSON Schema 2020-12 can say: `oneOf`, `$defs`, `const`, formats, `null`. Not every vendor
    /// takes it.
    Full,
}

/// Keywords by which types of ours say what they are. They are looked for and taken out again.
pub(crate) mod marks {
    /// The argument is a cursor, and arrives sealed.
    pub(crate) const CURSOR: &str = "x-mcp-core-cursor";
    /// The result is a page.
    pub(crate) const PAGE: &str = "x-mcp-core-page";
    /// The argument holds a secret.
    pub(crate) const SECRET: &str = "x-mcp-core-secret";

    pub(super) const ALL: [&str; 3] = [CURSOR, PAGE, SECRET];
}

/// Which way the data goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// From the client, decoded.
    Input,
    /// To the client, encoded.
    Output,
}

/// The input side of a tool.
pub(crate) struct Input {
    /// The schema as JSON.
    pub(crate) schema: Vec<u8>,
    /// What each argument has to be, in words, for error replies.
    pub(crate) expects: Box<[String]>,
    /// What lies inside the arguments and has to be checked.
    pub(crate) rules: Rules,
    /// The argument that is a cursor.
    pub(crate) cursor: Cursor,
    /// The arguments that hold secrets, a bit for each.
    pub(crate) secrets: u16,
}

/// Which argument is a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cursor {
    None,
    At(usize),
    /// Two are, or one lies inside an argument.
    Misplaced,
}

impl Cursor {
    /// With what one more argument says of itself.
    fn and(self, index: usize, tree: &Value) -> Self {
        let is_cursor = |schema: &Map<String, Value>| schema.contains_key(marks::CURSOR);
        match (self, tree.as_object().is_some_and(is_cursor)) {
            (Self::None, true) => Self::At(index),
            (Self::At(_), true) => Self::Misplaced,
            (_, false) if has(tree, &is_cursor) => Self::Misplaced,
            _ => self,
        }
    }
}

/// Whether some schema in a tree is of a kind.
fn has(tree: &Value, kind: &dyn Fn(&Map<String, Value>) -> bool) -> bool {
    match tree {
        Value::Object(map) => kind(map) || map.values().any(|inner| has(inner, kind)),
        Value::Array(items) => items.iter().any(|inner| has(inner, kind)),
        _ => false,
    }
}

/// The output side of a tool.
pub(crate) struct Output {
    /// The schema as JSON.
    pub(crate) schema: Vec<u8>,
    /// How results are sent.
    pub(crate) shape: Shape,
    /// Whether results are pages.
    pub(crate) is_page: bool,
}

/// How a result is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As text, without structured content.
    Text,
    /// As empty content.
    Nothing,
    /// As structured content whose root is an object.
    Object,
    /// As structured content of another type, which older revisions want in an object.
    Other,
}

/// Why a type has no schema, and what to do: the place, and the rest of the sentence.
#[derive(Debug)]
pub(crate) struct Mistake {
    at: String,
    text: String,
}

impl Mistake {
    fn new(at: &str, text: impl Into<String>) -> Self {
        Self {
            at: at.to_owned(),
            text: text.into(),
        }
    }

    fn recursive(at: &str) -> Self {
        Self::new(
            at,
            "contains itself, which model vendors refuse; use a depth-limited copy of the type, or \
             JSON in a string",
        )
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, text } = self;
        write!(f, "{at} {text}")
    }
}

/// The most bytes of one schema: all tools travel to a model in one request.
const MAX_SCHEMA: usize = 64 * 1024;

fn generator(direction: Direction) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.contract = match direction {
        Direction::Input => Contract::Deserialize,
        Direction::Output => Contract::Serialize,
    };
    settings.into_generator()
}

/// What a type takes, as schemars describes it.
#[cfg(feature = "seal")]
pub(crate) fn of_input<T: schemars::JsonSchema>() -> Value {
    generator(Direction::Input).subschema_for::<T>().to_value()
}

/// What schemars and `#[arg]` say about the arguments of a tool, and the types that refer to
/// themselves.
pub(crate) fn arguments(spec: &ToolSpec) -> (Vec<Value>, Map<String, Value>) {
    let mut generator = generator(Direction::Input);
    let trees = spec.args.iter().map(|arg| {
        let mut tree = (arg.schema)(&mut generator).to_value();
        constrain_inside(&mut tree, arg);
        constrain(&mut tree, arg);
        tree
    });
    let trees = trees.collect();
    (trees, generator.take_definitions(true))
}

/// The same for a tool's result, if it has a type.
pub(crate) fn result(spec: &ToolSpec) -> Option<(Value, Map<String, Value>)> {
    let mut generator = generator(Direction::Output);
    let tree = (spec.output)(&mut generator)?.to_value();
    Some((tree, generator.take_definitions(true)))
}

/// The input schema of a tool.
pub(crate) fn input(spec: &'static ToolSpec, profile: SchemaProfile) -> Result<Input, Mistake> {
    let mut generator = generator(Direction::Input);
    let mut out = br#"{"type":"object","properties":{"#.to_vec();
    let mut expects = Vec::with_capacity(spec.args.len());
    let mut required = Vec::new();
    let mut rules = Rules::new(spec);
    let (mut cursor, mut secrets) = (Cursor::None, 0);
    for (index, arg) in spec.args.iter().enumerate() {
        let at = format!("its argument `{}`", arg.name);
        let mut tree = (arg.schema)(&mut generator).to_value();
        cursor = cursor.and(index, &tree);
        if has(&tree, &nested::is_secret) {
            secrets |= 1 << index;
        }
        constrain_inside(&mut tree, arg);
        rules.expect(index, &tree);
        constrain(&mut tree, arg);
        nested::check_patterns(&tree).map_err(|text| Mistake::new(&at, text))?;
        let schema = argument(arg, tree, profile, &at)?;
        if index > 0 {
            out.push(b',');
        }
        json::string(&mut out, arg.name);
        out.push(b':');
        expects.push(in_words(&schema));
        json::sorted(&mut out, &Value::Object(schema));
        if !arg.is_optional() {
            required.push(arg.name);
        }
    }
    out.push(b'}');
    if !required.is_empty() {
        out.extend_from_slice(br#","required":"#);
        json::value(&mut out, &required);
    }
    if profile == SchemaProfile::Full {
        out.extend_from_slice(br#","additionalProperties":false"#);
        let definitions = generator.take_definitions(true);
        full::write_definitions(&mut out, definitions, Direction::Input);
    }
    out.push(b'}');
    check_size("its input schema", &out)?;
    Ok(Input {
        schema: out,
        expects: expects.into(),
        rules,
        cursor,
        secrets,
    })
}

fn check_size(at: &str, schema: &[u8]) -> Result<(), Mistake> {
    let bytes = schema.len();
    if bytes > MAX_SCHEMA {
        return Err(Mistake::new(
            at,
            format!("has {bytes} bytes, and at most {MAX_SCHEMA} are taken; split the tool"),
        ));
    }
    Ok(())
}

/// Adds what `#[arg]` says about the argument itself, which the call checks by itself.
fn constrain(tree: &mut Value, arg: &Arg) {
    if let Some(bounds) = arg.range {
        set_range(tree, bounds());
    }
    if let Some(bounds) = arg.length {
        let is_list = tree.as_object().and_then(kind) == Some("array");
        set_length(tree, bounds, is_list);
    }
}

/// Adds what `#[arg]` says that is checked along with what lies inside the argument.
fn constrain_inside(tree: &mut Value, arg: &Arg) {
    if let Some(pattern) = arg.pattern {
        set(tree, "pattern", Some(pattern));
    }
    let Some(items) = &arg.items else { return };
    let Some(each) = tree.get_mut("items") else {
        return;
    };
    if let Some(bounds) = items.range {
        set_range(each, bounds());
    }
    if let Some(bounds) = items.length {
        let is_list = each.as_object().and_then(kind) == Some("array");
        set_length(each, bounds, is_list);
    }
    set(each, "pattern", items.pattern);
}

fn set_range(tree: &mut Value, NumberBounds { min, max }: NumberBounds) {
    set(tree, "minimum", min);
    set(tree, "maximum", max);
}

fn set_length(tree: &mut Value, bounds: Bounds<u32>, is_list: bool) {
    let (min, max) = if is_list {
        ("minItems", "maxItems")
    } else {
        ("minLength", "maxLength")
    };
    set(tree, min, bounds.min);
    set(tree, max, bounds.max);
}

fn set(tree: &mut Value, key: &str, value: Option<impl Into<Value>>) {
    if let (Value::Object(schema), Some(value)) = (tree, value) {
        schema.insert(key.to_owned(), value.into());
    }
}

fn argument(
    arg: &Arg,
    tree: Value,
    profile: SchemaProfile,
    at: &str,
) -> Result<Map<String, Value>, Mistake> {
    let (mut schema, own, added) = match profile {
        SchemaProfile::Portable => {
            let built = portable::of(&tree, Direction::Input, at)?;
            (built.schema, built.docs, built.added)
        }
        SchemaProfile::Full => {
            let mut schema = full::of(tree, Direction::Input);
            let own = match schema.remove("description") {
                Some(Value::String(own)) => own,
                _ => String::new(),
            };
            (schema, own, String::new())
        }
    };
    if arg.pattern.is_some() && kind(&schema) != Some("string") {
        return Err(Mistake::new(
            at,
            "has a `pattern` and is no text; remove it",
        ));
    }
    if let Some(items) = &arg.items {
        check_items(items, &schema).map_err(|text| Mistake::new(at, text))?;
    }
    let docs = arg.docs.trim();
    let docs = if docs.is_empty() {
        own
    } else {
        docs.to_owned()
    };
    let mut description = portable::with_added(docs, &added);
    if let DefaultValue::Shown(default) = arg.default {
        if !description.is_empty() {
            description.push(' ');
        }
        description.push_str(&format!("Default: {default}."));
    }
    portable::check_description(&description, at)?;
    let description = (!description.is_empty()).then_some(Value::String(description));
    insert(&mut schema, "description", description);
    insert(&mut schema, "x-mcp-header", arg.header.map(Value::from));
    Ok(schema)
}

/// Whether the items of a list can be bounded as `items` says.
fn check_items(items: &Items, schema: &Map<String, Value>) -> Result<(), &'static str> {
    let each = schema.get("items").and_then(Value::as_object);
    let each = each.and_then(kind);
    if kind(schema) != Some("array") {
        Err("has `items` and is no list; remove them, or take a `Vec`")
    } else if items.length.is_some() && !matches!(each, Some("string" | "array")) {
        Err("has a `length` in `items`, which are neither texts nor lists; numbers have a `range`")
    } else if items.pattern.is_some() && each != Some("string") {
        Err("has a `pattern` in `items`, which are no texts; remove it")
    } else {
        Ok(())
    }
}

/// The output schema of a tool, if its results have a type.
pub(crate) fn output(spec: &ToolSpec, profile: SchemaProfile) -> Result<Output, Mistake> {
    let Some((tree, definitions)) = result(spec) else {
        return Ok(Output {
            schema: Vec::new(),
            shape: Shape::Nothing,
            is_page: false,
        });
    };
    let is_page = tree.get(marks::PAGE).is_some();
    let mut schema = match profile {
        SchemaProfile::Portable => {
            portable::of(&tree, Direction::Output, "its result")?.into_schema()
        }
        SchemaProfile::Full => full::of(tree, Direction::Output),
    };
    let shape = match schema.get("type").and_then(Value::as_str) {
        Some("string") if !schema.contains_key("enum") => Shape::Text,
        Some("null") => Shape::Nothing,
        Some("object") => Shape::Object,
        _ => Shape::Other,
    };
    let mut out = Vec::new();
    if profile == SchemaProfile::Full {
        full::add_definitions(&mut schema, definitions, Direction::Output);
    }
    json::sorted(&mut out, &Value::Object(schema));
    check_size("its output schema", &out)?;
    Ok(Output {
        schema: out,
        shape,
        is_page,
    })
}

fn insert(schema: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        schema.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
