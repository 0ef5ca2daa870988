//! What somebody meant who wrote a key that does not exist: a typing mistake, another word for an
//! option, or something that is said in another way.

use crate::errors::nearest;

/// What a word stands for.
pub(super) enum Meant<'a> {
    /// A key that there is.
    Key(&'a str),
    /// Something that no key says; the text says how it is said.
    Said(&'static str),
    Nothing,
}

/// Options under the names that they have elsewhere: in the protocol, in other crates.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("name", &["rename", "alias", "id", "tool_name"]),
    ("title", &["label", "display_name"]),
    (
        "description",
        &["desc", "doc", "docs", "help", "about", "summary"],
    ),
    ("read_only", &["read_only_hint"]),
    ("destructive", &["destructive_hint"]),
    ("idempotent", &["idempotent_hint"]),
    ("open_world", &["open_world_hint"]),
    (
        "scopes",
        &["scope", "auth", "permissions", "roles", "require_scopes"],
    ),
    ("timeout", &["deadline"]),
    ("icons", &["icon"]),
    ("crate", &["krate", "path"]),
    ("mime", &["mime_type", "content_type", "media_type"]),
    ("default", &["default_value"]),
    ("pattern", &["regex"]),
    (
        "complete",
        &["completion", "completions", "suggest", "values"],
    ),
];

/// What no option says, by attribute.
const SAID_OTHERWISE: &[(&str, &[&str], &str)] = &[
    (
        "arg",
        &["optional", "required", "nullable", "option"],
        "the type says so: an `Option` may be left out, and so may what has a `default`",
    ),
    (
        "arg",
        &[
            "description",
            "desc",
            "doc",
            "docs",
            "help",
            "title",
            "about",
        ],
        "a `///` comment on the parameter describes it",
    ),
    (
        "arg",
        &["min", "max", "minimum", "maximum", "ge", "gt", "le", "lt"],
        "bounds of a number are a range, as in `range = 1..=60`",
    ),
    (
        "arg",
        &[
            "len",
            "min_length",
            "max_length",
            "min_len",
            "max_len",
            "min_items",
            "max_items",
        ],
        "bounds of a length are a range, as in `length = 1..=200`",
    ),
    (
        "tool",
        &["annotations", "hints"],
        "each hint is an option of its own: `read_only`, `destructive`, `idempotent`, `open_world`",
    ),
    (
        "tool",
        &[
            "input_schema",
            "output_schema",
            "schema",
            "input",
            "output",
            "params",
            "parameters",
            "arguments",
            "args",
        ],
        "the parameters and the result type of the function are the schema",
    ),
    (
        "tool",
        &["async", "task", "spawn"],
        "an `async fn` runs as one, `blocking` moves another off the executor",
    ),
    (
        "prompt",
        &["arguments", "args", "params", "parameters"],
        "the parameters of the function are the arguments",
    ),
    (
        "resource",
        &["uri", "uri_template", "template", "url"],
        "the URI comes first and has no name, as in `#[resource(\"sales://customers/{id}\")]`",
    ),
    (
        "expose",
        &["tools", "resources", "prompts", "prefix", "name"],
        "each method says what it is, with `#[tool]`, `#[resource]` or `#[prompt]`",
    ),
    ("state", &["skip"], "`skip` goes on a field"),
    ("state", &["crate"], "`crate` goes on the struct"),
];

pub(super) fn meant<'a>(given: &str, attribute: &str, known: &[&'a str]) -> Meant<'a> {
    let word = snake_case(given);
    if let Some(name) = nearest(&word, known) {
        return Meant::Key(name);
    }
    let said = SAID_OTHERWISE
        .iter()
        .find(|(of, words, _)| *of == attribute && words.contains(&word.as_str()));
    if let Some((_, _, how)) = said {
        return Meant::Said(how);
    }
    let other = OTHER_NAMES
        .iter()
        .filter(|(_, words)| words.contains(&word.as_str()))
        .find_map(|(name, _)| known.iter().find(|key| *key == name));
    other.map_or(Meant::Nothing, |name| Meant::Key(name))
}

/// `readOnly` and `ReadOnly` as `read_only`.
fn snake_case(word: &str) -> String {
    let word = word.trim_start_matches("r#");
    let mut out = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found_by_spelling_by_other_names_and_by_what_says_it() {
        let known = ["name", "description", "read_only", "range"];
        let key = |given: &str, attribute: &str| match meant(given, attribute, &known) {
            Meant::Key(name) => name.to_owned(),
            Meant::Said(how) => how.split(':').next().unwrap_or_default().to_owned(),
            Meant::Nothing => "nothing".to_owned(),
        };
        assert_eq!(key("readOnly", "tool"), "read_only");
        assert_eq!(key("r#read_only", "tool"), "read_only");
        assert_eq!(key("readOnlyHint", "tool"), "read_only");
        assert_eq!(key("desc", "tool"), "description");
        assert!(key("max", "arg").starts_with("bounds of a number"));
        assert_eq!(key("mime_type", "tool"), "nothing");
        assert_eq!(key("optional", "arg"), "the type says so");
        assert_eq!(key("optional", "tool"), "nothing");
    }

    /// A word that is an option could never be reached in the tables.
    #[test]
    fn no_other_name_is_an_option_of_the_same_attribute() {
        for (name, words) in OTHER_NAMES {
            assert!(!words.contains(name), "{name}");
        }
    }
}
