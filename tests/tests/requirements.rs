//! Every requirement of the protocol is proven by a test that cites it, or it is argued why none does.
//!
//! `tests/requirements.toml` lists the requirements and says what its fields mean. A citation is a comment of ids
//! alone, such as `// [RPC-1] [RPC-4b]`, directly above a test or inside it. The programs of `tests/compile/ui` and
//! the scripts of `tests/interop` are tests as a whole, so that a citation may stand anywhere in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

const REVISIONS: [&str; 5] = [
    "2024-11-05",
    "2025-03-26",
    "2025-06-18",
    "2025-11-25",
    "2026-07-28",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    level: Level,
    revisions: String,
    source: String,
    text: String,
    argued: Option<String>,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum Level {
    Must,
    Should,
}

type Requirements = BTreeMap<String, Requirement>;

fn read(list: &str) -> Requirements {
    toml::from_str(list).unwrap_or_else(|error| panic!("tests/requirements.toml: {error}"))
}

/// What tests cite, and comments that look like citations and are none.
#[derive(Default)]
struct Citations {
    /// An id, and the first place that cites it.
    ids: BTreeMap<String, String>,
    mistakes: Vec<String>,
}

impl Citations {
    fn add(&mut self, file: &str, text: &str, a_test_as_a_whole: bool) {
        let lines: Vec<&str> = text.lines().collect();
        // The indentation of the test that the line is in.
        let mut inside = None;
        for (index, line) in lines.iter().enumerate() {
            let indentation = line.len() - line.trim_start().len();
            let line = line.trim();
            if starts_a_test(line) {
                inside = Some(indentation);
            } else if inside == Some(indentation) && line.ends_with('}') {
                inside = None;
            }
            let place = format!("{file}:{}", index + 1);
            match citation(line) {
                None => {}
                Some(Err(word)) => self.mistakes.push(format!(
                    "{place}: `{word}` is no id; a citation has nothing else in its comment"
                )),
                Some(Ok(ids)) => {
                    if a_test_as_a_whole || inside.is_some() || is_above_a_test(&lines[index + 1..])
                    {
                        for id in ids {
                            self.ids
                                .entry(id.to_owned())
                                .or_insert_with(|| place.clone());
                        }
                    } else {
                        self.mistakes
                            .push(format!("{place}: cites {ids:?} outside of a test"));
                    }
                }
            }
        }
    }
}

fn starts_a_test(line: &str) -> bool {
    line == "#[test]" || line.starts_with("#[tokio::test")
}

/// Whether nothing but comments and attributes of one line stand between here and a test.
fn is_above_a_test(lines: &[&str]) -> bool {
    lines
        .iter()
        .map(|line| line.trim())
        .take_while(|line| line.starts_with("//") || line.starts_with("#["))
        .any(starts_a_test)
}

/// The ids of a comment that begins with one, or the first word that is none.
fn citation(line: &str) -> Option<Result<Vec<&str>, &str>> {
    let comment = line
        .strip_prefix("// ")
        .or_else(|| line.strip_prefix("# "))?;
    let words = comment.split(' ');
    cited(words.clone().next()?)?;
    Some(words.map(|word| cited(word).ok_or(word)).collect())
}

/// The id in `[ID]`.
fn cited(word: &str) -> Option<&str> {
    word.strip_prefix('[')?
        .strip_suffix(']')
        .filter(|id| is_id(id))
}

/// A family in capitals, a number, and perhaps a letter for a part: `MRTR-7b`.
fn is_id(id: &str) -> bool {
    let Some((family, number)) = id.split_once('-') else {
        return false;
    };
    let digits = number
        .strip_suffix(|c: char| c.is_ascii_lowercase())
        .unwrap_or(number);
    family.starts_with(|c: char| c.is_ascii_uppercase())
        && family
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit())
}

/// What keeps the list and the tests from saying the same.
fn problems(requirements: &Requirements, citations: &Citations) -> Vec<String> {
    let mut problems = citations.mistakes.clone();
    for (id, requirement) in requirements {
        let text = requirement.text.trim().replace('\n', " ");
        match (citations.ids.get(id), &requirement.argued) {
            (None, None) if requirement.level == Level::Must => {
                problems.push(format!("[{id}] is neither cited nor argued: {text}"));
            }
            (Some(place), Some(_)) => {
                problems.push(format!(
                    "[{id}] is argued although {place} cites it: remove `argued`"
                ));
            }
            _ => {}
        }
    }
    for (id, place) in &citations.ids {
        if !requirements.contains_key(id) {
            problems.push(format!("{place}: [{id}] is not in tests/requirements.toml"));
        }
    }
    problems
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn list() -> Requirements {
    read(&fs::read_to_string(package().join("requirements.toml")).unwrap())
}

/// All files below a directory, in a fixed order.
fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The citations of the whole workspace.
fn citations() -> Citations {
    let workspace = package().parent().unwrap();
    let mut found = Vec::new();
    files(workspace, &mut found);
    let mut citations = Citations::default();
    for path in found {
        let below = |directory: &str| path.starts_with(package().join(directory));
        let whole = match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => below("compile/ui"),
            Some("mjs" | "py") if below("interop") => true,
            _ => continue,
        };
        let name = path.strip_prefix(workspace).unwrap().display().to_string();
        citations.add(&name, &fs::read_to_string(&path).unwrap(), whole);
    }
    citations
}

#[test]
fn every_must_is_cited_by_a_test_or_argued() {
    let (requirements, citations) = (list(), citations());
    let problems = problems(&requirements, &citations);
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems:\n{}",
        problems.join("\n")
    );
    // Guards against a list or a search that finds nothing.
    let must = requirements
        .values()
        .filter(|found| found.level == Level::Must);
    assert!(must.count() > 180);
    assert!(citations.ids.len() > 150);
}

#[test]
fn every_requirement_is_complete() {
    let known = |revision: &str| REVISIONS.iter().position(|known| *known == revision);
    for (id, requirement) in list() {
        assert!(is_id(&id), "[{id}] is not of the form RPC-1 or RPC-1b");
        let revisions = requirement.revisions.as_str();
        let understood = match (revisions.strip_suffix('+'), revisions.split_once("..")) {
            (Some(first), _) => known(first).is_some(),
            (None, Some((first, last))) => known(first).is_some() && known(first) < known(last),
            (None, None) => known(revisions).is_some(),
        };
        assert!(understood, "[{id}] has the revisions `{revisions}`");
        let page = requirement.source.split('/').next().unwrap_or_default();
        assert!(
            known(page).is_some() || ["docs", "extensions"].contains(&page),
            "[{id}] has the source `{}`",
            requirement.source
        );
        for text in [Some(&requirement.text), requirement.argued.as_ref()]
            .into_iter()
            .flatten()
        {
            assert!(
                text.trim().ends_with('.'),
                "[{id}] has no sentence in `{text}`"
            );
        }
    }
}

/// The citations of a file of these lines.
fn cites(lines: &[&str]) -> Citations {
    let mut citations = Citations::default();
    citations.add("a.rs", &lines.join("\n"), false);
    citations
}

#[test]
fn a_citation_counts_above_a_test_and_inside_it() {
    let found = cites(&[
        "// [A-1] [B2-10c]",
        "/// What it shows.",
        "#[cfg(unix)]",
        "#[tokio::test(start_paused = true)]",
        "// [A-2]",
        "async fn holds() {",
        "    {",
        "    }",
        "    // [A-3]",
        "}",
    ]);
    assert_eq!(found.mistakes, [""; 0]);
    let ids: Vec<&str> = found.ids.keys().map(String::as_str).collect();
    assert_eq!(ids, ["A-1", "A-2", "A-3", "B2-10c"]);
    assert_eq!(found.ids["A-3"], "a.rs:9");
}

#[test]
fn a_citation_elsewhere_and_one_with_other_words_are_mistakes() {
    let found = cites(&[
        "// [A-1]",
        "fn no_test() {}",
        "#[test]",
        "fn holds() {",
        "    // [A-2] as well",
        "    // [See there]",
        "}",
        "// [A-3]",
    ]);
    assert!(found.ids.is_empty());
    assert_eq!(
        found.mistakes,
        [
            "a.rs:1: cites [\"A-1\"] outside of a test",
            "a.rs:5: `as` is no id; a citation has nothing else in its comment",
            "a.rs:8: cites [\"A-3\"] outside of a test",
        ]
    );
}

#[test]
fn each_kind_of_problem_is_found() {
    let requirement = |id: &str, level: &str, argued: &str| {
        format!(
            "[{id}]\nlevel = \"{level}\"\nrevisions = \"2026-07-28+\"\nsource = \"s\"\ntext = \"It\\nholds.\"\n{argued}\n"
        )
    };
    let requirements = read(&format!(
        "{}{}{}{}{}",
        requirement("A-1", "MUST", ""),
        requirement("A-2", "MUST", ""),
        requirement("A-3", "MUST", "argued = \"Not here.\""),
        requirement("A-4", "MUST", "argued = \"Not here.\""),
        requirement("A-5", "SHOULD", ""),
    ));
    let citations = cites(&["// [A-1] [A-3] [A-9]", "#[test]"]);
    assert_eq!(
        problems(&requirements, &citations),
        [
            "[A-2] is neither cited nor argued: It holds.",
            "[A-3] is argued although a.rs:1 cites it: remove `argued`",
            "a.rs:1: [A-9] is not in tests/requirements.toml",
        ]
    );
}
