//! Schemas that model vendors accept.
//!
//! schemars describes the types; this module brings what it says into the portable form: everything
//! inlined, no `$schema` and no titles, numbers without `format`, optional as "not required",
//! string enums as `enum`. Property order is the order of the signature, other keys are sorted, so
//! the bytes are the same in every build.

use schemars::SchemaGenerator;
use schemars::generate::{Contract, SchemaSettings};
use serde_json::{Map, Value};

use crate::args::nested::{self, Rule};
use crate::args::{Arg, DefaultValue, NumberBounds};
use crate::json;
use crate::tool::ToolSpec;

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
    /// What lies inside each argument and has to be checked.
    pub(crate) rules: Box<[Option<Rule>]>,
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
        match (self, tree.get(marks::CURSOR).is_some()) {
            (Self::None, true) => Self::At(index),
            (Self::At(_), true) => Self::Misplaced,
            (_, false) if has_mark(tree, marks::CURSOR) => Self::Misplaced,
            _ => self,
        }
    }
}

/// Whether a mark stands anywhere in a schema.
fn has_mark(tree: &Value, mark: &str) -> bool {
    match tree {
        Value::Object(map) => {
            map.contains_key(mark) || map.values().any(|inner| has_mark(inner, mark))
        }
        Value::Array(items) => items.iter().any(|inner| has_mark(inner, mark)),
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

/// A type refers to itself, which no portable schema can say.
#[derive(Debug)]
pub(crate) struct Recursive;

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

/// The input schema of a tool.
pub(crate) fn input(spec: &ToolSpec) -> Result<Input, Recursive> {
    let mut generator = generator(Direction::Input);
    let mut out = br#"{"type":"object","properties":{"#.to_vec();
    let mut expects = Vec::with_capacity(spec.args.len());
    let mut rules = Vec::with_capacity(spec.args.len());
    let mut required = Vec::new();
    let (mut cursor, mut secrets) = (Cursor::None, 0);
    for (index, arg) in spec.args.iter().enumerate() {
        let tree = (arg.schema)(&mut generator).to_value();
        rules.push(nested::compile(&tree));
        cursor = cursor.and(index, &tree);
        if has_mark(&tree, marks::SECRET) {
            secrets |= 1 << index;
        }
        let schema = argument(arg, tree)?;
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
    out.push(b'}');
    Ok(Input {
        schema: out,
        expects: expects.into(),
        rules: rules.into(),
        cursor,
        secrets,
    })
}

fn argument(arg: &Arg, mut tree: Value) -> Result<Map<String, Value>, Recursive> {
    portable(&mut tree, Direction::Input)?;
    let mut schema = object(tree);
    if let Some(bounds) = arg.range {
        let NumberBounds { min, max } = bounds();
        insert(&mut schema, "minimum", min.map(Value::Number));
        insert(&mut schema, "maximum", max.map(Value::Number));
    }
    if let Some(bounds) = arg.length {
        let list = schema.get("type").is_some_and(|kind| kind == "array");
        let (min, max) = if list {
            ("minItems", "maxItems")
        } else {
            ("minLength", "maxLength")
        };
        insert(&mut schema, min, bounds.min.map(Value::from));
        insert(&mut schema, max, bounds.max.map(Value::from));
    }
    let mut description = arg.docs.trim().to_owned();
    if description.is_empty()
        && let Some(Value::String(own)) = schema.get("description")
    {
        description.clone_from(own);
    } else if let Some(Value::String(own)) = schema.get("description")
        && schema.contains_key("enum")
        && own.contains("\n- `")
    {
        // What each variant means is worth keeping beside what the argument is for.
        let variants = own
            .find("\n- `")
            .and_then(|start| own.get(start..))
            .unwrap_or_default();
        description.push_str(variants);
    }
    if let DefaultValue::Shown(default) = arg.default {
        if !description.is_empty() {
            description.push(' ');
        }
        description.push_str(&format!("Default: {default}."));
    }
    let description = (!description.is_empty()).then_some(Value::String(description));
    insert(&mut schema, "description", description);
    insert(&mut schema, "x-mcp-header", arg.header.map(Value::from));
    Ok(schema)
}

/// The output schema of a tool, if its results have a type.
pub(crate) fn output(spec: &ToolSpec) -> Result<Output, Recursive> {
    let mut generator = generator(Direction::Output);
    let Some(schema) = (spec.output)(&mut generator) else {
        return Ok(Output {
            schema: Vec::new(),
            shape: Shape::Nothing,
            is_page: false,
        });
    };
    let mut tree = schema.to_value();
    let is_page = tree.get(marks::PAGE).is_some();
    portable(&mut tree, Direction::Output)?;
    let schema = object(tree);
    let shape = match schema.get("type").and_then(Value::as_str) {
        Some("string") if !schema.contains_key("enum") => Shape::Text,
        Some("null") => Shape::Nothing,
        Some("object") => Shape::Object,
        _ => Shape::Other,
    };
    let mut out = Vec::new();
    json::sorted(&mut out, &Value::Object(schema));
    Ok(Output {
        schema: out,
        shape,
        is_page,
    })
}

/// The schemas `true` and `false` as objects.
fn object(tree: Value) -> Map<String, Value> {
    match tree {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn insert(schema: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        schema.insert(key.to_owned(), value);
    }
}

/// Keywords that a type's attributes can publish and no check enforces: a schema promises only what
/// the server keeps.
const UNENFORCED: [&str; 9] = [
    "pattern",
    "multipleOf",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "minProperties",
    "maxProperties",
];

/// Brings a schema and everything in it into the portable form.
fn portable(tree: &mut Value, direction: Direction) -> Result<(), Recursive> {
    if *tree == Value::Bool(true) {
        // Older revisions want an object where a schema stands.
        *tree = Value::Object(Map::new());
    }
    let Value::Object(schema) = tree else {
        return Ok(());
    };
    if schema.contains_key("$ref") {
        return Err(Recursive);
    }
    for key in ["$schema", "$defs", "title", "default"]
        .into_iter()
        .chain(marks::ALL)
    {
        schema.remove(key);
    }
    if direction == Direction::Input {
        for key in UNENFORCED {
            schema.remove(key);
        }
    }
    if schema
        .get("additionalProperties")
        .is_some_and(Value::is_boolean)
    {
        schema.remove("additionalProperties");
    }
    if direction == Direction::Input {
        drop_null(schema);
    }
    for key in ["properties", "patternProperties"] {
        if let Some(Value::Object(children)) = schema.get_mut(key) {
            for child in children.values_mut() {
                portable(child, direction)?;
            }
        }
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(child) = schema.get_mut(key) {
            portable(child, direction)?;
        }
    }
    for key in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        if let Some(Value::Array(children)) = schema.get_mut(key) {
            for child in children {
                portable(child, direction)?;
            }
        }
    }
    plain_numbers(schema);
    fold_enum(schema);
    Ok(())
}

/// Optional means "not required": `["string", "null"]` becomes `"string"`, and the one schema
/// beside `null` in `anyOf` takes its place.
fn drop_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_mut_slice() {
            let only = only.take();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else {
        return;
    };
    choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    if let [Value::Object(only)] = choices.as_mut_slice() {
        let only = std::mem::take(only);
        schema.remove("anyOf");
        for (key, value) in only {
            schema.entry(key).or_insert(value);
        }
        drop_null(schema);
    }
}

/// Numeric formats are unknown to validators; what they mean is said by bounds.
fn plain_numbers(schema: &mut Map<String, Value>) {
    let Some(format) = schema.get("format").and_then(Value::as_str) else {
        return;
    };
    let bounds: (Option<i64>, Option<i64>) = match format {
        "uint8" => (Some(0), Some(i64::from(u8::MAX))),
        "uint16" => (Some(0), Some(i64::from(u16::MAX))),
        "uint32" => (Some(0), Some(i64::from(u32::MAX))),
        "int8" => (Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        "int16" => (Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX))),
        "int32" => (Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX))),
        "uint" | "uint64" | "uint128" => (Some(0), None),
        "int" | "int64" | "int128" | "float" | "double" => (None, None),
        _ => return,
    };
    schema.remove("format");
    if let Some(min) = bounds.0 {
        schema.entry("minimum").or_insert_with(|| min.into());
    }
    if let Some(max) = bounds.1 {
        schema.entry("maximum").or_insert_with(|| max.into());
    }
}

/// `oneOf` of string constants becomes `enum`, and what each one means goes into the description.
fn fold_enum(schema: &mut Map<String, Value>) {
    if let Some(constant) = schema.remove("const") {
        schema.insert("enum".to_owned(), Value::Array(vec![constant]));
    }
    let Some(Value::Array(variants)) = schema.get("oneOf") else {
        return;
    };
    let mut values = Vec::new();
    let mut meanings = String::new();
    for variant in variants {
        // A child has been folded already: a constant is an `enum`, as are variants without docs.
        let (Some("string"), Some(Value::Array(names))) = (
            variant.get("type").and_then(Value::as_str),
            variant.get("enum"),
        ) else {
            return;
        };
        if let (Some(docs), [Value::String(name)]) = (
            variant.get("description").and_then(Value::as_str),
            names.as_slice(),
        ) {
            meanings.push_str(&format!("\n- `{name}`: {docs}"));
        }
        values.extend(names.iter().cloned());
    }
    schema.remove("oneOf");
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), Value::Array(values));
    if !meanings.is_empty() {
        let own = schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let text = format!("{own}{meanings}");
        schema.insert("description".to_owned(), text.into());
    }
}

/// What a schema asks for, in words: "a whole number from 1 to 60".
pub(crate) fn in_words(schema: &Map<String, Value>) -> String {
    if let Some(Value::Array(values)) = schema.get("enum") {
        let names: Vec<String> = values
            .iter()
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect();
        return format!("one of `{}`", names.join("`, `"));
    }
    let (noun, unit, min, max) = match schema.get("type").and_then(Value::as_str) {
        Some("integer") => ("a whole number", "", "minimum", "maximum"),
        Some("number") => ("a number", "", "minimum", "maximum"),
        Some("string") => ("text", " characters", "minLength", "maxLength"),
        Some("array") => ("a list", " items", "minItems", "maxItems"),
        Some("boolean") => return "`true` or `false`".to_owned(),
        Some("object") => return "an object".to_owned(),
        _ => return "as its schema says".to_owned(),
    };
    let of = if unit.is_empty() { "" } else { " of" };
    match (schema.get(min), schema.get(max)) {
        (Some(min), Some(max)) if unit.is_empty() => format!("{noun} from {min} to {max}"),
        (Some(min), Some(max)) => format!("{noun} of {min} to {max}{unit}"),
        (Some(min), None) => format!("{noun}{of} at least {min}{unit}"),
        (None, Some(max)) => format!("{noun}{of} at most {max}{unit}"),
        (None, None) => noun.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(dead_code)] // types that are only described
    use super::*;
    use schemars::JsonSchema;
    use serde_json::json;

    fn of<T: JsonSchema>(direction: Direction) -> Value {
        let mut tree = generator(direction).subschema_for::<T>().to_value();
        portable(&mut tree, direction).unwrap();
        tree
    }

    /// How to sort.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    enum Order {
        /// Oldest first.
        Oldest,
        /// Newest first.
        NewestFirst,
    }

    #[derive(JsonSchema)]
    struct Filter {
        /// Free text.
        text: Option<String>,
        order: Option<Order>,
        #[schemars(default)]
        limit: u16,
    }

    #[test]
    fn numbers_have_bounds_instead_of_formats() {
        let input = Direction::Input;
        assert_eq!(of::<u64>(input), json!({"type": "integer", "minimum": 0}));
        assert_eq!(
            of::<u32>(input),
            json!({"type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32})
        );
        assert_eq!(of::<f64>(input), json!({"type": "number"}));
        assert_eq!(of::<i64>(input), json!({"type": "integer"}));
    }

    #[test]
    fn optional_input_has_a_plain_type_and_optional_output_says_null() {
        assert_eq!(
            of::<Option<String>>(Direction::Input),
            json!({"type": "string"})
        );
        assert_eq!(
            of::<Option<String>>(Direction::Output),
            json!({"type": ["string", "null"]})
        );
    }

    #[test]
    fn enums_are_strings_and_their_variants_are_explained() {
        let schema = of::<Option<Order>>(Direction::Input);
        assert_eq!(schema["type"], "string");
        assert_eq!(schema["enum"], json!(["oldest", "newest_first"]));
        assert_eq!(
            schema["description"],
            "How to sort.\n- `oldest`: Oldest first.\n- `newest_first`: Newest first."
        );
    }

    #[test]
    fn structs_are_inlined() {
        let schema = of::<Vec<Filter>>(Direction::Input);
        let filter = &schema["items"];
        assert_eq!(
            filter["properties"]["text"],
            json!({"type": "string", "description": "Free text."})
        );
        assert_eq!(filter["properties"]["order"]["type"], "string");
        assert!(filter["properties"]["limit"].get("default").is_none());
        assert!(!schema.to_string().contains("$ref"));
    }

    #[derive(JsonSchema)]
    struct Tree {
        children: Vec<Tree>,
    }

    #[test]
    fn a_type_that_contains_itself_is_refused() {
        let mut tree = generator(Direction::Input)
            .subschema_for::<Tree>()
            .to_value();
        assert!(portable(&mut tree, Direction::Input).is_err());
    }

    #[test]
    fn expectations_read_as_words() {
        let words = |schema: Value| in_words(&object(schema));
        assert_eq!(
            words(json!({"type": "integer", "minimum": 1, "maximum": 60})),
            "a whole number from 1 to 60"
        );
        assert_eq!(
            words(json!({"type": "string", "minLength": 1})),
            "text of at least 1 characters"
        );
        assert_eq!(
            words(json!({"type": "integer", "minimum": 1})),
            "a whole number at least 1"
        );
        assert_eq!(
            words(json!({"enum": ["a", "b"], "type": "string"})),
            "one of `a`, `b`"
        );
    }
}
