//! What a client of 2026-07-28 is asked: forms, pages, its model and its roots, and only what it says
//! that it can answer.

use mcp_core::http::Endpoint;
use mcp_core::{
    Caller, Content, Context, ResourceContents, ResourceLink, Result, Sampling, Server, ServerInfo,
    tool, tools,
};
use mcp_tests::asking_server::{self, Amount, Runs};
use mcp_tests::endpoint_client::{self, local};
use mcp_tests::log;
use mcp_tests::message::{Message, call, json};
use mcp_tests::rounds::{Call, Reply, accepted, keys, post};
use mcp_tests::stdio_client::Session;
use mcp_tests::tokens::Tokens;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Day {
    Today,
    Tomorrow,
}

/// What is around it.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Wrapping {
    /// Brown paper
    #[default]
    Paper,
    #[schemars(title = "Silk and a bow")]
    Silk,
}

/// A parcel.
#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code)] // only shown
struct Parcel {
    /// Who gets it.
    #[schemars(length(min = 1, max = 80))]
    name: String,
    #[schemars(email)]
    mail: String,
    #[schemars(url)]
    page: Option<String>,
    #[schemars(extend("format" = "date"))]
    on: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    at: Option<String>,
    #[schemars(extend("format" = "hostname"), regex(pattern = "^a"))]
    host: Option<String>,
    #[serde(default = "nobody")]
    sender: String,
    #[schemars(range(min = 1, max = 9))]
    #[serde(default = "two")]
    count: u8,
    #[serde(default = "half")]
    weight: f64,
    #[serde(default = "yes")]
    gift: bool,
    day: Day,
    #[serde(default)]
    wrapping: Wrapping,
    other_day: Option<Day>,
    other_wrapping: Option<Wrapping>,
    #[schemars(length(min = 1, max = 2))]
    days: Vec<Day>,
    #[serde(default)]
    wrappings: Vec<Wrapping>,
}

fn nobody() -> String {
    "nobody".to_owned()
}

fn two() -> u8 {
    2
}

fn half() -> f64 {
    0.5
}

fn yes() -> bool {
    true
}

/// Asks for every kind of field.
#[tool]
async fn parcel(cx: &Context) -> Result<String> {
    let parcel = cx.elicit::<Parcel>("parcel", "What shall we send?").await?;
    Ok(format!("{parcel:?}"))
}

/// Nothing that a form can hold.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)] // only described
struct Nested {
    inner: Amount,
}

/// The same in a list.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)] // only described
struct Listed {
    items: Vec<Amount>,
}

/// The same by name.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)] // only described
struct Mapped {
    by_name: std::collections::BTreeMap<String, u8>,
}

/// A choice with more to it.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)] // only described
struct Chosen {
    choice: Loaded,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)] // only described
enum Loaded {
    With { count: u8 },
    Without,
}

/// Asks for what no form can hold.
#[tool]
async fn unaskable(
    /// Which of it.
    what: &str,
    cx: &Context,
) -> Result<()> {
    match what {
        "inner" => cx.elicit::<Nested>("k", "What?").await.map(|_| ()),
        "items" => cx.elicit::<Listed>("k", "What?").await.map(|_| ()),
        "by_name" => cx.elicit::<Mapped>("k", "What?").await.map(|_| ()),
        "choice" => cx.elicit::<Chosen>("k", "What?").await.map(|_| ()),
        _ => cx.elicit::<u8>("k", "What?").await.map(|_| ()),
    }
}

/// Shows a model all that one can be shown.
#[tool]
async fn show(cx: &Context) -> Result<String> {
    let wanted = Sampling::new(50)
        .system_prompt("Be brief.")
        .user("What is this?")
        .assistant("Show me.")
        .user(Content::image([1, 2], "image/png"))
        .user(Content::audio([3], "audio/wav"))
        .temperature(0.25);
    let sampled = cx.sample("show", wanted).await?;
    Ok(format!(
        "{:?} {:?} {:?}",
        sampled.text(),
        sampled.model(),
        sampled.stop_reason()
    ))
}

/// Shows a model what none can be shown.
#[tool]
async fn show_more(embedded: bool, cx: &Context) -> Result<()> {
    let content = if embedded {
        Content::embedded("a://b", ResourceContents::text("b"))
    } else {
        Content::link(ResourceLink::new("a://b", "b"))
    };
    cx.sample("show", Sampling::new(50).user(content)).await?;
    Ok(())
}

/// Asks the user, or a model if the user cannot be asked.
#[tool]
async fn either(cx: &Context) -> Result<String> {
    let amount = cx.elicit::<Amount>("amount", "How many?");
    let joke = cx.sample("joke", Sampling::new(9).user("How many?"));
    let joke = joke.await?.text().unwrap_or_default().to_owned();
    Ok(match amount.await {
        Ok(amount) => format!("{amount:?} {joke}"),
        Err(_) => joke,
    })
}

/// Tells who asks, and what the user wrote.
#[tool]
async fn whoami(name: &str, cx: &Context, who: Option<&Caller>) -> Result<String> {
    let claimed = cx.elicit::<Claimed>("name", "Who are you?").await?;
    let claimed = claimed.accepted().map_or_else(String::new, |it| it.name);
    let who = who.map_or("nobody", Caller::subject);
    Ok(format!("{who}, not {name} or {claimed}"))
}

/// What the user says.
#[derive(Debug, Deserialize, JsonSchema)]
struct Claimed {
    name: String,
}

fn endpoint() -> Endpoint {
    let server = Server::new(ServerInfo::new("asking", "1"), ())
        .tools(tools![parcel, unaskable, show, show_more, either, whoami])
        .caller_source(Tokens)
        .anonymous()
        .seal_with(keys());
    local(&server.build().unwrap())
}

fn desk() -> Endpoint {
    let server = asking_server::builder(&Runs::default()).seal_with(keys());
    local(&server.build().unwrap())
}

fn tool(name: &str) -> Call {
    Call::tool(name, json!({}))
}

/// What a function failed with privately: nothing was asked, and the log says why.
async fn fails_privately(log: &log::Capture, endpoint: &Endpoint, call: &Call, cause: &str) {
    let before = log.with(cause).len();
    let reply = call.send(endpoint).await;
    assert_eq!(reply.result()["resultType"], "complete", "{call:?}");
    assert_eq!(reply.result()["isError"], true);
    assert!(reply.result().get("inputRequests").is_none());
    assert_eq!(log.with(cause).len(), before + 1, "{call:?}");
}

// [ELI-1] [ELI-2]
#[tokio::test]
async fn a_form_is_a_flat_object_of_the_fields_that_clients_know() {
    let asked = tool("parcel").send(&endpoint()).await;
    let choices = json!([
        {"const": "paper", "title": "Brown paper"},
        {"const": "silk", "title": "Silk and a bow"},
    ]);
    let day = json!({"type": "string", "description": "A day.", "enum": ["today", "tomorrow"]});
    let wrapping = json!({"type": "string", "description": "What is around it.", "oneOf": choices});
    let mut default_wrapping = wrapping.clone();
    default_wrapping["default"] = json!("paper");
    let properties = json!({
        "name": {"type": "string", "description": "Who gets it.",
                 "minLength": 1, "maxLength": 80},
        "mail": {"type": "string", "format": "email"},
        "page": {"type": "string", "format": "uri"},
        "on": {"type": "string", "format": "date"},
        "at": {"type": "string", "format": "date-time"},
        "host": {"type": "string"},
        "sender": {"type": "string", "default": "nobody"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9, "default": 2},
        "weight": {"type": "number", "default": 0.5},
        "gift": {"type": "boolean", "default": true},
        "day": day,
        "wrapping": default_wrapping,
        "other_day": day,
        "other_wrapping": wrapping,
        "days": {"type": "array", "minItems": 1, "maxItems": 2,
                 "items": {"type": "string", "enum": ["today", "tomorrow"]}},
        "wrappings": {"type": "array", "default": [], "items": {"anyOf": choices}},
    });
    let schema = json!({
        "type": "object",
        "properties": properties,
        "required": ["name", "mail", "day", "days"],
    });
    let form = &asked.questions()["parcel"];
    assert_eq!(form["method"], "elicitation/create");
    assert_eq!(form["params"]["requestedSchema"], schema);
    let params = json!({
        "mode": "form", "message": "What shall we send?", "requestedSchema": schema,
    });
    assert_eq!(form["params"], params);

    let content = json!({"name": "Ann", "mail": "ann@example.com", "day": "today",
                         "days": ["today", "tomorrow"]});
    let answers = json!({"parcel": accepted(content)});
    let done = tool("parcel")
        .resume(&endpoint(), asked.state(), answers)
        .await;
    assert!(done.text().contains("wrapping: Paper"), "{}", done.text());
    assert!(done.text().contains("days: [Today, Tomorrow]"));
}

// [ELI-1]
#[tokio::test]
async fn what_no_form_can_hold_fails_privately_and_names_the_field() {
    let log = log::capture();
    let endpoint = endpoint();
    for field in ["inner", "items", "by_name", "choice"] {
        let call = Call::tool("unaskable", json!({"what": field}));
        fails_privately(&log, &endpoint, &call, &format!("its field `{field}`")).await;
    }
    let call = Call::tool("unaskable", json!({"what": "number"}));
    fails_privately(&log, &endpoint, &call, "it is no struct").await;
}

// [ELI-4] [MRTR-6]
#[tokio::test]
async fn a_page_is_asked_for_by_its_url_alone() {
    let endpoint = desk();
    let url = "https://e.example/x?flow=7";
    let visit = Call::tool("visit", json!({"url": url}));
    let asked = visit.send(&endpoint).await;
    let params = json!({"mode": "url", "message": "Have a look.", "url": url});
    let page = json!({"method": "elicitation/create", "params": params});
    assert_eq!(*asked.questions(), json!({"page": page}));
    for (answer, text) in [
        (json!({"action": "accept"}), "Accepted(())"),
        (json!({"action": "decline"}), "Declined"),
        (json!({"action": "cancel"}), "Cancelled"),
    ] {
        let answers = json!({"page": answer});
        let done = visit.resume(&endpoint, asked.state(), answers).await;
        assert_eq!(done.text(), text);
    }
}

// [ELI-4]
#[tokio::test]
async fn a_page_that_has_no_url_of_its_own_is_not_asked_for() {
    let log = log::capture();
    let endpoint = desk();
    for url in [
        "",
        "not a url",
        "/relative",
        "https://",
        "http://e.example/x",
        "javascript:alert(1)",
    ] {
        let visit = Call::tool("visit", json!({"url": url}));
        fails_privately(&log, &endpoint, &visit, "has to be at an `https:` URL").await;
    }
}

// [ELI-8]
#[tokio::test]
async fn who_asks_is_who_the_token_says_whatever_a_client_claims() {
    let endpoint = endpoint();
    for (caller, name) in [(Some("ann"), "ann"), (None, "nobody")] {
        let mut call = Call::tool("whoami", json!({"name": "bob"}));
        if let Some(caller) = caller {
            call = call.from_caller(caller);
        }
        let claims = |message: Message| {
            message
                .meta(
                    "io.modelcontextprotocol/clientInfo",
                    json!({"name": "bob", "version": "1"}),
                )
                .meta("user", "bob")
                .meta("sub", "bob")
        };
        let asked = post(&endpoint, &claims(call.message())).await;
        let answers = json!({"name": accepted(json!({"name": "bob"}))});
        let done = post(&endpoint, &claims(call.resumed(asked.state(), answers))).await;
        assert_eq!(done.text(), format!("{name}, not bob or bob"));
    }
}

// [SAM-2] [SAM-2b]
#[tokio::test]
async fn a_model_is_shown_what_was_set_and_no_tools() {
    let endpoint = endpoint();
    let asked = tool("show").send(&endpoint).await;
    let message = |role: &str, content: Value| json!({"role": role, "content": content});
    let text = |text: &str| json!({"type": "text", "text": text});
    let params = json!({
        "messages": [
            message("user", text("What is this?")),
            message("assistant", text("Show me.")),
            message("user", json!({"type": "image", "data": "AQI=", "mimeType": "image/png"})),
            message("user", json!({"type": "audio", "data": "Aw==", "mimeType": "audio/wav"})),
        ],
        "maxTokens": 50,
        "systemPrompt": "Be brief.",
        "temperature": 0.25,
    });
    let question = json!({"method": "sampling/createMessage", "params": params});
    assert_eq!(*asked.questions(), json!({"show": question}));
    // A client whose model takes tools is sent none either.
    let with_tools = tool("show").able(json!({"sampling": {"tools": {}, "context": {}}}));
    assert_eq!(
        with_tools.send(&endpoint).await.questions(),
        asked.questions()
    );

    let answer = |content: Value| {
        json!({"show": {"role": "assistant", "content": content, "model": "m",
                        "stopReason": "endTurn"}})
    };
    for content in [text("A cat."), json!([{"type": "image"}, text("A cat.")])] {
        let done = tool("show")
            .resume(&endpoint, asked.state(), answer(content))
            .await;
        assert_eq!(done.text(), r#"Some("A cat.") Some("m") Some("endTurn")"#);
    }
    for nothing in [json!("A cat."), json!(null), json!(7)] {
        let refused = tool("show")
            .resume(&endpoint, asked.state(), answer(nothing))
            .await;
        assert_eq!(refused.refusal(), (200, -32602));
    }
}

// [SAM-2]
#[tokio::test]
async fn a_model_is_shown_no_links_and_no_embedded_resources() {
    let log = log::capture();
    for embedded in [true, false] {
        let call = Call::tool("show_more", json!({"embedded": embedded}));
        fails_privately(&log, &endpoint(), &call, "a model is shown text").await;
    }
}

// [ROOT-1]
#[tokio::test]
async fn roots_are_files_and_others_are_left_out() {
    let endpoint = desk();
    let asked = tool("places").send(&endpoint).await;
    assert_eq!(
        *asked.questions(),
        json!({"roots": {"method": "roots/list"}})
    );
    let resume = async |roots: Value| {
        let answers = json!({"roots": {"roots": roots}});
        tool("places")
            .resume(&endpoint, asked.state(), answers)
            .await
    };
    let roots = json!([
        {"uri": "file:///a", "name": "a"},
        {"uri": "https://e.example/b"},
        {"uri": "FILE:///c"},
        {"uri": "relative"},
        {"uri": ""},
    ]);
    let done = resume(roots).await;
    assert_eq!(
        done.result()["structuredContent"],
        json!(["file:///a", "FILE:///c"])
    );
    assert_eq!(
        resume(json!([])).await.result()["structuredContent"],
        json!([])
    );
    for wrong in [
        json!(null),
        json!({}),
        json!(["file:///a"]),
        json!([{"name": "a"}]),
    ] {
        assert_eq!(resume(wrong).await.refusal(), (200, -32602));
    }
}

/// What a client would have to declare.
fn required(reply: &Reply) -> &Value {
    assert_eq!(reply.refusal(), (400, -32021), "{reply:?}");
    assert_eq!(reply.body["id"], 7);
    &reply.body["error"]["data"]["requiredCapabilities"]
}

// [CAP-1] [MRTR-3] [ROOT-1] [ERR-1b]
#[tokio::test]
async fn a_client_is_asked_for_what_it_declares_and_told_what_it_would_have_to() {
    let endpoint = desk();
    let form = json!({"elicitation": {"form": {}}});
    let url = json!({"elicitation": {"url": {}}});
    let sampling = json!({"sampling": {}});
    let roots = json!({"roots": {}});
    let page = json!({"url": "https://e.example/"});
    let items = json!({"name": "letter", "arguments": {"item": "pears"}});
    let nothing = json!({});
    let bare = json!({"elicitation": {}});
    for (call, needs, others) in [
        (
            Call::tool("order", json!({"item": "a"})),
            &form,
            [&url, &sampling, &nothing],
        ),
        (Call::tool("visit", page), &url, [&form, &bare, &nothing]),
        (tool("joke"), &sampling, [&form, &roots, &nothing]),
        (tool("places"), &roots, [&url, &sampling, &nothing]),
        (
            Call::new("prompts/get", items),
            &form,
            [&url, &roots, &nothing],
        ),
        (
            Call::new("resources/read", json!({"uri": "orders://pears"})),
            &form,
            [&url, &sampling, &nothing],
        ),
    ] {
        let asked = call.clone().able(needs.clone()).send(&endpoint).await;
        assert_eq!(asked.questions().as_object().unwrap().len(), 1);
        for other in others {
            let refused = call.clone().able(other.clone()).send(&endpoint).await;
            assert_eq!(required(&refused), needs, "{call:?} {other}");
        }
    }
    // An empty object is the form of older clients; what is no object declares nothing.
    let order = Call::tool("order", json!({"item": "a"}));
    order.clone().able(bare).send(&endpoint).await.questions();
    for nothing in [json!(null), json!(true), json!([])] {
        let refused = order.clone().able(json!({"elicitation": nothing}));
        assert_eq!(*required(&refused.send(&endpoint).await), form);
    }
}

// [CAP-2]
#[tokio::test]
async fn a_round_holds_nothing_that_its_client_does_not_declare() {
    let sampling = json!({"sampling": {}});
    let refused = tool("survey").able(sampling.clone()).send(&desk()).await;
    assert_eq!(*required(&refused), json!({"elicitation": {"form": {}}}));

    let endpoint = endpoint();
    let either = tool("either");
    let both = either.send(&endpoint).await;
    assert_eq!(both.questions().as_object().unwrap().len(), 2);
    let either = either.able(sampling);
    let one = either.send(&endpoint).await;
    let keys: Vec<&String> = one.questions().as_object().unwrap().keys().collect();
    assert_eq!(keys, ["joke"]);
    let answers = json!({"joke": {"role": "assistant", "model": "m",
                                  "content": {"type": "text", "text": "Four."}}});
    let done = either.resume(&endpoint, one.state(), answers).await;
    assert_eq!(done.text(), "Four.");
}

// [RPC-11]
#[tokio::test]
async fn what_a_client_can_be_asked_is_what_this_request_says() -> mcp_tests::Result<()> {
    let endpoint = desk();
    let sampling = json!({"sampling": {}});
    let nothing = tool("joke").able(json!({}));
    tool("joke")
        .able(sampling.clone())
        .send(&endpoint)
        .await
        .questions();
    required(&nothing.send(&endpoint).await);
    // Nor does a session of an older revision say anything about it.
    let older = endpoint_client::Client::connect(&endpoint, "2025-06-18", sampling.clone()).await;
    let in_session = nothing
        .message()
        .header("mcp-session-id", older.session_id());
    required(&post(&endpoint, &in_session).await);

    let mut session = Session::start(env!("CARGO_BIN_EXE_talkative"))?;
    let asks = || call("says", json!({"ending": "sampling"}));
    let code = |messages: &[Value]| messages.last().unwrap()["error"]["code"].as_i64();
    let asked = session.ask(&asks().capabilities(sampling.clone())).await?;
    assert_eq!(
        asked.last().unwrap()["result"]["resultType"],
        "input_required"
    );
    assert_eq!(code(&session.ask(&asks().id(8)).await?), Some(-32021));
    let initialize = endpoint_client::initialize("2025-06-18", sampling);
    session.ask(&json(initialize)).await?;
    assert_eq!(code(&session.ask(&asks().id(9)).await?), Some(-32021));
    Ok(())
}

// [RPC-10]
#[tokio::test]
async fn a_server_of_this_revision_sends_no_requests_and_takes_no_responses() {
    let endpoint = desk();
    let page = json!({"url": "https://e.example/"});
    let calls = [
        Call::tool("order", json!({"item": "a"})),
        Call::tool("visit", page),
        tool("survey"),
        tool("joke"),
        tool("places"),
        Call::new("resources/read", json!({"uri": "orders://a"})),
    ];
    for call in calls {
        // With all that would make the reply a stream, if there were anything to say on one.
        let message = call.message().progress("p").log_level("debug");
        let reply = post(&endpoint, &message).await;
        reply.questions();
        assert!(reply.body.get("method").is_none());
        assert_eq!(reply.body["id"], 7);
    }
    for end in ["result", "error"] {
        let response = json!({"jsonrpc": "2.0", "id": 1, end: {"code": 1, "message": "m"}});
        let response = json(response).header("mcp-protocol-version", "2026-07-28");
        let refused = post(&endpoint, &response).await;
        assert_eq!(refused.refusal(), (400, -32600));
        assert!(refused.body.get("id").is_none());
    }
}
