//! What the four crates offer: every item is documented and has an example, and a change of any is seen.
//!
//! The tests read the JSON that rustdoc writes. Its form changes with Rust: with a release that writes another,
//! they say aloud that they did not run.

#[path = "public_api/examples.rs"]
mod examples;
#[path = "public_api/items.rs"]
mod items;
#[path = "public_api/rustdoc.rs"]
mod rustdoc;

use std::collections::HashSet;
use std::io::{self, Write as _};
use std::process::Command;

use rustdoc_types::{Crate, Id, ItemEnum};
use serde_json::Value;

#[test]
fn every_item_is_documented_and_has_an_example() {
    let Some(crates) = rustdoc::crates() else {
        return;
    };
    let [core, macros, fargate, lambda] = crates.all().map(items::of);
    let documented = [&core, &fargate, &lambda].into_iter();
    let written: usize = documented.clone().map(|items| examples::count(items)).sum();
    let mut wrong: Vec<String> = documented
        .flat_map(|items| examples::missing(items))
        .collect();
    // Macros are documented where users meet them: where the core exports them.
    for item in macros.iter().filter(|item| item.kind == "macro") {
        if !core.iter().any(|exported| exported.name() == item.name()) {
            wrong.push(format!("`{}` is not documented in mcp-core", item.path));
        }
    }
    let items = core.len() + macros.len() + fargate.len() + lambda.len();
    say(&format!(
        "{items} public items with {written} examples in their documentation"
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_public_items_are_those_of_the_snapshots() {
    let Some(crates) = rustdoc::crates() else {
        return;
    };
    for (name, path, krate) in crates.files() {
        let api = public_api::Builder::from_rustdoc_json(path)
            .omit_blanket_impls(true)
            .build()
            .unwrap();
        let mut seen = HashSet::new();
        let lines: Vec<String> = api
            .items()
            .filter(|item| is_told(krate, item.id(), item.parent_id()))
            .map(ToString::to_string)
            .filter(|line| seen.insert(line.clone()))
            .collect();
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name, lines.join("\n"));
        });
    }
}

#[test]
fn the_documentation_of_a_crate_lists_its_features() {
    let Some(crates) = rustdoc::crates() else {
        return;
    };
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--locked"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    for (name, _, krate) in crates.files() {
        let docs = krate.index[&krate.root].docs.as_deref().unwrap_or_default();
        let is_it = |package: &&Value| package["name"] == name.replace('_', "-");
        let package = metadata["packages"].as_array().unwrap().iter().find(is_it);
        for feature in package.unwrap()["features"].as_object().unwrap().keys() {
            let row = format!("| `{feature}` |");
            let listed = feature == "default" || docs.contains(&row);
            assert!(listed, "{name} does not list its feature `{feature}`");
        }
    }
}

/// Whether an item is news when it changes. What a type has from a trait is the trait's to say, and nearly
/// every type is `Send` and `Sync`, so one that is not is told.
fn is_told(krate: &Crate, item: Id, parent: Option<Id>) -> bool {
    let implementation = |id: &Id| match krate.index.get(id).map(|item| &item.inner) {
        Some(ItemEnum::Impl(it)) => Some(it),
        _ => None,
    };
    if let Some(it) = implementation(&item) {
        let name = it.trait_.as_ref().map(|it| it.path.as_str());
        let lost = it.is_negative && matches!(name, Some("Send" | "Sync"));
        let is_a_derive = name == Some("StructuralPartialEq");
        return lost || !(it.is_synthetic || is_a_derive);
    }
    let from_a_trait = parent.as_ref().and_then(implementation);
    from_a_trait.is_none_or(|it| it.trait_.is_none())
}

/// Says something past the test runner, which shows nothing of tests that pass.
fn say(text: &str) {
    let _ = io::stderr().write_all(format!("\n{text}\n\n").as_bytes());
}
