//! Constraints inside an argument: bounds of fields, of items and of keys, as its schema publishes
//! them.
//!
//! `serde` enforces types and names of variants; what it does not enforce is compiled from the
//! schema once, when the server is built, and checked on the raw JSON after the argument was
//! decoded. An argument without such constraints pays nothing.

use std::cmp::Ordering;
use std::fmt;

use serde_core::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use crate::jsonrpc;
use crate::schema::in_words;
use crate::text;

/// What a value has to fulfil beyond its type.
#[derive(Debug)]
pub(crate) enum Rule {
    /// Nothing.
    None,
    /// A number within bounds.
    Number(Limits<Bound>),
    /// So many characters.
    Text(Limits<u64>),
    /// So many items, each of which fulfils a rule.
    List(Limits<u64>, Box<Rule>),
    /// No keys but these; their values fulfil rules.
    Object(Vec<(String, Rule)>),
    /// Any keys; their values fulfil a rule.
    Map(Box<Rule>),
}

/// Inclusive bounds, and what they ask for in words.
#[derive(Debug)]
pub(crate) struct Limits<B> {
    min: Option<B>,
    max: Option<B>,
    words: String,
}

impl<B> Limits<B> {
    fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

/// Compiles the schema of a type, as schemars wrote it. `None` when `serde` enforces all of it.
pub(crate) fn compile(schema: &Value) -> Option<Rule> {
    match rule(schema) {
        Rule::None => None,
        rule => Some(rule),
    }
}

fn rule(schema: &Value) -> Rule {
    let Value::Object(schema) = schema else {
        return Rule::None;
    };
    if let Some(only) = only_choice(schema) {
        return rule(only);
    }
    // Alternatives name keys of their own; which of them holds is for the type to say.
    if ALTERNATIVES.iter().any(|key| schema.contains_key(*key)) {
        return Rule::None;
    }
    match kind(schema) {
        Some("integer" | "number") => {
            let number = |key: &str| match schema.get(key) {
                Some(Value::Number(number)) if !implied(schema, key, number) => Bound::new(number),
                _ => None,
            };
            bounded(number("minimum"), number("maximum"), schema, Rule::Number)
        }
        Some("string") => bounded(
            count(schema, "minLength"),
            count(schema, "maxLength"),
            schema,
            Rule::Text,
        ),
        Some("array") => {
            let (min, max) = (count(schema, "minItems"), count(schema, "maxItems"));
            let limits = Limits {
                min,
                max,
                words: words(schema),
            };
            let items = schema.get("items").map_or(Rule::None, rule);
            if limits.is_open() && matches!(items, Rule::None) {
                return Rule::None;
            }
            Rule::List(limits, Box::new(items))
        }
        Some("object") => object(schema),
        _ => Rule::None,
    }
}

/// Keywords beside which the properties of an object are not all there is.
const ALTERNATIVES: [&str; 7] = [
    "$ref",
    "allOf",
    "anyOf",
    "if",
    "not",
    "oneOf",
    "patternProperties",
];

fn object(schema: &Map<String, Value>) -> Rule {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return match schema.get("additionalProperties").map_or(Rule::None, rule) {
            Rule::None => Rule::None,
            each => Rule::Map(Box::new(each)),
        };
    };
    // A type that collects other keys on purpose, by `flatten` into a map.
    if schema
        .get("additionalProperties")
        .is_some_and(|others| *others != Value::Bool(false))
    {
        return Rule::None;
    }
    let mut fields: Vec<_> = properties
        .iter()
        .map(|(name, schema)| (name.clone(), rule(schema)))
        .collect();
    // The order of a map depends on features of other crates, that of a text should not.
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    Rule::Object(fields)
}

/// The one schema beside `null`, which is how schemars writes an optional structure.
fn only_choice(schema: &Map<String, Value>) -> Option<&Value> {
    let Some(Value::Array(choices)) = schema.get("anyOf") else {
        return None;
    };
    let mut others = choices
        .iter()
        .filter(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    match (others.next(), others.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The type, `null` aside.
fn kind(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => {
            let mut kinds = kinds
                .iter()
                .filter_map(Value::as_str)
                .filter(|kind| *kind != "null");
            kinds.next().filter(|_| kinds.next().is_none())
        }
        _ => None,
    }
}

/// Whether a bound is that of the integer type itself, which decoding enforces.
fn implied(schema: &Map<String, Value>, key: &str, bound: &Number) -> bool {
    let format = schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match (format, key) {
        (format, "minimum") if format.starts_with("uint") => bound.as_u64() == Some(0),
        ("uint8", _) => bound.as_u64() == Some(u64::from(u8::MAX)),
        ("uint16", _) => bound.as_u64() == Some(u64::from(u16::MAX)),
        ("int8", "minimum") => bound.as_i64() == Some(i64::from(i8::MIN)),
        ("int8", _) => bound.as_i64() == Some(i64::from(i8::MAX)),
        ("int16", "minimum") => bound.as_i64() == Some(i64::from(i16::MIN)),
        ("int16", _) => bound.as_i64() == Some(i64::from(i16::MAX)),
        _ => false,
    }
}

fn count(schema: &Map<String, Value>, key: &str) -> Option<u64> {
    schema.get(key).and_then(Value::as_u64)
}

fn bounded<B>(
    min: Option<B>,
    max: Option<B>,
    schema: &Map<String, Value>,
    rule: fn(Limits<B>) -> Rule,
) -> Rule {
    let limits = Limits {
        min,
        max,
        words: words(schema),
    };
    if limits.is_open() {
        Rule::None
    } else {
        rule(limits)
    }
}

fn words(schema: &Map<String, Value>) -> String {
    let mut plain = schema.clone();
    if let Some(kind) = kind(schema) {
        plain.insert("type".to_owned(), kind.into());
    }
    in_words(&plain)
}

/// Takes a violation. The text is made when it is asked for: a hostile list can break a rule a
/// million times, and only the first few are told.
type Report<'a> = &'a mut dyn FnMut(&dyn Fn() -> String);

/// Checks the raw JSON of an argument, reporting each violation by its path.
pub(crate) fn check(rule: &Rule, name: &str, json: &str, report: Report<'_>) {
    Walk {
        path: name.to_owned(),
        report,
    }
    .value(rule, json);
}

struct Walk<'a> {
    path: String,
    report: Report<'a>,
}

impl Walk<'_> {
    /// A value of another type than its rule is about was `null`, or `serde` has reported it.
    fn value(&mut self, rule: &Rule, json: &str) {
        match rule {
            Rule::Number(limits) => {
                let below = |bound: &Bound| compare(json, bound) == Some(Ordering::Less);
                let above = |bound: &Bound| compare(json, bound) == Some(Ordering::Greater);
                if limits.min.as_ref().is_some_and(below) || limits.max.as_ref().is_some_and(above)
                {
                    self.violated(&limits.words, format_args!("{}", text::cut(json, 40)));
                }
            }
            Rule::Text(limits) => {
                if let Some(text) = jsonrpc::text(json) {
                    self.length(limits, text.chars().count());
                }
            }
            Rule::List(limits, items) if json.starts_with('[') => {
                let list = Items {
                    walk: self,
                    rule: items,
                    count: 0,
                };
                let count = serde_json::Deserializer::from_str(json).deserialize_seq(list);
                self.length(limits, count.unwrap_or_default());
            }
            Rule::Object(_) | Rule::Map(_) if json.starts_with('{') => {
                let fields = Fields { walk: self, rule };
                // The argument was decoded from this text, so it is an object.
                let _ = serde_json::Deserializer::from_str(json).deserialize_map(fields);
            }
            Rule::None | Rule::List(..) | Rule::Object(_) | Rule::Map(_) => {}
        }
    }

    fn length(&mut self, limits: &Limits<u64>, length: usize) {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if limits.min.is_some_and(|min| length < min) || limits.max.is_some_and(|max| length > max)
        {
            self.violated(&limits.words, format_args!("a length of {length}"));
        }
    }

    fn violated(&mut self, expected: &str, got: fmt::Arguments<'_>) {
        let path = &self.path;
        (self.report)(&|| format!("`{path}` has to be {expected}; got {got}"));
    }

    fn field(&mut self, fields: &[(String, Rule)], key: &str, json: &str) {
        if let Some((_, rule)) = fields.iter().find(|(name, _)| name == key) {
            return self.step(format_args!(".{key}"), rule, json);
        }
        let path = &self.path;
        (self.report)(&|| {
            let names = || fields.iter().map(|(name, _)| name.as_str());
            let help = match text::nearest(key, names()) {
                Some(name) => format!("; did you mean `{name}`?"),
                None => format!("; it takes `{}`", names().collect::<Vec<_>>().join("`, `")),
            };
            format!("`{path}` has no `{}`{help}", text::cut(key, 40))
        });
    }

    /// Checks what lies one step further inside.
    fn step(&mut self, step: fmt::Arguments<'_>, rule: &Rule, json: &str) {
        if matches!(rule, Rule::None) {
            return;
        }
        let length = self.path.len();
        let _ = fmt::Write::write_fmt(&mut self.path, step);
        self.value(rule, json);
        self.path.truncate(length);
    }
}

/// A bound of a number, exact where it is whole.
#[derive(Debug)]
pub(crate) struct Bound {
    whole: Option<i128>,
    near: f64,
}

impl Bound {
    fn new(number: &Number) -> Option<Self> {
        let text = number.to_string();
        Some(Self {
            whole: text.parse().ok(),
            near: text.parse().ok()?,
        })
    }
}

/// How a JSON number lies to a bound; `None` when the JSON is no number.
fn compare(json: &str, bound: &Bound) -> Option<Ordering> {
    if let (Some(bound), Ok(value)) = (bound.whole, json.parse::<i128>()) {
        return Some(value.cmp(&bound));
    }
    json.parse::<f64>().ok()?.partial_cmp(&bound.near)
}

struct Items<'w, 'a, 'r> {
    walk: &'w mut Walk<'a>,
    rule: &'r Rule,
    count: usize,
}

impl<'de> Visitor<'de> for Items<'_, '_, '_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<usize, A::Error> {
        while let Some(item) = seq.next_element::<&'de RawValue>()? {
            self.walk
                .step(format_args!("[{}]", self.count), self.rule, item.get());
            self.count += 1;
        }
        Ok(self.count)
    }
}

struct Fields<'w, 'a, 'r> {
    walk: &'w mut Walk<'a>,
    rule: &'r Rule,
}

impl<'de> Visitor<'de> for Fields<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
            match self.rule {
                Rule::Object(fields) => self.walk.field(fields, &key, value.get()),
                Rule::Map(each) => {
                    let key = text::cut(&key, 40);
                    self.walk.step(format_args!(".{key}"), each, value.get());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(dead_code)] // types that are only described
    use std::collections::BTreeMap;

    use super::*;
    use schemars::JsonSchema;
    use schemars::generate::SchemaSettings;
    use serde_json::json;

    fn compiled<T: JsonSchema>() -> Option<Rule> {
        let mut settings = SchemaSettings::draft2020_12();
        settings.inline_subschemas = true;
        compile(&settings.into_generator().subschema_for::<T>().to_value())
    }

    fn problems<T: JsonSchema>(value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        let rule = compiled::<T>().unwrap();
        check(&rule, "order", &value.to_string(), &mut |problem| {
            problems.push(problem());
        });
        problems
    }

    #[derive(JsonSchema)]
    struct Order {
        #[schemars(length(min = 1, max = 3))]
        lines: Vec<Line>,
        #[schemars(length(max = 5))]
        note: Option<String>,
        #[schemars(range(min = 0.5, max = 1.0))]
        discount: Option<f64>,
        address: Option<Address>,
        tags: BTreeMap<String, Address>,
    }

    #[derive(JsonSchema)]
    struct Line {
        #[schemars(range(min = 1, max = 99))]
        quantity: u32,
        small: u8,
    }

    #[derive(JsonSchema)]
    struct Address {
        #[schemars(length(equal = 5))]
        zip: String,
    }

    #[test]
    fn what_holds_is_silent() {
        let order = json!({
            "lines": [{"quantity": 1, "small": 0}, {"quantity": 99, "small": 255}],
            "note": "äöüß!", "discount": 0.5, "address": null,
            "tags": {"home": {"zip": "12345"}},
        });
        assert_eq!(problems::<Order>(&order), [""; 0]);
    }

    #[test]
    fn each_violation_is_named_by_its_path() {
        let order = json!({
            "lines": [{"quantity": 0, "small": 1}, {"quantity": 100, "smal": 1}],
            "note": "äöüß!?", "discount": 1.01, "address": {"zip": "1"},
            "tags": {"home": {"zip": ""}},
        });
        assert_eq!(
            problems::<Order>(&order),
            [
                "`order.address.zip` has to be text of 5 to 5 characters; got a length of 1",
                "`order.discount` has to be a number from 0.5 to 1.0; got 1.01",
                "`order.lines[0].quantity` has to be a whole number from 1 to 99; got 0",
                "`order.lines[1].quantity` has to be a whole number from 1 to 99; got 100",
                "`order.lines[1]` has no `smal`; did you mean `small`?",
                "`order.note` has to be text of at most 5 characters; got a length of 6",
                "`order.tags.home.zip` has to be text of 5 to 5 characters; got a length of 0",
            ]
        );
    }

    #[test]
    fn lengths_of_lists_hold_at_n_and_not_at_n_plus_one() {
        let order = |lines: usize| {
            let line = json!({"quantity": 1, "small": 1});
            problems::<Order>(&json!({"lines": vec![line; lines], "tags": {}}))
        };
        assert!(order(1).is_empty() && order(3).is_empty());
        assert_eq!(
            order(0),
            ["`order.lines` has to be a list of 1 to 3 items; got a length of 0"]
        );
        assert_eq!(order(4).len(), 1);
    }

    #[test]
    fn what_serde_enforces_alone_is_not_compiled() {
        assert!(compiled::<u8>().is_none());
        assert!(compiled::<i64>().is_none());
        assert!(compiled::<Vec<Option<String>>>().is_none());
        assert!(compiled::<BTreeMap<String, u32>>().is_none());
    }

    #[derive(JsonSchema)]
    struct Open {
        known: u32,
        #[schemars(flatten)]
        others: BTreeMap<String, Value>,
    }

    #[test]
    fn a_type_that_collects_other_keys_takes_them() {
        assert!(compiled::<Open>().is_none());
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Payment {
        Card { number: String },
        Invoice,
    }

    #[derive(JsonSchema)]
    struct Paid {
        amount: u32,
        #[schemars(flatten)]
        by: Payment,
    }

    #[test]
    fn keys_of_alternatives_are_left_to_the_type() {
        assert!(compiled::<Payment>().is_none());
        assert!(compiled::<Paid>().is_none());
    }

    #[derive(JsonSchema)]
    struct Percent(#[schemars(range(max = 100))] u8);

    #[test]
    fn a_type_brings_its_bounds_along() {
        assert!(problems::<Percent>(&json!(100)).is_empty());
        let above = problems::<Percent>(&json!(101));
        assert_eq!(
            above,
            ["`order` has to be a whole number from 0 to 100; got 101"]
        );
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let bound = Bound::new(&9_007_199_254_740_993_u64.into()).unwrap();
        assert_eq!(compare("9007199254740992", &bound), Some(Ordering::Less));
        assert_eq!(compare("9007199254740993", &bound), Some(Ordering::Equal));
        assert_eq!(
            compare("1e3", &Bound::new(&1000.into()).unwrap()),
            Some(Ordering::Equal)
        );
        assert_eq!(compare("null", &bound), None);
    }
}
