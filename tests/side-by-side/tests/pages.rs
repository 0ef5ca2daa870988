//! The programs on the pages of `docs/coming-from` are those of this folder, letter by letter.
//!
//! A page names a file in a line of its own, as a link, and shows it in the block below. After a change of a file,
//! `PAGES=write cargo test -p mcp-side-by-side --test pages` writes the blocks anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const SHOWN: [&str; 4] = ["here", "rmcp", "fastmcp", "action-group"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The file that a line introduces, from the root of the workspace.
fn named(line: &str) -> Option<&str> {
    let path = line.strip_prefix("[`")?.split('`').next()?;
    let whole = format!("[`{path}`](../../{path})");
    (line == whole && path.starts_with("tests/side-by-side/")).then_some(path)
}

/// A page with its blocks as the files are now, and the files.
fn as_it_should_be(page: &str) -> (String, BTreeSet<String>) {
    let mut lines = page.lines();
    let mut out = String::new();
    let mut files = BTreeSet::new();
    while let Some(line) = lines.next() {
        out += line;
        out += "\n";
        let Some(path) = named(line) else { continue };
        assert_eq!(lines.next(), Some(""), "an empty line after {line}");
        let fence = lines.next().unwrap_or_default();
        assert!(fence.starts_with("```"), "a block after {line}: {fence}");
        assert!(lines.any(|line| line == "```"), "the end of {path}");
        let file = fs::read_to_string(root().join(path)).expect(path);
        out += &format!("\n{fence}\n{file}```\n");
        files.insert(path.to_owned());
    }
    (out, files)
}

#[test]
fn the_programs_on_the_pages_are_the_files() {
    let mut shown = BTreeSet::new();
    for entry in fs::read_dir(root().join("docs/coming-from")).expect("the pages") {
        let path = entry.expect("a page").path();
        let page = fs::read_to_string(&path).expect("a page");
        let (wanted, files) = as_it_should_be(&page);
        shown.extend(files);
        if std::env::var_os("PAGES").is_some_and(|how| how == "write") {
            fs::write(&path, wanted).expect("the page can be written");
        } else {
            assert_eq!(page, wanted, "{}", path.display());
        }
    }
    let mut all = BTreeSet::new();
    for folder in SHOWN {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for file in fs::read_dir(here).expect(folder) {
            let name = file.expect("a file").file_name();
            let name = name.to_string_lossy();
            // What Python leaves beside its programs is none of them.
            if name != "__pycache__" {
                all.insert(format!("tests/side-by-side/{folder}/{name}"));
            }
        }
    }
    assert_eq!(shown, all, "each file is on a page");
}
