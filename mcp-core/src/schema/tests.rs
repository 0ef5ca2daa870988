//! Portable schemas of single types.

#![allow(dead_code)] // types that are only described

use super::*;
use schemars::JsonSchema;
use serde_json::json;

fn of<T: JsonSchema>(direction: Direction) -> Value {
    let tree = generator(direction).subschema_for::<T>().to_value();
    let built = portable::of(&tree, direction, "it").unwrap();
    Value::Object(built.into_schema())
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
    let tree = generator(Direction::Input)
        .subschema_for::<Tree>()
        .to_value();
    assert!(portable::of(&tree, Direction::Input, "it").is_err());
}

fn is_portable(tree: &Value) -> bool {
    portable::of(tree, Direction::Input, "it").is_ok()
}

#[test]
fn texts_names_and_forms_are_bounded_at_n_and_not_at_n_plus_one() {
    let described = |length: usize| json!({"type": "string", "description": "x".repeat(length)});
    assert!(is_portable(&described(2048)) && !is_portable(&described(2049)));
    let object = |length: usize| {
        let mut properties = Map::new();
        properties.insert("x".repeat(length), json!({"type": "string"}));
        json!({"type": "object", "properties": properties})
    };
    assert!(is_portable(&object(64)) && !is_portable(&object(65)));
    let one_of = |count: usize| {
        let names = (0..count).map(|name| json!({"type": "string", "const": name.to_string()}));
        json!({"oneOf": names.collect::<Vec<_>>()})
    };
    assert!(is_portable(&one_of(256)) && !is_portable(&one_of(257)));
    let sized = |bytes: usize| check_size("it", &vec![b' '; bytes]).is_ok();
    assert!(sized(64 * 1024) && !sized(64 * 1024 + 1));
}
