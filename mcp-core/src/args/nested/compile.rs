//! From a schema, as schemars wrote it, to what a value is checked against.

use regex_lite::Regex;
use serde_json::{Map, Number, Value};

use super::number::Bound;
use crate::schema::forms::{self, properties, requires};
use crate::schema::{in_words, marks};

/// A set of JSON types, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    pub(super) const NUMBER: Self = Self(8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    const ALL: Self = Self(127);

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What one value has to fulfil. Each part is about values of its own type.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kinds: Kinds,
    /// The only values.
    pub(super) values: Option<Box<[Value]>>,
    pub(super) number: Option<Box<Range>>,
    pub(super) text: Option<Box<Text>>,
    pub(super) list: Option<Box<List>>,
    pub(super) object: Option<Box<Object>>,
    /// One of several forms, in the place of all other parts.
    pub(super) choice: Option<Box<Choice>>,
    /// The name of a type that refers to itself, in the place of all other parts.
    pub(super) same_as: Option<Box<str>>,
    /// What it has to be, in words.
    pub(super) words: Box<str>,
    /// Whether the value must not be shown.
    pub(super) secret: bool,
    /// Whether something of it is not enforced by decoding.
    pub(super) beyond: bool,
}

/// Bounds of a number.
#[derive(Debug)]
pub(super) struct Range {
    pub(super) min: Option<Bound>,
    pub(super) max: Option<Bound>,
}

/// Inclusive bounds of a number of characters or items.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Text {
    pub(super) length: Count,
    pub(super) pattern: Option<Regex>,
}

#[derive(Debug)]
pub(super) struct List {
    pub(super) length: Count,
    /// What stands at the first places of a tuple.
    pub(super) first: Box<[Node]>,
    pub(super) each: Option<Node>,
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) fields: Box<[Field]>,
    pub(super) others: Others,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) required: bool,
    pub(super) rule: Node,
}

/// Keys that are not declared.
#[derive(Debug)]
pub(super) enum Others {
    /// There are none. Keys of other variants may be `null`.
    Refused { of_other_variants: Box<[Box<str>]> },
    /// They may be anything.
    Any,
    /// Their values fulfil a rule.
    Each(Node),
}

#[derive(Debug)]
pub(super) struct Choice {
    pub(super) forms: Box<[Node]>,
    pub(super) tag: Option<Tag>,
}

/// The property that tells the forms of an enum apart, and its text in each.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: Box<str>,
    pub(super) texts: Box<[Box<str>]>,
}

impl Node {
    /// Compiles any schema.
    pub(super) fn of(schema: &Value) -> Self {
        let schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(false) => return Self::any(Kinds::NONE),
            _ => return Self::any(Kinds::ALL),
        };
        let Some(found) = forms::forms(schema) else {
            return Self::any(Kinds::ALL);
        };
        let mut node = match found.of.as_slice() {
            [] => Self::any(Kinds::NULL),
            [one] => Self::plain(one),
            many => match forms::names(many) {
                Some(names) => Self::one_of(names.into_iter().map(|(name, _)| name.into())),
                None => Self::choice(many),
            },
        };
        if found.nullable {
            node.kinds = node.kinds.and(Kinds::NULL);
        }
        node.secret |= is_secret(schema);
        node
    }

    fn any(kinds: Kinds) -> Self {
        Self {
            kinds,
            values: None,
            number: None,
            text: None,
            list: None,
            object: None,
            choice: None,
            same_as: None,
            words: "as its schema says".into(),
            secret: false,
            beyond: false,
        }
    }

    fn one_of(values: impl Iterator<Item = Value>) -> Self {
        let values: Box<[Value]> = values.collect();
        let mut schema = Map::new();
        schema.insert("enum".to_owned(), Value::Array(values.to_vec()));
        let mut node = Self::any(Kinds::STRING);
        node.words = in_words(&schema).into();
        node.values = Some(values);
        node.beyond = true;
        node
    }

    fn choice(forms: &[Map<String, Value>]) -> Self {
        let tag = forms::tag(forms).map(|(name, texts)| Tag {
            name: name.into(),
            texts: texts.into_iter().map(Into::into).collect(),
        });
        let mut nodes: Box<[Self]> = forms.iter().map(Self::plain).collect();
        let mut all: Vec<&str> = forms
            .iter()
            .flat_map(properties)
            .map(|(name, _)| name)
            .collect();
        all.sort_unstable();
        all.dedup();
        for node in &mut nodes {
            let Some(object) = &mut node.object else {
                continue;
            };
            let known = |name: &&&str| object.fields.iter().any(|field| *field.name == ***name);
            let foreign = all.iter().filter(|name| !known(name));
            if let Others::Refused { .. } = object.others {
                let of_other_variants = foreign.map(|name| (**name).into()).collect();
                object.others = Others::Refused { of_other_variants };
            }
        }
        let mut node = Self::any(Kinds::ALL);
        node.kinds = nodes
            .iter()
            .fold(Kinds::NONE, |kinds, node| kinds.and(node.kinds));
        node.words = format!("one of its {} forms", nodes.len()).into();
        node.beyond = nodes.iter().any(Self::is_beyond_decoding);
        node.secret = nodes.iter().any(Self::holds_secrets);
        node.choice = Some(Box::new(Choice { forms: nodes, tag }));
        node
    }

    /// Compiles a schema without combinators.
    fn plain(schema: &Map<String, Value>) -> Self {
        let mut node = Self::any(kinds(schema));
        if let Some(Value::String(target)) = schema.get("$ref") {
            node.same_as = target.rsplit('/').next().map(Into::into);
            // Its own nodes say what is to be checked.
            node.beyond = true;
            return node;
        }
        node.words = in_words(schema).into();
        node.secret = is_secret(schema);
        node.values = match (schema.get("enum"), schema.get("const")) {
            (Some(Value::Array(values)), _) => Some(values.clone().into()),
            (_, Some(only)) => Some([only.clone()].into()),
            _ => None,
        };
        node.beyond = node.values.is_some();
        node.number(schema);
        node.text(schema);
        node.list(schema);
        if node.kinds.has(Kinds::OBJECT) {
            node.object(schema);
        }
        node
    }

    fn number(&mut self, schema: &Map<String, Value>) {
        let bound = |key: &str, exclusive: bool| match schema.get(key) {
            Some(Value::Number(number)) => Bound::new(number, exclusive),
            _ => None,
        };
        let (mut min, mut max) = (
            bound("exclusiveMinimum", true).or_else(|| bound("minimum", false)),
            bound("exclusiveMaximum", true).or_else(|| bound("maximum", false)),
        );
        let explicit = |key: &str, exclusive: &str| {
            schema.contains_key(exclusive)
                || matches!(schema.get(key), Some(Value::Number(bound)) if !implied(schema, key, bound))
        };
        let beyond =
            explicit("minimum", "exclusiveMinimum") || explicit("maximum", "exclusiveMaximum");
        let format = schema.get("format").and_then(Value::as_str);
        if let Some((low, high)) = format.and_then(of_format) {
            min = min.or_else(|| Bound::new(&low.into(), false));
            max = max.or_else(|| Bound::new(&high.into(), false));
        }
        if min.is_some() || max.is_some() {
            self.number = Some(Box::new(Range { min, max }));
            self.beyond |= beyond;
        }
    }

    fn text(&mut self, schema: &Map<String, Value>) {
        let length = Count::of(schema, "minLength", "maxLength");
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let pattern = pattern.and_then(|pattern| Regex::new(pattern).ok());
        if !length.is_open() || pattern.is_some() {
            self.text = Some(Box::new(Text { length, pattern }));
            self.beyond = true;
        }
    }

    fn list(&mut self, schema: &Map<String, Value>) {
        let length = Count::of(schema, "minItems", "maxItems");
        let first: Box<[Self]> = match schema.get("prefixItems") {
            Some(Value::Array(places)) => places.iter().map(Self::of).collect(),
            _ => Box::default(),
        };
        let each = schema.get("items").map(Self::of);
        if length.is_open() && first.is_empty() && each.is_none() {
            return;
        }
        let inside = first.iter().chain(&each).any(Self::is_beyond_decoding);
        // That a tuple is complete is seen when it is decoded.
        self.beyond |= inside || (!length.is_open() && first.is_empty());
        self.secret |= first.iter().chain(&each).any(Self::holds_secrets);
        self.list = Some(Box::new(List {
            length,
            first,
            each,
        }));
    }

    fn object(&mut self, schema: &Map<String, Value>) {
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        let by_pattern = patterns.and_then(|patterns| patterns.values().next());
        let others = match by_pattern.or(schema.get("additionalProperties")) {
            Some(Value::Bool(true)) => Others::Any,
            Some(each @ Value::Object(_)) => Others::Each(Self::of(each)),
            // An object of which the type says nothing.
            None if !schema.contains_key("properties") => Others::Any,
            _ => Others::refused(),
        };
        let fields: Box<[Field]> = properties(schema)
            .into_iter()
            .map(|(name, field)| Field {
                name: name.into(),
                required: requires(schema, name),
                rule: Self::of(field),
            })
            .collect();
        self.beyond |= match &others {
            Others::Refused { .. } => true,
            Others::Any => false,
            Others::Each(each) => each.is_beyond_decoding(),
        } || fields.iter().any(|field| field.rule.is_beyond_decoding());
        self.secret |= fields.iter().any(|field| field.rule.holds_secrets())
            || matches!(&others, Others::Each(each) if each.holds_secrets());
        self.object = Some(Box::new(Object { fields, others }));
    }

    /// Whether a value that was decoded still has to be looked at.
    pub(super) fn is_beyond_decoding(&self) -> bool {
        self.beyond
    }

    /// Whether it, or something in it, must not be shown.
    pub(super) fn holds_secrets(&self) -> bool {
        self.secret
    }
}

impl Others {
    fn refused() -> Self {
        Self::Refused {
            of_other_variants: Box::default(),
        }
    }
}

impl Count {
    fn of(schema: &Map<String, Value>, min: &str, max: &str) -> Self {
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        Self {
            min: count(min),
            max: count(max),
        }
    }

    fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

/// A value that is not to be shown ([`Secret`](crate::Secret), `writeOnly`), or that is typed unseen.
pub(crate) fn is_secret(schema: &Map<String, Value>) -> bool {
    schema.contains_key(marks::SECRET)
        || schema
            .get("writeOnly")
            .is_some_and(|secret| *secret == true)
        || schema
            .get("format")
            .is_some_and(|format| format == "password")
}

fn kinds(schema: &Map<String, Value>) -> Kinds {
    match schema.get("type") {
        Some(Value::String(name)) => Kinds::named(name),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(Kinds::named)
            .fold(Kinds::NONE, Kinds::and),
        _ => Kinds::ALL,
    }
}

/// The range of an integer type of at most 32 bits.
fn of_format(format: &str) -> Option<(i64, i64)> {
    Some(match format {
        "uint8" => (0, i64::from(u8::MAX)),
        "uint16" => (0, i64::from(u16::MAX)),
        "uint32" => (0, i64::from(u32::MAX)),
        "int8" => (i64::from(i8::MIN), i64::from(i8::MAX)),
        "int16" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "int32" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => return None,
    })
}

/// Whether a bound is that of the integer type itself, which decoding enforces.
fn implied(schema: &Map<String, Value>, key: &str, bound: &Number) -> bool {
    let format = schema.get("format").and_then(Value::as_str);
    let Some(format) = format else { return false };
    if key == "minimum" && format.starts_with("uint") {
        return bound.as_u64() == Some(0);
    }
    of_format(format).is_some_and(|(low, high)| {
        bound.as_i64() == Some(if key == "minimum" { low } else { high })
    })
}

/// Whether a schema can have something that decoding does not enforce. Quick, and sometimes wrongly
/// true.
pub(super) fn may_need_rules(schema: &Value) -> bool {
    let Value::Object(map) = schema else {
        return false;
    };
    map.iter().any(|(key, value)| match (key.as_str(), value) {
        (
            "properties" | "patternProperties" | "prefixItems" | "enum" | "const" | "$ref"
            | "oneOf" | "allOf" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems"
            | "exclusiveMinimum" | "exclusiveMaximum",
            _,
        ) => true,
        ("minimum" | "maximum", Value::Number(bound)) => !implied(map, key, bound),
        ("anyOf", Value::Array(all)) => all.iter().any(may_need_rules) || all.len() > 2,
        ("items" | "additionalProperties", inner) => may_need_rules(inner),
        _ => false,
    })
}
