//! The plain forms that a schema with combinators stands for.
//!
//! schemars writes an enum as `oneOf`, an optional structure as `anyOf` with `null`, an enum that is
//! flattened into a struct as `oneOf` beside `properties`, and two of these as `allOf`. Each way
//! through them is one form without any.

use serde_json::{Map, Value};

/// The most forms that one schema can have.
pub(crate) const MAX_FORMS: usize = 256;

const COMBINATORS: [&str; 3] = ["oneOf", "anyOf", "allOf"];

/// The forms of a schema.
pub(crate) struct Forms {
    /// Schemas without combinators.
    pub(crate) of: Vec<Map<String, Value>>,
    /// Whether `null` is one of the alternatives.
    pub(crate) nullable: bool,
}

/// Takes a schema apart; `None` when it has more than [`MAX_FORMS`] forms.
pub(crate) fn forms(schema: &Map<String, Value>) -> Option<Forms> {
    let mut base = schema.clone();
    base.retain(|key, _| !COMBINATORS.contains(&key.as_str()));
    if base.len() < schema.len() {
        // What is said of all forms is not said of each.
        base.remove("description");
    }
    let mut found = Forms {
        of: vec![base],
        nullable: false,
    };
    for key in ["oneOf", "anyOf"] {
        if let Some(Value::Array(alternatives)) = schema.get(key) {
            found.choose(alternatives)?;
        }
    }
    if let Some(Value::Array(all)) = schema.get("allOf") {
        for each in all {
            found.choose(std::slice::from_ref(each))?;
        }
    }
    Some(found)
}

impl Forms {
    /// Each form so far with each alternative.
    fn choose(&mut self, alternatives: &[Value]) -> Option<()> {
        let mut added = Vec::new();
        for alternative in alternatives {
            let Value::Object(alternative) = alternative else {
                added.push(Map::new());
                continue;
            };
            if alternative.get("type").is_some_and(|kind| kind == "null") {
                self.nullable = true;
                continue;
            }
            let inner = forms(alternative)?;
            self.nullable |= inner.nullable;
            added.extend(inner.of);
        }
        if self.of.len() * added.len() > MAX_FORMS {
            return None;
        }
        let of = std::mem::take(&mut self.of);
        for form in of {
            self.of
                .extend(added.iter().map(|added| merge(form.clone(), added)));
        }
        Some(())
    }
}

/// Both schemas in one; where they say different things, the second counts.
fn merge(mut form: Map<String, Value>, added: &Map<String, Value>) -> Map<String, Value> {
    for (key, value) in added {
        match (form.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => {
                known.extend(more.clone());
            }
            (Some(Value::Array(known)), Value::Array(more)) if key == "required" => {
                known.extend(more.iter().cloned());
            }
            _ => {
                form.insert(key.clone(), value.clone());
            }
        }
    }
    form
}

/// What is said of a schema, or of the one alternative that it has beside `null`.
pub(crate) fn docs(schema: &Map<String, Value>) -> Option<&str> {
    if let Some(Value::String(docs)) = schema.get("description") {
        return Some(docs.trim());
    }
    let Some(Value::Array(alternatives)) = schema.get("anyOf") else {
        return None;
    };
    let alternatives = alternatives.iter().filter_map(Value::as_object);
    let mut others = alternatives.filter(|it| it.get("type").is_none_or(|kind| kind != "null"));
    others
        .next()
        .filter(|_| others.next().is_none())
        .and_then(docs)
}

/// The properties of a form, sorted: the order of a map depends on features of other crates.
pub(crate) fn properties(form: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let properties = form.get("properties").and_then(Value::as_object);
    let mut properties: Vec<_> = properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    properties.sort_unstable_by_key(|(name, _)| *name);
    properties
}

/// Whether a form requires a property.
pub(crate) fn requires(form: &Map<String, Value>, name: &str) -> bool {
    let required = form.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|known| known == name))
}

/// The one text that a schema admits.
pub(crate) fn only_text(schema: &Value) -> Option<&str> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(Value::String(text)), _) => Some(text),
        (None, Some(Value::Array(values))) => match values.as_slice() {
            [Value::String(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The property that tells the forms apart: required in each, with one text in each. The texts are in
/// the order of the forms.
pub(crate) fn tag(forms: &[Map<String, Value>]) -> Option<(&str, Vec<&str>)> {
    properties(forms.first()?)
        .into_iter()
        .find_map(|(name, _)| {
            let texts = forms.iter().map(|form| {
                let schema = form.get("properties")?.get(name)?;
                only_text(schema).filter(|_| requires(form, name))
            });
            Some((name, texts.collect::<Option<Vec<_>>>()?))
        })
}

/// The names that unit variants have, and what each means; `None` when a form is no such variant.
pub(crate) fn names(forms: &[Map<String, Value>]) -> Option<Vec<(&str, Option<&str>)>> {
    let mut found = Vec::new();
    for form in forms {
        if form.get("type").is_some_and(|kind| kind != "string") {
            return None;
        }
        let docs = form.get("description").and_then(Value::as_str);
        match (form.get("const"), form.get("enum")) {
            (Some(Value::String(name)), _) => found.push((name.as_str(), docs)),
            (None, Some(Value::Array(names))) => {
                // Variants without documentation come together; the text beside them is not theirs.
                let docs = docs.filter(|_| names.len() == 1);
                for name in names {
                    found.push((name.as_str()?, docs));
                }
            }
            _ => return None,
        }
    }
    Some(found)
}
