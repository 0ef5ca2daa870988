//! A program without the feature `dynamodb` says so, instead of working on another database than
//! the one that was meant.
#![cfg(not(feature = "dynamodb"))]

use std::process::{Command, Stdio};

#[test]
fn a_table_that_cannot_be_opened_is_not_replaced_by_a_file() {
    let file = format!("sales-data-without-{}.db", std::process::id());
    let file = std::env::temp_dir().join(file);
    for arguments in [&[][..], &["http"], &["fill"]] {
        let ended = Command::new(env!("CARGO_BIN_EXE_sales-data"))
            .args(arguments)
            .env("SALES_TABLE", "sales")
            .env("SALES_DB", &file)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success(), "{arguments:?}: {said}");
        assert!(said.contains("--features dynamodb"), "{said}");
        assert!(said.contains("SALES_TABLE"), "{said}");
    }
    assert!(!file.exists());
}
