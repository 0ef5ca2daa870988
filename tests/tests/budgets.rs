//! How many crates a user's server pulls in, the server itself included.
//!
//! Counted as `cargo tree -e normal` lists them, each once.

use std::collections::BTreeSet;
use std::process::Command;

/// The crates of a package of this workspace with these features.
fn crates(package: &str, features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "-e",
            "normal",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}", "-p", package])
        .args(features.iter().flat_map(|feature| ["--features", feature]))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    // A line is `name vX.Y.Z`, sometimes followed by where it comes from.
    let crates = text.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(format!("{} {}", words.next()?, words.next()?))
    });
    crates.collect()
}

fn at_most(limit: usize, package: &str) {
    let crates = crates(package, &[]);
    println!("{package}: {} crates", crates.len());
    assert!(
        crates.len() <= limit,
        "{package} has {} crates: {crates:?}",
        crates.len()
    );
    // Guards against a count of nothing.
    assert!(crates.len() > 20);
}

#[test]
fn a_stdio_server_has_at_most_40_crates() {
    at_most(40, "hello");
}

#[test]
fn an_http_server_has_at_most_66_crates() {
    at_most(66, "hello-http");
}

#[test]
fn a_lambda_function_has_at_most_74_crates() {
    at_most(74, "hello-lambda");
}

#[test]
fn tokens_add_at_most_10_crates_and_fetching_keys_at_most_12_more() {
    let package = "hello-http";
    let plain = crates(package, &[]).len();
    let tokens = crates(package, &["mcp-core/jwt"]).len();
    let fetched = crates(package, &["mcp-core/jwks"]).len();
    println!("{plain} crates, {tokens} with `jwt`, {fetched} with `jwks`");
    // The lower bounds guard against features that add nothing, since they are called otherwise.
    assert!((1..=10).contains(&(tokens - plain)));
    assert!((1..=12).contains(&(fetched - tokens)));
}
