//! When an item counts as documented, and as having an example.
//!
//! It is documented if it says what it is and, where it is not always there, which feature it takes.
//!
//! It has one of its own, says where it is (``Example: [`Host`]``), or is shown by the example of its type:
//! a variant, a field, an item of a trait, a setter. An example is a piece of code that rustdoc compiles.

use std::collections::HashMap;

use rustdoc_types::Id;

use super::items::Item;

/// One line for each item that lacks documentation or an example.
pub(crate) fn missing(items: &[Item<'_>]) -> Vec<String> {
    let by_id: HashMap<Id, &Item<'_>> = items.iter().map(|item| (item.id, item)).collect();
    let mut lines = Vec::new();
    for item in items {
        let path = &item.path;
        for feature in &item.features {
            if !item.docs.contains(&format!("Feature `{feature}`")) {
                lines.push(format!("`{path}` does not say: Feature `{feature}`."));
            }
        }
        if item.docs.trim().is_empty() {
            lines.push(format!("`{path}` has no documentation"));
        } else if let Some(elsewhere) = pointer(item.docs) {
            let there = target(item, elsewhere).and_then(|id| by_id.get(&id));
            if there.is_none_or(|there| in_docs(there.docs) == 0) {
                let elsewhere = elsewhere.trim_matches('`');
                lines.push(format!(
                    "`{path}` says that its example is at `{elsewhere}`, where there is none"
                ));
            }
        } else if in_docs(item.docs) == 0 && !is_shown(item, &by_id) {
            lines.push(format!("`{path}` has no example"));
        }
    }
    lines
}

/// How many examples stand in the documentation of these items.
pub(crate) fn count(items: &[Item<'_>]) -> usize {
    items.iter().map(|item| in_docs(item.docs)).sum()
}

/// Whether the type of the item has an example, or says where it is.
fn is_shown(item: &Item<'_>, by_id: &HashMap<Id, &Item<'_>>) -> bool {
    let by = item.shown_by.and_then(|id| by_id.get(&id));
    by.is_some_and(|by| in_docs(by.docs) > 0 || pointer(by.docs).is_some())
}

/// Where the documentation says that the example is: the target of the link behind `Example:`.
fn pointer(docs: &str) -> Option<&str> {
    let (_, after) = docs.split_once("Example:")?;
    let (text, rest) = after.trim_start().strip_prefix('[')?.split_once(']')?;
    let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    Some(target.map_or(text, |(target, _)| target))
}

/// Where a link of the documentation leads: by its own words, or by the line that defines it.
fn target(item: &Item<'_>, link: &str) -> Option<Id> {
    let definition = format!("[{link}]: ");
    let defined = item
        .docs
        .lines()
        .find_map(|line| line.trim().strip_prefix(&definition));
    item.links.get(defined.unwrap_or(link)).copied()
}

/// How many pieces of code rustdoc compiles.
fn in_docs(docs: &str) -> usize {
    let (mut inside, mut found) = (false, 0);
    for line in docs.lines() {
        let Some(words) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        inside = !inside;
        if inside && words.split([',', ' ']).all(is_compiled) {
            found += 1;
        }
    }
    found
}

/// Whether code with this word at its fence is compiled.
fn is_compiled(word: &str) -> bool {
    matches!(word.trim(), "" | "rust" | "no_run" | "should_panic")
        || word.starts_with("compile_fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "Adds.\n\n```\nassert_eq!(1 + 1, 2);\n```";

    fn item(id: u32, docs: &'static str) -> Item<'static> {
        Item {
            id: Id(id),
            path: format!("item{id}"),
            kind: "item",
            docs,
            links: HashMap::new(),
            shown_by: None,
            features: Vec::new(),
        }
    }

    #[test]
    fn an_item_without_documentation_or_example_is_told() {
        let text = "A shape.\n\n```text\nround\n```";
        let items = [
            item(1, ""),
            item(2, "Adds."),
            item(3, EXAMPLE),
            item(4, text),
        ];
        let expected = [
            "`item1` has no documentation",
            "`item2` has no example",
            "`item4` has no example",
        ];
        assert_eq!(missing(&items), expected);
        assert_eq!(count(&items), 1);
    }

    #[test]
    fn an_example_elsewhere_has_to_be_there() {
        let mut there = item(2, "Adds. Example:\n[`item1`].");
        there.links.insert("`item1`", Id(1));
        let mut empty = item(3, "Adds. Example: [the other](item2).");
        empty.links.insert("item2", Id(2));
        let nowhere = item(4, "Adds. Example: [`item1`].");
        let items = [item(1, EXAMPLE), there, empty, nowhere];
        let expected = [
            "`item3` says that its example is at `item2`, where there is none",
            "`item4` says that its example is at `item1`, where there is none",
        ];
        assert_eq!(missing(&items), expected);
    }

    #[test]
    fn an_item_says_which_feature_it_takes() {
        let mut silent = item(1, EXAMPLE);
        silent.features = vec!["http"];
        let mut said = item(2, "Feature `http`.\n\n```\n1;\n```");
        said.features = vec!["http"];
        let expected = ["`item1` does not say: Feature `http`."];
        assert_eq!(missing(&[silent, said]), expected);
    }

    #[test]
    fn an_item_is_shown_by_its_type() {
        let mut shown = item(2, "A field.");
        shown.shown_by = Some(Id(1));
        let mut not_shown = item(4, "A field.");
        not_shown.shown_by = Some(Id(3));
        let items = [item(1, EXAMPLE), shown, item(3, "A type."), not_shown];
        let expected = ["`item3` has no example", "`item4` has no example"];
        assert_eq!(missing(&items), expected);
    }
}
