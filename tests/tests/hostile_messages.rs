//! Messages that nobody sends on purpose: whatever comes in, there is one answer on one line, or
//! none to a message that gets none, and the server goes on.

use mcp_core::testing::Client;
use mcp_core::{Server, server_info, tool, tools};
use serde_json::{Value, json};

/// Something to decode.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    #[schemars(length(max = 3))]
    lines: Vec<Line>,
    note: Option<String>,
}

/// A line of it.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Line {
    #[schemars(range(min = 1, max = 9))]
    quantity: u8,
}

/// Takes an order.
#[tool]
fn place(
    /// The order.
    order: Order,
    /// For whom.
    #[arg(length = 1..=20)]
    name: &str,
    /// How urgent.
    #[arg(default = 1, range = 0..=3)]
    urgency: i8,
) -> String {
    let count: u32 = order
        .lines
        .iter()
        .map(|line| u32::from(line.quantity))
        .sum();
    format!("{count} for {name}, {urgency}, {:?}", order.note)
}

/// A generator of the same numbers in every run (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// Pieces that are likely to mean something where they land.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "-",
    "1e9",
    "0.5",
    "99999999999999999999",
    "\"id\":",
    "\"id\":null,",
    "\"jsonrpc\":\"2.0\",",
    "\"params\":{}",
    "\"_meta\":[]",
    "\\u0000",
    "\\ud800",
    "é",
    "\n",
    " ",
];

fn messages() -> Vec<String> {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "progressToken": "t",
    });
    let order = json!({"lines": [{"quantity": 1}, {"quantity": 9}], "note": "a \"b\" \u{e9}"});
    [
        json!({"name": "place", "arguments": {"order": order, "name": "Ann", "urgency": "2"}, "_meta": meta}),
        json!({"name": "place", "arguments": {"order": order.to_string(), "name": "Ann"}, "_meta": meta}),
    ]
    .map(|params| json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}))
    .into_iter()
    .chain([
        json!({"jsonrpc": "2.0", "id": "x", "method": "server/discover", "params": {"_meta": meta}}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": {"protocolVersion": "2025-06-18"}}),
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}),
    ])
    .map(|message| message.to_string())
    .collect()
}

/// Cuts, repeats or replaces a few places of a message.
fn mutate(message: &str, numbers: &mut Numbers) -> String {
    let mut text: Vec<char> = message.chars().collect();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(text.len() + 1);
        match numbers.below(4) {
            0 => text.truncate(at.max(1)),
            1 => {
                let end = (at + numbers.below(12)).min(text.len());
                text.drain(at..end);
            }
            2 => {
                let end = (at + numbers.below(30)).min(text.len());
                let copy: Vec<char> = text[at..end].to_vec();
                let to = numbers.below(text.len() + 1);
                text.splice(to..to, copy);
            }
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                text.splice(at..at, piece.chars());
            }
        }
    }
    text.into_iter().collect()
}

// [STD-1]
#[tokio::test]
async fn every_message_has_one_answer_or_none() {
    let server = Server::new(server_info!(), ())
        .tools(tools![place])
        .build()
        .unwrap();
    let client = Client::new(&server);
    let mut numbers = Numbers(2026);
    let (mut results, mut errors, mut silent) = (0, 0, 0);
    for message in messages() {
        let whole = client.send_raw(&message).await;
        assert!(
            !String::from_utf8(whole).unwrap().contains("\"error\""),
            "{message}"
        );
        for _ in 0..2000 {
            let message = mutate(&message, &mut numbers);
            let answer = client.send_raw(&message).await;
            if answer.is_empty() {
                silent += 1;
                continue;
            }
            assert!(!answer.contains(&b'\n'), "{message}");
            let answer: Value = serde_json::from_slice(&answer).expect(&message);
            assert_eq!(answer["jsonrpc"], "2.0", "{message}");
            let has = |key: &str| answer.get(key).is_some();
            assert!(has("result") != has("error"), "{message}: {answer}");
            if has("result") {
                // Whatever a result answers was a message in the eyes of another parser too, but
                // for half a surrogate pair in a text that nothing reads.
                if !message.contains(r"\ud8") {
                    let sent: Value = serde_json::from_str(&message).expect(&message);
                    assert_eq!(sent["id"], answer["id"], "{message}");
                }
                results += 1;
            } else {
                errors += 1;
            }
        }
    }
    println!("{results} results, {errors} errors, {silent} without an answer");
    // Guards against messages of one kind only.
    assert!(results > 200 && errors > 1000 && silent > 100);
}
