//! Values made from the schemas, and the same with changes: calls and schemas agree, or an exception
//! of the table says why not.

use fastrand::Rng;
use mcp_core::testing::Client;
use serde_json::Value;

use super::corpus::{self, Case, beyond_portable, cases};
use super::exceptions::{Exception, Judge, Seen};
use super::generate::Generator;
use super::mutate::mutate;

/// Cases of each profile. The same ones in every run.
const CASES: usize = 100_000;

#[tokio::test]
async fn calls_agree_with_the_portable_schemas() {
    let seen = compare("portable", corpus::portable(), cases()).await;
    assert_eq!(
        seen.exceptions.len(),
        Exception::ALL.len(),
        "{:?}",
        seen.exceptions
    );
}

#[tokio::test]
async fn calls_agree_with_the_full_schemas() {
    let mut all = cases();
    all.extend(beyond_portable());
    let seen = compare("full", corpus::full(), all).await;
    assert!(
        !seen.exceptions.contains_key(&Exception::InWords),
        "{:?}",
        seen.exceptions
    );
}

async fn compare(profile: &str, client: Client, cases: Vec<Case>) -> Seen {
    let judge = Judge::new(client, &corpus::full()).await;
    let mut rng = Rng::with_seed(8);
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    for count in 0..CASES {
        let case = &cases[count % cases.len()];
        let value = value(&judge, case, &mut rng);
        let call = judge.call(case.name, &value).await;
        if let Err(text) = judge.compare(case.name, &value, &call, &mut seen) {
            wrong.push(text);
        }
        assert!(wrong.len() < 40, "{}", wrong.join("\n"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{profile}: {CASES} cases of {} types", cases.len());
    println!("  {:>6}  taken by both", seen.both_take);
    println!("  {:>6}  refused by both", seen.both_refuse);
    for (exception, count) in &seen.exceptions {
        println!("  {count:>6}  {}", exception.name());
    }
    seen
}

fn value(judge: &Judge, case: &Case, rng: &mut Rng) -> Value {
    let input = judge.input(case.name);
    let all: Vec<&Value> = case.takes.iter().chain(&case.refuses).collect();
    let mut value = if rng.bool() {
        let mut texts = Vec::new();
        for value in &all {
            texts_in(value, &mut texts);
        }
        let generator = Generator {
            definitions: input.get("$defs"),
            texts: &texts,
        };
        generator.value(&input["properties"]["value"], rng, 0)
    } else {
        rng.choice(&all)
            .map(|value| (*value).clone())
            .unwrap_or_default()
    };
    for _ in 0..rng.u8(..3) {
        mutate(&mut value, rng);
    }
    value
}

fn texts_in(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| texts_in(value, texts)),
        Value::Object(map) => map.values().for_each(|value| texts_in(value, texts)),
        _ => {}
    }
}

#[test]
fn the_documentation_has_the_table_of_exceptions() {
    let documentation = include_str!("../../../mcp-core/docs/types.md");
    for exception in Exception::ALL {
        let row = format!("| {} |", exception.name());
        assert!(documentation.contains(&row), "{row}");
    }
}
