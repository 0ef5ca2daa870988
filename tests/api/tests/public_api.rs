//! What the four crates offer: every item is documented and has an example, and a change of any is seen.
//!
//! Both tests read the JSON that rustdoc writes. Its form changes with Rust, so with another release than the
//! reviewed one they say aloud that they did not run.

#[path = "public_api/examples.rs"]
mod examples;
#[path = "public_api/items.rs"]
mod items;
#[path = "public_api/rustdoc.rs"]
mod rustdoc;

use std::io::{self, Write as _};

use items::Item;

#[test]
fn every_item_is_documented_and_has_an_example() {
    let Some(crates) = rustdoc::crates() else {
        return;
    };
    let core = items::of(&crates.core);
    let mut wrong = examples::missing(&core);
    for adapter in [&crates.fargate, &crates.lambda] {
        wrong.extend(examples::missing(&items::of(adapter)));
    }
    // Macros are documented where users meet them: where the core exports them.
    let macros = items::of(&crates.derive);
    for item in macros.iter().filter(|item| item.kind == "macro") {
        let exported = |from_core: &&Item<'_>| from_core.name() == item.name();
        if !core.iter().any(|from_core| exported(&from_core)) {
            wrong.push(format!("`{}` is not documented in mcp-core", item.path));
        }
    }
    let all = core.len() + macros.len();
    let (mut items, mut written) = (all, examples::count(&core));
    for adapter in [&crates.fargate, &crates.lambda] {
        let adapter = items::of(adapter);
        items += adapter.len();
        written += examples::count(&adapter);
    }
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
    for (name, path) in crates.files() {
        let api = public_api::Builder::from_rustdoc_json(path)
            .omit_blanket_impls(true)
            .build()
            .unwrap();
        let mut lines: Vec<String> = api
            .items()
            .map(ToString::to_string)
            .filter(|line| is_told(line))
            .collect();
        lines.sort();
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name, lines.join("\n"));
        });
    }
}

/// Whether a line is news when it changes. Nearly every type is `Send` and `Sync`, so one that is not is told.
fn is_told(line: &str) -> bool {
    const AUTO: [&str; 6] = [
        "core::marker::Freeze ",
        "core::marker::Send ",
        "core::marker::Sync ",
        "core::marker::Unpin ",
        "core::panic::unwind_safe::RefUnwindSafe ",
        "core::panic::unwind_safe::UnwindSafe ",
    ];
    let lost = line.contains("!core::marker::Send ") || line.contains("!core::marker::Sync ");
    lost || !(line.starts_with("impl") && AUTO.iter().any(|name| line.contains(name)))
}

/// Says something past the test runner, which shows nothing of tests that pass.
fn say(text: &str) {
    let _ = io::stderr().write_all(format!("\n{text}\n\n").as_bytes());
}
