//! What `docs/security.md` says of tests and limits is so: each test that it names is there, each figure is that of
//! the code, and no limit of the code is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mcp_core::Limits;

/// Constants that are named like limits and are none that a reviewer asks for.
const NO_LIMITS: [&str; 2] = [
    // The largest number that a header repeats without loss.
    "mcp-core/src/header_params.rs: MAX_INTEGER",
    // How many names are compared for a "did you mean".
    "mcp-core/src/args/nested/walk.rs: MAX_GUESSES",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn page() -> String {
    read("docs/security.md")
}

/// The text below a heading, up to the next one.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, below) = page
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("there is no `{heading}`"));
    below.split("\n#").next().unwrap_or(below)
}

/// The cells of the rows of a table, without its head.
fn rows(section: &str) -> Vec<Vec<&str>> {
    let rows = section.lines().filter(|line| line.starts_with("| "));
    rows.skip(2)
        .map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// What stands between backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Each file that is named, with the names that follow it: `a.rs`: `first`, `second`.
fn named(text: &str) -> Vec<(&str, Vec<&str>)> {
    let is_file =
        |text: &str| text.contains('/') && Path::new(text).extension() == Some("rs".as_ref());
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let pieces: Vec<&str> = text.split('`').collect();
    // Of two neighbours the first is between backticks, the second what stands behind it.
    let mut goes_on = false;
    for pair in pieces[1..].chunks(2) {
        let (code, behind) = (pair[0], pair.get(1).copied().unwrap_or_default());
        if is_file(code) {
            found.push((code, Vec::new()));
            goes_on = behind == ": ";
        } else if goes_on {
            found.last_mut().unwrap().1.push(code);
            goes_on = behind == ", ";
        }
    }
    found
}

#[test]
fn every_test_that_is_named_is_there() {
    let page = page();
    let (above, _) = page.split_once("\n## Limits\n").unwrap();
    let (_, below) = page.split_once("\n## What is logged").unwrap();
    let named = [named(above), named(below)].concat();
    for (file, tests) in &named {
        let file_path = root().join(file);
        assert!(file_path.is_file(), "{file} is gone");
        let source = read(file);
        for test in tests {
            let is_there = source.contains(&format!("fn {test}("));
            assert!(is_there, "{file} has no `{test}` any more");
        }
    }
    // Guards against a search that finds nothing.
    let tests: BTreeSet<&str> = named.iter().flat_map(|(_, tests)| tests.clone()).collect();
    assert!(tests.len() > 60, "only {} tests are named", tests.len());
}

#[test]
fn each_of_the_eight_properties_has_a_test() {
    let (architecture, page) = (read("docs/architecture.md"), page());
    let properties = |rows: Vec<Vec<&str>>| -> Vec<String> {
        rows.iter().map(|row| row[0].to_owned()).collect()
    };
    let proven = rows(section(&page, "## Eight properties and their tests"));
    for row in &proven {
        assert!(!named(row[1]).is_empty(), "`{}` has no test", row[0]);
    }
    let there = properties(rows(section(&architecture, "## Eight properties")));
    assert_eq!(properties(proven), there);
    assert_eq!(there.len(), 8);
}

/// A figure: how many, or milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Figure {
    Count(u64),
    Time(u64),
}

impl Figure {
    /// As the page writes it: `4 MiB`, `1,024`, `60 s`.
    fn said(text: &str) -> Option<Self> {
        let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
        let number: u64 = number.replace(',', "").parse().ok()?;
        Some(match unit {
            "" | "bytes" => Self::Count(number),
            "KiB" => Self::Count(number * 1024),
            "MiB" => Self::Count(number * 1024 * 1024),
            "KB" => Self::Count(number * 1000),
            "MB" => Self::Count(number * 1_000_000),
            "ms" => Self::Time(number),
            "s" => Self::Time(number * 1000),
            "min" => Self::Time(number * 60_000),
            "h" => Self::Time(number * 3_600_000),
            _ => return None,
        })
    }

    /// As the code writes it: `64 * 1024`, `Duration::from_secs(60)`.
    fn coded(expression: &str) -> Option<Self> {
        let product = |text: &str| -> Option<u64> {
            let factors = text
                .split('*')
                .map(|factor| factor.trim().replace('_', "").parse::<u64>());
            factors.product::<Result<u64, _>>().ok()
        };
        let expression = expression.trim();
        let inside = |function: &str| expression.strip_prefix(function)?.strip_suffix(')');
        if let Some(seconds) = inside("Duration::from_secs(") {
            Some(Self::Time(product(seconds)? * 1000))
        } else if let Some(milliseconds) = inside("Duration::from_millis(") {
            Some(Self::Time(product(milliseconds)?))
        } else {
            Some(Self::Count(product(expression)?))
        }
    }

    /// A time may be a number of seconds in the code.
    fn is(self, coded: Self) -> bool {
        match (self, coded) {
            (Self::Time(milliseconds), Self::Count(seconds)) => milliseconds == seconds * 1000,
            (said, coded) => said == coded,
        }
    }
}

/// The constant of this name in a file, or the field of one: `PACE.timeout`.
fn constant(file: &str, name: &str) -> Figure {
    let source = read(file);
    let (constant, field) = name
        .split_once('.')
        .map_or((name, None), |(name, field)| (name, Some(field)));
    let Some((_, value)) = source.split_once(&format!("const {constant}: ")) else {
        panic!("{file} has no constant `{constant}`");
    };
    let expression = match field {
        Some(field) => value
            .split_once(&format!("{field}: "))
            .unwrap()
            .1
            .split(",\n")
            .next(),
        None => value.split_once(" = ").unwrap().1.split(';').next(),
    };
    let expression = expression.unwrap();
    Figure::coded(expression)
        .unwrap_or_else(|| panic!("{file}, {name}: `{expression}` is no figure"))
}

/// The defaults of `Limits`, as `Debug` shows them.
fn defaults() -> BTreeMap<String, Figure> {
    let shown = format!("{:?}", Limits::default());
    let fields = shown.trim_start_matches("Limits { ").trim_end_matches(" }");
    let figure = |value: &str| match value.strip_suffix('s') {
        Some(seconds) => Figure::Time(seconds.parse::<u64>().unwrap() * 1000),
        None => Figure::Count(value.parse().unwrap()),
    };
    fields
        .split(", ")
        .map(|field| field.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), figure(value)))
        .collect()
}

#[test]
fn the_table_has_every_limit_of_a_server_with_its_default() {
    let page = page();
    let said: BTreeMap<String, Figure> = rows(section(&page, "### Of a server"))
        .iter()
        .map(|row| {
            let name = code(row[0]).next().unwrap().to_owned();
            (
                name,
                Figure::said(row[1]).unwrap_or_else(|| panic!("`{}` is no figure", row[1])),
            )
        })
        .collect();
    assert_eq!(said, defaults());
}

/// The tables of constants.
const TABLES: [&str; 4] = [
    "### Of the container host",
    "### Of the Lambda host",
    "### Of tokens and their keys",
    "### Of everything else",
];

#[test]
fn each_constant_is_what_the_table_says() {
    let (page, defaults) = (page(), defaults());
    let mut compared = 0;
    for row in TABLES.iter().flat_map(|table| rows(section(&page, table))) {
        let said = Figure::said(row[1]).unwrap_or_else(|| panic!("`{}` is no figure", row[1]));
        let coded = match code(row[2]).collect::<Vec<_>>()[..] {
            [file, name] => constant(file, name),
            [field] => defaults[field.trim_start_matches("Limits::")],
            _ => panic!("`{}` names no constant", row[2]),
        };
        assert!(
            said.is(coded),
            "{}: the page says {said:?}, the code {coded:?}",
            row[2]
        );
        compared += 1;
    }
    assert!(compared > 60, "only {compared} figures were compared");
}

/// The files of a crate, without those of tests.
fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension() == Some("rs".as_ref()) && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_constant_for_a_limit_is_missing() {
    let page = page();
    let listed: BTreeSet<String> = TABLES
        .iter()
        .flat_map(|table| rows(section(&page, table)))
        .filter_map(|row| match code(row[2]).collect::<Vec<_>>()[..] {
            [file, name] => Some(format!("{file}: {name}")),
            _ => None,
        })
        .chain(NO_LIMITS.map(str::to_owned))
        .collect();
    let mut looked_at = 0;
    for package in ["mcp-core", "mcp-fargate-adapter", "mcp-lambda-adapter"] {
        let mut files = Vec::new();
        sources(&root().join(package).join("src"), &mut files);
        for file in files {
            let source = fs::read_to_string(&file).unwrap();
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            // Tests stand at the end of a file.
            let code = source
                .split("\n#[cfg(test)]\nmod ")
                .next()
                .unwrap_or(&source);
            for line in code.lines() {
                let Some((_, constant)) = line.split_once("const MAX_") else {
                    continue;
                };
                let constant = constant.split(':').next().unwrap_or_default();
                let constant = format!("{name}: MAX_{constant}");
                assert!(
                    listed.contains(&constant),
                    "docs/security.md does not list {constant}"
                );
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 25, "only {looked_at} constants were found");
}
