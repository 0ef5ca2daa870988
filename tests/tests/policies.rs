//! Rules that decide at run time, and items that ask for more scopes: each way to a thing leads past them.

use mcp_core::http::Endpoint;
use mcp_core::{
    Access, AccessKind, Caller, Content, Contents, DynamicTool, DynamicTools, Error, Result,
    Server, prompt, prompts, resource, resources, server_info, tool, tools,
};
use mcp_tests::endpoint_client::{Client, local, send};
use mcp_tests::message::{self, Message, modern};
use mcp_tests::rounds::{keys, post};
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

/// A note of somebody.
#[tool]
fn note(
    /// Whose.
    owner: &str,
) -> String {
    format!("note of {owner}")
}

/// A page of somebody.
#[resource("pages://{owner}")]
fn page(owner: &str) -> String {
    format!("page of {owner}")
}

/// A letter from somebody.
#[prompt]
fn letter(
    /// From whom.
    owner: &str,
) -> String {
    format!("letter of {owner}")
}

/// For accountants.
#[tool(scopes("books:read", "books:sum"), step_up)]
fn sum() -> i64 {
    7
}

/// The books, for accountants.
#[resource("books://{year}", scopes("books:read"), step_up)]
fn books(
    /// Which.
    #[arg(complete = years)]
    year: u16,
) -> String {
    format!("books of {year}")
}

fn years(_: &str) -> Vec<String> {
    vec!["2026".to_owned()]
}

/// Everybody has what is theirs, and nobody has what the policy cannot decide about.
fn own(access: &Access<'_>) -> Result<()> {
    let about_one = match access.kind() {
        AccessKind::Tool => access.name() != "sum",
        AccessKind::Resource => access.name() == "page",
        _ => true,
    };
    if !about_one {
        return Ok(());
    }
    let owner = access.argument("owner").unwrap_or_default();
    assert_ne!(owner, "panic", "as asked");
    match access.caller() {
        Some(who) if *who.subject() == *owner => Ok(()),
        _ => Err(Error::not_found(format!("nothing of `{owner}`"))),
    }
}

fn server() -> Server {
    let schema =
        r#"{"type":"object","properties":{"owner":{"type":"string"}},"required":["owner"]}"#;
    let dynamic = DynamicTool::new("dynamic_note", schema, |_| {
        Box::pin(std::future::ready(Ok(Contents::new([Content::text(
            "a note",
        )]))))
    });
    let changing = DynamicTools::new();
    let dynamic = dynamic.unwrap().description("A note of somebody.");
    changing.add(dynamic).unwrap();
    Server::new(server_info!(), ())
        .tools(tools![note, sum])
        .dynamic_tools(&changing)
        .resources(resources![page, books])
        .prompts(prompts![letter])
        .caller_source(Tokens)
        .policy(own)
        .seal_with(keys())
        .build()
        .unwrap()
}

fn endpoint() -> Endpoint {
    local(&server())
}

fn from(who: &str, message: Message) -> Message {
    message.from_caller(who)
}

fn call(tool: &str, owner: &str) -> Message {
    message::call(tool, json!({"owner": owner}))
}

#[tokio::test]
async fn a_policy_decides_about_tools_resources_and_prompts() {
    let endpoint = endpoint();
    for tool in ["note", "dynamic_note"] {
        let own = post(&endpoint, &from("ann", call(tool, "ann"))).await;
        assert!(own.text().contains("note"), "{own:?}");
        let other = post(&endpoint, &from("ann", call(tool, "bob"))).await;
        assert_eq!(other.text(), "nothing of `bob`");
        assert_eq!(other.result()["isError"], true);
        // Refused, not let through, when it panics.
        let panic = post(&endpoint, &from("ann", call(tool, "panic"))).await;
        assert_eq!(panic.result()["isError"], true, "{panic:?}");
        assert!(!panic.text().contains("as asked"), "{panic:?}");
    }
    let read = |owner: &str| {
        let uri = format!("pages://{owner}");
        from("ann", modern("resources/read", json!({"uri": uri})))
    };
    let get = |owner: &str| {
        let params = json!({"name": "letter", "arguments": {"owner": owner}});
        from("ann", modern("prompts/get", params))
    };
    for (own, other) in [(read("ann"), read("bob")), (get("ann"), get("bob"))] {
        let own = post(&endpoint, &own).await;
        assert!(own.body.to_string().contains("of ann"), "{own:?}");
        let other = post(&endpoint, &other).await;
        assert_eq!(other.refusal(), (200, -32602), "{other:?}");
    }
}

#[tokio::test]
async fn an_argument_that_is_given_twice_is_none_for_a_policy_and_refused_by_the_tool() {
    let ann = Caller::for_tests("ann");
    let client = mcp_core::testing::Client::new(&server()).as_caller(ann);
    for (tool, owners) in [
        ("note", r#""ann","owner":"bob""#),
        ("dynamic_note", r#""bob","owner":"ann""#),
    ] {
        let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
        let params = format!(r#"{{"name":"{tool}","arguments":{{"owner":{owners}}},{meta}}}"#);
        let call = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
        let answer = client.send(&call).await;
        assert_eq!(answer[0]["result"]["isError"], true, "{answer:?}");
    }
}

#[tokio::test]
async fn nobody_hears_of_changes_that_they_may_not_read() {
    let endpoint = endpoint();
    let wanted = [
        "pages://ann",
        "pages://bob",
        "pages://panic",
        "books://2026",
    ];
    for (who, heard) in [
        ("ann", vec![wanted[0]]),
        ("ann books:read", vec![wanted[0], wanted[3]]),
    ] {
        let params = json!({"notifications": {"resourceSubscriptions": wanted}});
        let message = from(who, modern("subscriptions/listen", params));
        let mut stream = send(&endpoint, "POST", &message).await;
        let first = stream
            .event()
            .await
            .and_then(|event| event.message)
            .unwrap();
        assert_eq!(
            first["params"]["notifications"]["resourceSubscriptions"],
            json!(heard)
        );
        let client = Client::new(&endpoint, "2025-11-25").caller(who);
        let client = client.initialize(json!({})).await;
        for uri in wanted {
            let answer = client.ask("resources/subscribe", json!({"uri": uri})).await;
            assert_eq!(
                answer.get("error").is_none(),
                heard.contains(&uri),
                "{uri}: {answer}"
            );
        }
    }
}

// [AUTH-5]
#[tokio::test]
async fn whoever_lacks_scopes_for_a_step_up_is_told_all_of_them() {
    let endpoint = endpoint();
    for revision in ["2026-07-28", "2025-11-25"] {
        let ask = async |who: &str, method: &str, params: Value| {
            let message = match revision {
                "2026-07-28" => modern(method, params),
                older => message::legacy(older, method, params),
            };
            send(&endpoint, "POST", &from(who, message)).await
        };
        let listed = ask("ann", "tools/list", json!({})).await.json().await;
        assert!(listed.to_string().contains(r#""name":"sum""#), "{listed}");
        let sum = json!({"name": "sum", "arguments": {}});
        for who in ["ann", "ann books:read"] {
            let mut refused = ask(who, "tools/call", sum.clone()).await;
            assert_eq!(refused.status, 403, "{revision}");
            let challenge = refused.header("www-authenticate").unwrap_or_default();
            let expected = r#"Bearer error="insufficient_scope", scope="books:read books:sum""#;
            assert_eq!(challenge, expected);
            assert_eq!(refused.json().await["error"]["code"], -32600);
        }
        let mut allowed = ask("ann books:sum books:read", "tools/call", sum).await;
        assert_eq!(allowed.json().await["result"]["content"][0]["text"], "7");

        let uri = json!({"uri": "books://2026"});
        assert_eq!(ask("ann", "resources/read", uri.clone()).await.status, 403);
        assert_eq!(
            ask("ann books:read", "resources/read", uri).await.status,
            200
        );
        // What the books are called inside is not told before.
        let reference = json!({"type": "ref/resource", "uri": "books://{year}"});
        let params = json!({"ref": reference, "argument": {"name": "year", "value": ""}});
        let mut refused = ask("ann", "completion/complete", params.clone()).await;
        assert!(refused.json().await["error"].is_object());
        let mut allowed = ask("ann books:read", "completion/complete", params).await;
        let values = &allowed.json().await["result"]["completion"]["values"];
        assert_eq!(*values, json!(["2026"]));
    }
}
