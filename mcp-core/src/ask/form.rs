//! A form from a type: flat, of simple fields, as clients can show it.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::questions::Question;
use crate::args::nested;
use crate::error::{Error, Result};
use crate::protocol::Revision;
use crate::schema;

/// A question for what `T` holds.
pub(super) fn question<T: JsonSchema>(
    key: &str,
    message: &str,
    revision: Revision,
) -> Result<Question> {
    let form = of::<T>().map_err(|problem| {
        let name = T::schema_name();
        Error::private(format!("`{name}` cannot be asked for in a form: {problem}"))
    })?;
    // That one is the client's, so the model may know.
    let form = for_revision(form, revision).map_err(|problem| {
        Error::new(format!("This has to ask the user, and cannot: {problem}."))
    })?;
    let mut params = json!({"message": message, "requestedSchema": form});
    if revision >= Revision::V2025_11_25
        && let Some(params) = params.as_object_mut()
    {
        params.insert("mode".to_owned(), "form".into());
    }
    Ok(Question::new(key, "elicitation/create", Some(&params)))
}

/// What is wrong with an answer beyond its type.
pub(super) fn problem<T: JsonSchema>(json: &str) -> Option<String> {
    let rule = nested::compile(&schema::of_input::<T>())?;
    let mut first = None;
    nested::check(&rule, "content", json, &mut |problem| {
        first.get_or_insert_with(problem);
    });
    first
}

/// Keywords of a field that clients know, beside its type.
const KNOWN: [&str; 12] = [
    "title",
    "description",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "default",
    "minItems",
    "maxItems",
    "enum",
    "enumNames",
    "oneOf",
];

/// Text formats that clients know.
const FORMATS: [&str; 4] = ["email", "uri", "date", "date-time"];

/// The form that a type asks for.
fn of<T: JsonSchema>() -> Result<Value, String> {
    let tree = schema::of_input::<T>();
    if tree.get("type").is_none_or(|kind| kind != "object") {
        return Err("it is no struct".to_owned());
    }
    let empty = Map::new();
    let fields = tree.get("properties").and_then(Value::as_object);
    let mut properties = Map::new();
    for (name, schema) in fields.unwrap_or(&empty) {
        let field = field(schema).map_err(|problem| format!("its field `{name}` {problem}"))?;
        properties.insert(name.clone(), field);
    }
    if tree
        .get("additionalProperties")
        .is_some_and(Value::is_object)
        || properties.is_empty()
    {
        return Err("it has no fields of its own".to_owned());
    }
    let mut form = json!({"type": "object", "properties": properties});
    if let (Some(form), Some(required)) = (form.as_object_mut(), tree.get("required")) {
        form.insert("required".to_owned(), required.clone());
    }
    Ok(form)
}

/// One field: a text, a number, a boolean, one of several values, or some of them.
fn field(schema: &Value) -> Result<Value, String> {
    let schema = &without_null(schema);
    if let Some(choices) = titled(schema)? {
        let mut field = known(schema);
        field.remove("enum");
        field.insert("type".to_owned(), "string".into());
        field.insert("oneOf".to_owned(), choices);
        return Ok(field.into());
    }
    let kind = schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut field = known(schema);
    field.insert("type".to_owned(), kind.into());
    match kind {
        "string" => {
            let format = schema.get("format").and_then(Value::as_str);
            if let Some(format) = format.filter(|format| FORMATS.contains(format)) {
                field.insert("format".to_owned(), format.into());
            }
            if let Some(constant) = schema.get("const") {
                field.insert("enum".to_owned(), json!([constant]));
            }
        }
        "integer" | "number" | "boolean" => {}
        "array" => {
            let items = schema.get("items").map(without_null).unwrap_or_default();
            let items = match titled(&items)? {
                Some(choices) => json!({"anyOf": choices}),
                None => match items.get("enum") {
                    Some(values) => json!({"type": "string", "enum": values}),
                    None => return Err("is a list of something else than choices".to_owned()),
                },
            };
            field.insert("items".to_owned(), items);
        }
        _ => return Err("is neither text, a number, a boolean nor a choice".to_owned()),
    }
    Ok(field.into())
}

fn known(schema: &Value) -> Map<String, Value> {
    let entries = schema.as_object().into_iter().flatten();
    let kept = entries.filter(|(key, _)| KNOWN.contains(&key.as_str()));
    kept.filter(|(key, _)| *key != "oneOf")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// `Option<T>` asks for a `T` that may be left out.
fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    let Some(map) = schema.as_object_mut() else {
        return schema;
    };
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_mut_slice() {
            let only = only.take();
            map.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = choices.as_mut_slice() {
            let only = std::mem::take(only);
            map.remove("anyOf");
            for (key, value) in only {
                map.entry(key).or_insert(value);
            }
        }
    }
    // What a field left out is, when its type says "nothing".
    if map.get("default").is_some_and(Value::is_null) {
        map.remove("default");
    }
    schema
}

/// The choices of an enum whose variants have titles or descriptions; `None` when it has neither.
fn titled(schema: &Value) -> Result<Option<Value>, String> {
    let Some(variants) = schema.get("oneOf").and_then(Value::as_array) else {
        return Ok(None);
    };
    let mut choices = Vec::new();
    for variant in variants {
        let title = variant.get("title").or_else(|| variant.get("description"));
        if let Some(constant) = variant.get("const").filter(|value| value.is_string()) {
            choices.push(json!({"const": constant, "title": title.unwrap_or(constant)}));
        } else if let Some(Value::Array(names)) = variant.get("enum") {
            // Variants without a description come in one group.
            choices.extend(
                names
                    .iter()
                    .map(|name| json!({"const": name, "title": name})),
            );
        } else {
            return Err("is an enum with data".to_owned());
        }
    }
    Ok(Some(choices.into()))
}

/// What an older revision can show of the form.
fn for_revision(mut form: Value, revision: Revision) -> Result<Value, String> {
    if revision >= Revision::V2025_11_25 {
        return Ok(form);
    }
    let fields = form.get_mut("properties").and_then(Value::as_object_mut);
    for (name, field) in fields.into_iter().flatten() {
        let Some(field) = field.as_object_mut() else {
            continue;
        };
        if field.get("type").is_some_and(|kind| kind == "array") {
            return Err(format!(
                "the question has a list (`{name}`), which the client's revision of the protocol \
                 does not know"
            ));
        }
        if field.get("type").is_none_or(|kind| kind != "boolean") {
            field.remove("default");
        }
        if let Some(Value::Array(choices)) = field.remove("oneOf") {
            let all = |key: &str| {
                let values = choices.iter().filter_map(|choice| choice.get(key).cloned());
                Value::Array(values.collect())
            };
            field.insert("enum".to_owned(), all("const"));
            field.insert("enumNames".to_owned(), all("title"));
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    #![allow(dead_code)] // types that are only described
    use super::*;

    /// How to pay.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    enum Plain {
        Card,
        Invoice,
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    enum Titled {
        /// By card
        Card,
        #[schemars(title = "By invoice")]
        Invoice,
    }

    #[derive(JsonSchema)]
    struct Order {
        /// The name.
        #[schemars(length(min = 1, max = 80), default = "nobody")]
        name: String,
        #[schemars(range(min = 1, max = 9))]
        count: u8,
        note: Option<String>,
        plain: Plain,
        titled: Titled,
        several: Vec<Titled>,
        some: Vec<Plain>,
    }

    fn nobody() -> String {
        "nobody".to_owned()
    }

    // [ELI-1] [ELI-2]
    #[test]
    fn a_struct_becomes_a_flat_form() {
        let form = of::<Order>().unwrap();
        let fields = &form["properties"];
        assert_eq!(
            fields["name"],
            json!({"type": "string", "description": "The name.", "default": "nobody",
                   "minLength": 1, "maxLength": 80})
        );
        assert_eq!(
            fields["count"],
            json!({"type": "integer", "minimum": 1, "maximum": 9})
        );
        assert_eq!(fields["note"], json!({"type": "string"}));
        assert_eq!(fields["plain"]["enum"], json!(["card", "invoice"]));
        let titled = json!([{"const": "card", "title": "By card"},
                            {"const": "invoice", "title": "By invoice"}]);
        assert_eq!(fields["titled"], json!({"type": "string", "oneOf": titled}));
        assert_eq!(
            fields["several"],
            json!({"type": "array", "items": {"anyOf": titled}})
        );
        assert_eq!(
            fields["some"]["items"],
            json!({"type": "string", "enum": ["card", "invoice"]})
        );
        assert_eq!(
            form["required"],
            json!(["count", "plain", "titled", "several", "some"])
        );
    }

    #[derive(JsonSchema)]
    struct Choice {
        #[schemars(default = "nobody")]
        name: String,
        titled: Titled,
    }

    // [ELI-1] [ELI-2]
    #[test]
    fn an_older_revision_gets_names_of_choices_and_no_defaults() {
        let form = for_revision(of::<Choice>().unwrap(), Revision::V2025_06_18).unwrap();
        assert_eq!(form["properties"]["name"], json!({"type": "string"}));
        assert_eq!(
            form["properties"]["titled"],
            json!({"type": "string", "enum": ["card", "invoice"],
                   "enumNames": ["By card", "By invoice"]})
        );
        assert!(for_revision(of::<Order>().unwrap(), Revision::V2025_06_18).is_err());
    }

    #[derive(JsonSchema)]
    struct Lists {
        words: Vec<String>,
    }

    #[derive(JsonSchema)]
    struct Nested {
        inner: Choice,
    }

    // [ELI-1]
    #[test]
    fn what_is_no_form_says_why() {
        let problem = of::<Nested>().unwrap_err();
        assert!(problem.contains("`inner`"), "{problem}");
        assert!(of::<u32>().is_err());
        assert!(of::<std::collections::BTreeMap<String, u32>>().is_err());
        assert!(of::<Lists>().unwrap_err().contains("`words`"));
    }

    // [MRTR-6]
    #[test]
    fn an_answer_is_held_to_the_bounds_of_its_form() {
        #[derive(JsonSchema)]
        struct Count {
            #[schemars(range(min = 1, max = 9))]
            count: u8,
        }
        assert_eq!(problem::<Count>(r#"{"count": 9}"#), None);
        assert!(
            problem::<Count>(r#"{"count": 10}"#)
                .unwrap()
                .contains("content.count")
        );
        assert!(problem::<Count>(r#"{"count": 1, "other": 2}"#).is_some());
    }
}
