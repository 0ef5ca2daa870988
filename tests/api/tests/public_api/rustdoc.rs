//! The documentation of the four crates as JSON, written once by the rustdoc at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use rustdoc_types::{Crate, FORMAT_VERSION};
use serde_json::Value;

/// The crates, as rustdoc knows them, with all features.
pub(crate) struct Crates {
    folder: PathBuf,
    crates: [Crate; 4],
}

const NAMES: [&str; 4] = [
    "mcp_core",
    "mcp_derive",
    "mcp_fargate_adapter",
    "mcp_lambda_adapter",
];

impl Crates {
    /// The core, the macros, the adapters for Fargate and for Lambda.
    pub(crate) fn all(&self) -> [&Crate; 4] {
        self.crates.each_ref()
    }

    /// The same, each with its name and its file.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&'static str, PathBuf, &Crate)> {
        let named = NAMES.into_iter().zip(self.all());
        named.map(|(name, krate)| (name, file(&self.folder, name), krate))
    }
}

/// The crates; none, said aloud, where rustdoc writes another form of JSON than these tests read.
pub(crate) fn crates() -> Option<&'static Crates> {
    static CRATES: OnceLock<Option<Crates>> = OnceLock::new();
    CRATES.get_or_init(make).as_ref()
}

fn make() -> Option<Crates> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let made = Command::new(env!("CARGO"))
        .args(["doc", "--no-deps", "--all-features", "--locked"])
        .args(NAMES.map(|name| format!("--package={}", name.replace('_', "-"))))
        .arg("--target-dir")
        .arg(target)
        .env("RUSTDOC", env!("CARGO_BIN_EXE_rustdoc-json"))
        .env("RUSTDOCFLAGS", "-Zunstable-options --output-format=json")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{said}");

    let folder = target.join("doc");
    let read = |name| read(&fs::read_to_string(file(&folder, name)).unwrap());
    let [Ok(core), Ok(derive), Ok(fargate), Ok(lambda)] = NAMES.map(read) else {
        crate::say(&format!(
            "NOT RUN: the tests of the public items, since this rustdoc does not write form \
             {FORMAT_VERSION} of its JSON"
        ));
        return None;
    };
    let crates = [core, derive, fargate, lambda];
    Some(Crates { folder, crates })
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension("json")
}

/// The crate, or the form of its JSON if it is another than these tests read.
fn read(json: &str) -> Result<Crate, Value> {
    let mut any: Value = serde_json::from_str(json).unwrap();
    if any["format_version"] == FORMAT_VERSION {
        Ok(serde_json::from_str(json).unwrap())
    } else {
        Err(any["format_version"].take())
    }
}

#[test]
fn another_form_is_not_read() {
    let other = FORMAT_VERSION + 1;
    let read = read(&format!(
        r#"{{"format_version": {other}, "root": "elsewhere"}}"#
    ));
    assert_eq!(read.map(|_| ()), Err(other.into()));
}
