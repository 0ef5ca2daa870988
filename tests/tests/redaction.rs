//! Nothing that has to be taken out reaches a client, wherever it stands in what is sent; where it cannot
//! be taken out, nothing is sent.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mcp_core::redact::{Patterns, Redactor};
use mcp_core::testing::Client;
use mcp_core::{
    Completing, Content, Contents, Context, Cursor, DynamicTool, DynamicTools, Error, Limits,
    LogLevel, Message, Page, Progress, ResourceContents, ResourceLink, Result, SchemaProfile,
    SealKeys, Server, ServerBuilder, prompt, prompts, resource, resources, server_info, tool,
    tools,
};
use mcp_tests::planted::{self, Random};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The document as structured content.
#[tool]
fn structured(document: Value) -> Value {
    document
}

/// As text.
#[tool]
fn text(document: Value) -> String {
    document.to_string()
}

/// As blocks of all kinds, with structured content.
#[tool]
fn blocks(document: Value) -> Result<Contents> {
    let text = document.to_string();
    let link = ResourceLink::new(format!("a://{text}"), text.clone());
    let contents = ResourceContents::text(text.clone()).uri(text.clone());
    Contents::new([
        Content::text(text.clone()),
        Content::link(link.title(text.clone()).description(text.clone())),
        Content::embedded(format!("b://{text}"), contents),
    ])
    .structured(&json!({"document": document}))
}

/// As the items of a page.
#[tool]
fn page(document: Value, cursor: Option<Cursor>) -> Page<Value> {
    let again = document.clone();
    Page::all([document, json!({"again": again})], cursor)
}

/// As an error.
#[tool]
fn fails(document: Value) -> Result<()> {
    Err(Error::new(document.to_string()))
}

/// As an argument that is wrong.
#[tool]
fn refuses(document: u8) -> u8 {
    document
}

/// As what is said before the result.
#[tool]
async fn says(document: Value, cx: &Context) {
    cx.log(LogLevel::Error, document.clone());
    cx.progress(Progress::new(1).message(document.to_string()));
    tokio::task::yield_now().await;
    cx.log(LogLevel::Error, document.to_string());
}

/// The same, where it blocks.
#[tool(blocking)]
fn says_blocking(document: Value, cx: &Context) {
    cx.log(LogLevel::Error, document.clone());
    cx.progress(Progress::new(1).message(document.to_string()));
}

/// Text.
#[resource("text://{document}")]
fn text_resource(document: &str) -> String {
    decoded(document).to_string()
}

/// A value.
#[resource("value://{document}")]
fn value_resource(document: &str) -> Value {
    decoded(document)
}

/// Parts.
#[resource("parts://{document}")]
fn parts_resource(document: &str) -> ResourceContents {
    let text = decoded(document).to_string();
    ResourceContents::text(text.clone())
        .and(ResourceContents::binary([1]).uri(format!("a://{text}")))
}

/// Fails.
#[resource("fails://{document}")]
fn failing_resource(document: &str) -> Result<String> {
    Err(Error::not_found(decoded(document).to_string()))
}

/// A prompt.
#[prompt]
fn quote(#[arg(complete = suggest)] document: &str) -> Result<[Message; 2]> {
    if document.is_empty() {
        return Err(Error::new("say something"));
    }
    Ok([Message::user(document), Message::assistant(document)])
}

fn suggest(typed: &str, _: &Completing<'_>) -> Vec<String> {
    vec!["clean".to_owned(), typed.to_owned()]
}

/// In a URI, the document is written in hexadecimal, so that the URI itself tells nothing.
fn decoded(hex: &str) -> Value {
    let digits: Vec<char> = hex.chars().collect();
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect();
    serde_json::from_slice(&bytes).unwrap()
}

fn encoded(document: &Value) -> String {
    document
        .to_string()
        .bytes()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn patterns() -> Patterns {
    Patterns::all().pattern("MRN", r"\bMRN-\d{6}\b").unwrap()
}

fn builder() -> ServerBuilder<()> {
    let schema = r#"{"type": "object"}"#;
    let tool = DynamicTool::new("dynamic", schema, |call| {
        Box::pin(async move {
            let arguments: Value = call.parse()?;
            call.context().log(LogLevel::Error, &arguments);
            let contents = Contents::new([Content::text(arguments.to_string())]);
            contents.structured(&arguments)
        })
    });
    let dynamic = DynamicTools::new();
    dynamic
        .add(tool.unwrap().description("Says it again."))
        .unwrap();
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_secs(10);
    Server::new(server_info!(), ())
        // Documents can be anything.
        .schemas(SchemaProfile::Full)
        .tools(tools![
            structured,
            text,
            blocks,
            page,
            fails,
            refuses,
            says,
            says_blocking,
            typed
        ])
        .dynamic_tools(&dynamic)
        .resources(resources![
            text_resource,
            value_resource,
            parts_resource,
            failing_resource
        ])
        .prompts(prompts![quote])
        .seal_with(SealKeys::new([("k1", [1; 32])]).unwrap())
        .limits(limits)
}

fn client(redactor: impl Redactor) -> Client {
    Client::new(&builder().redactor(redactor).build().unwrap())
}

/// All messages that a request is answered with.
async fn messages(client: &Client, method: &str, mut params: Value) -> Vec<Value> {
    params["_meta"] = json!({
        "progressToken": 7,
        "io.modelcontextprotocol/logLevel": "debug",
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    client.send(&message.to_string()).await
}

/// Every way in which a document can leave the server.
async fn everything(client: &Client, document: &Value) -> Vec<(&'static str, Vec<Value>)> {
    let mut all = Vec::new();
    for tool in [
        "structured",
        "text",
        "blocks",
        "page",
        "fails",
        "refuses",
        "says",
        "says_blocking",
        "dynamic",
    ] {
        let params = json!({"name": tool, "arguments": {"document": document}});
        all.push((tool, messages(client, "tools/call", params).await));
    }
    for scheme in ["text", "value", "parts", "fails"] {
        let params = json!({"uri": format!("{scheme}://{}", encoded(document))});
        all.push((scheme, messages(client, "resources/read", params).await));
    }
    let params = json!({"name": "quote", "arguments": {"document": document.to_string()}});
    all.push(("quote", messages(client, "prompts/get", params).await));
    let params = json!({
        "ref": {"type": "ref/prompt", "name": "quote"},
        "argument": {"name": "document", "value": document.to_string()},
    });
    all.push((
        "suggest",
        messages(client, "completion/complete", params).await,
    ));
    all
}

/// All texts in a tree, keys and texts of JSON in texts included.
fn texts(tree: &Value, out: &mut String) {
    match tree {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
            if let Ok(inner @ (Value::Object(_) | Value::Array(_) | Value::String(_))) =
                serde_json::from_str(text)
            {
                texts(&inner, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            texts(&json!(key), out);
            texts(value, out);
        }),
        other => out.push_str(&format!("{other}\n")),
    }
}

#[tokio::test]
async fn nothing_that_is_planted_survives_in_anything_that_is_sent() {
    let redacting = client(patterns());
    let open = Client::new(&builder().build().unwrap());
    let mut random = Random::new(2026);
    let (mut documents, mut count, mut survived, mut replies) = (0, 0, 0, 0);
    while documents < 150 {
        let mut planted = Vec::new();
        let document = planted::document(&mut random, 4, &mut planted);
        if planted.is_empty() {
            continue;
        }
        documents += 1;
        count += planted.len();
        for (way, sent) in everything(&redacting, &document).await {
            let mut told = String::new();
            texts(&json!(sent), &mut told);
            replies += sent.len();
            for value in &planted {
                if told.contains(value.as_str()) {
                    survived += 1;
                    println!("{way}: {value:?} survives in {document}");
                }
            }
        }
        // The test can fail: without a redactor it is all there.
        let params = json!({"name": "structured", "arguments": {"document": document}});
        let mut told = String::new();
        texts(
            &json!(messages(&open, "tools/call", params).await),
            &mut told,
        );
        assert!(
            planted.iter().all(|value| told.contains(value.as_str())),
            "{document}"
        );
    }
    println!(
        "{documents} documents with {count} planted values, {replies} messages: {survived} survived"
    );
    assert_eq!(survived, 0);
}

#[tokio::test]
async fn what_is_not_hidden_stays_as_it_is() {
    let client = client(patterns());
    let document =
        json!({"a": [1.50, "größe", null, {"b": true}], "c": 12_345_678_901_234_567_890_u64});
    let result = client
        .call("structured", json!({"document": document}))
        .await;
    assert_eq!(result["structuredContent"], document);
    let sent = everything(&client, &json!({"note": "call ann@example.com"})).await;
    for (way, sent) in sent {
        let text = json!(sent).to_string();
        let hidden = text.contains("[EMAIL]");
        // A wrong argument is shown by its kind, a suggestion left out.
        assert_eq!(
            hidden,
            !matches!(way, "refuses" | "suggest"),
            "{way}: {text}"
        );
        assert_eq!(way == "suggest", text.contains("clean"));
    }
}

#[test]
fn few_clean_lines_are_taken_for_something() {
    let patterns = patterns();
    let mut random = Random::new(7);
    let lines: Vec<String> = (0..20_000).map(|_| planted::clean(&mut random)).collect();
    let taken: Vec<&String> = lines
        .iter()
        .filter(|line| patterns.apply(line) != **line)
        .collect();
    println!(
        "{} of {} clean lines are taken for something",
        taken.len(),
        lines.len()
    );
    for line in taken.iter().take(20) {
        println!("  {line} -> {}", patterns.apply(line));
    }
    // What is left are article numbers in groups that begin with a zero, as a telephone number does.
    assert!(taken.len() <= lines.len() / 200, "{}", taken.len());
    assert!(taken.iter().all(|line| line.starts_with("article 0")));
    // And what people write of this project.
    let mut words = 0;
    for text in [
        include_str!("../../README.md"),
        include_str!("../../CONTRIBUTING.md"),
        include_str!("../../mcp-core/src/dispatch.rs"),
        include_str!("../../mcp-core/src/seal.rs"),
    ] {
        words += text.split_whitespace().count();
        for line in text.lines() {
            let redacted = patterns.apply(line);
            assert!(
                redacted == line || line.contains("127.0.0.1") || line.contains("0.0.0.0"),
                "{line}"
            );
        }
    }
    assert!(words > 2_000);
}

/// What is wrong with a redactor.
#[derive(Clone, Copy, Debug)]
enum Broken {
    Fails,
    Panics,
    PanicsLater,
    Hangs,
}

impl Redactor for Broken {
    fn redact<'t>(
        &'t self,
        _: &'t mut [String],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>> {
        match self {
            Self::Panics => panic!("at once"),
            Self::Fails => Box::pin(async { Err(Error::private("service down at 10.0.0.7")) }),
            Self::PanicsLater => Box::pin(async {
                tokio::task::yield_now().await;
                panic!("later")
            }),
            Self::Hangs => Box::pin(std::future::pending()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_redactor_that_does_not_work_lets_nothing_through() {
    for broken in [
        Broken::Fails,
        Broken::Panics,
        Broken::PanicsLater,
        Broken::Hangs,
    ] {
        let client = client(broken);
        for (way, sent) in everything(&client, &json!("planted")).await {
            let text = json!(sent).to_string();
            assert!(
                !text.contains("planted") && !text.contains("10.0.0.7"),
                "{way}: {text}"
            );
            let last = sent.last().unwrap();
            let failed = last["result"]["isError"] == true || last.get("error").is_some();
            // These return nothing, and only what they say is lost.
            assert_eq!(failed, !way.starts_with("says"), "{way}: {last}");
            assert_eq!(sent.len(), 1, "{way}");
        }
    }
}

/// Where things are.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Typed {
    #[schemars(length(max = 12))]
    short: String,
    number: u64,
    kind: Place,
    email: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Place {
    #[serde(rename = "192.0.2.1")]
    First,
    Other,
}

/// A value of a type.
#[tool]
fn typed(value: Typed) -> Typed {
    value
}

#[tokio::test]
async fn a_result_that_does_not_fit_its_schema_any_more_is_an_error() {
    let client = client(patterns());
    let good = json!({"short": "a", "number": 7, "kind": "Other", "email": "ann@example.com"});
    let result = client.call("typed", json!({"value": good})).await;
    assert_eq!(result["structuredContent"]["email"], "[EMAIL]", "{result}");
    for (key, value) in [
        ("number", json!(4_111_111_111_111_111_u64)),
        ("kind", json!("192.0.2.1")),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        let result = client.call("typed", json!({"value": bad})).await;
        assert_eq!(result["isError"], true, "{result}");
        assert!(!result.to_string().contains("4111") && !result.to_string().contains("192.0"));
    }
    // A text that grows beyond what its schema allows.
    let mut bad = good.clone();
    bad["short"] = json!("a@b.cc d@e.f");
    let result = client.call("typed", json!({"value": bad})).await;
    let text = result.to_string();
    assert!(!text.contains("a@b.cc"), "{text}");
}

#[tokio::test]
async fn a_hand_written_schema_counts_as_well() {
    let schema = r#"{"type": "object"}"#;
    let output = r#"{"type": "object", "properties": {"card": {"type": "integer"}}}"#;
    let tool = DynamicTool::new("cards", schema, |call| {
        Box::pin(async move {
            let arguments: Value = call.parse()?;
            Contents::default().structured(&arguments)
        })
    });
    let tool = tool
        .unwrap()
        .description("Cards.")
        .output_schema(output)
        .unwrap();
    let dynamic = DynamicTools::new();
    dynamic.add(tool).unwrap();
    let server = Server::new(server_info!(), ())
        .dynamic_tools(&dynamic)
        .redactor(patterns());
    let client = Client::new(&server.build().unwrap());
    let result = client
        .call("cards", json!({"card": 12, "note": "ann@example.com"}))
        .await;
    assert_eq!(
        result["structuredContent"],
        json!({"card": 12, "note": "[EMAIL]"})
    );
    let result = client
        .call("cards", json!({"card": 4_111_111_111_111_111_u64}))
        .await;
    assert_eq!(result["isError"], true, "{result}");
}

#[tokio::test]
async fn a_text_is_redacted_before_it_is_cut() {
    let mut limits = Limits::default();
    limits.result_tokens = 100;
    let server = builder().limits(limits).redactor(patterns()).build();
    let client = Client::new(&server.unwrap());
    // The cut falls into the address, wherever it begins.
    for before in 120..200 {
        let text = format!(
            "{}ann.smith@example.com{}",
            " x".repeat(before / 2),
            " y".repeat(400)
        );
        let result = client.call("text", json!({"document": text})).await;
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(
            text.contains("[Cut here") && !text.contains("ann"),
            "{text}"
        );
    }
}

/// Remembers how it is asked, and takes its time.
struct Slow(Arc<Mutex<Vec<usize>>>);

impl Redactor for Slow {
    fn redact<'t>(
        &'t self,
        texts: &'t mut [String],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>> {
        Box::pin(async move {
            self.0.lock().unwrap().push(texts.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
            for text in texts {
                *text = text.replace("planted", "[X]");
            }
            Ok(())
        })
    }
}

/// Says much, in order.
#[tool]
async fn counts(cx: &Context) -> Vec<String> {
    for number in 1..=5 {
        cx.progress(Progress::new(number).message(format!("planted {number}")));
        cx.log(LogLevel::Error, number);
        tokio::time::sleep(Duration::from_millis(7)).await;
    }
    vec!["planted".to_owned(); 3]
}

#[tokio::test(start_paused = true)]
async fn what_is_said_keeps_its_order_and_comes_before_the_answer() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let server = Server::new(server_info!(), ()).tools(tools![counts]);
    let client = Client::new(&server.redactor(Slow(asked.clone())).build().unwrap());
    let sent = messages(&client, "tools/call", json!({"name": "counts"})).await;
    assert_eq!(sent.len(), 11, "{sent:?}");
    for (index, message) in sent.iter().take(10).enumerate() {
        let number = index / 2 + 1;
        if index % 2 == 0 {
            assert_eq!(
                message["params"]["message"],
                format!("[X] {number}"),
                "{message}"
            );
            assert_eq!(message["params"]["progressToken"], 7);
        } else {
            assert_eq!(message["params"]["data"], number, "{message}");
        }
    }
    assert_eq!(
        sent[10]["result"]["structuredContent"],
        json!(["[X]", "[X]", "[X]"])
    );
    // One result, one question.
    assert_eq!(asked.lock().unwrap().last(), Some(&3));
}

#[test]
fn a_pattern_that_is_none_or_matches_nothing_is_refused() {
    assert!(Patterns::all().pattern("X", "(").is_err());
    assert!(Patterns::all().pattern("X", "a*").is_err());
    assert!(Patterns::all().pattern("X", r"\p{Greek}+").is_ok());
}

/// Says much at once.
#[tool]
fn floods(cx: &Context) -> bool {
    for _ in 0..1_000 {
        cx.log(LogLevel::Error, "planted");
    }
    true
}

#[tokio::test(start_paused = true)]
async fn an_answer_waits_once_for_what_was_said_before_it() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut limits = Limits::default();
    limits.queued_notifications = 10;
    let server = || {
        Server::new(server_info!(), ())
            .tools(tools![floods])
            .limits(limits.clone())
    };
    let client = Client::new(&server().redactor(Slow(asked.clone())).build().unwrap());
    let sent = messages(&client, "tools/call", json!({"name": "floods"})).await;
    // The first are taken, the others dropped.
    assert_eq!(sent.len(), 11, "{sent:?}");
    let started = tokio::time::Instant::now();
    let client = Client::new(&server().redactor(Broken::Hangs).build().unwrap());
    let sent = messages(&client, "tools/call", json!({"name": "floods"})).await;
    assert_eq!(sent.len(), 1, "{sent:?}");
    // One minute for what was said, one for the result.
    assert!(
        started.elapsed() <= Duration::from_secs(121),
        "{:?}",
        started.elapsed()
    );
}
