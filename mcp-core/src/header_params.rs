//! Arguments that an HTTP header repeats, so that what stands in front of the server can route and
//! limit calls without reading them (`x-mcp-header`; Streamable HTTP, 2026-07-28).
//!
//! Clients drop a tool whose annotation breaks a rule, so a server with such a tool is not built.

use serde_json::Value;

/// The keyword of a schema that names the header.
const KEYWORD: &str = "x-mcp-header";

/// Integers beyond this cannot be compared by every client.
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// One argument that a header repeats.
#[derive(Debug)]
pub(crate) struct HeaderParam {
    /// The keys from the root of the arguments.
    pub(crate) path: Box<[Box<str>]>,
    /// `mcp-param-` and the name, in lower case.
    pub(crate) header: Box<str>,
}

/// Finds the annotations of a tool's input schema, or says which one cannot be.
pub(crate) fn of_schema(schema: &[u8]) -> Result<Box<[HeaderParam]>, String> {
    let mentions = schema
        .windows(KEYWORD.len())
        .any(|window| window == KEYWORD.as_bytes());
    let mut found = Vec::new();
    if mentions && let Ok(tree) = serde_json::from_slice(schema) {
        properties(&tree, &mut Vec::new(), &mut found)?;
    }
    Ok(found.into())
}

fn properties(
    schema: &Value,
    path: &mut Vec<Box<str>>,
    found: &mut Vec<HeaderParam>,
) -> Result<(), String> {
    let Value::Object(schema) = schema else {
        return Ok(());
    };
    for (key, value) in schema {
        let Some(children) = value.as_object().filter(|_| key == "properties") else {
            if mentions(value) {
                return Err(format!(
                    "`{KEYWORD}` stands inside `{key}` of a schema; it works on properties only, \
                     reached through `properties` from the root"
                ));
            }
            continue;
        };
        for (name, child) in children {
            path.push(name.as_str().into());
            if let Some(header) = child.get(KEYWORD) {
                found.push(annotation(child, header, path, found)?);
            }
            let mut inner = child.clone();
            if let Value::Object(inner) = &mut inner {
                inner.remove(KEYWORD);
            }
            properties(&inner, path, found)?;
            path.pop();
        }
    }
    Ok(())
}

/// Whether the keyword stands somewhere inside.
fn mentions(tree: &Value) -> bool {
    match tree {
        Value::Object(map) => map.contains_key(KEYWORD) || map.values().any(mentions),
        Value::Array(items) => items.iter().any(mentions),
        _ => false,
    }
}

fn annotation(
    schema: &Value,
    header: &Value,
    path: &[Box<str>],
    known: &[HeaderParam],
) -> Result<HeaderParam, String> {
    let at = path.join(".");
    let name = header.as_str().unwrap_or_default();
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(format!(
            "the header of the argument `{at}` has to be a name of letters, digits and the signs \
             that HTTP allows in one"
        ));
    }
    let kind = schema.get("type").and_then(Value::as_str);
    if !matches!(kind, Some("string" | "integer" | "boolean")) {
        return Err(format!(
            "the argument `{at}` cannot have a header: only text, whole numbers and booleans can"
        ));
    }
    let header: Box<str> = format!("mcp-param-{}", name.to_ascii_lowercase()).into();
    if known.iter().any(|other| other.header == header) {
        return Err(format!(
            "two arguments have the header `{name}`; header names do not differ by case"
        ));
    }
    Ok(HeaderParam {
        path: path.into(),
        header,
    })
}

/// The characters of a header's name (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl HeaderParam {
    /// What the header has to say for these arguments; `None` when they have no value for it.
    pub(crate) fn value(&self, arguments: &Value) -> Option<Value> {
        let mut value = arguments;
        for key in &self.path {
            value = value.get(&**key)?;
        }
        (!value.is_null()).then(|| value.clone())
    }
}

/// Whether a header's text says the same as a value.
pub(crate) fn says(text: &str, value: &Value) -> bool {
    match value {
        Value::String(expected) => text == expected,
        Value::Bool(expected) => text == if *expected { "true" } else { "false" },
        Value::Number(expected) => {
            // Whole numbers are the same in any spelling: `42` and `42.0`.
            let in_range = |number: f64| number.abs() <= as_f64(MAX_INTEGER);
            let given = text.parse::<f64>().ok().filter(|given| in_range(*given));
            expected.to_string() == text || (given.is_some() && given == expected.as_f64())
        }
        _ => false,
    }
}

#[allow(clippy::cast_precision_loss)] // exactly representable
const fn as_f64(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn find(schema: &Value) -> Result<Vec<String>, String> {
        let found = of_schema(schema.to_string().as_bytes())?;
        Ok(found
            .iter()
            .map(|param| format!("{}={}", param.header, param.path.join(".")))
            .collect())
    }

    fn with(property: &Value) -> Value {
        json!({"type": "object", "properties": {"a": property}})
    }

    // [HDR-5]
    #[test]
    fn headers_are_found_at_any_depth_of_properties_and_nowhere_else() {
        let nested = with(&json!({"type": "object", "properties": {
            "b": {"type": "integer", "x-mcp-header": "Tenant-Id"}}}));
        assert_eq!(find(&nested).unwrap(), ["mcp-param-tenant-id=a.b"]);
        let region = json!({"type": "string", "x-mcp-header": "Region"});
        assert_eq!(find(&with(&region)).unwrap(), ["mcp-param-region=a"]);
        assert!(find(&with(&json!({"type": "array", "items": region}))).is_err());
        assert!(find(&json!({"type": "object", "anyOf": [with(&region)]})).is_err());
    }

    // [HDR-5]
    #[test]
    fn a_header_that_cannot_be_one_is_refused() {
        for header in ["", "a b", "a:b", "ü"] {
            let property = json!({"type": "string", "x-mcp-header": header});
            assert!(find(&with(&property)).is_err(), "{header}");
        }
        for kind in ["number", "object", "array"] {
            let property = json!({"type": kind, "x-mcp-header": "A"});
            assert!(find(&with(&property)).is_err(), "{kind}");
        }
        let twice = json!({"type": "object", "properties": {
            "a": {"type": "string", "x-mcp-header": "Same"},
            "b": {"type": "string", "x-mcp-header": "same"}}});
        assert!(find(&twice).unwrap_err().contains("two arguments"));
    }

    // [HDR-3]
    #[test]
    fn values_are_compared_as_what_they_are() {
        assert!(says("42", &json!(42)) && says("42.0", &json!(42)) && !says("43", &json!(42)));
        assert!(says("true", &json!(true)) && !says("True", &json!(true)));
        assert!(says("", &json!("")) && !says("a", &json!("A")));
    }
}
