//! Subscriptions of 2026-07-28 over HTTP: what is acknowledged, what is heard and by whom, and how a
//! stream ends.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full};
use mcp_core::http::{Endpoint, Ingress, ReplyBody};
use mcp_core::{
    Contents, DynamicTool, DynamicTools, Limits, Server, ServerBuilder, prompt, prompts, resource,
    resources, server_info, tool, tools,
};
use mcp_tests::message::{Message, call, modern};
use mcp_tests::process::{Process, terminate};
use mcp_tests::tokens::Tokens;
use mcp_tests::wire::{Connection, host};
use mcp_tests::{Result, talk};
use serde_json::{Value, json};
use tower_service::Service;

/// Does nothing.
#[tool]
fn idle() {}

/// A note.
#[resource("a://{number}")]
fn note(number: u8) -> String {
    format!("note {number}")
}

/// A note for some.
#[resource("secret://{number}", scopes("secrets:read"))]
fn secret(number: u8) -> String {
    format!("secret {number}")
}

/// The first words.
#[prompt]
fn greeting() -> &'static str {
    "Hello!"
}

fn builder() -> ServerBuilder<()> {
    Server::new(server_info!(), ())
        .tools(tools![idle])
        .resources(resources![note, secret])
        .prompts(prompts![greeting])
}

/// Of everything, all of which can change.
fn server() -> Server {
    builder().list_changes().build().unwrap()
}

fn limited(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    let server = builder().list_changes().limits(limits);
    server.caller_source(Tokens).build().unwrap()
}

fn listen(notifications: &Value) -> Message {
    modern(
        "subscriptions/listen",
        json!({"notifications": notifications}),
    )
}

fn all() -> Message {
    listen(&json!({
        "toolsListChanged": true,
        "promptsListChanged": true,
        "resourcesListChanged": true,
        "resourceSubscriptions": ["a://1"],
    }))
}

/// Opens a subscription: its connection, and the parameters of its acknowledgement.
async fn open(address: SocketAddr, message: &Message) -> Result<(Connection, Value)> {
    let mut connection = Connection::open(address).await?;
    let head = connection.post(message).await?;
    assert_eq!(
        (head.status, head.content_type()),
        (200, "text/event-stream")
    );
    let first = connection.next().await?.ok_or("an empty stream")?;
    assert_eq!(first["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(first["jsonrpc"], "2.0");
    Ok((connection, first["params"].clone()))
}

/// The method of the next message, and the resource if it is about one.
async fn heard(connection: &mut Connection) -> Result<(String, Value)> {
    let message = connection.next().await?.ok_or("the stream has ended")?;
    let method = message["method"].as_str().unwrap_or_default();
    let method = method.trim_start_matches("notifications/").to_owned();
    Ok((method, message["params"]["uri"].clone()))
}

fn subscription(id: impl Into<Value>) -> Value {
    json!({"io.modelcontextprotocol/subscriptionId": id.into()})
}

// [SUB-1]
#[tokio::test]
async fn the_first_message_says_what_is_honoured() -> Result<()> {
    // Only the list of tools is promised to be watched.
    let changing = DynamicTools::new();
    let server = builder().dynamic_tools(&changing).build()?;
    let address = host(server.clone()).await?;
    let wanted = json!({
        "toolsListChanged": true,
        "promptsListChanged": true,
        "resourcesListChanged": false,
        "resourceSubscriptions": ["a://1", "b://1", "a://1", 5],
        "future": true,
    });
    let (_stream, acknowledged) = open(address, &listen(&wanted)).await?;
    let honoured = json!({"toolsListChanged": true, "resourceSubscriptions": ["a://1"]});
    let expected = json!({"_meta": subscription(7), "notifications": honoured});
    assert_eq!(acknowledged, expected);

    // Whatever changes while the request comes in, it comes first.
    let notifier = server.notifier().clone();
    let restless = tokio::spawn(async move {
        loop {
            notifier.tools_changed();
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..20 {
        let wanted = listen(&json!({"toolsListChanged": true}));
        let (mut stream, _) = open(address, &wanted).await?;
        assert_eq!(heard(&mut stream).await?.0, "tools/list_changed");
    }
    restless.abort();
    Ok(())
}

// [SUB-2] [SUB-6] [RES-3]
#[tokio::test]
async fn every_message_names_its_subscription_and_the_last_is_the_result() -> Result<()> {
    let server = server();
    let address = host(server.clone()).await?;
    let (mut number, first) = open(address, &all().id(7)).await?;
    let (mut text, second) = open(address, &all().id("7")).await?;
    assert_eq!(first["_meta"], subscription(7));
    assert_eq!(second["_meta"], subscription("7"));
    let notifier = server.notifier();
    notifier.tools_changed();
    notifier.prompts_changed();
    notifier.resources_changed();
    notifier.resource_updated("a://1");
    for (stream, id) in [(&mut number, json!(7)), (&mut text, json!("7"))] {
        let meta = subscription(id.clone());
        for kind in ["tools", "prompts", "resources"] {
            let method = format!("notifications/{kind}/list_changed");
            let expected = json!({"jsonrpc": "2.0", "method": method, "params": {"_meta": meta}});
            assert_eq!(stream.next().await?, Some(expected));
        }
        let params = json!({"uri": "a://1", "_meta": meta});
        let method = "notifications/resources/updated";
        let expected = json!({"jsonrpc": "2.0", "method": method, "params": params});
        assert_eq!(stream.next().await?, Some(expected));
    }
    server.end_subscriptions();
    for (stream, id) in [(&mut number, json!(7)), (&mut text, json!("7"))] {
        let mut last = stream.next().await?.ok_or("no result")?;
        assert_eq!(last["id"], id);
        let meta = last["result"]["_meta"].take();
        assert_eq!(meta["io.modelcontextprotocol/subscriptionId"], id);
        assert!(meta["io.modelcontextprotocol/serverInfo"]["name"].is_string());
        assert_eq!(
            last["result"],
            json!({"resultType": "complete", "_meta": null})
        );
        assert_eq!(stream.next().await?, None);
    }
    Ok(())
}

// [SUB-3]
#[tokio::test]
async fn only_what_was_asked_for_is_heard() -> Result<()> {
    let server = server();
    let address = host(server.clone()).await?;
    let wanted = json!({"toolsListChanged": true, "resourceSubscriptions": ["a://1"]});
    let (mut stream, _) = open(address, &listen(&wanted)).await?;
    let notifier = server.notifier();
    notifier.prompts_changed();
    notifier.resources_changed();
    notifier.resource_updated("a://2");
    notifier.resource_updated("a://1/x");
    notifier.tools_changed();
    notifier.resource_updated("a://1");
    server.end_subscriptions();
    let methods: Vec<Value> = stream.rest().await?;
    let methods: Vec<&Value> = methods.iter().map(|message| &message["method"]).collect();
    let expected = [
        json!("notifications/tools/list_changed"),
        json!("notifications/resources/updated"),
        Value::Null,
    ];
    assert_eq!(methods, expected.iter().collect::<Vec<_>>());
    Ok(())
}

// [SUB-4] [SUB-8]
#[tokio::test]
async fn subscriptions_of_one_client_run_side_by_side() -> Result<()> {
    let server = server();
    let address = host(server.clone()).await?;
    let tools = json!({"toolsListChanged": true});
    let both = json!({"toolsListChanged": true, "promptsListChanged": true});
    let (mut first, _) = open(address, &listen(&tools).id(1)).await?;
    let (mut second, _) = open(address, &listen(&both).id("b")).await?;
    server.notifier().tools_changed();
    for stream in [&mut first, &mut second] {
        assert_eq!(heard(stream).await?.0, "tools/list_changed");
    }
    server.notifier().prompts_changed();
    assert_eq!(heard(&mut second).await?.0, "prompts/list_changed");
    server.end_subscriptions();
    assert_eq!(first.rest().await?.len(), 1);
    assert_eq!(second.rest().await?.len(), 1);
    Ok(())
}

// [SUB-3b] [LOG-1b]
#[tokio::test]
async fn what_a_call_says_is_on_no_subscription() -> Result<()> {
    let server = talk::server()?;
    let address = host(server.clone()).await?;
    let (mut stream, _) = open(address, &all()).await?;
    let says = call("says", json!({"ending": "done"}));
    let says = says.progress("p").log_level("debug");
    let said = Connection::open(address).await?.messages(&says).await?;
    let methods: Vec<&Value> = said.iter().map(|message| &message["method"]).collect();
    let expected = ["notifications/progress", "notifications/message"];
    assert_eq!(methods[..2], expected);
    assert_eq!(said[2]["id"], 7);
    for message in &said {
        assert!(!message.to_string().contains("subscriptionId"), "{message}");
    }
    server.end_subscriptions();
    assert_eq!(stream.rest().await?.len(), 1);
    Ok(())
}

/// Opens a subscription, or says why there is none.
async fn try_open(
    address: SocketAddr,
    message: &Message,
) -> Result<std::result::Result<Connection, String>> {
    let mut connection = Connection::open(address).await?;
    let head = connection.post(message).await?;
    if head.status == 200 {
        return Ok(Ok(connection));
    }
    let refused: Value = serde_json::from_slice(&connection.body().await?)?;
    assert_eq!(head.status, 503);
    assert_eq!(
        (&refused["id"], &refused["error"]["code"]),
        (&json!(7), &json!(-32603))
    );
    Ok(Err(refused["error"]["message"].to_string()))
}

// [SUB-5] [SUB-7]
#[tokio::test]
async fn a_closed_connection_ends_its_subscription_and_frees_its_place() -> Result<()> {
    let server = limited(|limits| limits.subscriptions = 1);
    let address = host(server.clone()).await?;
    let wanted = all().from_caller("ann");
    let (stream, _) = open(address, &wanted).await?;
    assert!(try_open(address, &wanted).await?.is_err());
    drop(stream);
    // As soon as the host notices.
    let mut again = loop {
        match try_open(address, &wanted).await? {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    // A new one, which has nothing left of the old one.
    assert_eq!(heard(&mut again).await?.0, "subscriptions/acknowledged");
    server.notifier().prompts_changed();
    assert_eq!(heard(&mut again).await?.0, "prompts/list_changed");
    drop(again);

    // Nothing is sent to a client that is back and has not asked again.
    let mut back = Connection::open(address).await?;
    let discover = modern("server/discover", json!({})).from_caller("ann");
    server.notifier().tools_changed();
    assert_eq!(back.messages(&discover).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn n_subscriptions_are_open_at_once_and_n_plus_one_are_not() -> Result<()> {
    let address = host(limited(|limits| limits.subscriptions = 2)).await?;
    let wanted = |caller: &str| all().from_caller(caller);
    let _ann = try_open(address, &wanted("ann")).await??;
    let _bob = try_open(address, &wanted("bob")).await??;
    let refused = try_open(address, &wanted("eve")).await?.unwrap_err();
    assert!(refused.contains("the server is at its limit"), "{refused}");

    let address = host(limited(|limits| limits.subscriptions_per_caller = 2)).await?;
    let _first = try_open(address, &wanted("ann")).await??;
    let _second = try_open(address, &wanted("ann")).await??;
    let refused = try_open(address, &wanted("ann")).await?.unwrap_err();
    assert!(refused.contains("you are at the limit"), "{refused}");
    assert!(try_open(address, &wanted("bob")).await?.is_ok());
    Ok(())
}

#[tokio::test]
async fn n_resources_are_watched_and_the_next_is_not_acknowledged() -> Result<()> {
    let address = host(limited(|limits| limits.subscribed_resources = 2)).await?;
    for (given, taken) in [
        (
            json!(["a://1", "a://1", "a://2"]),
            json!(["a://1", "a://2"]),
        ),
        (
            json!(["a://1", "a://2", "a://3"]),
            json!(["a://1", "a://2"]),
        ),
    ] {
        let wanted = listen(&json!({"resourceSubscriptions": given})).from_caller("ann");
        let (_, acknowledged) = open(address, &wanted).await?;
        assert_eq!(
            acknowledged["notifications"]["resourceSubscriptions"],
            taken
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_resource_beyond_the_scopes_of_a_caller_is_as_unknown_as_one_that_is_not_there()
-> Result<()> {
    let server = limited(|_| {});
    let address = host(server.clone()).await?;
    let wanted = json!({"resourceSubscriptions": ["secret://1", "none://1", "a://1"]});
    let wanted = |caller: &str| listen(&wanted).from_caller(caller);
    let (mut ann, told) = open(address, &wanted("ann")).await?;
    assert_eq!(
        told["notifications"],
        json!({"resourceSubscriptions": ["a://1"]})
    );
    let (mut bob, told) = open(address, &wanted("bob secrets:read")).await?;
    let visible = json!(["secret://1", "a://1"]);
    assert_eq!(told["notifications"]["resourceSubscriptions"], visible);
    server.notifier().resource_updated("secret://1");
    server.notifier().resource_updated("none://1");
    let secret = ("resources/updated".to_owned(), json!("secret://1"));
    assert_eq!(heard(&mut bob).await?, secret);
    server.end_subscriptions();
    assert_eq!(ann.rest().await?.len(), 1);
    assert_eq!(bob.rest().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_subscription_needs_a_filter_and_a_client_that_takes_a_stream() -> Result<()> {
    let mut connection = Connection::open(host(server()).await?).await?;
    for wrong in [json!(null), json!([]), json!("all")] {
        let (_, refused) = connection.ask(&listen(&wrong)).await?;
        assert_eq!(refused["error"]["code"], -32602, "{wrong}");
    }
    let json_only = all().header("accept", "application/json");
    let (_, refused) = connection.ask(&json_only).await?;
    assert_eq!(refused["error"]["code"], -32602);
    Ok(())
}

/// Sends a message to an endpoint without a socket.
async fn send(endpoint: &Endpoint, message: &Message) -> Response<ReplyBody> {
    let mut request = http::Request::post("/mcp");
    for (name, value) in message.headers() {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(message.line())));
    endpoint.clone().call(request.unwrap()).await.unwrap()
}

fn local(server: Server) -> Endpoint {
    Endpoint::new(server, Ingress::Loopback).unwrap()
}

/// The messages of a piece of a stream.
fn messages(piece: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(piece).unwrap();
    text.split_terminator("\n\n")
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect()
}

// [SUB-9]
#[tokio::test]
async fn a_server_or_host_that_honours_nothing_says_so_and_ends_the_subscription() {
    let still = builder().build().unwrap();
    let lists =
        json!({"toolsListChanged": true, "promptsListChanged": true, "resourcesListChanged": true});
    let empty = Server::new(server_info!(), ()).list_changes();
    for (endpoint, wanted) in [
        (local(still), listen(&lists)),
        (local(empty.build().unwrap()), all()),
        (local(server()), listen(&json!({}))),
        (local(server()), listen(&json!({"toolsListChanged": false}))),
        // As AWS Lambda has it.
        (local(server()).buffered(), all()),
    ] {
        let response = send(&endpoint, &wanted.id("s")).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let told = messages(&body);
        assert_eq!(told.len(), 2, "{told:?}");
        let acknowledged = json!({"notifications": {}, "_meta": subscription("s")});
        assert_eq!(told[0]["params"], acknowledged);
        assert_eq!(told[1]["id"], "s");
        assert_eq!(told[1]["result"]["resultType"], "complete");
        let meta = &told[1]["result"]["_meta"];
        assert_eq!(meta["io.modelcontextprotocol/subscriptionId"], "s");
    }
    // Nor is anything promised there.
    let discover = modern("server/discover", json!({}));
    for (endpoint, resources) in [
        (local(server()).buffered(), json!({})),
        (
            local(builder().build().unwrap()),
            json!({"subscribe": true}),
        ),
    ] {
        let body = send(&endpoint, &discover).await.into_body();
        let body = body.collect().await.unwrap().to_bytes();
        let found: Value = serde_json::from_slice(&body).unwrap();
        let capabilities = &found["result"]["capabilities"];
        assert_eq!(capabilities["tools"], json!({}));
        assert_eq!(capabilities["prompts"], json!({}));
        assert_eq!(capabilities["resources"], resources);
    }
}

// [SUB-7b]
#[tokio::test(start_paused = true)]
async fn a_silent_stream_is_kept_open_by_comments_until_it_ends() {
    let server = server();
    let every = server.limits().keep_alive;
    let mut body = send(&local(server.clone()), &all()).await.into_body();
    let mut next = async || {
        let start = tokio::time::Instant::now();
        let frame = body.frame().await?.unwrap().into_data().unwrap();
        Some((start.elapsed().as_secs(), frame))
    };
    assert_eq!(messages(&next().await.unwrap().1).len(), 1);
    // In a rhythm of its own, a little faster than it may be.
    let comment = next().await.unwrap();
    assert_eq!(comment.1, Bytes::from_static(b": keep-alive\n\n"));
    assert!(comment.0 < every.as_secs() && comment.0 > every.as_secs() * 3 / 4);
    for _ in 0..2 {
        assert_eq!(next().await.unwrap().1, comment.1);
    }
    // It is silent again from what was sent last.
    tokio::time::sleep(Duration::from_secs(10)).await;
    server.notifier().tools_changed();
    let (waited, changed) = next().await.unwrap();
    assert_eq!((waited, messages(&changed).len()), (0, 1));
    assert_eq!(next().await.unwrap().1, comment.1);
    server.end_subscriptions();
    let (waited, result) = next().await.unwrap();
    assert_eq!(waited, 0);
    assert_eq!(messages(&result)[0]["result"]["resultType"], "complete");
    assert_eq!(next().await, None);
    assert_eq!(next().await, None);
}

#[tokio::test]
async fn nothing_piles_up_for_a_client_that_does_not_read() {
    let server = server();
    let wanted = json!({"toolsListChanged": true, "resourceSubscriptions": ["a://1", "a://2"]});
    let body = send(&local(server.clone()), &listen(&wanted))
        .await
        .into_body();
    for _ in 0..100_000 {
        server.notifier().tools_changed();
        server.notifier().resource_updated("a://1");
        server.notifier().resource_updated("a://2");
    }
    server.end_subscriptions();
    let told = messages(&body.collect().await.unwrap().to_bytes());
    let uris: Vec<&Value> = told.iter().map(|told| &told["params"]["uri"]).collect();
    let updated = (json!("a://1"), json!("a://2"));
    // The acknowledgement, each kind of change once, and the result.
    let expected = [
        &Value::Null,
        &Value::Null,
        &updated.0,
        &updated.1,
        &Value::Null,
    ];
    assert_eq!(uris, expected);
}

// [SUB-8]
#[tokio::test]
async fn tools_that_come_and_go_tell_of_it_by_themselves() -> Result<()> {
    let changing = DynamicTools::new();
    let address = host(builder().dynamic_tools(&changing).build()?).await?;
    let (mut stream, _) = open(address, &listen(&json!({"toolsListChanged": true}))).await?;
    let schema = r#"{"type": "object"}"#;
    let tool = || {
        let tool = DynamicTool::new("late", schema, |_| {
            Box::pin(async { Ok(Contents::default()) })
        });
        tool.map(|tool| tool.description("Came late."))
    };
    changing.add(tool()?)?;
    assert_eq!(heard(&mut stream).await?.0, "tools/list_changed");
    changing.replace(tool()?)?;
    assert_eq!(heard(&mut stream).await?.0, "tools/list_changed");
    assert!(changing.remove("late"));
    assert_eq!(heard(&mut stream).await?.0, "tools/list_changed");
    Ok(())
}

// [SUB-6] [SUB-7]
#[cfg(unix)]
#[tokio::test]
async fn sigterm_ends_streams_with_their_result_and_the_process_with_success() -> Result<()> {
    let program = Path::new(env!("CARGO_BIN_EXE_talkative"));
    let mut process = Process::start(program, &[], [("MCP_BIND", "127.0.0.1:0")])?;
    let address = process.address().await?.parse()?;
    let (mut first, _) = open(address, &all().id(1)).await?;
    let (mut second, _) = open(address, &all().id("b")).await?;
    terminate(process.id().ok_or("the server is gone")?)?;
    for (stream, id) in [(&mut first, json!(1)), (&mut second, json!("b"))] {
        let rest = stream.rest().await?;
        assert_eq!(rest.len(), 1, "{rest:?}");
        assert_eq!(rest[0]["id"], id);
        assert_eq!(rest[0]["result"]["resultType"], "complete");
    }
    assert_eq!(process.wait().await?, Some(0));
    Ok(())
}
