//! What a schema asks for, in words that a model reads: "a whole number from 1 to 60".

use serde_json::{Map, Value};

/// The words for one schema.
pub(crate) fn in_words(schema: &Map<String, Value>) -> String {
    if let Some(Value::Array(values)) = schema.get("enum") {
        let values = values.iter().filter(|value| !value.is_null());
        let names: Vec<String> = values.map(plain).collect();
        return format!("one of `{}`", names.join("`, `"));
    }
    if let Some(only) = schema.get("const") {
        return format!("`{}`", plain(only));
    }
    let (noun, unit, min, max) = match kind(schema) {
        Some("integer") => ("a whole number", "", "minimum", "maximum"),
        Some("number") => ("a number", "", "minimum", "maximum"),
        Some("string") => ("text", " characters", "minLength", "maxLength"),
        Some("array") => ("a list", " items", "minItems", "maxItems"),
        Some("boolean") => return "`true` or `false`".to_owned(),
        Some("object") => return "an object".to_owned(),
        Some("null") => return "`null`".to_owned(),
        _ => return "as its schema says".to_owned(),
    };
    let of = if unit.is_empty() { "" } else { " of" };
    let mut words = match (schema.get(min), schema.get(max)) {
        (Some(min), Some(max)) if unit.is_empty() => format!("{noun} from {min} to {max}"),
        (Some(min), Some(max)) if min == max => {
            format!("{noun}{of} exactly {min}{}", singular(unit, min))
        }
        (Some(min), Some(max)) => format!("{noun} of {min} to {max}{unit}"),
        (Some(min), None) => format!("{noun}{of} at least {min}{}", singular(unit, min)),
        (None, Some(max)) => format!("{noun}{of} at most {max}{}", singular(unit, max)),
        (None, None) => noun.to_owned(),
    };
    for (key, sign) in [
        ("exclusiveMinimum", "greater than"),
        ("exclusiveMaximum", "less than"),
    ] {
        if let Some(bound) = schema.get(key).filter(|_| unit.is_empty()) {
            words.push_str(&format!(", {sign} {bound}"));
        }
    }
    if let Some(Value::String(pattern)) = schema.get("pattern").filter(|_| noun == "text") {
        words.push_str(&format!(" that matches `{pattern}`"));
    }
    words
}

/// The one type that a schema admits, `null` aside.
pub(crate) fn kind(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            let mut kinds = kinds.filter(|kind| *kind != "null");
            kinds.next().filter(|_| kinds.next().is_none())
        }
        _ => None,
    }
}

/// A value without the quotes of a text.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn singular<'u>(unit: &'u str, count: &Value) -> &'u str {
    if *count == 1 {
        unit.trim_end_matches('s')
    } else {
        unit
    }
}

/// What a text format means, with an example; `None` for one that says nothing to a model.
pub(super) fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "A date and time with its offset, such as 2026-01-31T12:30:00Z (RFC 3339).",
        "partial-date-time" => "A date and time without an offset, such as 2026-01-31T12:30:00.",
        "zoned-date-time" => {
            "A date and time with its zone, such as 2026-01-31T12:30:00+01:00[Europe/Berlin]."
        }
        "date" => "A date, such as 2026-01-31.",
        "time" => "A time of day with its offset, such as 12:30:00Z.",
        "partial-time" => "A time of day, such as 12:30:00.",
        "duration" => "A duration in ISO 8601, such as PT1H30M.",
        "uuid" => "A UUID, such as 67e55044-10b1-426f-9247-bb680e5fe0c8.",
        "uri" | "url" => "An absolute URL, such as https://example.com/page.",
        "email" => "An e-mail address, such as ann@example.com.",
        "ip" => "An IPv4 or IPv6 address.",
        "ipv4" => "An IPv4 address, such as 192.0.2.1.",
        "ipv6" => "An IPv6 address, such as 2001:db8::1.",
        "hostname" => "A host name, such as example.com.",
        "semver" => "A version, such as 1.2.3 (Semantic Versioning).",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn expectations_read_as_words() {
        for (schema, words) in [
            (
                json!({"type": "integer", "minimum": 1, "maximum": 60}),
                "a whole number from 1 to 60",
            ),
            (
                json!({"type": "string", "minLength": 1}),
                "text of at least 1 character",
            ),
            (
                json!({"type": "integer", "minimum": 1}),
                "a whole number at least 1",
            ),
            (
                json!({"type": "number", "exclusiveMinimum": 0}),
                "a number, greater than 0",
            ),
            (
                json!({"type": "string", "minLength": 5, "maxLength": 5}),
                "text of exactly 5 characters",
            ),
            (
                json!({"type": "string", "maxLength": 5, "pattern": "^a"}),
                "text of at most 5 characters that matches `^a`",
            ),
            (
                json!({"enum": ["a", "b"], "type": "string"}),
                "one of `a`, `b`",
            ),
            (json!({}), "as its schema says"),
        ] {
            assert_eq!(in_words(schema.as_object().unwrap()), words);
        }
    }
}
