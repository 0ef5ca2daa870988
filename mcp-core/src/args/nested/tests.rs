//! Rules compiled from types, and what they find.

#![allow(dead_code)] // types that are only described

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Rule, check, check_all, compile, compile_all};

fn schema_of<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.into_generator().subschema_for::<T>().to_value()
}

fn compiled<T: JsonSchema>() -> Option<Rule> {
    compile(&schema_of::<T>())
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
            "`order.address.zip` has to be text of exactly 5 characters; got a length of 1",
            "`order.discount` has to be a number from 0.5 to 1.0; got 1.01",
            "`order.lines[0].quantity` has to be a whole number from 1 to 99; got 0",
            "`order.lines[1].quantity` has to be a whole number from 1 to 99; got 100",
            "`order.lines[1]` has no `smal`; did you mean `small`?",
            "`order.note` has to be text of at most 5 characters; got a length of 6",
            "`order.tags.home.zip` has to be text of exactly 5 characters; got a length of 0",
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
fn keys_of_alternatives_are_those_of_the_variant() {
    let fits = json!({"kind": "card", "number": "1"});
    assert_eq!(problems::<Payment>(&fits), [""; 0]);
    let of_another_variant = json!({"kind": "invoice", "number": null});
    assert_eq!(problems::<Payment>(&of_another_variant), [""; 0]);
    for (payment, says) in [
        (
            json!({"kind": "invoice", "number": "1"}),
            "`order` has no `number`; it takes `kind`",
        ),
        (json!({"kind": "card"}), "`order.number` is required: text"),
        (
            json!({"kind": "cash"}),
            "`order.kind` has to be one of `card`, `invoice`; got the text \"cash\"",
        ),
        (
            json!({"number": "1"}),
            "`order.kind` is required: one of `card`, `invoice`",
        ),
    ] {
        assert_eq!(problems::<Payment>(&payment), [says]);
        let mut paid = payment;
        paid["amount"] = 1.into();
        let says = says.replace("it takes `kind`", "it takes `amount`, `kind`");
        assert_eq!(problems::<Paid>(&paid), [says]);
    }
}

#[derive(JsonSchema)]
enum Shape {
    Circle(f64),
    Square { side: f64 },
}

#[test]
fn the_form_that_knows_a_key_is_the_one_that_was_meant() {
    assert_eq!(problems::<Shape>(&json!({"Circle": 1})), [""; 0]);
    let square = json!({"Square": {"side": 1, "colour": "red"}});
    assert_eq!(
        problems::<Shape>(&square),
        ["`order.Square` has no `colour`; it takes `side`"]
    );
    assert_eq!(
        problems::<Shape>(&json!({"Triangle": 1})),
        ["`order` has to be one of its 2 forms; got an object"]
    );
}

#[derive(JsonSchema)]
struct Login {
    name: String,
    #[schemars(length(min = 8), extend("writeOnly" = true))]
    password: String,
    #[schemars(extend("format" = "password"))]
    pin: u16,
}

#[test]
fn secrets_are_not_shown() {
    let login = json!({"name": 1, "password": "hunter2", "pin": 1_234_567});
    let mut all = Vec::new();
    let rule = compiled::<Login>().unwrap();
    assert!(rule.root.holds_secrets());
    check_all(&rule, "login", &login.to_string(), &mut |problem| {
        all.push(problem());
    });
    let text = all.join("\n");
    assert_eq!(all.len(), 3, "{text}");
    assert!(
        !text.contains("hunter2") && !text.contains("1234567"),
        "{text}"
    );
    assert!(
        text.contains("`login.name` has to be text; got 1"),
        "{text}"
    );
}

#[derive(JsonSchema)]
struct Tree {
    #[schemars(length(max = 3))]
    name: String,
    children: Vec<Tree>,
}

#[test]
fn a_type_that_contains_itself_is_checked_at_every_level() {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut generator = settings.into_generator();
    let schema = generator.subschema_for::<Tree>().to_value();
    let rule = compile_all(&schema, &generator.take_definitions(true));
    let tree = json!({"name": "a", "children": [{"name": "b", "children": [
        {"name": "long", "children": []}
    ]}]});
    let mut all = Vec::new();
    check(&rule, "tree", &tree.to_string(), &mut |problem| {
        all.push(problem());
    });
    assert_eq!(
        all,
        [
            "`tree.children[0].children[0].name` has to be text of at most 3 characters; got a \
          length of 4"
        ]
    );
}

#[test]
fn all_that_is_wrong_is_found_in_what_cannot_be_decoded() {
    let order = json!({"lines": {}, "note": 1, "discount": "x", "address": {"zip": null, "a": 1}});
    let mut all = Vec::new();
    let rule = compile_all(&schema_of::<Order>(), &Map::new());
    check_all(&rule, "order", &order.to_string(), &mut |problem| {
        all.push(problem());
    });
    assert_eq!(
        all,
        [
            "`order.address` has no `a`; it takes `zip`",
            "`order.address.zip` has to be text of exactly 5 characters; got null",
            "`order.discount` has to be a number from 0.5 to 1.0; got the text \"x\"",
            "`order.lines` has to be a list of 1 to 3 items; got an object",
            "`order.note` has to be text of at most 5 characters; got 1",
            "`order.tags` is required: an object",
        ]
    );
}

#[derive(JsonSchema)]
#[schemars(tag = "kind")]
enum Term {
    Not {
        of: Box<Term>,
    },
    Leaf {
        #[schemars(range(max = 1))]
        number: u8,
    },
}

#[test]
fn forms_inside_forms_are_given_up_before_they_take_for_ever() {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut generator = settings.into_generator();
    let schema = generator.subschema_for::<Term>().to_value();
    let rule = compile_all(&schema, &generator.take_definitions(true));
    let problems = |number: u8, depth: usize| {
        let leaf = json!({"kind": "Leaf", "number": number});
        let term = (0..depth).fold(leaf, |of, _| json!({"kind": "Not", "of": of}));
        let mut all = Vec::new();
        check(&rule, "term", &term.to_string(), &mut |problem| {
            all.push(problem());
        });
        all
    };
    assert_eq!(problems(1, 60), [""; 0]);
    assert_eq!(
        problems(2, 3),
        ["`term.of.of.of.number` has to be a whole number from 0 to 1; got 2"]
    );
    let given_up = problems(2, 60);
    assert!(
        !given_up.is_empty(),
        "a value that breaks a rule is refused"
    );
    assert!(
        given_up.iter().all(|text| text.contains("send less")),
        "{given_up:?}"
    );
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
