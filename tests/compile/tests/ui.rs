//! What the compiler says: every mistake is one error, in our words, at the token that is wrong.
//!
//! After a change of wording, run `TRYBUILD=overwrite cargo test -p mcp-compile-tests` and read the
//! difference of the `.stderr` files.

use std::process::Command;

/// The compiler whose wording the `.stderr` files hold. A change of it is a change to review.
const REVIEWED: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .unwrap()
        .stdout;
    let version = String::from_utf8(version).unwrap();
    if !version.starts_with(REVIEWED) {
        println!("not compared: the texts were reviewed with {REVIEWED}x, this is {version}");
        return;
    }
    let cases = trybuild::TestCases::new();
    for theme in [
        "attribute",
        "signature",
        "arg",
        "types",
        "state",
        "register",
        "resource",
        "prompt",
        "expose",
        "typing",
    ] {
        cases.compile_fail(format!("ui/{theme}/*.rs"));
    }
}

#[test]
fn programs_compile() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}
