//! The program as it is started, without a service: over stdio, HTTP and as a Lambda function.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use mcp_tests::lambda::{Reply, RuntimeApi};
use mcp_tests::message;
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
    for form in FORMS {
        assert!(!told.contains(form), "{form}");
    }
}

/// A note in which there is something to take out.
const NOTE: u64 = 7;

/// What no host may let out of it.
const FORMS: [&str; 5] = ["MRN-", "555-", "@example.com", "4111 1111", "078-05-1120"];

/// The program with both of its outputs piped.
fn start<K: AsRef<std::ffi::OsStr>>(args: &[&str], environment: &[(K, String)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_patients"))
        .args(args)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The first record that a host writes on standard output, between lines of metrics.
fn record(program: &mut Child) -> Value {
    let lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut records = lines.filter_map(|line| serde_json::from_str::<Value>(&line.unwrap()).ok());
    let record = records.find(|line| line["log_type"] == "mcp.audit");
    program.kill().unwrap();
    program.wait().unwrap();
    record.unwrap()
}

/// The note went out without what has a form, and a record says which one it was and nothing of it.
fn assert_read(reply: &str, record: &Value) {
    let reply: Value = serde_json::from_str(reply).unwrap();
    let text = reply["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.contains('['), "{text}");
    for form in FORMS {
        assert!(!text.contains(form) && !record.to_string().contains(form));
    }
    assert_eq!(record["outcome"], "ok", "{record}");
    assert_eq!(record["gen_ai.tool.name"], "read_note");
    assert_eq!(record["args"]["named"][0]["value"], NOTE, "{record}");
}

#[test]
fn a_note_that_is_read_over_http_leaves_a_record() {
    let mut program = start(&["http"], &[("MCP_BIND", "127.0.0.1:0".to_owned())]);
    let mut log = BufReader::new(program.stderr.take().unwrap()).lines();
    let address = log.find_map(|line| {
        let line = line.unwrap();
        let (_, rest) = line.split_once("listening address=")?;
        rest.split_whitespace().next().map(str::to_owned)
    });
    let mut stream = TcpStream::connect(address.unwrap()).unwrap();
    let message = message::call("read_note", json!({"number": NOTE}));
    let request = message.header("connection", "close").post("/mcp");
    stream.write_all(&request).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (_, body) = reply.split_once("\r\n\r\n").unwrap();
    let record = record(&mut program);
    assert_read(body, &record);
}

#[tokio::test]
async fn a_note_that_a_function_reads_leaves_a_record() {
    let api = RuntimeApi::start().await.unwrap();
    let mut program = start(&[], &api.environment());
    let params = json!({"name": "read_note", "arguments": {"number": NOTE}});
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let reply = api.invoke(&message).await;
    let record = record(&mut program);
    let Ok(Reply::Response(reply)) = reply else {
        panic!("the function failed: {reply:?}");
    };
    assert_read(&reply.to_string(), &record);
}
