//! What tools ask clients of older revisions, over HTTP and standard input: how it is put, who may
//! answer, and what becomes of every kind of answer, none included.

use std::collections::HashSet;
use std::time::Duration;

use mcp_core::{Limits, Server};
use mcp_tests::asking_server;
use mcp_tests::endpoint_client::{Client, Reply, call, initialize, local, request, text};
use mcp_tests::legacy_server::{self, Shared};
use mcp_tests::message::{self, json as line};
use mcp_tests::stdio_client::Session;
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

const A: &str = "2024-11-05";
const B: &str = "2025-03-26";
const C: &str = "2025-06-18";
const D: &str = "2025-11-25";

const LEGACY: &str = env!("CARGO_BIN_EXE_legacy");
const ASKING: &str = env!("CARGO_BIN_EXE_asking");

/// Of a client that can be asked for everything.
fn everything() -> Value {
    json!({"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {"listChanged": true}})
}

fn limited(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    legacy_server::server(&Shared::default(), limits).unwrap()
}

fn server() -> Server {
    limited(|_| {})
}

/// One client and the call that it made last, over either transport.
enum Talk {
    Http(Client, Option<Reply>),
    Stdio(Session),
}

impl Talk {
    async fn over_http(server: &Server, revision: &'static str, can: Value) -> Self {
        Self::Http(Client::connect(&local(server), revision, can).await, None)
    }

    async fn over_stdio(program: &str, revision: &'static str, can: Value) -> Self {
        let mut session = Session::start(program).unwrap();
        let answers = session.ask(&line(initialize(revision, can))).await.unwrap();
        assert_eq!(answers[0]["result"]["protocolVersion"], revision);
        Self::Stdio(session)
    }

    /// Both of them, with the server of `legacy_server.rs`.
    async fn both(revision: &'static str, can: Value) -> [Self; 2] {
        [
            Self::over_http(&server(), revision, can.clone()).await,
            Self::over_stdio(LEGACY, revision, can).await,
        ]
    }

    async fn call(&mut self, tool: &str, arguments: Value) {
        let request = request(
            1,
            "tools/call",
            json!({"name": tool, "arguments": arguments}),
        );
        match self {
            Self::Http(client, reply) => *reply = Some(client.post(request).await),
            Self::Stdio(session) => session.send(&line(request)).await.unwrap(),
        }
    }

    /// The next message of the call.
    async fn next(&mut self) -> Value {
        match self {
            Self::Http(_, Some(reply))
                if reply.header("content-type") != Some("text/event-stream") =>
            {
                reply.json().await
            }
            Self::Http(_, reply) => reply.as_mut().unwrap().next().await.unwrap(),
            Self::Stdio(session) => session.next().await.unwrap(),
        }
    }

    async fn send(&mut self, message: Value) {
        match self {
            Self::Http(client, _) => assert_eq!(client.post(message).await.status, 202),
            Self::Stdio(session) => session.send(&line(message)).await.unwrap(),
        }
    }

    /// Calls `ask` and gives the question.
    async fn question(&mut self, what: &str) -> Value {
        self.call("ask", json!({"what": what})).await;
        let question = self.next().await;
        assert!(question["method"].is_string(), "{question}");
        question
    }

    /// Answers a question.
    async fn answer(&mut self, question: &Value, result: Value) {
        let id = question["id"].clone();
        self.send(json!({"jsonrpc": "2.0", "id": id, "result": result}))
            .await;
    }

    /// The text of the call's result, and whether it is an error.
    async fn result(&mut self) -> (String, bool) {
        let answer = self.next().await;
        assert_eq!(answer["id"], 1, "{answer}");
        let result = &answer["result"];
        (text(result), result["isError"] == true)
    }
}

#[allow(clippy::needless_pass_by_value)] // made at the place of the call
fn accept(content: Value) -> Value {
    json!({"action": "accept", "content": content})
}

// [SREQ-2] [MRTR-6]
#[tokio::test]
async fn one_function_asks_clients_of_every_revision() {
    let runs = asking_server::Runs::default();
    let builder = asking_server::builder(&runs).seal_with(legacy_server::keys());
    let server = builder.build().unwrap();
    let can = json!({"elicitation": {}});
    for revision in [C, D] {
        for mut talk in [
            Talk::over_http(&server, revision, can.clone()).await,
            Talk::over_stdio(ASKING, revision, can.clone()).await,
        ] {
            for (answer, outcome) in [
                (accept(json!({"count": 3})), "3 pears"),
                (json!({"action": "decline"}), "declined"),
                (json!({"action": "cancel"}), "cancelled"),
            ] {
                talk.call("order", json!({"item": "pears"})).await;
                let question = talk.next().await;
                assert_eq!(question["method"], "elicitation/create");
                assert_eq!(question["params"]["message"], "How many pears?");
                talk.answer(&question, answer).await;
                assert_eq!(talk.result().await, (outcome.to_owned(), false));
            }
        }
    }
    // Once for each call: the function waits, and does not begin anew.
    assert_eq!(runs.count(), 6);

    let endpoint = local(&server);
    let order = || message::call("order", json!({"item": "pears"})).capabilities(can.clone());
    let asked = mcp_tests::endpoint_client::send(&endpoint, "POST", &order()).await;
    let asked = asked.messages().await.remove(0)["result"].take();
    assert_eq!(asked["resultType"], "input_required");
    let params = json!({
        "name": "order",
        "arguments": {"item": "pears"},
        "requestState": asked["requestState"],
        "inputResponses": {"amount": accept(json!({"count": 3}))},
    });
    let again = message::modern("tools/call", params).capabilities(can);
    let answer = mcp_tests::endpoint_client::send(&endpoint, "POST", &again).await;
    let answer = answer.messages().await.remove(0);
    assert_eq!(text(&answer["result"]), "3 pears");
}

// [SREQ-2] [SREQ-3b] [MRTR-6]
#[tokio::test]
async fn every_kind_of_answer_reaches_the_function() {
    let unfit = "does not fit the question";
    let elicited = [
        (accept(json!({"name": "Ann"})), "Ann", false),
        (json!({"action": "decline"}), "declined", false),
        (
            json!({"action": "cancel", "content": {"name": "Ann"}}),
            "cancelled",
            false,
        ),
        (accept(json!({"name": ""})), unfit, true),
        (accept(json!({"name": "x".repeat(21)})), unfit, true),
        (accept(json!({"name": 5})), unfit, true),
        (accept(json!({})), unfit, true),
        (accept(json!({"name": "Ann", "more": 1})), unfit, true),
        (accept(json!([])), unfit, true),
        (json!({"action": "accept"}), unfit, true),
        (json!({"action": "perhaps"}), unfit, true),
        (json!({}), unfit, true),
        (json!([1]), unfit, true),
        (json!(null), unfit, true),
    ];
    let written = |content: Value| json!({"role": "assistant", "model": "m", "content": content});
    let block = json!({"type": "text", "text": "Words."});
    let nothing = "holds nothing that a model wrote";
    let sampled = [
        (written(block.clone()), "Words.", false),
        (written(json!([block])), "Words.", false),
        (written(json!("Words.")), nothing, true),
        (json!({"role": "assistant", "model": "m"}), nothing, true),
        (json!("x"), nothing, true),
    ];
    let none = "is no list of roots";
    let listed = [
        (
            json!({"roots": [{"uri": "file:///a", "name": "a"}, {"uri": "file:///b"}]}),
            "file:///a file:///b",
            false,
        ),
        (json!({"roots": []}), "", false),
        (json!({"roots": [{"name": "a"}]}), none, true),
        (json!({"roots": {}}), none, true),
        (json!({}), none, true),
    ];
    for mut talk in Talk::both(D, everything()).await {
        let tables = [
            ("person", &elicited[..]),
            ("text", &sampled[..]),
            ("roots", &listed[..]),
        ];
        for (what, table) in tables {
            for (answer, outcome, is_error) in table {
                let question = talk.question(what).await;
                talk.answer(&question, answer.clone()).await;
                let (text, failed) = talk.result().await;
                assert_eq!(failed, *is_error, "{answer}: {text}");
                let holds = if failed {
                    text.contains(outcome)
                } else {
                    text == *outcome
                };
                assert!(holds, "{answer}: {text}");
            }
            for (code, outcome) in [
                (-1, "The user refused"),
                (-32601, "The client could not answer"),
                (-32603, "The client could not answer"),
            ] {
                let question = talk.question(what).await;
                let error = json!({"code": code, "message": "secret of the client"});
                talk.send(json!({"jsonrpc": "2.0", "id": question["id"], "error": error}))
                    .await;
                let (text, failed) = talk.result().await;
                assert!(failed && text.starts_with(outcome), "{code}: {text}");
                assert!(!text.contains("secret"), "{text}");
            }
        }
    }
}

// [SREQ-3b]
#[tokio::test]
async fn a_question_without_an_answer_is_given_up_and_taken_back() {
    let server = limited(|limits| limits.answer_timeout = Duration::from_millis(20));
    for revision in [B, C, D] {
        let what = if revision == B { "text" } else { "person" };
        let mut talk = Talk::over_http(&server, revision, everything()).await;
        let question = talk.question(what).await;
        assert_eq!(
            talk.next().await,
            json!({
                "jsonrpc": "2.0",
                "method": "notifications/cancelled",
                "params": {"requestId": question["id"]},
            })
        );
        let (text, failed) = talk.result().await;
        assert!(
            failed && text.contains("did not answer within 20ms"),
            "{text}"
        );
        // What comes too late is taken and means nothing.
        talk.answer(&question, accept(json!({"name": "Ann"}))).await;
        talk.answer(&question, json!({"action": "decline"})).await;
    }
}

#[tokio::test]
async fn the_time_that_the_client_takes_does_not_count_against_the_call() {
    for mut talk in Talk::both(D, everything()).await {
        talk.call("ask_with_a_short_time", json!({})).await;
        let question = talk.next().await;
        // Longer than the function has.
        tokio::time::sleep(Duration::from_millis(250)).await;
        talk.answer(&question, accept(json!({"name": "Ann"}))).await;
        assert_eq!(talk.result().await, ("Ann".to_owned(), false));

        // What the function takes afterwards counts.
        talk.call("ask_and_hang", json!({})).await;
        let question = talk.next().await;
        talk.answer(&question, accept(json!({"name": "Ann"}))).await;
        assert_eq!(talk.next().await["params"]["data"], "answered");
        let (text, failed) = talk.result().await;
        assert!(
            failed && text.contains("did not finish within 50ms"),
            "{text}"
        );
    }
}

// [SREQ-3b]
#[tokio::test]
async fn a_question_that_nobody_waits_for_any_more_is_taken_back() {
    for mut talk in Talk::both(D, everything()).await {
        // Each of two has its answer, in whatever order.
        talk.call("ask_at_once", json!({})).await;
        let (first, second) = (talk.next().await, talk.next().await);
        talk.answer(&second, accept(json!({"name": "Bob"}))).await;
        talk.answer(&first, accept(json!({"name": "Ann"}))).await;
        let (text, _) = talk.result().await;
        assert_eq!(text, r#"Some("Ann") Some("Bob")"#);

        // The function gives up after the first.
        talk.call("ask_at_once", json!({})).await;
        let (first, second) = (talk.next().await, talk.next().await);
        let error = json!({"code": -1, "message": "no"});
        talk.send(json!({"jsonrpc": "2.0", "id": first["id"], "error": error}))
            .await;
        let taken_back = talk.next().await;
        assert_eq!(taken_back["method"], "notifications/cancelled");
        assert_eq!(taken_back["params"]["requestId"], second["id"]);
        assert!(talk.result().await.1);

        // The call is cancelled while its question is open.
        talk.call("ask_without_waiting", json!({})).await;
        let question = talk.next().await;
        let params = json!({"requestId": 1});
        let note = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params});
        talk.send(note).await;
        let taken_back = talk.next().await;
        assert_eq!(taken_back["method"], "notifications/cancelled");
        assert_eq!(taken_back["params"]["requestId"], question["id"]);
    }
}

// [SREQ-2] [POST-4] [SSE-3]
#[tokio::test]
async fn answers_that_cross_each_reach_their_own_call() {
    for revision in [B, C, D] {
        let client = Client::connect(&local(&server()), revision, everything()).await;
        let changes = client.listen().await;
        let mut first = client.post(call("a", "ask", json!({"what": "text"}))).await;
        let mut second = client.post(call("b", "ask", json!({"what": "text"}))).await;
        let for_first = first.next().await.unwrap();
        let for_second = second.next().await.unwrap();
        assert_ne!(for_first["id"], for_second["id"]);
        for (question, word) in [(&for_second, "second"), (&for_first, "first")] {
            let content = json!({"type": "text", "text": word});
            let result = json!({"role": "assistant", "model": "m", "content": content});
            assert_eq!(client.answer(question, result).await, 202);
        }
        for (reply, id, word) in [(first, "a", "first"), (second, "b", "second")] {
            let rest = reply.messages().await;
            assert_eq!((rest.len(), &rest[0]["id"]), (1, &json!(id)));
            assert_eq!(text(&rest[0]["result"]), word);
        }
        // Nothing of it came on the stream for changes.
        client.without_body("DELETE").await;
        assert!(changes.messages().await.is_empty());
    }
}

// [SREQ-2]
#[tokio::test]
async fn a_question_on_a_lost_connection_is_read_again_and_answered() {
    let client = Client::connect(&local(&server()), D, everything()).await;
    let mut lost = client
        .post(call("a", "ask", json!({"what": "person"})))
        .await;
    let start = lost.event().await.unwrap().id.unwrap();
    let question = lost.next().await.unwrap();
    drop(lost);
    let mut again = client.resume(&start).await;
    assert_eq!(again.next().await.unwrap(), question);
    client
        .answer(&question, accept(json!({"name": "Ann"})))
        .await;
    assert_eq!(text(&again.next().await.unwrap()["result"]), "Ann");
}

// [ELI-6] [ELI-7] [SESS-1b]
#[tokio::test]
async fn an_answer_counts_only_in_the_session_and_from_the_caller_that_was_asked() {
    let builder = legacy_server::builder(&Shared::default()).caller_source(Tokens);
    let server = builder.seal_with(legacy_server::keys()).build().unwrap();
    let endpoint = local(&server);
    for revision in [C, D] {
        let named = |name| Client::new(&endpoint, revision).caller(name);
        let connected = async |name| named(name).initialize(everything()).await;
        let ann = connected("ann").await;
        let mut reply = ann.post(call("a", "ask", json!({"what": "person"}))).await;
        let question = reply.next().await.unwrap();

        let id = ann.session_id();
        let nobody = Client::new(&endpoint, revision).session(Some(id));
        for (client, status) in [
            (named("bob").session(Some(id)), 404),
            (nobody, 401),
            (named("ann"), 400),
            (named("bob"), 400),
            // Sessions that were asked nothing: what they say is taken and means nothing.
            (connected("bob").await, 202),
            (connected("ann").await, 202),
        ] {
            let forged = accept(json!({"name": "Mallory"}));
            assert_eq!(client.answer(&question, forged).await, status);
        }
        let answer = accept(json!({"name": "Ann"}));
        assert_eq!(ann.answer(&question, answer).await, 202);
        assert_eq!(text(&reply.next().await.unwrap()["result"]), "Ann");
    }
}

// [SREQ-3]
#[tokio::test]
async fn no_two_questions_of_a_session_have_one_id() {
    let client = Client::connect(&local(&server()), D, everything()).await;
    let mut replies = Vec::new();
    for id in 0..10 {
        let asking = call(id, "ask_in_turn", json!({"times": 10}));
        replies.push(client.post(asking).await);
    }
    let mut ids = HashSet::new();
    for turn in 0..10 {
        let mut questions = Vec::new();
        for reply in &mut replies {
            questions.push(reply.next().await.unwrap());
        }
        for question in questions {
            assert!(ids.insert(question["id"].to_string()), "{question}");
            let answer = accept(json!({"name": format!("n{turn}")}));
            client.answer(&question, answer).await;
            // A second answer to it changes nothing.
            let second = accept(json!({"name": "again"}));
            assert_eq!(client.answer(&question, second).await, 202);
        }
    }
    assert_eq!(ids.len(), 100);
    for reply in replies {
        let rest = reply.messages().await;
        assert_eq!(text(&rest[0]["result"]), "n0 n1 n2 n3 n4 n5 n6 n7 n8 n9");
    }
}

/// What `ask` needs, and from which revision on clients can have it.
const NEEDS: [(&str, &str, &str); 4] = [
    ("person", "elicitation/create", C),
    ("page", "elicitation/create", D),
    ("text", "sampling/createMessage", A),
    ("roots", "roots/list", A),
];

/// Asserts that the function is told at once that its client cannot be asked, and the client nothing.
async fn assert_not_asked(talk: &mut Talk, what: &str) {
    talk.call("ask", json!({"what": what})).await;
    let (text, failed) = talk.result().await;
    assert!(
        failed && text.contains("your client does not support"),
        "{text}"
    );
}

// [SREQ-1] [INIT-5] [ROOT-1]
#[tokio::test]
async fn only_what_a_client_declared_and_its_revision_knows_is_asked() {
    for revision in [A, B, C, D] {
        for (declared, can) in [
            ("person", json!({"elicitation": {}})),
            ("page", json!({"elicitation": {"url": {}}})),
            ("text", json!({"sampling": {}})),
            ("roots", json!({"roots": {}})),
            ("", json!({})),
        ] {
            for mut talk in Talk::both(revision, can).await {
                for (what, method, since) in NEEDS {
                    // A client of 2025-06-18 that has elicitation has forms.
                    let form = revision == C && declared == "page" && what == "person";
                    if (declared == what || form) && revision >= since {
                        let question = talk.question(what).await;
                        assert_eq!(question["method"], method);
                        let error = json!({"code": -1, "message": "no"});
                        let id = &question["id"];
                        talk.send(json!({"jsonrpc": "2.0", "id": id, "error": error}))
                            .await;
                        talk.result().await;
                    } else {
                        assert_not_asked(&mut talk, what).await;
                    }
                }
            }
        }
    }
}

// [SREQ-1] [SREQ-4]
#[tokio::test]
async fn a_client_that_cannot_be_reached_is_not_asked_but_told_what_is_missing() {
    let endpoint = local(&server());
    for revision in [B, C, D] {
        let client = Client::connect(&endpoint, revision, everything()).await;
        let without = client.clone().session(None);
        let buffered = without.clone().at(&endpoint.clone().buffered());
        for (what, ..) in NEEDS {
            let asking = call(1, "ask", json!({"what": what}));
            let plain = client.message(asking.clone());
            let json_only = plain.header("accept", "application/json");
            for mut reply in [
                without.post(asking.clone()).await,
                buffered.post(asking.clone()).await,
                client.send("POST", &json_only).await,
            ] {
                assert_eq!(reply.header("content-type"), Some("application/json"));
                let answer = reply.json().await;
                // Never the error -32042: there would be nobody to learn that the page was opened.
                assert_eq!(answer["result"]["isError"], true, "{answer}");
                let text = text(&answer["result"]);
                assert!(text.contains("no open stream"), "{text}");
            }
        }
    }
}

// [ELI-1b] [ELI-1]
#[tokio::test]
async fn a_form_has_the_members_of_its_revision() {
    let person = json!({
        "type": "object",
        "properties": {"name": {
            "type": "string", "description": "The name.", "minLength": 1, "maxLength": 20,
        }},
        "required": ["name"],
    });
    for (revision, mode) in [(C, None), (D, Some("form"))] {
        for mut talk in Talk::both(revision, everything()).await {
            let question = talk.question("person").await;
            let mut params = json!({"message": "Who is it?", "requestedSchema": person});
            if let Some(mode) = mode {
                params["mode"] = mode.into();
            }
            assert_eq!(question["params"], params);
            assert_eq!(question["method"], "elicitation/create");
            assert_eq!(question.as_object().unwrap().len(), 4);
        }
    }
}

// [ELI-2b] [ELI-2]
#[tokio::test]
async fn choices_and_defaults_are_as_the_revision_has_them() {
    let fields = async |revision| {
        let mut talk = Talk::over_http(&server(), revision, everything()).await;
        let question = talk.question("trip").await;
        question["params"]["requestedSchema"]["properties"].clone()
    };
    let older = fields(C).await;
    let way = json!({
        "type": "string", "description": "How to travel.",
        "enum": ["train", "walk"], "enumNames": ["By train", "On foot"],
    });
    assert_eq!(older["way"], way);
    assert_eq!(
        older["to"],
        json!({"type": "string", "description": "Where to."})
    );
    assert_eq!(older["back"]["default"], false);

    let newer = fields(D).await;
    let choices = json!([
        {"const": "train", "title": "By train"},
        {"const": "walk", "title": "On foot"},
    ]);
    assert_eq!(newer["way"]["oneOf"], choices);
    assert!(newer["way"].get("enumNames").is_none());
    assert_eq!(newer["to"]["default"], "home");
    assert_eq!(newer["back"]["default"], false);

    let mut talk = Talk::over_http(&server(), D, everything()).await;
    let question = talk.question("trips").await;
    let ways = &question["params"]["requestedSchema"]["properties"]["ways"];
    assert_eq!(ways["items"]["anyOf"], choices);
    // A list cannot be asked for in the older one, which is the client's affair: the model reads it.
    let mut talk = Talk::over_http(&server(), C, everything()).await;
    talk.call("ask", json!({"what": "trips"})).await;
    let (text, failed) = talk.result().await;
    assert!(failed && text.contains("`ways`"), "{text}");
}

// [ELI-4b] [ELI-4] [SREQ-4b]
#[tokio::test]
async fn each_page_to_open_has_an_id_of_its_own_and_only_whoever_is_asked_hears_of_it() {
    let endpoint = local(&server());
    let (client, other) = (
        Client::connect(&endpoint, D, everything()).await,
        Client::connect(&endpoint, D, everything()).await,
    );
    let streams = [client.listen().await, other.listen().await];
    let mut ids = HashSet::new();
    for what in ["page", "page", "page2"] {
        let mut reply = client.post(call(1, "ask", json!({"what": what}))).await;
        let question = reply.next().await.unwrap();
        let mut params = question["params"].clone();
        let id = params.as_object_mut().unwrap().remove("elicitationId");
        let id = id.unwrap().as_str().unwrap().to_owned();
        assert!(!id.is_empty() && ids.insert(id));
        let url = format!("https://example.com/{what}");
        let expected = json!({"mode": "url", "message": "Sign in, please.", "url": url});
        assert_eq!(params, expected);
        client.answer(&question, json!({"action": "accept"})).await;
        let rest = reply.messages().await;
        assert_eq!(
            (rest.len(), text(&rest[0]["result"]).as_str()),
            (1, "Accepted(())")
        );
    }
    let mut over_stdio = Talk::over_stdio(LEGACY, D, everything()).await;
    let question = over_stdio.question("page").await;
    ids.insert(question["params"]["elicitationId"].to_string());
    assert_eq!(ids.len(), 4);
    // That the page was opened is nothing that this server would tell later.
    for client in [client, other] {
        client.without_body("DELETE").await;
    }
    for stream in streams {
        assert!(stream.messages().await.is_empty());
    }

    let page = message::call("ask", json!({"what": "page"}));
    let page = page.capabilities(everything());
    let asked = mcp_tests::endpoint_client::send(&endpoint, "POST", &page).await;
    let asked = asked.messages().await.remove(0);
    let params = &asked["result"]["inputRequests"]["page"]["params"];
    assert!(params["url"].is_string() && params.get("elicitationId").is_none());
}

// [SAM-2] [ROOT-1] [RPC-6b]
#[tokio::test]
async fn models_and_roots_are_asked_for_in_the_same_words_everywhere() {
    for revision in [A, B, C, D] {
        for mut talk in Talk::both(revision, everything()).await {
            let user = |content: Value| json!({"role": "user", "content": content});
            let said = |text: &str| json!({"type": "text", "text": text});
            let question = talk.question("text").await;
            let id = question["id"].clone();
            assert!(id.is_string());
            let params = json!({"maxTokens": 100, "messages": [user(said("Write."))]});
            let method = "sampling/createMessage";
            assert_eq!(
                question,
                json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
            );
            let content = json!({"type": "text", "text": "ok"});
            let result = json!({"role": "assistant", "model": "m", "content": content});
            talk.answer(&question, result.clone()).await;
            talk.result().await;

            let question = talk.question("chat").await;
            let params = &question["params"];
            let fields: Vec<&String> = params.as_object().unwrap().keys().collect();
            assert_eq!(
                fields,
                ["maxTokens", "messages", "systemPrompt", "temperature"]
            );
            assert_eq!(params["maxTokens"], 7);
            assert_eq!(
                (&params["systemPrompt"], &params["temperature"]),
                (&json!("Be brief."), &json!(0.5))
            );
            let messages = params["messages"].as_array().unwrap();
            assert_eq!(messages[0], user(said("Listen.")));
            assert_eq!(
                messages[1],
                json!({"role": "assistant", "content": said("I do.")})
            );
            let kind = if revision == A { "text" } else { "audio" };
            assert_eq!(messages[2]["content"]["type"], kind, "{revision}");
            talk.answer(&question, result).await;
            talk.result().await;

            let question = talk.question("roots").await;
            let id = question["id"].clone();
            assert_eq!(
                question,
                json!({"jsonrpc": "2.0", "id": id, "method": "roots/list"})
            );
            talk.answer(&question, json!({"roots": []})).await;
            talk.result().await;
        }
    }
}
