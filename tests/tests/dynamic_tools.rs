//! Tools from hand-written schemas that come and go while the server runs: what is listed and called
//! at each moment, who is told, and what cannot be such a tool.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt as _;
use mcp_core::http::{Endpoint, Ingress};
use mcp_core::testing::Client;
use mcp_core::{
    BuildError, Content, Contents, DynamicTool, DynamicTools, Error, Progress, Server, server_info,
    tool, tools,
};
use mcp_tests::asker::{Asker, MODERN, REVISIONS};
use mcp_tests::log;
use mcp_tests::message::{self, Message};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower_service::Service as _;

const ANYTHING: &str = r#"{"type":"object"}"#;

/// A static tool with everything that it can say beside its arguments.
#[tool(title = "Fixed", read_only, icons("https://example.com/fixed.png"))]
fn fixed(
    /// Anything.
    value: Option<&str>,
) -> String {
    value.unwrap_or("nothing").to_owned()
}

/// One that returns a text.
fn says(name: &str, text: &'static str) -> DynamicTool {
    let tool = DynamicTool::new(name, ANYTHING, move |_| {
        Box::pin(async move { Ok(Content::text(text).into()) })
    });
    tool.unwrap().description("Says something.")
}

fn with_schema(schema: &str) -> Result<DynamicTool, BuildError> {
    DynamicTool::new("tool", schema, |_| {
        Box::pin(async { Ok(Contents::default()) })
    })
}

fn server_of(registry: &DynamicTools) -> Server {
    Server::new(server_info!(), ())
        .tools(tools![fixed])
        .dynamic_tools(registry)
        .build()
        .unwrap()
}

async fn names(server: &Server) -> Vec<String> {
    let listed = Asker::new(server)
        .entries(MODERN, "tools/list", "tools")
        .await;
    let name = |entry: &String| serde_json::from_str::<Value>(entry).unwrap()["name"].take();
    let names = listed.iter().map(name);
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

async fn call(server: &Server, name: &str) -> Value {
    let params = json!({"name": name, "arguments": {}});
    Asker::new(server).ask(MODERN, "tools/call", params).await
}

/// The text that a tool gives, or the code of the error.
async fn said(server: &Server, name: &str) -> Value {
    let result = call(server, name).await;
    match result.get("error") {
        Some(error) => error["code"].clone(),
        None => result["content"][0]["text"].clone(),
    }
}

// [TOOL-1]
#[tokio::test]
async fn tools_are_declared_even_by_a_registry_that_is_still_empty() {
    let without = Server::new(server_info!(), ()).build().unwrap();
    let fixed = || Server::new(server_info!(), ()).tools(tools![fixed]);
    let still = fixed().build().unwrap();
    let changing = fixed().list_changes().build().unwrap();
    let registry = DynamicTools::new();
    let dynamic = Server::new(server_info!(), ()).dynamic_tools(&registry);
    let dynamic = dynamic.build().unwrap();
    for revision in REVISIONS {
        for (server, declared) in [
            (&without, Value::Null),
            (&still, json!({})),
            (&changing, json!({"listChanged": true})),
            (&dynamic, json!({"listChanged": true})),
        ] {
            let asker = Asker::new(server);
            let found = asker.capabilities(revision).await["tools"].take();
            assert_eq!(found, declared, "{revision}");
            let code = asker.code(revision, "tools/list", json!({})).await;
            assert_eq!(code, if declared.is_null() { -32601 } else { 0 });
        }
    }
}

#[tokio::test]
async fn what_was_added_is_listed_and_called_until_it_is_removed() {
    let registry = DynamicTools::new();
    let server = server_of(&registry);
    assert_eq!(names(&server).await, ["fixed"]);
    registry.add(says("b", "old")).unwrap();
    registry.add(says("a", "first")).unwrap();
    assert_eq!(names(&server).await, ["fixed", "b", "a"]);
    assert_eq!(said(&server, "b").await, "old");
    registry.replace(says("b", "new")).unwrap();
    assert_eq!(names(&server).await, ["fixed", "b", "a"]);
    assert_eq!(said(&server, "b").await, "new");
    assert!(registry.remove("b"));
    assert_eq!(names(&server).await, ["fixed", "a"]);
    assert_eq!(said(&server, "b").await, -32602);
    assert!(!registry.remove("b") && !registry.remove("fixed"));
    assert_eq!(said(&server, "fixed").await, "nothing");
    registry.add(says("b", "again")).unwrap();
    assert_eq!(names(&server).await, ["fixed", "a", "b"]);
}

#[tokio::test]
async fn a_call_in_flight_goes_on_with_the_tool_that_it_began_with() {
    let registry = DynamicTools::new();
    let server = server_of(&registry);
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, waits) = (Arc::clone(&begun), Arc::clone(&go_on));
    let slow = DynamicTool::new("slow", ANYTHING, move |_| {
        let (begins, waits) = (Arc::clone(&begins), Arc::clone(&waits));
        Box::pin(async move {
            begins.notify_one();
            waits.notified().await;
            Ok(Content::text("old").into())
        })
    });
    registry.add(slow.unwrap()).unwrap();
    let change = async {
        begun.notified().await;
        registry.replace(says("slow", "new")).unwrap();
        assert_eq!(said(&server, "slow").await, "new");
        assert!(registry.remove("slow"));
        go_on.notify_one();
    };
    let (first, ()) = tokio::join!(said(&server, "slow"), change);
    assert_eq!(first, "old");
}

/// Lets every other task do what it can.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whoever_listens_is_told_of_every_change_by_all_servers_of_the_registry() {
    let registry = DynamicTools::new();
    let servers = [server_of(&registry), server_of(&registry)];
    let listen = message::modern(
        "subscriptions/listen",
        json!({"notifications": {"toolsListChanged": true}}),
    );
    let clients = servers.each_ref().map(Client::new);
    let line = listen.line();
    let changes = async {
        settle().await;
        registry.add(says("a", "1")).unwrap();
        settle().await;
        registry.replace(says("a", "2")).unwrap();
        settle().await;
        // What changes nothing is not told.
        assert!(!registry.remove("b") && registry.replace(says("b", "")).is_err());
        assert!(registry.add(says("a", "3")).is_err());
        settle().await;
        registry.remove("a");
        settle().await;
        servers.iter().for_each(Server::end_subscriptions);
    };
    let (first, second, ()) = tokio::join!(clients[0].send(&line), clients[1].send(&line), changes);
    for heard in [first, second] {
        let count = |method: &str| heard.iter().filter(|it| it["method"] == method).count();
        assert_eq!(count("notifications/subscriptions/acknowledged"), 1);
        assert_eq!(count("notifications/tools/list_changed"), 3, "{heard:?}");
    }
}

/// Keywords of 2020-12 in no order that a library would choose, and white space.
const ODD: &str = r##"{ "type": "object","$schema":"https://json-schema.org/draft/2020-12/schema",
    "additionalProperties":false, "properties": {"z":{"$ref":"#/$defs/b"},"a":{"$ref":"#anchored"},
    "tuple":{"prefixItems":[{"const":1.50},{"enum":["x",null,1e2]}],"items":false} },
    "$defs":{"b":{"type":["string","null"]},"a":{"$anchor":"anchored","type":"integer"}},
    "allOf":[{"anyOf":[true,{"required":["z"]}]}],"if":{"required":["a"]},
    "then":{"not":{"required":["z"]}}, "else":{"dependentRequired":{"z":["a"]}},
    "unevaluatedProperties":false,"$comment":"ü \u00fc","x-vendor":{"$ref":1} }"##;

// [TOOL-7] [SCH-1]
#[tokio::test]
async fn a_schema_written_by_hand_is_listed_byte_for_byte() {
    let on_one_line = ODD.replace('\n', " ");
    let registry = DynamicTools::new();
    let tool = with_schema(ODD).unwrap().output_schema(ODD).unwrap();
    registry.add(tool).unwrap();
    let asker = Asker::new(&server_of(&registry));
    for revision in REVISIONS {
        let listed = asker.entries(revision, "tools/list", "tools").await;
        let tool = &listed[1];
        assert!(
            tool.contains(&format!(r#""inputSchema":{on_one_line}"#)),
            "{tool}"
        );
        let output = format!(r#""outputSchema":{on_one_line}"#);
        assert_eq!(tool.contains(&output), revision >= "2025-06-18");
        let tool: Value = serde_json::from_str(tool).unwrap();
        assert_eq!(
            tool["inputSchema"],
            serde_json::from_str::<Value>(ODD).unwrap()
        );
    }
}

// [TOOL-2] [LEG-1d]
#[tokio::test]
async fn each_revision_lists_the_members_that_it_knows() {
    let registry = DynamicTools::new();
    let tool = says("dynamic", "").title("Dynamic").read_only(false);
    registry.add(tool.output_schema(ANYTHING).unwrap()).unwrap();
    let asker = Asker::new(&server_of(&registry));
    let listed = asker.entries_by_revision("tools/list", "tools").await;
    insta::assert_snapshot!("tools", listed);
}

// [SCH-1] [SCH-1b]
#[test]
fn a_schema_that_is_none_or_of_another_dialect_is_refused_with_the_name_of_its_tool() {
    let refusal = |schema: &str| with_schema(schema).err().map(|error| error.to_string());
    for (schema, says) in [
        ("", "has to be a JSON object with `\"type\": \"object\"`"),
        ("true", "has to be a JSON object"),
        (r#"{"type":"string"}"#, "has to be a JSON object"),
        (r#"{"type":"object"} x"#, "has to be a JSON object"),
        (
            r#"{"type":"object","properties":{"a":{"type":"objekt"}}}"#,
            "at `#/properties/a/type`",
        ),
        (
            r#"{"type":"object","properties":{"a":{"minimum":"1"}}}"#,
            "needs a number at `#/properties/a/minimum`",
        ),
        (
            r#"{"type":"object","$schema":"http://json-schema.org/draft-07/schema#"}"#,
            "`http://json-schema.org/draft-07/schema#`, which is not supported; write it in \
             `https://json-schema.org/draft/2020-12/schema`",
        ),
    ] {
        let text = refusal(schema).unwrap();
        assert!(text.starts_with("a schema of the tool `tool` "), "{text}");
        assert!(text.contains(says), "{text}");
        let tool = with_schema(ANYTHING).unwrap();
        let output = tool.output_schema(schema).err().unwrap().to_string();
        assert_eq!(output, text);
    }
}

// [SCH-2]
#[tokio::test]
async fn a_schema_that_would_have_to_be_fetched_is_refused_and_nothing_is_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let far = format!("http://{}/s.json", listener.local_addr().unwrap());
    for schema in [
        json!({"type": "object", "$ref": far}),
        json!({"type": "object", "$dynamicRef": far}),
        json!({"type": "object", "allOf": [{"$ref": far}]}),
        json!({"type": "object", "$defs": {"a": {"$ref": format!("{far}#/$defs/b")}}}),
        json!({"type": "object", "properties": {"a": {"items": {"$ref": far}}}}),
    ] {
        let text = with_schema(&schema.to_string()).err().unwrap().to_string();
        assert!(
            text.contains(&far) && text.contains("never fetched"),
            "{text}"
        );
    }
    let dangling = r##"{"type":"object","$ref":"#/$defs/y"}"##;
    let text = with_schema(dangling).err().unwrap().to_string();
    assert!(text.contains("`#/$defs/y` at `#/$ref`"), "{text}");
    // A server lists and calls a tool whose schema only names an address.
    let harmless = json!({"type": "object", "$id": far, "$comment": far, "const": {"$ref": far}});
    let registry = DynamicTools::new();
    registry
        .add(with_schema(&harmless.to_string()).unwrap())
        .unwrap();
    let server = server_of(&registry);
    assert_eq!(names(&server).await, ["fixed", "tool"]);
    assert_eq!(call(&server, "tool").await["content"], json!([]));
    let nobody = listener.accept().unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

// [TOOL-3]
#[test]
fn a_name_is_given_once_and_legal() {
    let registry = DynamicTools::new();
    let server = server_of(&registry);
    let taken = registry.add(says("fixed", "")).unwrap_err().to_string();
    assert!(taken.starts_with("two tools are named `fixed`"), "{taken}");
    registry.add(says("other", "")).unwrap();
    assert!(registry.add(says("other", "")).is_err());
    assert!(registry.replace(says("fixed", "")).is_err());
    drop(server);

    let registry = DynamicTools::new();
    registry.add(says("fixed", "")).unwrap();
    let builder = Server::new(server_info!(), ()).tools(tools![fixed]);
    let taken = builder.dynamic_tools(&registry).build().unwrap_err();
    assert!(
        taken
            .to_string()
            .contains("named `fixed`, one of them in the registry"),
        "{taken}"
    );

    let named = |name: &str| {
        DynamicTool::new(name, ANYTHING, |_| {
            Box::pin(async { Ok(Contents::default()) })
        })
    };
    for name in ["a", "A.b-c_9", &"x".repeat(128)] {
        assert!(named(name).is_ok(), "{name}");
    }
    for name in ["", "a b", "a/b", "ä", "a\n", &"x".repeat(129)] {
        let text = named(name).err().unwrap().to_string();
        assert!(
            text.contains("1 to 128 ASCII letters") && text.len() < 200,
            "{text}"
        );
    }
}

#[test]
fn n_tools_are_taken_and_tool_n_plus_one_is_refused() {
    let registry = DynamicTools::new();
    for index in 0..1000 {
        registry.add(says(&format!("t{index}"), "")).unwrap();
    }
    let full = registry.add(says("one-more", "")).unwrap_err().to_string();
    assert!(full.contains("at most 1000 tools"), "{full}");
    assert!(registry.replace(says("t7", "")).is_ok());
    assert!(registry.remove("t7") && registry.add(says("one-more", "")).is_ok());
}

#[test]
fn a_time_of_zero_or_beyond_a_day_is_refused() {
    let day = Duration::from_secs(24 * 60 * 60);
    assert!(says("a", "").timeout(day).is_ok());
    for wrong in [Duration::ZERO, day + Duration::from_nanos(1)] {
        let text = says("a", "").timeout(wrong).err().unwrap().to_string();
        assert!(text.contains("the timeout of the tool `a`"), "{text}");
    }
}

#[tokio::test]
async fn a_description_of_n_characters_is_listed_and_what_is_beyond_is_cut() {
    let registry = DynamicTools::new();
    for (name, length) in [("whole", 2048), ("cut", 2049)] {
        let tool = says(name, "").description("ü".repeat(length));
        registry.add(tool).unwrap();
    }
    let listed = Client::new(&server_of(&registry)).tools().await;
    for tool in &listed[1..] {
        assert_eq!(tool["description"].as_str().unwrap().chars().count(), 2048);
    }
}

// [TOOL-9]
#[tokio::test]
async fn arguments_are_an_object_or_nothing() {
    let registry = DynamicTools::new();
    let echo = DynamicTool::new("dynamic", ANYTHING, |call| {
        Box::pin(async move { Ok(Content::text(call.arguments()).into()) })
    });
    registry.add(echo.unwrap()).unwrap();
    let asker = Asker::new(&server_of(&registry));
    for revision in REVISIONS {
        for (name, text) in [("fixed", "nothing"), ("dynamic", "{}")] {
            // Some clients send `null` for "no arguments".
            for params in [
                json!({"name": name}),
                json!({"name": name, "arguments": {}}),
                json!({"name": name, "arguments": null}),
            ] {
                let result = asker.ask(revision, "tools/call", params).await;
                assert_eq!(result["content"][0]["text"], text, "{revision} {name}");
            }
            for arguments in [json!([]), json!("x"), json!(1), json!(false)] {
                let params = json!({"name": name, "arguments": arguments});
                let code = asker.code(revision, "tools/call", params).await;
                assert_eq!(code, -32602, "{revision} {name} {arguments}");
            }
        }
        for params in [
            json!({}),
            json!({"name": 1}),
            json!({"name": null, "arguments": {}}),
        ] {
            assert_eq!(asker.code(revision, "tools/call", params).await, -32602);
        }
    }
}

#[derive(Deserialize)]
struct City<'c> {
    city: &'c str,
}

#[tokio::test]
async fn a_closure_knows_its_arguments_and_its_request() {
    let registry = DynamicTools::new();
    let weather = DynamicTool::new("weather", ANYTHING, |call| {
        Box::pin(async move {
            let City { city } = call.parse()?;
            call.context().progress(Progress::new(1));
            let who = call.caller().map_or("nobody", |caller| caller.subject());
            Ok(Content::text(format!("Sunny in {city}, {who}.")).into())
        })
    });
    registry.add(weather.unwrap()).unwrap();
    let server = server_of(&registry);
    let asker = Asker::named(&server, "ann", []);
    let ask = async |arguments: Value| {
        let params = json!({"name": "weather", "arguments": arguments});
        let result = asker.ask(MODERN, "tools/call", params).await;
        let text = result["content"][0]["text"].as_str().unwrap().to_owned();
        (result["isError"] == true, text)
    };
    let sunny = (false, "Sunny in Rome, ann.".to_owned());
    assert_eq!(ask(json!({"city": "Rome"})).await, sunny);
    let (failed, text) = ask(json!({"town": "Rome"})).await;
    assert!(
        failed && text.contains("do not fit: missing field `city`"),
        "{text}"
    );
    let anonymous = Client::new(&server)
        .call("weather", json!({"city": "Rome"}))
        .await;
    assert_eq!(anonymous["content"][0]["text"], "Sunny in Rome, nobody.");

    let line = message::call("weather", json!({"city": "Rome"}))
        .progress("p")
        .line();
    let heard = Client::new(&server).send(&line).await;
    assert_eq!(heard[0]["method"], "notifications/progress");
    assert_eq!(heard.len(), 2);
}

// [TOOL-14b]
#[tokio::test]
async fn a_caller_lists_and_calls_what_their_scopes_admit() {
    let registry = DynamicTools::new();
    registry.add(says("open", "open")).unwrap();
    registry
        .add(says("secret", "secret").scopes(["a", "b"]))
        .unwrap();
    let server = server_of(&registry);
    for (scopes, sees) in [(["a", "c"], false), (["b", "a"], true)] {
        let asker = Asker::named(&server, "ann", scopes);
        let listed = asker.entries(MODERN, "tools/list", "tools").await;
        assert_eq!(listed.len(), if sees { 3 } else { 2 });
        for revision in REVISIONS {
            let raw = async |name| {
                let params = json!({"name": name, "arguments": {}});
                asker.raw(revision, "tools/call", params).await
            };
            let hidden = raw("secret").await;
            let unknown = raw("unknown").await.replace("unknown", "secret");
            assert_eq!(hidden != unknown, sees, "{revision}");
        }
    }
}

#[tokio::test]
async fn a_closure_that_fails_or_panics_or_hangs_is_one_answer() {
    let log = log::capture();
    let registry = DynamicTools::new();
    let add = |tool: Result<DynamicTool, BuildError>| registry.add(tool.unwrap()).unwrap();
    add(DynamicTool::new("public", ANYTHING, |_| {
        Box::pin(async { Err(Error::new("ask for less")) })
    }));
    add(DynamicTool::new("private", ANYTHING, |_| {
        Box::pin(async { Err(std::io::Error::other("hunter2"))? })
    }));
    add(DynamicTool::new("at_once", ANYTHING, |_| panic!("hunter2")));
    add(DynamicTool::new("later", ANYTHING, |_| {
        Box::pin(async { panic!("hunter2") })
    }));
    let hangs = DynamicTool::new("hangs", ANYTHING, |_| Box::pin(std::future::pending()));
    add(hangs.unwrap().timeout(Duration::from_millis(20)));
    let server = server_of(&registry);
    for (name, says) in [
        ("public", "ask for less"),
        ("private", "error "),
        ("at_once", "error "),
        ("later", "error "),
        ("hangs", "did not finish within 20ms"),
    ] {
        let result = call(&server, name).await;
        assert_eq!(result["isError"], true, "{result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains(says) && !text.contains("hunter2"), "{text}");
    }
    assert_eq!(log.with("hunter2").len(), 1);
}

// [TOOL-8] [LEG-1c]
#[tokio::test]
async fn a_tool_with_an_output_schema_returns_structured_content_or_an_error() {
    let log = log::capture();
    let schema = r#"{"type":"object","properties":{"celsius":{"type":"number"}}}"#;
    let registry = DynamicTools::new();
    let tool = DynamicTool::new("structured", ANYTHING, |_| {
        Box::pin(async {
            Contents::new([Content::text("21 degrees")]).structured(&json!({"celsius": 21}))
        })
    });
    registry
        .add(tool.unwrap().output_schema(schema).unwrap())
        .unwrap();
    registry
        .add(says("text", "21").output_schema(schema).unwrap())
        .unwrap();
    let asker = Asker::new(&server_of(&registry));
    for revision in REVISIONS {
        let ask = async |name| {
            let params = json!({"name": name, "arguments": {}});
            asker.ask(revision, "tools/call", params).await
        };
        let result = ask("structured").await;
        assert!(result.get("isError").is_none(), "{result}");
        assert_eq!(
            result["content"],
            json!([{"type": "text", "text": "21 degrees"}])
        );
        let sent = (revision >= "2025-06-18").then(|| json!({"celsius": 21}));
        assert_eq!(result.get("structuredContent"), sent.as_ref(), "{revision}");
        let broken = ask("text").await;
        assert_eq!(broken["isError"], true);
        assert!(broken.get("structuredContent").is_none());
    }
    assert_eq!(log.with("no structured content").len(), REVISIONS.len());
}

/// The status and the code of the error, or the text of the result.
async fn post(endpoint: &Endpoint, message: &Message) -> (u16, Value) {
    let mut request = Request::post("/mcp");
    for (name, value) in message.headers() {
        request = request.header(name, value);
    }
    let request = request.body(message.line()).unwrap();
    let response = endpoint.clone().call(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let mut answer: Value = serde_json::from_slice(&body).unwrap();
    match answer.get_mut("error") {
        Some(error) => (status, error["code"].take()),
        None => (status, answer["result"]["content"][0]["text"].take()),
    }
}

// [HDR-4b] [HDR-5]
#[tokio::test]
async fn a_header_that_a_schema_names_has_to_repeat_the_argument() {
    let schema = json!({"type": "object", "properties": {
        "where": {"type": "object", "properties": {
            "region": {"type": "string", "x-mcp-header": "Region"}}}}});
    let registry = DynamicTools::new();
    let tool = DynamicTool::new("routed", &schema.to_string(), |_| {
        Box::pin(async { Ok(Content::text("there").into()) })
    });
    registry.add(tool.unwrap()).unwrap();
    let endpoint = Endpoint::new(server_of(&registry), Ingress::Loopback).unwrap();
    let call = || message::call("routed", json!({"where": {"region": "eu"}}));
    let there = (200, json!("there"));
    let mismatch = (400, json!(-32020));
    let right = call().header("mcp-param-region", "eu");
    assert_eq!(post(&endpoint, &right).await, there);
    assert_eq!(post(&endpoint, &call()).await, mismatch);
    let wrong = call().header("mcp-param-region", "us");
    assert_eq!(post(&endpoint, &wrong).await, mismatch);
    let without = message::call("routed", json!({"where": {}}));
    assert_eq!(post(&endpoint, &without).await, there);
    let only = without.header("mcp-param-region", "eu");
    assert_eq!(post(&endpoint, &only).await, mismatch);

    for (property, says) in [
        (
            json!({"type": "number", "x-mcp-header": "A"}),
            "`a` cannot have a header",
        ),
        (
            json!({"type": "string", "x-mcp-header": "a b"}),
            "`a` has to be a name",
        ),
        (
            json!({"type": "array", "items": {"x-mcp-header": "A"}}),
            "works on properties only",
        ),
    ] {
        let schema = json!({"type": "object", "properties": {"a": property}});
        let text = with_schema(&schema.to_string()).err().unwrap().to_string();
        assert!(text.contains(says), "{text}");
    }
}
