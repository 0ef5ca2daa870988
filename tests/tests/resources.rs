//! Resources as clients of every revision list and read them: what a URI leads to, what it cannot
//! lead to, and what comes of a function that fails.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Request;
use http_body_util::BodyExt as _;
use mcp_core::http::{Endpoint, Ingress};
use mcp_core::{
    Error, ResourceContents, Result, Server, State, resource, resources, server_info, tool, tools,
};
use mcp_tests::asker::{Asker, LEGACY, MODERN, REVISIONS};
use mcp_tests::{log, message};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use tower_service::Service as _;

const SECRET: &str = "postgres://admin:hunter2@db.internal/sales";

/// A static resource with everything that it can say.
#[resource(
    "docs://terms",
    name = "terms-of-business",
    title = "Terms \"and\" conditions",
    mime = "text/markdown",
    size = 24,
    audience("user", "assistant"),
    priority = 0.8,
    icons("https://example.com/terms.png", "data:image/png;base64,iVBO")
)]
fn terms() -> &'static str {
    "Pay within 30 days.\n\"OK?\""
}

/// One that says nothing more.
#[resource("docs://plain")]
fn plain() -> String {
    "plain".to_owned()
}

/// A template with everything that it can say.
#[resource(
    "sales://customers/{customer_id}/summary",
    title = "Customer summary",
    mime = "application/json",
    audience("assistant"),
    priority = 1.0,
    icons("https://example.com/customer.png")
)]
async fn summary(
    /// Customer number.
    customer_id: &str,
) -> Summary {
    tokio::task::yield_now().await;
    Summary {
        customer_id: customer_id.to_owned(),
        orders: 3,
    }
}

/// What a customer bought.
#[derive(Serialize, JsonSchema)]
struct Summary {
    customer_id: String,
    orders: u32,
}

/// A template that says nothing more, of a number.
#[resource("items://{number}")]
fn item(number: u8, runs: &Runs) -> Result<String> {
    runs.0.fetch_add(1, Ordering::SeqCst);
    if number == 0 {
        return Err(Error::not_found("no item 0"));
    }
    Ok(format!("item {number}"))
}

/// More literal text than `items://{number}`.
#[resource("items://special-{name}")]
fn special(name: &str) -> String {
    format!("special {name}")
}

/// Anything below items, slashes included.
#[resource("items://{+path}")]
fn below(path: &str) -> String {
    format!("below {path}")
}

/// Exactly one of the items.
#[resource("items://special-offer")]
fn offer() -> &'static str {
    "the offer"
}

/// This many bytes, from 0 on.
#[resource("bytes://{count}", mime = "application/octet-stream")]
fn bytes(count: u16) -> ResourceContents {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(usize::from(count)).collect();
    ResourceContents::binary(bytes)
}

/// A page and the picture on it.
#[resource("brand://page", mime = "text/html")]
fn page() -> ResourceContents {
    let logo = ResourceContents::binary(b"\x89PNG").uri("brand://page/logo.png");
    ResourceContents::text("<img>").and(logo.mime_type("image/png"))
}

/// Any file of a folder.
#[resource("file:///data/{name}")]
fn file(name: &str, runs: &Runs) -> String {
    runs.0.fetch_add(1, Ordering::SeqCst);
    name.to_owned()
}

/// Any file below a folder.
#[resource("file:///tree/{+path}")]
fn tree(path: &str, runs: &Runs) -> String {
    runs.0.fetch_add(1, Ordering::SeqCst);
    path.to_owned()
}

/// Two texts.
#[resource("notes://{author}/by/{+title}")]
fn note(author: &str, title: &str) -> Vec<String> {
    vec![author.to_owned(), title.to_owned()]
}

/// Only for some.
#[resource("vault://gold", scopes("vault:read"))]
fn gold() -> &'static str {
    "gold"
}

/// Only for some as well.
#[resource("vault://box/{number}", scopes("vault:read", "vault:open"))]
fn vault(number: u8) -> String {
    format!("box {number}")
}

/// Fails in a way of the caller's choice.
#[resource("fails://{how}")]
async fn fails(how: &str) -> Result<String> {
    tokio::task::yield_now().await;
    match how {
        "publicly" => Err(Error::new("closed until Monday")),
        "privately" => Err(std::io::Error::other(SECRET))?,
        "not" => Ok("it did not".to_owned()),
        _ => panic!("{SECRET}"),
    }
}

/// Never ends.
#[resource("fails://slowly/async", timeout = "20ms")]
async fn hangs() -> String {
    std::future::pending().await
}

/// Blocks its thread until the test lets it go on.
#[resource("fails://slowly/blocking", blocking, timeout = "20ms")]
fn blocks(gate: &Gate) -> String {
    drop(gate.0.lock());
    "late".to_owned()
}

/// Runs on a thread of its own.
#[resource("threads://{of}", blocking)]
fn thread(of: &str) -> String {
    format!("{of} on {:?}", std::thread::current().id())
}

/// Counts the functions that ran.
#[derive(Default)]
struct Runs(AtomicUsize);

#[derive(Default)]
struct Gate(std::sync::Arc<Mutex<()>>);

#[derive(Default, State)]
struct App {
    runs: Runs,
    gate: Gate,
}

fn server_of(app: App) -> Server {
    Server::new(server_info!(), app)
        .resources(resources![plain, item, special, below, offer, bytes, page])
        .resources(resources![terms, summary, file, tree, note, gold, vault])
        .resources(resources![fails, hangs, blocks, thread])
        .build()
        .unwrap()
}

fn asker() -> Asker {
    Asker::new(&server_of(App::default()))
}

async fn read(asker: &Asker, revision: &str, uri: &str) -> Value {
    asker
        .ask(revision, "resources/read", json!({"uri": uri}))
        .await
}

/// The text of the one part that a resource has.
async fn text(asker: &Asker, uri: &str) -> String {
    let read = read(asker, MODERN, uri).await;
    assert_eq!(read["contents"].as_array().unwrap().len(), 1, "{read}");
    read["contents"][0]["text"].as_str().unwrap().to_owned()
}

/// The code that says that there is no such resource.
fn not_found(revision: &str) -> i64 {
    if revision == MODERN { -32602 } else { -32002 }
}

// [RSRC-2] [LEG-1d] [RSRC-5c]
#[tokio::test]
async fn each_revision_lists_the_members_that_it_knows() {
    let server = Server::new(server_info!(), App::default())
        .resources(resources![terms, summary, plain, item])
        .build()
        .unwrap();
    let asker = Asker::new(&server);
    let resources = asker.entries_by_revision("resources/list", "resources");
    insta::assert_snapshot!("resources", resources.await);
    let templates = asker.entries_by_revision("resources/templates/list", "resourceTemplates");
    insta::assert_snapshot!("templates", templates.await);
    for uri in [
        terms::uri(),
        plain::uri(),
        summary::uri("C 1"),
        item::uri(7),
    ] {
        assert_eq!(reqwest::Url::parse(&uri).unwrap().as_str(), uri);
    }
}

// [RSRC-1]
#[tokio::test]
async fn resources_are_declared_with_what_the_server_and_its_host_do() {
    /// Something else.
    #[tool]
    fn other() {}

    let builder = || Server::new(server_info!(), App::default()).tools(tools![other]);
    let without = builder().build().unwrap();
    let still = builder().resources(resources![item]).build().unwrap();
    let changing = builder().resources(resources![plain]).list_changes();
    let changing = changing.build().unwrap();
    for revision in REVISIONS {
        let declared = async |server| Asker::new(server).capabilities(revision).await;
        assert!(declared(&without).await.get("resources").is_none());
        assert_eq!(
            declared(&still).await["resources"],
            json!({"subscribe": true}),
            "{revision}"
        );
        assert_eq!(
            declared(&changing).await["resources"],
            json!({"listChanged": true, "subscribe": true})
        );
    }
    // A host that sends replies in one piece can tell of no change.
    let mut buffered = Endpoint::new(changing, Ingress::Loopback)
        .unwrap()
        .buffered();
    let message = message::modern("server/discover", json!({}));
    let mut request = Request::post("/mcp");
    for (name, value) in message.headers() {
        request = request.header(name, value);
    }
    let response = buffered.call(request.body(message.line()).unwrap()).await;
    let body = response.unwrap().into_body().collect().await.unwrap();
    let answer: Value = serde_json::from_slice(&body.to_bytes()).unwrap();
    assert_eq!(answer["result"]["capabilities"]["resources"], json!({}));
}

// [RSRC-3] [RSRC-5d]
#[tokio::test]
async fn a_resource_is_text_or_json_or_bytes_or_several_parts() {
    let asker = asker();
    for revision in REVISIONS {
        for (uri, contents) in [
            (
                "docs://plain",
                json!([{"uri": "docs://plain", "mimeType": "text/plain", "text": "plain"}]),
            ),
            (
                "docs://terms",
                json!([{"uri": "docs://terms", "mimeType": "text/markdown",
                    "text": "Pay within 30 days.\n\"OK?\""}]),
            ),
            (
                "sales://customers/C-1/summary",
                json!([{"uri": "sales://customers/C-1/summary", "mimeType": "application/json",
                    "text": "{\"customer_id\":\"C-1\",\"orders\":3}"}]),
            ),
            (
                "brand://page",
                json!([
                    {"uri": "brand://page", "mimeType": "text/html", "text": "<img>"},
                    {"uri": "brand://page/logo.png", "mimeType": "image/png", "blob": "iVBORw=="},
                ]),
            ),
        ] {
            let read = read(&asker, revision, uri).await;
            assert_eq!(read["contents"], contents, "{revision}");
        }
    }
}

/// Decodes standard base64 with padding, bit by bit.
fn decode(base64: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    assert_eq!(base64.len() % 4, 0, "{base64}");
    let digits = base64.trim_end_matches('=').chars();
    let bits: Vec<bool> = digits
        .flat_map(|digit| {
            let value = ALPHABET.find(digit).unwrap();
            (0..6).rev().map(move |bit| value >> bit & 1 == 1)
        })
        .collect();
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    bits.chunks_exact(8).map(byte).collect()
}

// [RSRC-5d]
#[tokio::test]
async fn bytes_of_every_value_and_length_are_base64_beside_no_text() {
    let asker = asker();
    for revision in REVISIONS {
        for count in [0, 1, 2, 3, 256] {
            let mut read = read(&asker, revision, &bytes::uri(count)).await;
            let part = read["contents"][0].take();
            assert!(part.get("text").is_none());
            let blob = decode(part["blob"].as_str().unwrap());
            let expected: Vec<u8> = (0..=u8::MAX).take(usize::from(count)).collect();
            assert_eq!(blob, expected, "{revision}");
        }
    }
}

// [RSRC-3]
#[tokio::test]
async fn a_value_is_decoded_once_and_the_uri_comes_back_as_it_was_asked() {
    let asker = asker();
    for (written, value) in [
        ("a%20b", "a b"),
        ("a%2Fb", "a/b"),
        ("%252F", "%2F"),
        ("M%c3%bcller", "Müller"),
        ("Müller", "Müller"),
        ("a+b", "a+b"),
    ] {
        let uri = format!("sales://customers/{written}/summary");
        let read = read(&asker, MODERN, &uri).await;
        assert_eq!(read["contents"][0]["uri"], uri);
        let found: Value =
            serde_json::from_str(read["contents"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(found["customer_id"], value, "{written}");
    }
}

// [RSRC-5c] [RSRC-3]
#[tokio::test]
async fn a_built_uri_is_read_back_with_the_same_values() {
    let asker = asker();
    for (author, title) in [
        ("ann", "notes"),
        ("Ann Müller", "über/alles"),
        ("100%", "a b/c d"),
        ("a/b", "x?y#z"),
        ("by", "/by/"),
        ("語🦀", "\"quoted\" & {braced}"),
        ("a\\b", "line\nbreak"),
        ("%2F", "."),
    ] {
        let uri = note::uri(author, title);
        assert!(uri.is_ascii() && reqwest::Url::parse(&uri).is_ok(), "{uri}");
        if title == "." {
            // A segment that climbs is no value, whoever wrote it.
            assert_eq!(read(&asker, MODERN, &uri).await["error"]["code"], -32602);
            continue;
        }
        let found: Value = serde_json::from_str(&text(&asker, &uri).await).unwrap();
        assert_eq!(found, json!([author, title]), "{uri}");
    }
}

// [RSRC-4] [RSRC-4b] [RSRC-4c] [ERR-1b]
#[tokio::test]
async fn what_does_not_exist_is_an_error_with_its_uri_for_every_reason() {
    let asker = Asker::named(&server_of(App::default()), "ann", []);
    for revision in REVISIONS {
        for uri in [
            "docs://unknown",
            "bytes://65536",
            "bytes://-1",
            "bytes://many",
            "items://0",
            "vault://gold",
            "vault://box/1",
        ] {
            let read = read(&asker, revision, uri).await;
            assert_eq!(read["error"]["code"], not_found(revision), "{uri}: {read}");
            assert_eq!(read["error"]["data"], json!({"uri": uri}));
            assert!(read.get("contents").is_none());
        }
        // Nobody can tell what is hidden from what is not there.
        for (hidden, unknown) in [
            ("vault://gold", "vault://iron"),
            ("vault://box/1", "vault://bag/1"),
            ("vault://box/x", "vault://bag/x"),
        ] {
            let raw = async |uri| {
                let params = json!({"uri": uri});
                asker.raw(revision, "resources/read", params).await
            };
            let (hidden_answer, unknown_answer) = (raw(hidden).await, raw(unknown).await);
            assert_eq!(hidden_answer, unknown_answer.replace(unknown, hidden));
        }
    }
    assert_eq!(
        read(&asker, MODERN, "items://0").await["error"]["message"],
        "no item 0"
    );
}

#[tokio::test]
async fn a_read_without_a_uri_is_refused() {
    for revision in REVISIONS {
        for params in [
            json!({}),
            json!({"uri": 1}),
            json!({"uri": ["docs://plain"]}),
        ] {
            let code = asker().code(revision, "resources/read", params).await;
            assert_eq!(code, -32602, "{revision}");
        }
    }
}

// [RSRC-5]
#[tokio::test]
async fn a_uri_that_is_none_leads_to_nothing() {
    let server = server_of(App::default());
    // A server without `items://{+path}`, which takes nearly anything.
    let strict = Server::new(server_info!(), App::default())
        .resources(resources![item, file])
        .build()
        .unwrap();
    let long = format!("docs://{}", "x".repeat(100_000));
    for revision in REVISIONS {
        for uri in [
            "",
            "no-scheme",
            "docs",
            "://plain",
            "docs:///plain",
            "docs://plain/",
            "docs://plain ",
            "items://a%zz",
            "items://%ff",
            "items://%00",
            "items://\0",
            "items://1\n",
            "items://1\r\nx",
            &long,
        ] {
            let read = read(&Asker::new(&server), revision, uri).await;
            assert_eq!(read["error"]["code"], not_found(revision), "{uri:?}");
            assert_eq!(read["error"]["data"]["uri"], uri);
            assert!(read["error"]["message"].as_str().unwrap().len() < 200);
        }
        for uri in [
            "xitems://1",
            "items://1/extra",
            "items://1?x=1",
            "items://1#x",
            "items:1",
            "ITEM://1",
            " items://1",
            "items://+1 ",
        ] {
            let read = read(&Asker::new(&strict), revision, uri).await;
            assert_eq!(read["error"]["code"], not_found(revision), "{uri:?}");
        }
    }
    // Of a template the scheme has no case (RFC 3986, section 3.1), and all else has.
    assert_eq!(text(&Asker::new(&strict), "ITEMS://1").await, "item 1");
}

#[tokio::test]
async fn the_function_of_a_uri_that_is_none_does_not_run() {
    let app = App::default();
    let server = Server::new(server_info!(), app)
        .resources(resources![item, file, tree])
        .resources(resources![counted])
        .build()
        .unwrap();
    let asker = Asker::new(&server);
    for uri in [
        "items://256",
        "items://x",
        "items://1/2",
        "file:///data/..",
        "file:///tree/a/../b",
    ] {
        assert_eq!(read(&asker, MODERN, uri).await["error"]["code"], -32602);
    }
    assert_eq!(text(&asker, "runs://").await, "0");
    read(&asker, MODERN, "items://1").await;
    assert_eq!(text(&asker, "runs://").await, "1");
}

/// How many functions ran.
#[resource("runs://", mime = "text/plain")]
fn counted(runs: &Runs) -> String {
    runs.0.load(Ordering::SeqCst).to_string()
}

#[tokio::test]
async fn a_uri_that_several_fit_belongs_to_the_most_specific() {
    let asker = asker();
    for (uri, expected) in [
        ("items://special-offer", "the offer"),
        ("items://special-day", "special day"),
        // As specific as each other: the one registered first.
        ("items://7", "item 7"),
        ("items://a/b/c", "below a/b/c"),
        ("items://special-a/b", "below special-a/b"),
    ] {
        assert_eq!(text(&asker, uri).await, expected);
    }
    // It is the URI that chooses, not whether the types take it.
    assert_eq!(
        read(&asker, MODERN, "items://seven").await["error"]["code"],
        -32602
    );
}

// [RSRC-5b]
#[tokio::test]
async fn a_variable_cannot_leave_the_folder_of_its_template() {
    let asker = asker();
    for revision in REVISIONS {
        for inside in [
            "..",
            ".",
            "../etc/passwd",
            "..%2Fetc",
            "%2e%2e",
            "%2E%2E%2Fetc",
            "..%5Cetc",
            "a%2F..%2F..%2Fetc",
            "a/../../etc",
            "%2Fetc%2Fpasswd",
            "/etc/passwd",
            "C:%5CWindows",
            "a%00.txt",
        ] {
            for folder in ["file:///data/", "file:///tree/"] {
                let uri = format!("{folder}{inside}");
                let read = read(&asker, revision, &uri).await;
                assert_eq!(read["error"]["code"], not_found(revision), "{uri}");
            }
        }
    }
    // One segment as it is written, several only where the template says so.
    assert_eq!(text(&asker, "file:///data/a%2Fb").await, "a/b");
    assert_eq!(text(&asker, "file:///data/..a").await, "..a");
    assert_eq!(text(&asker, "file:///tree/a/b").await, "a/b");
    let read = read(&asker, MODERN, "file:///data/a/b").await;
    assert_eq!(read["error"]["code"], -32602);
}

#[tokio::test]
async fn callers_list_and_read_what_their_scopes_admit() {
    let server = server_of(App::default());
    let nobody = Asker::named(&server, "ann", []);
    let reader = Asker::named(&server, "ann", ["vault:read"]);
    let opener = Asker::named(&server, "ann", ["vault:open", "vault:read"]);
    let listed = async |asker: &Asker| {
        let resources = asker.entries(MODERN, "resources/list", "resources").await;
        let templates = asker.entries(MODERN, "resources/templates/list", "resourceTemplates");
        let has = |list: &[String]| list.iter().any(|entry| entry.contains("vault://"));
        (has(&resources), has(&templates.await))
    };
    assert_eq!(listed(&nobody).await, (false, false));
    assert_eq!(listed(&reader).await, (true, false));
    assert_eq!(listed(&opener).await, (true, true));
    assert_eq!(text(&reader, "vault://gold").await, "gold");
    assert_eq!(text(&opener, "vault://box/1").await, "box 1");
    let refused = read(&reader, MODERN, "vault://box/1").await;
    assert_eq!(refused["error"]["code"], -32602);
}

#[tokio::test]
async fn a_function_that_fails_is_an_internal_error_and_says_what_is_public() {
    let log = log::capture();
    let asker = asker();
    for revision in [MODERN, LEGACY[0], LEGACY[3]] {
        let error = async |how: &str| read(&asker, revision, how).await["error"].take();
        let public = error("fails://publicly").await;
        assert_eq!(public["code"], -32603);
        assert_eq!(public["message"], "closed until Monday");
        for (uri, logged) in [("fails://privately", 1), ("fails://badly", 0)] {
            let private = error(uri).await;
            assert_eq!(private["code"], -32603);
            let text = private["message"].as_str().unwrap();
            assert!(
                !text.contains("hunter2") && text.contains("error "),
                "{text}"
            );
            let id = text
                .split(|c: char| !c.is_ascii_hexdigit())
                .find(|word| word.len() == 16)
                .unwrap();
            let events = log.with(id);
            assert_eq!(events.len(), 1);
            assert_eq!(events[0].matches(SECRET).count(), logged, "{events:?}");
        }
    }
    assert_eq!(text(&asker, "fails://not").await, "it did not");
}

#[allow(clippy::await_holding_lock)] // it holds the other thread up, as it is meant to
#[tokio::test]
async fn a_read_beyond_its_time_is_an_internal_error() {
    let app = App::default();
    let gate = std::sync::Arc::clone(&app.gate.0);
    let server = server_of(app);
    let held = gate.lock().unwrap();
    for (uri, says) in [
        (hangs::uri(), "It was stopped"),
        (blocks::uri(), "It may still finish"),
    ] {
        let error = read(&Asker::new(&server), MODERN, &uri).await["error"].take();
        assert_eq!(error["code"], -32603, "{error}");
        let text = error["message"].as_str().unwrap();
        assert!(text.contains("did not finish within 20ms") && text.contains(says));
    }
    drop(held);
}

#[tokio::test]
async fn a_blocking_resource_runs_on_another_thread_with_its_variables() {
    let found = text(&asker(), "threads://M%C3%BCller").await;
    assert!(found.starts_with("Müller on "), "{found}");
    assert!(!found.ends_with(&format!("{:?}", std::thread::current().id())));
}
