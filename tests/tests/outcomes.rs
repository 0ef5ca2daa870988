//! Every request has exactly one outcome: what the client and the log see when a tool fails, panics,
//! takes too long or loses its client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mcp_core::testing::Client;
use mcp_core::{Context, Error, Limits, Progress, Result, Server, State, server_info, tool, tools};
use mcp_tests::log;
use serde_json::{Value, json};

const SECRET: &str = "postgres://admin:hunter2@db.internal/sales";

/// Fails as a database driver fails.
#[tool]
fn connect() -> Result<String> {
    Err(std::io::Error::other(format!(
        "could not connect to {SECRET}"
    )))?
}

/// Says what to change.
#[tool]
fn find() -> Result<String> {
    Err(Error::new(
        "no customer C-9: a customer number looks like C-1001",
    ))
}

/// Panics at once.
#[tool]
fn panics() -> String {
    panic!("{SECRET}")
}

/// Panics after it has waited.
#[tool]
async fn panics_later() -> String {
    tokio::task::yield_now().await;
    panic!("{SECRET}")
}

/// Panics on the blocking pool.
#[tool(blocking)]
fn panics_blocking() -> String {
    panic!("{SECRET}")
}

/// Never ends.
#[tool(timeout = "20ms")]
async fn hangs() -> String {
    std::future::pending().await
}

/// Blocks its thread until the test lets it go on.
#[tool(blocking, timeout = "20ms")]
fn blocks(gate: &Gate) -> String {
    drop(gate.0.lock());
    "late".to_owned()
}

/// Says something and then waits for ever.
#[tool]
async fn reports(cx: &Context, dropped: &Dropped) -> String {
    let _guard = dropped.guard();
    cx.progress(Progress::new(1));
    std::future::pending().await
}

struct Gate(Arc<Mutex<()>>);

/// Counts the calls whose future was dropped.
#[derive(Clone, Default)]
struct Dropped(Arc<std::sync::atomic::AtomicUsize>);

impl Dropped {
    fn guard(&self) -> impl Drop + use<> {
        struct Guard(Dropped);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.0.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        }
        Guard(self.clone())
    }

    fn count(&self) -> usize {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[derive(State)]
struct App {
    gate: Gate,
    dropped: Dropped,
}

struct Setup {
    server: Server,
    gate: Arc<Mutex<()>>,
    dropped: Dropped,
}

fn setup() -> Setup {
    let gate = Arc::default();
    let dropped = Dropped::default();
    let app = App {
        gate: Gate(Arc::clone(&gate)),
        dropped: dropped.clone(),
    };
    let mut limits = Limits::default();
    limits.in_flight = 4;
    let server = Server::new(server_info!(), app)
        .limits(limits)
        .tools(tools![
            connect,
            find,
            panics,
            panics_later,
            panics_blocking,
            hangs,
            blocks,
            reports
        ])
        .build()
        .unwrap();
    Setup {
        server,
        gate,
        dropped,
    }
}

async fn error_text(server: &Server, tool: &str) -> String {
    let result = Client::new(server).call(tool, json!({})).await;
    assert_eq!(result["isError"], true, "{result}");
    assert!(result.get("structuredContent").is_none());
    result["content"][0]["text"].as_str().unwrap().to_owned()
}

/// The id that a text names: sixteen hexadecimal digits.
fn id_in(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_hexdigit())
        .find(|word| word.len() == 16)
        .unwrap()
}

// [TOOL-14d]
#[tokio::test]
async fn a_private_cause_is_in_no_reply_and_in_the_log_once() {
    let log = log::capture();
    let text = error_text(&setup().server, "connect").await;
    assert!(
        !text.contains("hunter2") && !text.contains("db.internal"),
        "{text}"
    );
    let events = log.with(id_in(&text));
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(
        events[0].contains(SECRET) && events[0].contains("connect"),
        "{events:?}"
    );
}

// [TOOL-13]
#[tokio::test]
async fn public_text_reaches_the_model_and_not_the_log() {
    let log = log::capture();
    let text = error_text(&setup().server, "find").await;
    assert_eq!(text, "no customer C-9: a customer number looks like C-1001");
    assert!(log.with("C-9").is_empty());
}

#[tokio::test]
async fn a_panic_is_one_answer_and_the_server_goes_on() {
    let log = log::capture();
    let Setup { server, .. } = setup();
    for tool in ["panics", "panics_later", "panics_blocking"] {
        let text = error_text(&server, tool).await;
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(log.with(id_in(&text)).len(), 1);
    }
    // Each gave its place back: there are only four.
    for _ in 0..8 {
        error_text(&server, "panics").await;
    }
}

// [CAN-3]
#[tokio::test]
async fn a_call_beyond_its_time_is_stopped_and_says_so() {
    let log = log::capture();
    let text = error_text(&setup().server, "hangs").await;
    assert!(text.contains("did not finish within 20ms"), "{text}");
    assert_eq!(log.with("time limit").len(), 1);
}

#[allow(clippy::await_holding_lock)] // it holds the other threads up, as it is meant to
#[tokio::test]
async fn a_blocking_call_beyond_its_time_is_abandoned_and_keeps_its_place_until_it_ends() {
    let Setup { server, gate, .. } = setup();
    let held = gate.lock().unwrap();
    for _ in 0..4 {
        assert!(
            error_text(&server, "blocks")
                .await
                .contains("did not finish")
        );
    }
    let busy = Client::new(&server).call("find", json!({})).await;
    assert_eq!(busy["error"]["code"], -32603, "{busy}");
    drop(held);
    // The abandoned calls end now, and their places come back.
    loop {
        let result = Client::new(&server).call("find", json!({})).await;
        if result.get("error").is_none() {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_its_call() {
    let log = log::capture();
    let Setup {
        server, dropped, ..
    } = setup();
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "reports", "arguments": {}, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {}, "progressToken": 1,
        }},
    });
    let client = Client::new(&server);
    let message = message.to_string();
    for gone in 1..=8 {
        let call = client.send(&message);
        let answer = tokio::time::timeout(Duration::from_millis(5), call).await;
        assert!(answer.is_err(), "the call never ends by itself");
        assert_eq!(dropped.count(), gone);
    }
    assert_eq!(log.with("cancelled").len(), 8);
    // The places came back.
    assert_eq!(error_text(&server, "find").await.len(), 52);
}

/// Returns as many bytes of JSON as asked for.
#[tool]
fn text(
    /// How many.
    bytes: usize,
) -> String {
    "x".repeat(bytes.saturating_sub(2))
}

/// Passes on JSON with line breaks in it, as other services send it.
#[tool]
fn relays() -> Relayed {
    let text = "[\n{\"jsonrpc\":\"2.0\",\r\n\"id\":5,\"result\":{}}\n]".to_owned();
    Relayed(serde_json::value::RawValue::from_string(text).unwrap())
}

#[derive(serde::Serialize)]
struct Relayed(Box<serde_json::value::RawValue>);

impl schemars::JsonSchema for Relayed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Relayed".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "array", "items": true})
    }
}

// [STD-1] [TOOL-14d]
#[tokio::test]
async fn a_result_cannot_break_out_of_its_line() {
    let server = Server::new(server_info!(), ())
        .tools(tools![relays])
        .build()
        .unwrap();
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "relays", "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }},
    });
    let bytes = Client::new(&server).send_raw(&message.to_string()).await;
    assert!(!bytes.contains(&b'\n') && !bytes.contains(&b'\r'));
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(answer["result"]["structuredContent"][0]["id"], 5);
}

#[tokio::test]
async fn unknown_names_of_any_size_and_number_are_reported_within_bounds() {
    let server = limited(|limits| limits.arguments = 64);
    let mut arguments = json!({"bytes": 1});
    for index in 0..60 {
        arguments[format!("{index}{}", "k".repeat(50_000))] = json!(1);
    }
    let result = Client::new(&server).call("text", arguments).await;
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.len() < 4096 && text.contains("60 problems"), "{text}");
}

/// One of very many.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Item {
    #[schemars(range(max = 9))]
    quantity: u8,
}

/// Counts items.
#[tool]
fn count(items: Vec<Item>) -> usize {
    items.iter().map(|item| usize::from(item.quantity)).sum()
}

#[tokio::test]
async fn violations_inside_an_argument_are_reported_within_bounds() {
    let server = Server::new(server_info!(), ())
        .tools(tools![count])
        .build()
        .unwrap();
    let item = json!({"quantity": 10, "quantit": 1});
    let arguments = json!({"items": vec![item; 10_000]});
    let result = Client::new(&server).call("count", arguments).await;
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("the arguments have 20000 problems"), "{text}");
    assert_eq!(text.lines().count(), 1 + 20, "{text}");
}

/// Fails with a text of this many characters.
#[tool]
fn explains(length: usize) -> Result<()> {
    Err(Error::new("x".repeat(length)))
}

#[tokio::test]
async fn an_error_text_of_n_characters_is_sent_whole_and_one_of_n_plus_one_is_cut() {
    let server = Server::new(server_info!(), ())
        .tools(tools![explains])
        .build()
        .unwrap();
    for (length, sent) in [(4096, 4096), (4097, 4096)] {
        let result = Client::new(&server)
            .call("explains", json!({"length": length}))
            .await;
        assert_eq!(result["content"][0]["text"].as_str().unwrap().len(), sent);
    }
}

/// An error whose own text panics.
#[derive(Debug)]
struct Hostile;

impl std::fmt::Display for Hostile {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("an error that cannot be shown")
    }
}

impl std::error::Error for Hostile {}

/// Fails with such an error.
#[tool]
fn fails_badly() -> Result<(), Hostile> {
    Err(Hostile)
}

/// Is dropped badly.
struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a value that cannot be dropped");
    }
}

/// Holds such a value when its time is up.
#[tool(timeout = "5ms")]
async fn held_badly() {
    let _held = PanicsOnDrop;
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn errors_and_destructors_that_panic_are_one_answer_too() {
    let server = Server::new(server_info!(), ()).tools(tools![fails_badly, held_badly]);
    let server = server.build().unwrap();
    assert!(error_text(&server, "fails_badly").await.contains("failed"));
    assert!(error_text(&server, "held_badly").await.contains("failed"));
}

/// Waits until the test ends.
#[tool]
async fn waits() {
    std::future::pending::<()>().await;
}

fn limited(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    Server::new(server_info!(), ())
        .limits(limits)
        .tools(tools![text, waits])
        .build()
        .unwrap()
}

// [TOOL-14d]
#[tokio::test]
async fn a_result_of_n_bytes_is_sent_and_one_of_n_plus_one_is_an_error() {
    let server = limited(|limits| limits.result_bytes = 100);
    let fits = Client::new(&server)
        .call("text", json!({"bytes": 100}))
        .await;
    assert_eq!(
        fits["content"][0]["text"].as_str().unwrap().len(),
        98,
        "{fits}"
    );
    let too_large = Client::new(&server)
        .call("text", json!({"bytes": 101}))
        .await;
    assert_eq!(too_large["isError"], true);
    let text = too_large["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("larger than 100 bytes") && text.contains("Narrow the call"),
        "{text}"
    );
}

#[tokio::test]
async fn n_arguments_are_read_and_n_plus_one_are_refused() {
    let server = limited(|limits| limits.arguments = 3);
    let with = |count: usize| -> Value {
        let mut arguments = json!({"bytes": 2});
        for index in 1..count {
            arguments[format!("x{index}")] = json!(1);
        }
        arguments
    };
    let report = async |count| {
        let result = Client::new(&server).call("text", with(count)).await;
        result["content"][0]["text"].as_str().unwrap().to_owned()
    };
    assert_eq!(report(1).await, "");
    assert!(!report(3).await.contains("at most 3"));
    assert!(report(4).await.contains("at most 3 arguments"));
}

// [ERR-5]
#[tokio::test]
async fn n_calls_run_at_once_and_call_n_plus_one_is_refused() {
    let server = limited(|limits| limits.in_flight = 2);
    let client = Client::new(&server);
    let mut first = Box::pin(client.call("waits", json!({})));
    let mut second = Box::pin(client.call("waits", json!({})));
    assert!(waits_on(first.as_mut()).await && waits_on(second.as_mut()).await);
    let third = client.call("text", json!({"bytes": 2})).await;
    assert_eq!(third["error"]["code"], -32603, "{third}");
    assert!(
        third["error"]["message"]
            .as_str()
            .unwrap()
            .contains("concurrent calls")
    );
    drop(first);
    let fourth = client.call("text", json!({"bytes": 2})).await;
    assert!(fourth.get("error").is_none(), "{fourth}");
}

/// Polls once; whether the future still waits.
async fn waits_on(mut call: std::pin::Pin<&mut impl Future>) -> bool {
    std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx).is_pending())).await
}
