//! Sessions of older revisions over HTTP: how they begin, whose they are, what they survive and how they
//! end; and the stream that a session has beside its requests.

use std::collections::HashSet;

use http::StatusCode;
use mcp_core::http::{Endpoint, Ingress};
use mcp_core::{Caller, Limits, SealKeys, Server};
use mcp_tests::endpoint_client::{Client, call, initialize, local, request, send};
use mcp_tests::legacy_server::{self, Shared};
use mcp_tests::message::{self, Message};
use mcp_tests::process::Process;
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

const WITH_SESSIONS: [&str; 3] = ["2025-11-25", "2025-06-18", "2025-03-26"];

fn server() -> Server {
    legacy_server::server(&Shared::default(), Limits::default()).unwrap()
}

fn limited(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    legacy_server::server(&Shared::default(), limits).unwrap()
}

/// The server for callers whom their tokens name.
fn for_callers() -> Server {
    let builder = legacy_server::builder(&Shared::default());
    let builder = builder.seal_with(legacy_server::keys());
    builder.caller_source(Tokens).build().unwrap()
}

fn ping() -> Value {
    request(1, "ping", json!({}))
}

fn initialized() -> Value {
    json!({"jsonrpc": "2.0", "method": "notifications/initialized"})
}

/// Every kind of request that names a session, and the answer to it.
async fn all_statuses(client: &Client) -> Vec<u16> {
    let response = json!({"jsonrpc": "2.0", "id": "x", "result": {}});
    let mut statuses = Vec::new();
    for body in [ping(), initialized(), response, json!([ping()])] {
        statuses.push(client.post(body).await.status);
    }
    for method in ["GET", "DELETE"] {
        statuses.push(client.without_body(method).await.status);
    }
    statuses
}

/// Asserts that nothing that names this session is answered otherwise than with 404.
async fn assert_unknown(client: &Client) {
    assert_eq!(all_statuses(client).await, [404; 6]);
    for (method, body) in [("POST", ping()), ("GET", json!({})), ("DELETE", json!({}))] {
        let mut reply = client.send(method, &client.message(body)).await;
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let error = reply.json().await;
        assert_eq!(error["jsonrpc"], "2.0");
        assert!(error["error"]["code"].is_i64() && error["error"]["message"].is_string());
        assert!(error.get("result").is_none());
    }
}

// [SESS-1]
#[tokio::test]
async fn the_id_of_a_session_is_visible_ascii_whoever_the_caller_is() {
    let long = "x".repeat(200);
    for subject in ["ann", "Ann von Ämter, 7", "\u{0} \u{7f} \r\n", &long] {
        let builder = legacy_server::builder(&Shared::default());
        let server = builder.local_caller(Caller::local(subject));
        let server = server.seal_with(legacy_server::keys()).build().unwrap();
        for revision in WITH_SESSIONS {
            let client = Client::connect(&local(&server), revision, json!({})).await;
            let id = client.session_id();
            assert!(id.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{id}");
            assert!(id.len() < 512, "{id}");
            assert_eq!(client.post(ping()).await.status, 200);
        }
    }
}

// [SESS-1] [HDR-8]
#[tokio::test]
async fn a_session_begins_with_a_handshake_and_with_nothing_else() {
    let endpoint = local(&server());
    let no_id = async |endpoint: &Endpoint, message: &Message| {
        let reply = send(endpoint, "POST", message).await;
        assert_eq!(reply.header("mcp-session-id"), None);
        reply.status
    };
    // A handshake that fails, and one without keys.
    let failing = message::json(request(1, "initialize", json!({})));
    assert_eq!(no_id(&endpoint, &failing).await, 400);
    let good = message::json(initialize("2025-11-25", json!({})));
    let without_keys = legacy_server::builder(&Shared::default()).build().unwrap();
    assert_eq!(no_id(&local(&without_keys), &good).await, 200);
    assert_eq!(no_id(&endpoint.clone().buffered(), &good).await, 200);
    // Requests that stand alone, whatever they name.
    let discover = message::modern("server/discover", json!({}));
    assert_eq!(no_id(&endpoint, &discover).await, 200);
    let named = discover.header("mcp-session-id", "mcp1.nonsense");
    assert_eq!(no_id(&endpoint, &named).await, 200);
    let modern = message::modern("initialize", json!({"protocolVersion": "2025-11-25"}));
    assert_eq!(no_id(&endpoint, &modern).await, 404);
    // A second handshake of one client is another session.
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let again = client.clone().initialize(json!({})).await;
    assert_ne!(client.session_id(), again.session_id());
    for client in [client, again] {
        assert_eq!(client.post(ping()).await.status, 200);
    }
}

// [SESS-1b]
#[tokio::test]
async fn a_thousand_sessions_of_one_caller_have_a_thousand_ids() {
    let endpoint = local(&server());
    let mut ids = HashSet::new();
    for round in 0..1000 {
        let revision = WITH_SESSIONS[round % 3];
        let client = Client::connect(&endpoint, revision, json!({})).await;
        ids.insert(client.session_id().to_owned());
    }
    assert_eq!(ids.len(), 1000);
}

// [SESS-1b]
#[tokio::test]
async fn a_session_is_its_callers_and_proves_nobodys_identity() {
    let endpoint = local(&for_callers());
    for revision in WITH_SESSIONS {
        let new = Client::new(&endpoint, revision).caller("ann");
        let ann = new.initialize(json!({})).await;
        let bob = ann.clone().caller("bob");
        assert_unknown(&bob).await;
        let nobody = Client::new(&endpoint, revision).session(Some(ann.session_id()));
        for (method, body) in [("POST", ping()), ("GET", json!({})), ("DELETE", json!({}))] {
            let message = nobody.message(body);
            assert_eq!(nobody.send(method, &message).await.status, 401, "{method}");
        }
        // Hers goes on.
        assert_eq!(ann.call("whoami", json!({})).await, "ann");
        ann.listen().await;
    }
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

    fn visible(&mut self) -> u8 {
        u8::try_from(0x21 + self.below(0x5e)).unwrap()
    }
}

/// Changes a few places of an id: another byte, one less, one more, a part of another id.
fn mutated(id: &str, other: &str, numbers: &mut Numbers) -> String {
    let mut bytes = id.as_bytes().to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        match numbers.below(5) {
            0 => bytes[at] = numbers.visible(),
            1 => {
                bytes.remove(at);
            }
            2 => bytes.insert(at, numbers.visible()),
            3 => bytes.truncate(at.max(1)),
            _ => {
                let tail = other.as_bytes().get(at..).unwrap_or_default();
                bytes.truncate(at.max(1));
                bytes.extend_from_slice(tail);
            }
        }
        if bytes.len() < 2 {
            break;
        }
    }
    String::from_utf8(bytes).unwrap()
}

// [SESS-1b] [SESS-2b]
#[tokio::test]
async fn no_mutation_of_an_id_is_a_session() {
    let endpoint = local(&server());
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let other = Client::connect(&endpoint, "2025-06-18", json!({"sampling": {}})).await;
    let mut numbers = Numbers(2025);
    let mut count = 0;
    while count < 10_000 {
        let id = mutated(client.session_id(), other.session_id(), &mut numbers);
        if id == client.session_id() || id == other.session_id() {
            continue;
        }
        count += 1;
        let stranger = client.clone().session(Some(&id));
        let method = ["POST", "GET", "DELETE"][count % 3];
        let reply = stranger.send(method, &stranger.message(ping())).await;
        assert_eq!(reply.status, 404, "{method} {id}");
    }
    assert_eq!(client.post(ping()).await.status, 200);
}

// [SESS-2b]
#[tokio::test]
async fn a_session_that_never_was_or_has_ended_is_not_found_and_another_can_begin() {
    let endpoint = local(&server());
    let other_keys = SealKeys::new([("k1", [8; 32])]).unwrap();
    let elsewhere = legacy_server::builder(&Shared::default()).seal_with(other_keys);
    let elsewhere = local(&elsewhere.build().unwrap());
    for revision in WITH_SESSIONS {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        for unknown in ["x", "mcp1.", "mcp1.x", "mcp1.k1.AAAA", ""] {
            assert_unknown(&client.clone().session(Some(unknown))).await;
        }
        let foreign = Client::connect(&elsewhere, revision, json!({})).await;
        assert_unknown(&foreign.at(&endpoint)).await;
        // Given twice, even if both are the same.
        let id = client.session_id().to_owned();
        let mut twice = http::Request::post("/mcp").header("host", "localhost");
        for _ in 0..2 {
            twice = twice.header("mcp-session-id", &id);
        }
        let twice = twice.header("content-type", "application/json");
        let twice = twice.body(ping().to_string()).unwrap();
        let response = tower_service::Service::call(&mut endpoint.clone(), twice);
        assert_eq!(response.await.unwrap().status(), StatusCode::NOT_FOUND);

        assert_eq!(client.without_body("DELETE").await.status, 204);
        assert_unknown(&client).await;
        let next = client.session(None).initialize(json!({})).await;
        assert_eq!(next.post(ping()).await.status, 200);
    }
}

// [SESS-2b]
#[tokio::test]
async fn behind_a_platform_its_own_ids_mean_nothing_and_ours_have_to_open() {
    let endpoint = Endpoint::new(for_callers(), Ingress::Platform).unwrap();
    let ann = Client::new(&endpoint, "2025-11-25").caller("ann");
    let platforms = ann.clone().session(Some("5f0c-platform"));
    assert_eq!(platforms.call("whoami", json!({})).await, "ann");
    assert_eq!(platforms.post(initialized()).await.status, 202);
    // There is no session that could have a stream or an end.
    for method in ["GET", "DELETE"] {
        assert_eq!(platforms.without_body(method).await.status, 405, "{method}");
    }
    let ours = platforms.initialize(json!({})).await;
    assert_eq!(ours.call("whoami", json!({})).await, "ann");
    let broken = format!("{}x", ours.session_id());
    assert_unknown(&ours.clone().session(Some(&broken))).await;
    assert_unknown(&ours.clone().caller("bob")).await;

    // Nobody stands in front of a public endpoint.
    let public = Ingress::Public {
        hosts: vec!["localhost".to_owned()],
        origins: Vec::new(),
    };
    let public = Endpoint::new(for_callers(), public).unwrap();
    assert_eq!(
        ours.clone().at(&public).call("whoami", json!({})).await,
        "ann"
    );
    assert_unknown(&ours.session(Some("5f0c-platform")).at(&public)).await;
}

// [SESS-3]
#[tokio::test]
async fn delete_ends_a_session_with_its_streams_and_its_calls() {
    for revision in WITH_SESSIONS {
        let shared = Shared::default();
        let server = legacy_server::server(&shared, Limits::default()).unwrap();
        let endpoint = local(&server);
        let can = json!({"sampling": {}});
        let client = Client::connect(&endpoint, revision, can.clone()).await;
        let bystander = Client::connect(&endpoint, revision, can).await;
        let changes = client.listen().await;
        let ask = json!({"what": "text"});
        let mut asking = client.post(call(1, "ask", ask.clone())).await;
        let mut other = bystander.post(call(1, "ask", ask)).await;
        let question = asking.next().await.unwrap();
        assert_eq!(question["method"], "sampling/createMessage");
        let other_question = other.next().await.unwrap();

        assert_eq!(client.without_body("DELETE").await.status, 204);
        assert!(changes.messages().await.is_empty());
        shared.ended.one().await;
        // The question is taken back, and there is no answer to the call.
        let rest = asking.messages().await;
        assert_eq!(rest.len(), 1, "{rest:?}");
        assert_eq!(rest[0]["method"], "notifications/cancelled");
        assert_eq!(rest[0]["params"]["requestId"], question["id"]);
        assert_unknown(&client).await;

        let content = json!({"type": "text", "text": "hers"});
        let result = json!({"role": "assistant", "model": "m", "content": content});
        assert_eq!(bystander.answer(&other_question, result).await, 202);
        let answer = other.next().await.unwrap();
        assert_eq!(answer["result"]["content"][0]["text"], "hers");
    }
}

// [SESS-3] [GET-1] [HTTP-7]
#[tokio::test]
async fn without_a_session_get_and_delete_are_not_allowed() {
    let with = local(&server());
    let client = Client::connect(&with, "2025-11-25", json!({})).await;
    let without_keys = legacy_server::builder(&Shared::default()).build().unwrap();
    let without = local(&without_keys);
    let buffered = with.clone().buffered();
    for method in ["GET", "DELETE", "PUT"] {
        for (client, allowed) in [
            (client.clone().session(None), "GET, POST, DELETE"),
            (client.clone().session(None).at(&without), "POST"),
            (client.clone().at(&without), "POST"),
            (client.clone().at(&buffered), "POST"),
        ] {
            let mut reply = client.without_body(method).await;
            assert_eq!(reply.status, 405, "{method}");
            assert_eq!(reply.header("allow"), Some(allowed), "{method}");
            assert!(reply.json().await["error"]["code"].is_i64());
        }
    }
    // It is the session's of a host that has streams, and is still there.
    client.listen().await;
}

// [GET-1] [GET-1b] [LLC-1]
#[tokio::test]
async fn a_stream_begins_before_anything_is_said_and_holds_no_answers() {
    for revision in WITH_SESSIONS {
        let endpoint = local(&server());
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let json_only = client
            .message(json!({}))
            .header("accept", "application/json");
        assert_eq!(client.send("GET", &json_only).await.status, 406);
        // `listen` returns with the head of the response.
        let mut changes = client.listen().await;
        for tool in ["report", "log_all"] {
            let messages = client.post(call(1, tool, json!({"times": 3}))).await;
            let messages = messages.messages().await;
            assert!(messages.last().unwrap().get("id").is_some(), "{messages:?}");
        }
        client.call("change", json!({"what": "tools"})).await;
        assert_eq!(
            changes.next().await.unwrap(),
            json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
        );
        client.without_body("DELETE").await;
        assert!(changes.messages().await.is_empty());
    }
}

// [POST-4]
#[tokio::test]
async fn the_stream_that_came_last_takes_the_place_of_the_one_before() {
    for revision in WITH_SESSIONS {
        let endpoint = local(&server());
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let lost = client.listen().await;
        let mut changes = client.listen().await;
        client.call("change", json!({"what": "prompts"})).await;
        assert!(lost.messages().await.is_empty());
        let note = changes.next().await.unwrap();
        assert_eq!(note["method"], "notifications/prompts/list_changed");
        // One that was dropped, not replaced, loses nothing that is said meanwhile.
        drop(changes);
        client.call("change", json!({"what": "resources"})).await;
        let mut changes = client.listen().await;
        let note = changes.next().await.unwrap();
        assert_eq!(note["method"], "notifications/resources/list_changed");
        client.without_body("DELETE").await;
        assert!(changes.messages().await.is_empty());
    }
}

#[tokio::test]
async fn streams_end_with_the_host_those_that_come_late_as_well() {
    let server = server();
    let endpoint = local(&server);
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let late = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let changes = client.listen().await;
    server.end_subscriptions();
    assert!(changes.messages().await.is_empty());
    for client in [client, late] {
        assert!(client.listen().await.messages().await.is_empty());
    }
}

#[tokio::test]
async fn n_ended_sessions_are_remembered_and_one_more_cannot_be_ended() {
    let endpoint = local(&limited(|limits| limits.ended_sessions = 2));
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(Client::connect(&endpoint, "2025-11-25", json!({})).await);
    }
    for client in &clients[..2] {
        assert_eq!(client.without_body("DELETE").await.status, 204);
        assert_eq!(client.post(ping()).await.status, 404);
    }
    let mut refused = clients[2].without_body("DELETE").await;
    assert_eq!(refused.status, 503);
    let text = refused.json().await["error"]["message"].to_string();
    assert!(text.contains("Limits::ended_sessions"), "{text}");
    assert_eq!(clients[2].post(ping()).await.status, 200);
}

/// The levels at which a client is told, after it asked for `error`.
async fn sets_level(client: &Client) -> (u16, Value) {
    let mut reply = client
        .post(request(1, "logging/setLevel", json!({"level": "error"})))
        .await;
    (reply.status, reply.json().await)
}

async fn levels(client: &Client) -> usize {
    let messages = client.post(call(1, "log_all", json!({}))).await;
    messages.messages().await.len() - 1
}

#[tokio::test]
async fn n_clients_are_remembered_and_one_more_replaces_the_one_silent_longest() {
    let endpoint = local(&limited(|limits| limits.remembered_clients = 2));
    let connect = async || Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let (first, second, third) = (connect().await, connect().await, connect().await);
    for client in [&first, &second] {
        assert_eq!(sets_level(client).await.0, 200);
    }
    assert_eq!((levels(&first).await, levels(&second).await), (4, 4));
    // The first one was heard of last, so the second one has to go.
    sets_level(&first).await;
    assert_eq!(sets_level(&third).await.0, 200);
    assert_eq!((levels(&first).await, levels(&third).await), (4, 4));
    assert_eq!(levels(&second).await, 7, "back at the default");

    // Whoever has a stream open is not replaced, however silent.
    let _changes = (first.listen().await, third.listen().await);
    let (status, answer) = sets_level(&second).await;
    assert_eq!((status, &answer["error"]["code"]), (503, &json!(-32603)));
    assert_eq!(second.without_body("GET").await.status, 503);
    assert_eq!(second.post(ping()).await.status, 200);
}

#[tokio::test]
async fn n_streams_are_open_and_one_more_is_refused_whoever_is_remembered() {
    let endpoint = local(&limited(|limits| {
        limits.subscriptions = 2;
        limits.subscriptions_per_caller = 2;
    }));
    let connect = async || Client::connect(&endpoint, "2025-11-25", json!({})).await;
    // Clients without a stream take nobody's place.
    for _ in 0..5 {
        assert_eq!(sets_level(&connect().await).await.0, 200);
    }
    let (first, second, third) = (connect().await, connect().await, connect().await);
    let _first = first.listen().await;
    let open = second.listen().await;
    assert_eq!(third.without_body("GET").await.status, 503);
    drop(open);
    third.listen().await;
}

// [STATE-1]
#[tokio::test]
async fn a_session_goes_on_at_another_server_with_the_same_keys() {
    let first = local(&server());
    for revision in WITH_SESSIONS {
        let client = Client::connect(&first, revision, json!({"roots": {}})).await;
        let client = client.at(&local(&server()));
        let mut reply = client.post(call(1, "ask", json!({"what": "roots"}))).await;
        let question = reply.next().await.unwrap();
        assert_eq!(question["method"], "roots/list", "{question}");
        let roots = json!({"roots": [{"uri": "file:///a"}]});
        assert_eq!(client.answer(&question, roots).await, 202);
        let answer = reply.next().await.unwrap();
        assert_eq!(answer["result"]["content"][0]["text"], "file:///a");
    }
}

/// The server as a process that listens on a free port, with these keys.
async fn process(keys: &str) -> (Process, String) {
    let program = env!("CARGO_BIN_EXE_legacy");
    let environment = [("MCP_BIND", "127.0.0.1:0"), ("MCP_SEAL_KEYS", keys)];
    let mut process = Process::start(program.as_ref(), &[], environment).unwrap();
    let address = process.address().await.unwrap();
    (process, format!("http://{address}/mcp"))
}

/// Sends one request over a socket: the status, and the session that was begun.
async fn over_a_socket(url: &str, session: Option<&str>, body: &Value) -> (u16, Option<String>) {
    let mut request = reqwest::Client::new()
        .post(url)
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .body(body.to_string());
    if let Some(session) = session {
        request = request.header("mcp-session-id", session);
    }
    let response = request.send().await.unwrap();
    let session = response.headers().get("mcp-session-id");
    let session = session.map(|id| id.to_str().unwrap().to_owned());
    (response.status().as_u16(), session)
}

#[tokio::test]
async fn a_session_survives_a_restart_of_the_process_with_the_same_keys() {
    let keys = "k1:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let (mut first, url) = process(keys).await;
    let begin = initialize("2025-11-25", json!({}));
    let (_, session) = over_a_socket(&url, None, &begin).await;
    let session = session.unwrap();
    assert_eq!(over_a_socket(&url, Some(&session), &ping()).await.0, 200);
    mcp_tests::process::terminate(first.id().unwrap()).unwrap();
    assert_eq!(first.wait().await.unwrap(), Some(0));

    let (_second, url) = process(keys).await;
    assert_eq!(over_a_socket(&url, Some(&session), &ping()).await.0, 200);
    let (_other, url) = process("k1:CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=").await;
    assert_eq!(over_a_socket(&url, Some(&session), &ping()).await.0, 404);
}
