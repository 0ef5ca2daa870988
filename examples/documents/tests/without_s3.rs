//! A program without the feature `s3` says so, instead of serving other documents than those that were
//! meant; and a prefix that would let out more than it says is refused.
#![cfg(not(feature = "s3"))]

use std::process::{Command, Stdio};

/// What the program writes when it refuses to start.
fn refusal(argument: Option<&str>, name: &str, value: &str) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_documents"))
        .args(argument)
        .env(name, value)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success(), "{said}");
    said
}

#[test]
fn a_bucket_that_cannot_be_read_is_not_replaced_by_the_example() {
    for argument in [None, Some("http")] {
        let said = refusal(argument, "DOCUMENTS_BUCKET", "acme-documents");
        assert!(said.contains("--features s3"), "{said}");
        assert!(said.contains("DOCUMENTS_BUCKET"), "{said}");
    }
}

#[test]
fn a_prefix_that_is_no_folder_is_refused() {
    let said = refusal(None, "DOCUMENTS_PREFIX", "handbook");
    assert!(said.contains("`DOCUMENTS_PREFIX` is `handbook`"), "{said}");
}
