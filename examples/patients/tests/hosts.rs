//! The program as it is started: over stdio, without a service.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const META: &str = r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

#[test]
fn all_pages_of_a_ward_come_over_stdio_and_tell_nothing_that_has_a_form() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_patients"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    let mut output = BufReader::new(program.stdout.take().unwrap()).lines();
    let meta: Value = serde_json::from_str(META).unwrap();
    let (mut arguments, mut numbers) = (json!({"ward": "surgery"}), Vec::new());
    let (mut pages, mut told) = (0, String::new());
    loop {
        let params = json!({"name": "list_notes", "arguments": arguments, "_meta": meta});
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        writeln!(input, "{message}").unwrap();
        let reply: Value = loop {
            let line = output.next().unwrap().unwrap();
            let line: Value = serde_json::from_str(&line).unwrap();
            if line["id"] == 1 {
                break line;
            }
        };
        let page = &reply["result"]["structuredContent"];
        told.push_str(&reply.to_string());
        pages += 1;
        let items = page["items"].as_array().unwrap();
        numbers.extend(items.iter().map(|note| note["number"].as_u64().unwrap()));
        match page.get("next_cursor") {
            Some(next) => arguments["cursor"] = next.clone(),
            None => break,
        }
    }
    drop(input);
    assert!(program.wait().unwrap().success());
    let all: Vec<u64> = (1..=2_000).filter(|number| number % 3 == 2).collect();
    assert_eq!(numbers, all);
    assert!(pages > 2, "{pages}");
    for form in ["MRN-", "555-", "@example.com", "4111 1111", "078-05-1120"] {
        assert!(!told.contains(form), "{form}");
    }
}
