//! A call beside the published schema, as the `jsonschema` crate reads it, and the table of where
//! both may differ.

use std::collections::{BTreeMap, HashMap};

use jsonschema::Validator;
use mcp_core::testing::Client;
use serde_json::{Map, Value, json};

/// One way in which a call may differ from the published schema. The names and reasons are those of
/// the table in `mcp-core/docs/types.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exception {
    // The call takes what the schema refuses.
    Coercion,
    Null,
    // The call refuses what the schema takes.
    InWords,
    TextFormat,
    UndeclaredKey,
    Beyond64Bits,
    OwnCheck,
}

impl Exception {
    pub(crate) const ALL: [Self; 7] = [
        Self::Coercion,
        Self::Null,
        Self::InWords,
        Self::TextFormat,
        Self::UndeclaredKey,
        Self::Beyond64Bits,
        Self::OwnCheck,
    ];

    /// As the table in the documentation names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Coercion => "another lossless form",
            Self::Null => "`null` for what is left out",
            Self::InWords => "said in words",
            Self::TextFormat => "form of a text",
            Self::UndeclaredKey => "undeclared key",
            Self::Beyond64Bits => "whole number beyond its type",
            Self::OwnCheck => "the author's own check",
        }
    }
}

/// What was found so far.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) both_take: usize,
    pub(crate) both_refuse: usize,
    pub(crate) exceptions: BTreeMap<Exception, usize>,
}

/// What the schema of one tool says.
struct Schemas {
    published: Validator,
    /// That of the full profile, formats of texts included.
    full: Validator,
    /// The same, keys that it does not name refused.
    closed: Validator,
    has_formats: bool,
    input: Value,
}

/// Compares calls with schemas.
pub(crate) struct Judge {
    client: Client,
    tools: HashMap<String, Schemas>,
}

/// What the call said: the value that the function got, or all that was wrong.
pub(crate) type Call = Result<Value, String>;

impl Judge {
    /// Of the tools of `client`; `full` has those of the full profile.
    pub(crate) async fn new(client: Client, full: &Client) -> Self {
        let full: HashMap<String, Value> = full.tools().await.into_iter().map(named).collect();
        let mut tools = HashMap::new();
        for (name, input) in client.tools().await.into_iter().map(named) {
            let of_full = &full[&name];
            let schemas = Schemas {
                published: validator(&input, false),
                full: validator(of_full, true),
                closed: validator(&closed(of_full, false), true),
                has_formats: of_full.to_string().contains(r#""format":"#),
                input,
            };
            tools.insert(name, schemas);
        }
        Self { client, tools }
    }

    /// The published input schema of a tool.
    pub(crate) fn input(&self, name: &str) -> &Value {
        &self.tools[name].input
    }

    /// Calls a tool of the corpus.
    pub(crate) async fn call(&self, name: &str, value: &Value) -> Call {
        let result = self.client.call(name, json!({"value": value})).await;
        if result["isError"] == true {
            let text = result["content"][0]["text"].as_str().unwrap();
            assert!(
                text.starts_with("Nothing was done: "),
                "{name} with {value}: {text}"
            );
            return Err(text.to_owned());
        }
        assert!(result["error"].is_null(), "{name} with {value}: {result}");
        match result.get("structuredContent") {
            Some(value) => Ok(value.clone()),
            None => Ok(result["content"][0]["text"].clone()),
        }
    }

    /// Whether the schema agrees with a call, or why it need not.
    pub(crate) fn compare(
        &self,
        name: &str,
        value: &Value,
        call: &Call,
        seen: &mut Seen,
    ) -> Result<(), String> {
        let schemas = &self.tools[name];
        let arguments = json!({"value": value});
        let takes = schemas.published.is_valid(&arguments);
        let why = match (call, takes) {
            (Ok(_), true) => {
                seen.both_take += 1;
                None
            }
            (Err(_), false) => {
                seen.both_refuse += 1;
                None
            }
            (Ok(got), false) => {
                let plain = schemas.published.is_valid(&without_nulls(&arguments));
                let why = if plain {
                    Some(Exception::Null)
                } else {
                    (got != value).then_some(Exception::Coercion)
                };
                Some(why.ok_or_else(|| {
                    format!(
                        "{name} takes {value}, and its schema {} does not",
                        schemas.input
                    )
                })?)
            }
            (Err(text), true) => {
                Some(refused(name, &arguments, schemas, text).ok_or_else(|| {
                    format!(
                        "{name} refuses {value}, and its schema {} does not: {text}",
                        schemas.input
                    )
                })?)
            }
        };
        if let Some(why) = why {
            *seen.exceptions.entry(why).or_default() += 1;
        }
        // What the function got, however it was sent, is what the schema promises.
        let Ok(got) = call else { return Ok(()) };
        let got = json!({"value": got});
        if schemas.published.is_valid(&got) || schemas.published.is_valid(&without_nulls(&got)) {
            return Ok(());
        }
        Err(format!(
            "{name} got {got} for {value}, which is not of its schema"
        ))
    }
}

/// Why a call may refuse what its schema takes.
fn refused(name: &str, arguments: &Value, schemas: &Schemas, text: &str) -> Option<Exception> {
    if !schemas.full.is_valid(arguments) {
        return Some(if schemas.has_formats {
            Exception::TextFormat
        } else {
            Exception::InWords
        });
    }
    if text.contains(" has no `") && !schemas.closed.is_valid(arguments) {
        return Some(Exception::UndeclaredKey);
    }
    if matches!(name, "checked" | "sorted" | "even") {
        return Some(Exception::OwnCheck);
    }
    // Forms that the judge does not know, such as a time without an offset.
    if schemas.has_formats {
        return Some(Exception::TextFormat);
    }
    has_huge_number(arguments).then_some(Exception::Beyond64Bits)
}

fn has_huge_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number
            .as_f64()
            .is_some_and(|number| number.abs() >= 9_223_372_036_854_775_807.0),
        Value::Array(list) => list.iter().any(has_huge_number),
        Value::Object(map) => map.values().any(has_huge_number),
        _ => false,
    }
}

fn named(mut tool: Value) -> (String, Value) {
    let name = tool["name"].as_str().unwrap().to_owned();
    (name, tool["inputSchema"].take())
}

fn validator(schema: &Value, formats: bool) -> Validator {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(formats)
        .build(schema)
        .unwrap()
}

/// The same without `null` as a value, in any place.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(list) => {
            let list = list.iter().filter(|item| !item.is_null());
            Value::Array(list.map(without_nulls).collect())
        }
        Value::Object(map) => {
            let map = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                map.map(|(key, value)| (key.clone(), without_nulls(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

/// The schema with keys refused that it does not name. An alternative adds to what its parent names.
fn closed(schema: &Value, is_alternative: bool) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    let mut closed_schema = Map::new();
    for (key, value) in schema {
        let value = match (key.as_str(), value) {
            ("properties" | "patternProperties" | "$defs", Value::Object(all)) => {
                let all = all
                    .iter()
                    .map(|(key, value)| (key.clone(), closed(value, false)));
                Value::Object(all.collect())
            }
            ("items" | "additionalProperties", value) => closed(value, false),
            ("prefixItems", Value::Array(all)) => all.iter().map(|it| closed(it, false)).collect(),
            ("oneOf" | "anyOf" | "allOf", Value::Array(all)) => {
                all.iter().map(|it| closed(it, true)).collect()
            }
            (_, value) => value.clone(),
        };
        closed_schema.insert(key.clone(), value);
    }
    let names = ["properties", "oneOf", "anyOf", "allOf"];
    if !is_alternative && names.iter().any(|key| schema.contains_key(*key)) {
        closed_schema.insert("unevaluatedProperties".to_owned(), false.into());
    }
    Value::Object(closed_schema)
}
