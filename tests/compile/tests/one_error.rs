//! One mistake is one error, at the user's own code, with what to do about it: the rules that every
//! `.stderr` file keeps, whatever its wording.

use std::fs;
use std::path::{Path, PathBuf};

/// Cases with more errors than one, and why.
const SEVERAL: &[(&str, usize, &str)] = &[
    ("expose/several_mistakes", 2, "two mistakes"),
    ("register/several_mistakes", 5, "five mistakes"),
    ("register/two_of_three", 2, "two mistakes"),
    ("resource/several_that_do_not_match", 3, "three mistakes"),
    ("types/argument_of_two_opaque_types", 2, "two mistakes"),
    ("types/result_and_error_opaque", 2, "two mistakes"),
    (
        "signature/two_functions_of_one_name",
        3,
        "no expansion sees the other function, so the compiler meets both, both markers and both \
         definitions",
    ),
    (
        "state/not_send",
        2,
        "an `Rc` can neither be sent nor shared, and the compiler says both",
    ),
    (
        "state/trait_object_not_shared",
        2,
        "it may be neither sent nor shared, and the compiler says both",
    ),
    (
        "resource/value_neither_from_nor_to_text",
        2,
        "two traits are missing",
    ),
];

/// The compiler's own errors whose first line says all: the wrong type or name is the message.
const SELF_EXPLANATORY: &[&str] = &[
    "error[E0308]", // mismatched types
    "error[E0415]", // two parameters of one name
    "error[E0425]", // a name that does not exist
    "error[E0119]", // two fields of one type, one of them behind an alias
    "error[E0121]", // `_` in a signature
    "error[E0433]", // a path that does not exist
    "error[E0592]", // two methods of one name
    "error: cannot find attribute",
    "error: expected", // syntax, where the compiler goes on after it
    "error: unexpected token",
    "error: literal out of range",
];

/// One error as the compiler prints it.
struct Report {
    text: String,
}

impl Report {
    fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    fn is_error(&self) -> bool {
        self.text.starts_with("error")
    }

    /// The file of the first location.
    fn file(&self) -> Option<&str> {
        let mut lines = self.text.lines();
        let location = lines.find_map(|line| line.trim_start().strip_prefix("--> "))?;
        location.split(':').next()
    }

    fn says_what_to_do(&self) -> bool {
        let own = SELF_EXPLANATORY
            .iter()
            .any(|own| self.first_line().starts_with(own));
        own || self.text.contains("help: ") || self.text.contains("note: ")
    }
}

fn reports(stderr: &str) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for line in stderr.lines() {
        let begins = ["error", "warning"]
            .iter()
            .any(|kind| line.starts_with(kind));
        match reports.last_mut() {
            Some(report) if !begins => {
                report.text.push_str(line);
                report.text.push('\n');
            }
            _ => reports.push(Report {
                text: format!("{line}\n"),
            }),
        }
    }
    reports
}

/// Every case that must not compile, with its name under `ui` and its program.
fn cases() -> Vec<(String, PathBuf)> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut cases = Vec::new();
    for theme in fs::read_dir(&ui).unwrap() {
        let theme = theme.unwrap();
        if theme.file_name() == "pass" {
            continue;
        }
        for file in fs::read_dir(theme.path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&ui).unwrap().with_extension("");
                cases.push((name.to_str().unwrap().to_owned(), path));
            }
        }
    }
    cases.sort();
    cases
}

#[test]
fn a_mistake_is_one_error_in_the_users_file_with_what_to_do() {
    let mut faults = Vec::new();
    let cases = cases();
    for (name, program) in &cases {
        let stderr = fs::read_to_string(program.with_extension("stderr")).unwrap();
        let reports = reports(&stderr);
        let several = SEVERAL.iter().find(|(case, _, _)| case == name);
        let expected = several.map_or(1, |(_, errors, _)| *errors);
        if reports.len() != expected {
            faults.push(format!("{name}: {} reports", reports.len()));
        }
        let file = format!("ui/{name}.rs");
        for report in reports {
            let first = report.first_line();
            if !report.is_error() {
                faults.push(format!("{name}: `{first}` beside the error"));
            }
            if report.file() != Some(&file) {
                faults.push(format!("{name}: `{first}` is at {:?}", report.file()));
            }
            if !report.says_what_to_do() {
                faults.push(format!("{name}: `{first}` does not say what to do"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Guards against a walk over nothing.
    assert!(cases.len() > 400, "{}", cases.len());
}

#[test]
fn what_is_listed_exists() {
    let cases = cases();
    for (name, _, _) in SEVERAL {
        assert!(cases.iter().any(|(case, _)| case == name), "{name}");
    }
}

/// A test of the rules themselves.
#[test]
fn reports_are_told_apart() {
    let stderr = "error: one\n       help: do\n --> ui/a/b.rs:1:2\n  |\n\nerror[E0000]: two\n  \
                  --> other.rs:3:4\n\nwarning: three\n";
    let reports = reports(stderr);
    let files: Vec<_> = reports.iter().map(Report::file).collect();
    assert_eq!(files, [Some("ui/a/b.rs"), Some("other.rs"), None]);
    let helpful: Vec<_> = reports.iter().map(Report::says_what_to_do).collect();
    assert_eq!(helpful, [true, false, false]);
    assert!(!reports[2].is_error());
}
