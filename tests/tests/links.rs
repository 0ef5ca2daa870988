//! What the documents link to is there: files by their relative paths, sections by their headings. Addresses on the web are not
//! asked for, so that the test needs no network; paths of the API (`crate::..`) are rustdoc's to check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Folders that hold no documents of ours.
const FOREIGN: [&str; 5] = ["target", "node_modules", "ui", "snapshots", "data"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All documents, by their path from the root.
fn documents() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !FOREIGN.contains(&&*name) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(root()).unwrap().to_owned(), text);
            }
        }
    }
    found
}

/// The lines of a document that are no code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// Where the links of a document lead: `[text](target)`, and `[name]: target` on a line of its own.
fn targets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in prose(text) {
        found.extend(
            line.split("](")
                .skip(1)
                .filter_map(|rest| Some(rest.split_once(')')?.0)),
        );
        let named = line
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "));
        found.extend(named.map(|(_, target)| target.trim()));
    }
    found
}

/// The anchors that a forge makes of the headings of a document.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            title
                .chars()
                .filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'))
                .map(|sign| if sign == ' ' { '-' } else { sign })
                .collect()
        })
        .collect()
}

/// A path without `.` and `..`, or `None` if it leads out of the root.
fn straight(path: &Path) -> Option<PathBuf> {
    let mut straight = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => straight.pop().then_some(())?,
            Component::Normal(part) => straight.push(part),
            _ => {}
        }
    }
    Some(straight)
}

/// What is wrong with a link of the document `from`.
fn mistake(
    from: &Path,
    target: &str,
    documents: &BTreeMap<PathBuf, String>,
) -> Option<&'static str> {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match path {
        "" => from.to_owned(),
        path => match straight(&from.with_file_name(path)) {
            Some(path) => path,
            None => return Some("leads out of the repository"),
        },
    };
    if !root().join(&path).exists() {
        return Some("no such file");
    }
    let known = |text: &String| anchors(text).contains(anchor);
    let found = anchor.is_empty() || documents.get(&path).is_none_or(known);
    (!found).then_some("no such heading")
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let documents = documents();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for (from, text) in &documents {
        for target in targets(text) {
            if target.contains("::") || target.contains("://") || target.contains('@') {
                continue;
            }
            checked += 1;
            if let Some(mistake) = mistake(from, target, &documents) {
                wrong.push(format!("{}: `{target}`: {mistake}", from.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{checked} links in {} documents", documents.len());
    assert!(checked > 50, "only {checked} links were found");
}

#[test]
fn a_link_to_nothing_is_noticed() {
    let text =
        "# One two\n[a](b.md), [c](#one-two), [d](#three)\n```text\n[e](f.md)\n```\n[g]: ../h.md\n";
    assert_eq!(targets(text), ["b.md", "#one-two", "#three", "../h.md"]);
    let here = PathBuf::from("docs/x.md");
    let documents = BTreeMap::from([(PathBuf::from("README.md"), text.to_owned())]);
    let of = |target| mistake(&here, target, &documents);
    assert_eq!(of("b.md"), Some("no such file"));
    assert_eq!(of("../../x.md"), Some("leads out of the repository"));
    assert_eq!(of("../README.md"), None);
    assert_eq!(of("../README.md#one-two"), None);
    assert_eq!(of("../README.md#three"), Some("no such heading"));
}
