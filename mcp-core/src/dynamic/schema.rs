//! What a schema that was written by hand has to be: valid under JSON Schema 2020-12, an object at
//! its root, and complete, since nothing is ever fetched.
//!
//! It is published as it is written; here it is only read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::output;

/// The dialect of every schema, which one without `$schema` has as well.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The most bytes of a schema. Its depth is bounded by the JSON reader.
const MAX_SCHEMA: usize = 64 * 1024;

/// The text of a schema, on one line, or what is wrong with it.
pub(super) fn check(schema: &str) -> Result<Vec<u8>, String> {
    if schema.len() > MAX_SCHEMA {
        let bytes = schema.len();
        return Err(format!(
            "has {bytes} bytes, and at most {MAX_SCHEMA} are taken; shorten it"
        ));
    }
    let tree: Value = serde_json::from_str(schema).unwrap_or_default();
    if tree.get("type").is_none_or(|kind| kind != "object") {
        return Err("has to be a JSON object with `\"type\": \"object\"`".to_owned());
    }
    let mut names = Names::default();
    names.read(&tree, "#")?;
    names.resolve(&tree)?;
    Ok(output::on_one_line(schema.trim().as_bytes().to_vec()))
}

/// What the value of a keyword has to be.
#[derive(Clone, Copy)]
enum Shape {
    Schema,
    Schemas,
    SchemasByName,
    Type,
    Number,
    PositiveNumber,
    Count,
    Flag,
    Text,
    Texts,
    TextsByName,
    List,
}

impl Shape {
    /// Keywords that are not of 2020-12 may be anything.
    fn of(keyword: &str) -> Option<Self> {
        Some(match keyword {
            "additionalProperties"
            | "contains"
            | "contentSchema"
            | "else"
            | "if"
            | "items"
            | "not"
            | "propertyNames"
            | "then"
            | "unevaluatedItems"
            | "unevaluatedProperties" => Self::Schema,
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => Self::Schemas,
            "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => {
                Self::SchemasByName
            }
            "type" => Self::Type,
            "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" => Self::Number,
            "multipleOf" => Self::PositiveNumber,
            "maxContains" | "maxItems" | "maxLength" | "maxProperties" | "minContains"
            | "minItems" | "minLength" | "minProperties" => Self::Count,
            "deprecated" | "readOnly" | "uniqueItems" | "writeOnly" => Self::Flag,
            "$anchor" | "$comment" | "$dynamicAnchor" | "$dynamicRef" | "$id" | "$ref"
            | "$schema" | "contentEncoding" | "contentMediaType" | "description" | "format"
            | "pattern" | "title" => Self::Text,
            "required" => Self::Texts,
            "dependentRequired" => Self::TextsByName,
            "enum" | "examples" => Self::List,
            _ => return None,
        })
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Schema => "a schema",
            Self::Schemas => "a list of schemas, at least one",
            Self::SchemasByName => "an object of schemas",
            Self::Type => {
                "`array`, `boolean`, `integer`, `null`, `number`, `object` or `string`, or a list \
                 of different ones"
            }
            Self::Number => "a number",
            Self::PositiveNumber => "a number above zero",
            Self::Count => "a whole number from zero on",
            Self::Flag => "`true` or `false`",
            Self::Text => "a text",
            Self::Texts => "a list of different texts",
            Self::TextsByName => "an object of lists of different texts",
            Self::List => "a list",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Schema => value.is_object() || value.is_boolean(),
            Self::Schemas => value.as_array().is_some_and(|list| !list.is_empty()),
            Self::SchemasByName => value.is_object(),
            Self::Type => match value {
                Value::Array(list) => !list.is_empty() && list.iter().all(is_type) && differ(list),
                one => is_type(one),
            },
            Self::Number => value.is_number(),
            Self::PositiveNumber => value.as_f64().is_some_and(|number| number > 0.0),
            Self::Count => value
                .as_f64()
                .is_some_and(|number| number >= 0.0 && number.fract() == 0.0),
            Self::Flag => value.is_boolean(),
            Self::Text => value.is_string(),
            Self::Texts => value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_string) && differ(list)),
            Self::TextsByName => value
                .as_object()
                .is_some_and(|map| map.values().all(|texts| Self::Texts.fits(texts))),
            Self::List => value.is_array(),
        }
    }
}

fn is_type(value: &Value) -> bool {
    let known = [
        "array", "boolean", "integer", "null", "number", "object", "string",
    ];
    value.as_str().is_some_and(|name| known.contains(&name))
}

fn differ(texts: &[Value]) -> bool {
    let all: BTreeSet<&str> = texts.iter().filter_map(Value::as_str).collect();
    all.len() == texts.len()
}

/// What parts of a schema are called, and where it leads from one part to another.
#[derive(Default)]
struct Names<'s> {
    ids: BTreeSet<&'s str>,
    anchors: BTreeSet<&'s str>,
    /// The place and the target of each.
    references: Vec<(String, &'s str)>,
    /// Whether `#` can mean another root than that of the document.
    has_inner_id: bool,
}

impl<'s> Names<'s> {
    fn read(&mut self, schema: &'s Value, at: &str) -> Result<(), String> {
        let Value::Object(schema) = schema else {
            return match schema {
                Value::Bool(_) => Ok(()),
                _ => Err(format!("has no schema at `{at}`")),
            };
        };
        for (keyword, value) in schema {
            let at = format!("{at}/{keyword}");
            let Some(shape) = Shape::of(keyword) else {
                continue;
            };
            if !shape.fits(value) {
                return Err(format!("needs {} at `{at}`", shape.in_words()));
            }
            match (shape, value) {
                (Shape::Schema, inner) => self.read(inner, &at)?,
                (Shape::Schemas, Value::Array(list)) => {
                    for (index, inner) in list.iter().enumerate() {
                        self.read(inner, &format!("{at}/{index}"))?;
                    }
                }
                (Shape::SchemasByName, Value::Object(map)) => self.read_all(map, &at)?,
                (Shape::Text, Value::String(text)) => self.note(keyword, text, at)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_all(&mut self, schemas: &'s Map<String, Value>, at: &str) -> Result<(), String> {
        schemas
            .iter()
            .try_for_each(|(name, inner)| self.read(inner, &format!("{at}/{name}")))
    }

    fn note(&mut self, keyword: &str, text: &'s str, at: String) -> Result<(), String> {
        match keyword {
            "$schema" if text.trim_end_matches('#') != DIALECT => {
                return Err(format!(
                    "is in the dialect `{text}`, which is not supported; write it in `{DIALECT}`"
                ));
            }
            "$id" => {
                self.ids.insert(text.trim_end_matches('#'));
                self.has_inner_id |= at != "#/$id";
            }
            "$anchor" | "$dynamicAnchor" => {
                self.anchors.insert(text);
            }
            "$ref" | "$dynamicRef" => self.references.push((at, text)),
            _ => {}
        }
        Ok(())
    }

    /// Whether all that is referred to is in the schema itself.
    fn resolve(&self, root: &Value) -> Result<(), String> {
        for (at, target) in &self.references {
            let (document, fragment) = target.split_once('#').unwrap_or((target, ""));
            if !document.is_empty() && !self.ids.contains(document) {
                return Err(format!(
                    "refers to `{target}` at `{at}`, which is never fetched; put it into `$defs` \
                     and refer to `#/$defs/...`"
                ));
            }
            let is_there = if fragment.is_empty() || fragment.starts_with('/') {
                root.pointer(fragment).is_some() || fragment.contains('%')
            } else {
                self.anchors.contains(fragment)
            };
            if document.is_empty() && !self.has_inner_id && !is_there {
                return Err(format!(
                    "refers to `{target}` at `{at}`, and there is no such part of it"
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mistake(keywords: &Value) -> String {
        let mut schema = json!({"type": "object"});
        for (key, value) in keywords.as_object().unwrap() {
            schema[key] = value.clone();
        }
        check(&schema.to_string()).err().unwrap_or_default()
    }

    // [SCH-1b]
    #[test]
    fn a_keyword_has_the_value_that_the_dialect_wants() {
        for wrong in [
            json!({"properties": {"a": {"type": "objekt"}}}),
            json!({"properties": {"a": {"type": []}}}),
            json!({"properties": {"a": {"type": ["null", "null"]}}}),
            json!({"properties": {"a": {"minimum": "1"}}}),
            json!({"properties": {"a": {"items": {"maxLength": -1}}}}),
            json!({"properties": {"a": {"items": [true]}}}),
            json!({"properties": {"a": 1}}),
            json!({"properties": []}),
            json!({"required": "a"}),
            json!({"required": ["a", "a"]}),
            json!({"dependentRequired": {"a": ["b", 1]}}),
            json!({"anyOf": []}),
            json!({"anyOf": [{"not": null}]}),
            json!({"if": {"multipleOf": 0}}),
            json!({"$defs": {"a": {"uniqueItems": "yes"}}}),
            json!({"$defs": {"a": {"enum": "yes"}}}),
            json!({"title": 1}),
        ] {
            assert!(mistake(&wrong).contains(" at `#/"), "{wrong}");
        }
        let place = mistake(&json!({"properties": {"a": {"anyOf": [true, {"type": "text"}]}}}));
        assert!(
            place.starts_with("needs `array`, ")
                && place.ends_with("`#/properties/a/anyOf/1/type`")
        );
        for right in [
            json!({"x-mcp-header": 1, "items": true, "properties": {"$ref": {"minItems": 2.0}}}),
            json!({"const": {"$ref": "https://a.example"}, "examples": [{"type": "objekt"}]}),
        ] {
            assert_eq!(mistake(&right), "", "{right}");
        }
        assert!(
            check("{").is_err() && check("[]").is_err() && check(r#"{"type":"string"}"#).is_err()
        );
    }

    // [SCH-1]
    #[test]
    fn another_dialect_is_refused_by_its_name() {
        for dialect in [DIALECT.to_owned(), format!("{DIALECT}#")] {
            assert_eq!(mistake(&json!({"$schema": dialect})), "");
        }
        for dialect in ["http://json-schema.org/draft-07/schema#", "x:y", ""] {
            for schema in [
                json!({"$schema": dialect}),
                json!({"$defs": {"a": {"$schema": dialect}}}),
            ] {
                let text = mistake(&schema);
                let says = format!("the dialect `{dialect}`, which is not supported");
                assert!(text.contains(&says) && text.contains(DIALECT), "{text}");
            }
        }
    }

    // [SCH-2]
    #[test]
    fn what_a_schema_refers_to_is_in_it() {
        let far = "http://127.0.0.1:9/s.json";
        for schema in [
            json!({"$ref": far}),
            json!({"$dynamicRef": format!("{far}#a")}),
            json!({"$defs": {"a": {"$ref": "s.json"}}}),
            json!({"allOf": [{"properties": {"a": {"$ref": "//host/s"}}}]}),
        ] {
            assert!(mistake(&schema).contains("never fetched"), "{schema}");
        }
        for schema in [
            json!({"$ref": "#/$defs/b", "$defs": {"a": true}}),
            json!({"$ref": "#b", "$defs": {"a": {"$anchor": "a"}}}),
        ] {
            assert!(mistake(&schema).contains("no such part"), "{schema}");
        }
        for schema in [
            json!({"$ref": "#/$defs/a~1b", "$defs": {"a/b": true}}),
            json!({"$ref": "#a", "$defs": {"b": {"$anchor": "a"}}}),
            json!({"properties": {"child": {"$ref": "#"}}}),
            json!({"$ref": "https://a.example/b", "$defs": {"b": {"$id": "https://a.example/b"}}}),
            json!({"$defs": {"b": {"$id": "b", "$ref": "#/$defs/c", "$defs": {"c": true}}}}),
        ] {
            assert_eq!(mistake(&schema), "", "{schema}");
        }
    }

    // [SCH-3]
    #[test]
    fn a_schema_of_n_bytes_is_taken_and_one_of_n_plus_one_is_not() {
        let schema = |bytes: usize| {
            let start = r#"{"type":"object","title":""#;
            format!(r#"{start}{}"}}"#, "x".repeat(bytes - start.len() - 2))
        };
        assert!(check(&schema(MAX_SCHEMA)).is_ok());
        let text = check(&schema(MAX_SCHEMA + 1)).unwrap_err();
        assert!(
            text.contains("has 65537 bytes, and at most 65536"),
            "{text}"
        );
        let nested = |depth| {
            let (open, close) = (r#"{"not":"#.repeat(depth), "}".repeat(depth));
            format!(r#"{{"type":"object","not":{open}true{close}}}"#)
        };
        assert!(check(&nested(100)).is_ok());
        assert!(check(&nested(10_000)).is_err());
    }
}
