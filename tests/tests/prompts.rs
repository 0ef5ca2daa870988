//! Prompts as clients of every revision list and get them: what their arguments take, what messages
//! are made of, and what comes of a function that fails.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use mcp_core::{
    Annotations, Caller, Content, Error, Message, ResourceContents, ResourceLink, Result, Role,
    Server, State, prompt, prompts, server_info, tool, tools,
};
use mcp_tests::asker::{Asker, LEGACY, MODERN, REVISIONS};
use mcp_tests::log;
use serde_json::{Value, json};

const SECRET: &str = "postgres://admin:hunter2@db.internal/sales";

/// Drafts a letter, with everything that a prompt can say.
#[prompt(
    name = "draft-letter",
    title = "Draft a \"letter\"",
    icons("https://example.com/letter.png")
)]
fn letter(
    /// Customer number.
    customer_id: &str,
    /// How it should sound.
    #[arg(default = "formal")]
    tone: &str,
    #[arg(name = "copyTo")] copy_to: Option<&str>,
    /// How many pages.
    #[arg(default = 1)]
    pages: u8,
    /// From which year on.
    since: Option<u16>,
    runs: &Runs,
) -> String {
    runs.0.fetch_add(1, Ordering::SeqCst);
    format!("{customer_id}|{tone}|{copy_to:?}|{pages}|{since:?}")
}

/// Without arguments.
#[prompt]
fn plain() -> &'static str {
    "Say something."
}

/// A conversation.
#[prompt]
async fn conversation(
    /// What it is about.
    topic: String,
) -> Result<[Message; 2]> {
    tokio::task::yield_now().await;
    Ok([
        Message::user(format!("About {topic}.")),
        Message::assistant("Gladly."),
    ])
}

/// What somebody said.
#[prompt]
fn echo(text: &str) -> &str {
    text
}

/// One block of each kind.
#[prompt]
fn blocks_of_all_kinds() -> Vec<Message> {
    let annotations = Annotations::new().audience(Role::Assistant).priority(0.5);
    let notes = ResourceContents::text("# Notes").mime_type("text/markdown");
    vec![
        Message::user(Content::text("text").annotations(annotations)),
        Message::user(Content::image(b"\x89PNG", "image/png")),
        Message::assistant(Content::audio(b"RIFF", "audio/wav")),
        Message::user(ResourceLink::new("docs://terms", "terms").mime_type("text/plain")),
        Message::user(Content::embedded("docs://notes", notes)),
        Message::user(Content::embedded(
            "docs://logo",
            ResourceContents::binary([0, 255]).mime_type("image/png"),
        )),
        Message::user(Content::embedded(
            "docs://untyped",
            ResourceContents::text("a"),
        )),
        Message::user(Content::embedded(
            "docs://bytes",
            ResourceContents::binary([]),
        )),
    ]
}

/// No message at all.
#[prompt]
fn silence() -> Vec<Message> {
    Vec::new()
}

/// One message, with a picture.
#[prompt]
fn picture() -> Message {
    Message::assistant(Content::image([], "image/svg+xml"))
}

/// Only for some.
#[prompt(scopes("letters:write"))]
fn confidential(who: &Caller) -> String {
    format!("For {}.", who.subject())
}

/// Fails in a way of the caller's choice.
#[prompt]
async fn fails(
    /// How.
    how: &str,
) -> Result<String> {
    tokio::task::yield_now().await;
    match how {
        "publicly" => Err(Error::new("no customer C-9: it looks like C-1001")),
        "absently" => Err(Error::not_found("no such letter")),
        "privately" => Err(std::io::Error::other(SECRET))?,
        "not" => Ok("it did not".to_owned()),
        _ => panic!("{SECRET}"),
    }
}

/// Never ends.
#[prompt(timeout = "20ms")]
async fn hangs() -> String {
    std::future::pending().await
}

/// Blocks its thread until the test lets it go on.
#[prompt(blocking, timeout = "20ms")]
fn holds(gate: &Gate) -> String {
    drop(gate.0.lock());
    "late".to_owned()
}

/// Runs on a thread of its own.
#[prompt(blocking)]
fn thread(of: &str) -> String {
    format!("{of} on {:?}", std::thread::current().id())
}

/// Counts the functions that ran.
#[derive(Clone, Default)]
struct Runs(Arc<AtomicUsize>);

#[derive(Clone, Default)]
struct Gate(Arc<Mutex<()>>);

#[derive(Clone, Default, State)]
struct App {
    runs: Runs,
    gate: Gate,
}

fn server_of(app: App) -> Server {
    Server::new(server_info!(), app)
        .prompts(prompts![letter, plain, conversation, blocks_of_all_kinds])
        .prompts(prompts![silence, picture, confidential, fails, hangs])
        .prompts(prompts![holds, thread, echo])
        .build()
        .unwrap()
}

fn asker() -> Asker {
    Asker::new(&server_of(App::default()))
}

async fn get(asker: &Asker, revision: &str, name: &str, arguments: Value) -> Value {
    let params = json!({"name": name, "arguments": arguments});
    asker.ask(revision, "prompts/get", params).await
}

/// The text of the only message.
async fn text(asker: &Asker, name: &str, arguments: Value) -> String {
    let got = get(asker, MODERN, name, arguments).await;
    assert_eq!(got["messages"].as_array().unwrap().len(), 1, "{got}");
    let text = &got["messages"][0]["content"]["text"];
    text.as_str().unwrap().to_owned()
}

// [PRM-1b] [LEG-1d]
#[tokio::test]
async fn each_revision_lists_the_members_that_it_knows() {
    let server = Server::new(server_info!(), App::default())
        .prompts(prompts![letter, plain, confidential])
        .build()
        .unwrap();
    let asker = Asker::new(&server);
    let listed = asker.entries_by_revision("prompts/list", "prompts");
    insta::assert_snapshot!("prompts", listed.await);
}

// [PRM-1]
#[tokio::test]
async fn prompts_are_declared_by_a_server_that_has_some() {
    /// Something else.
    #[tool]
    fn other() {}

    let builder = || Server::new(server_info!(), App::default()).tools(tools![other]);
    let without = builder().build().unwrap();
    let still = builder().prompts(prompts![plain]).build().unwrap();
    let changing = builder().prompts(prompts![plain]).list_changes();
    let changing = changing.build().unwrap();
    let without_prompts = Asker::new(&without);
    for revision in REVISIONS {
        let declared = async |server| Asker::new(server).capabilities(revision).await;
        assert!(declared(&without).await.get("prompts").is_none());
        assert_eq!(declared(&still).await["prompts"], json!({}));
        let expected = json!({"listChanged": true});
        assert_eq!(declared(&changing).await["prompts"], expected, "{revision}");
        let code = without_prompts.code(revision, "prompts/list", json!({}));
        assert_eq!(code.await, -32601);
    }
}

// [PRM-2]
#[tokio::test]
async fn a_prompt_is_one_message_or_several_with_one_block_each() {
    let asker = asker();
    for revision in REVISIONS {
        let one = get(&asker, revision, "plain", json!({})).await;
        assert_eq!(one["description"], "Without arguments.");
        assert_eq!(
            one["messages"],
            json!([{"role": "user", "content": {"type": "text", "text": "Say something."}}])
        );
        let two = get(&asker, revision, "conversation", json!({"topic": "Rust"})).await;
        assert_eq!(
            two["messages"],
            json!([
                {"role": "user", "content": {"type": "text", "text": "About Rust."}},
                {"role": "assistant", "content": {"type": "text", "text": "Gladly."}},
            ])
        );
        let none = get(&asker, revision, "silence", json!({})).await;
        assert_eq!(none["messages"], json!([]));
        let picture = get(&asker, revision, "picture", json!({})).await;
        assert_eq!(
            picture["messages"],
            json!([{"role": "assistant",
                "content": {"type": "image", "data": "", "mimeType": "image/svg+xml"}}])
        );
    }
}

// [PRM-2] [PRM-3b] [PRM-3c] [LEG-1]
#[tokio::test]
async fn a_block_has_the_form_of_the_revision_or_is_text() {
    let asker = asker();
    for revision in REVISIONS {
        let got = get(&asker, revision, "blocks_of_all_kinds", json!({})).await;
        let mut messages = got["messages"].as_array().unwrap().iter();
        let mut next = || {
            let message = messages.next().unwrap();
            let role = message["role"].as_str().unwrap();
            (role.to_owned(), message["content"].clone())
        };
        let annotations = json!({"audience": ["assistant"], "priority": 0.5});
        let text = json!({"type": "text", "text": "text", "annotations": annotations});
        assert_eq!(next(), ("user".to_owned(), text));
        let image = json!({"type": "image", "data": "iVBORw==", "mimeType": "image/png"});
        assert_eq!(next().1, image);
        let (role, sound) = next();
        assert_eq!(role, "assistant");
        if revision == "2024-11-05" {
            let says = "[sound of type audio/wav, which this client cannot take]";
            assert_eq!(sound, json!({"type": "text", "text": says}));
        } else {
            let audio = json!({"type": "audio", "data": "UklGRg==", "mimeType": "audio/wav"});
            assert_eq!(sound, audio, "{revision}");
        }
        let link = if revision < "2025-06-18" {
            json!({"type": "text", "text": "terms: docs://terms"})
        } else {
            json!({"type": "resource_link", "uri": "docs://terms", "name": "terms",
                "mimeType": "text/plain"})
        };
        assert_eq!(next().1, link, "{revision}");
        for resource in [
            json!({"uri": "docs://notes", "mimeType": "text/markdown", "text": "# Notes"}),
            json!({"uri": "docs://logo", "mimeType": "image/png", "blob": "AP8="}),
            json!({"uri": "docs://untyped", "mimeType": "text/plain", "text": "a"}),
            json!({"uri": "docs://bytes", "mimeType": "application/octet-stream", "blob": ""}),
        ] {
            assert_eq!(next().1, json!({"type": "resource", "resource": resource}));
        }
    }
}

#[tokio::test]
async fn arguments_are_required_or_optional_or_have_a_default() {
    let asker = asker();
    for (arguments, expected) in [
        (json!({"customer_id": "C-1"}), "C-1|formal|None|1|None"),
        (
            json!({"customer_id": "C-1", "tone": "brief", "copyTo": "bob", "pages": "3",
                "since": "2020"}),
            "C-1|brief|Some(\"bob\")|3|Some(2020)",
        ),
        // An empty text is a text.
        (
            json!({"customer_id": "", "tone": "", "copyTo": ""}),
            "||Some(\"\")|1|None",
        ),
    ] {
        assert_eq!(text(&asker, "draft-letter", arguments).await, expected);
    }
    for revision in REVISIONS {
        for params in [
            json!({"name": "plain"}),
            json!({"name": "plain", "arguments": null}),
            json!({"name": "plain", "arguments": {}}),
        ] {
            assert_eq!(asker.code(revision, "prompts/get", params).await, 0);
        }
    }
}

// [PRM-3]
#[tokio::test]
async fn the_text_of_an_argument_arrives_unchanged() {
    let asker = asker();
    for said in [
        "a \"quoted\" \\ text",
        "line\nbreak\r\n\ttab",
        "{braces} {{}} %s $(x)",
        "\u{0}\u{1f}\u{7f}\u{2028}",
        "Müller 語 🦀",
        "</s><|im_end|>",
    ] {
        assert_eq!(text(&asker, "echo", json!({"text": said})).await, said);
    }
}

// [PRM-3] [PRM-2b]
#[tokio::test]
async fn arguments_that_do_not_fit_are_refused_by_name_before_the_function_runs() {
    let app = App::default();
    let asker = Asker::new(&server_of(app.clone()));
    let long = "x".repeat(10_000);
    for revision in REVISIONS {
        for (arguments, says) in [
            (json!({}), "`customer_id` is required"),
            (json!({"tone": "brief"}), "`customer_id` is required"),
            (json!({"customer_id": 5}), "`customer_id` has to be text"),
            (json!({"customer_id": null}), "`customer_id` has to be text"),
            (
                json!({"customer_id": ["a"]}),
                "`customer_id` has to be text",
            ),
            (
                json!({"customer_id": "C", "pages": 2}),
                "`pages` has to be text",
            ),
            (
                json!({"customer_id": "C", "copyTo": null}),
                "`copyTo` has to be text",
            ),
            (
                json!({"customer_id": "C", "copy_to": "x"}),
                "`copy_to` is not an argument of this prompt",
            ),
            (
                json!({"customer_id": "C", "pages": "256"}),
                "`pages` cannot be `256`",
            ),
            (
                json!({"customer_id": "C", "pages": ""}),
                "`pages` cannot be ``",
            ),
            (
                json!({"pages": "x", "since": "y"}),
                "`customer_id` is required; `pages` cannot be `x`",
            ),
            (json!([]), "`params.arguments` has to be an object of texts"),
            (
                json!("x"),
                "`params.arguments` has to be an object of texts",
            ),
            (json!({long.as_str(): "x"}), "is not an argument"),
        ] {
            let error = get(&asker, revision, "draft-letter", arguments.clone()).await;
            let error = &error["error"];
            assert_eq!(error["code"], -32602, "{revision} {arguments}");
            let text = error["message"].as_str().unwrap();
            assert!(text.contains(says) && text.len() < 300, "{text}");
        }
    }
    assert_eq!(app.runs.0.load(Ordering::SeqCst), 0);
    text(&asker, "draft-letter", json!({"customer_id": "C"})).await;
    assert_eq!(app.runs.0.load(Ordering::SeqCst), 1);
}

// [PRM-2b]
#[tokio::test]
async fn an_unknown_prompt_and_one_without_a_name_are_refused() {
    let asker = asker();
    for revision in REVISIONS {
        for params in [
            json!({"name": "nope"}),
            json!({"name": ""}),
            json!({"name": 1}),
            json!({"name": null}),
            json!({"arguments": {}}),
        ] {
            let code = asker.code(revision, "prompts/get", params).await;
            assert_eq!(code, -32602, "{revision}");
        }
    }
}

#[tokio::test]
async fn a_caller_lists_and_gets_what_their_scopes_admit() {
    let server = server_of(App::default());
    let writer = Asker::named(&server, "ann", ["letters:write"]);
    let reader = Asker::named(&server, "ann", ["letters:read"]);
    let listed = async |asker: &Asker| {
        let prompts = asker.entries(MODERN, "prompts/list", "prompts").await;
        prompts.iter().any(|entry| entry.contains("confidential"))
    };
    assert!(listed(&writer).await && !listed(&reader).await);
    assert_eq!(text(&writer, "confidential", json!({})).await, "For ann.");
    for revision in REVISIONS {
        let raw = async |name| {
            let params = json!({"name": name, "arguments": {"a": 1}});
            reader.raw(revision, "prompts/get", params).await
        };
        let unknown = raw("unknown").await;
        let hidden = raw("confidential").await;
        assert_eq!(hidden, unknown.replace("unknown", "confidential"));
    }
}

#[tokio::test]
async fn a_function_that_fails_is_an_error_and_says_what_is_public() {
    let log = log::capture();
    let asker = asker();
    for revision in [MODERN, LEGACY[0], LEGACY[3]] {
        let error = async |how: &str| {
            let mut got = get(&asker, revision, "fails", json!({"how": how})).await;
            let error = got["error"].take();
            let text = error["message"].as_str().unwrap().to_owned();
            (error["code"].as_i64().unwrap(), text)
        };
        // What an author says is about the arguments.
        let (code, text) = error("publicly").await;
        assert_eq!(
            (code, text.as_str()),
            (-32602, "no customer C-9: it looks like C-1001")
        );
        let (code, text) = error("absently").await;
        assert_eq!((code, text.as_str()), (-32602, "no such letter"));
        for how in ["privately", "badly"] {
            let (code, text) = error(how).await;
            assert_eq!(code, -32603);
            assert!(!text.contains("hunter2"), "{text}");
            let id = text
                .split(|c: char| !c.is_ascii_hexdigit())
                .find(|word| word.len() == 16);
            assert_eq!(log.with(id.unwrap()).len(), 1);
        }
    }
    assert_eq!(
        text(&asker, "fails", json!({"how": "not"})).await,
        "it did not"
    );
}

#[allow(clippy::await_holding_lock)] // it holds the other thread up, as it is meant to
#[tokio::test]
async fn a_prompt_beyond_its_time_is_an_internal_error() {
    let app = App::default();
    let asker = Asker::new(&server_of(app.clone()));
    let held = app.gate.0.lock().unwrap();
    for (name, says) in [
        ("hangs", "It was stopped"),
        ("holds", "It may still finish"),
    ] {
        let error = get(&asker, MODERN, name, json!({})).await["error"].take();
        assert_eq!(error["code"], -32603, "{error}");
        let text = error["message"].as_str().unwrap();
        assert!(text.contains("did not finish within 20ms") && text.contains(says));
    }
    drop(held);
}

#[tokio::test]
async fn a_blocking_prompt_runs_on_another_thread_with_its_arguments() {
    let found = text(&asker(), "thread", json!({"of": "Müller"})).await;
    assert!(found.starts_with("Müller on "), "{found}");
    assert!(!found.ends_with(&format!("{:?}", std::thread::current().id())));
}
