//! An internally tagged enum as one object: the tag, and the fields of all variants, optional.
//!
//! Model vendors refuse `oneOf`. Which fields belong to which variant is said in the description and
//! checked when a call comes.

use serde_json::{Map, Value};

use super::forms::{self, properties, requires};
use super::portable::{Built, Place};
use super::{Direction, Mistake};

/// One field, as the variants that have it describe it.
struct Field<'f> {
    name: &'f str,
    built: Built,
}

/// Merges the forms of an enum.
pub(super) fn merge(
    forms: &[Map<String, Value>],
    direction: Direction,
    place: &mut Place<'_>,
) -> Result<Built, Mistake> {
    let Some((tag, variants)) = forms::tag(forms) else {
        return Err(place.mistake(
            "is one of several shapes, which model vendors refuse; give the enum \
             `#[serde(tag = \"kind\")]`, take a struct with optional fields instead, or publish \
             `SchemaProfile::Full`",
        ));
    };
    let mut fields: Vec<Field<'_>> = Vec::new();
    for form in forms {
        for (name, schema) in properties(form) {
            let built = place.within(name, |place| Built::of(schema, direction, place))?;
            match fields.iter_mut().find(|field| field.name == name) {
                None => fields.push(Field { name, built }),
                Some(field) => unite(field, &built).map_err(|()| {
                    place.mistake(&format!(
                        "has a field `{name}` that is not the same in all variants, which one \
                         object cannot say; give the fields different names, or publish \
                         `SchemaProfile::Full`"
                    ))
                })?,
            }
        }
    }
    let required: Vec<Value> = fields
        .iter()
        .filter(|field| forms.iter().all(|form| requires(form, field.name)))
        .map(|field| field.name.into())
        .collect();
    let mut added = String::new();
    for (variant, form) in variants.iter().zip(forms) {
        added.push_str(&line(tag, variant, form));
    }
    let mut all = Map::new();
    for Field { name, built } in fields {
        all.insert(name.to_owned(), Value::Object(built.into_schema()));
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), Value::Object(all));
    schema.insert("required".to_owned(), Value::Array(required));
    Ok(Built {
        schema,
        docs: String::new(),
        added,
        nullable: false,
    })
}

/// What a field is in a further variant: the same, or another of the tag's names.
fn unite(field: &mut Field<'_>, other: &Built) -> Result<(), ()> {
    let known = &mut field.built;
    if known.docs != other.docs {
        // What it is for differs by variant; the lines of the variants say more.
        known.docs.clear();
    }
    if known.schema == other.schema {
        return Ok(());
    }
    match (known.schema.get_mut("enum"), other.schema.get("enum")) {
        (Some(Value::Array(names)), Some(Value::Array(more))) => {
            for name in more {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            Ok(())
        }
        _ => Err(()),
    }
}

/// One variant in words: "- `card`: Paid by card. Needs `number`; takes `note`."
fn line(tag: &str, variant: &str, form: &Map<String, Value>) -> String {
    let mut line = format!("\n- `{variant}`:");
    if let Some(Value::String(docs)) = form.get("description") {
        line.push(' ');
        line.push_str(docs.trim());
    }
    let list = |required: bool| {
        let names: Vec<&str> = properties(form)
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| *name != tag && requires(form, name) == required)
            .collect();
        names.join("`, `")
    };
    let (needs, takes) = (list(true), list(false));
    line.push_str(&match (needs.as_str(), takes.as_str()) {
        ("", "") => " Nothing else.".to_owned(),
        (needs, "") => format!(" Needs `{needs}`."),
        ("", takes) => format!(" Takes `{takes}`."),
        (needs, takes) => format!(" Needs `{needs}`; takes `{takes}`."),
    });
    line
}
