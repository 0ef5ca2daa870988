//! Headers of 2026-07-28 that repeat the body: the method, the name and arguments of a tool.

use std::net::SocketAddr;

use mcp_core::{
    Contents, DynamicTool, DynamicTools, Server, prompt, prompts, resource, resources, server_info,
    tool, tools,
};
use mcp_tests::Result;
use mcp_tests::message::{Message, call, modern};
use mcp_tests::wire::{Connection, host};
use serde_json::{Value, json};

/// Adds two numbers.
#[tool]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {
    a + b
}

/// Says what it was given.
#[tool]
fn echo(
    /// Where.
    #[arg(header = "Region")]
    region: Option<&str>,
    /// How many.
    #[arg(header = "Count")]
    count: Option<i64>,
    /// Whether.
    #[arg(header = "Dry-Run")]
    dry: Option<bool>,
) -> String {
    format!("{region:?} {count:?} {dry:?}")
}

/// A greeting.
#[prompt]
fn greeting() -> &'static str {
    "Hello!"
}

/// A file.
#[resource("file:///{+path}")]
fn file(path: &str) -> String {
    path.to_owned()
}

async fn address() -> Result<SocketAddr> {
    let server = Server::new(server_info!(), ())
        .tools(tools![add, echo])
        .resources(resources![file])
        .prompts(prompts![greeting]);
    host(server.build()?).await
}

/// What came of a request: 200, or the refusal that a header gets.
async fn is_taken(connection: &mut Connection, message: &Message) -> Result<bool> {
    let (status, body) = connection.ask(message).await?;
    assert_eq!(body["id"], 7, "{body}");
    if status == 200 {
        assert!(body["result"].is_object(), "{body}");
        assert_eq!(body["result"].get("isError"), None, "{body}");
        return Ok(true);
    }
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &json!(-32020)),
        "{body}"
    );
    Ok(false)
}

fn add_one() -> Message {
    call("add", json!({"a": 1, "b": 2}))
}

// [HDR-1]
#[tokio::test]
async fn a_header_that_is_missing_or_differs_from_the_body_is_refused() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    for good in [
        add_one(),
        modern("prompts/get", json!({"name": "greeting"})),
        modern("resources/read", json!({"uri": "file:///a"})),
    ] {
        assert!(is_taken(&mut connection, &good).await?);
        for header in ["mcp-protocol-version", "mcp-method", "mcp-name"] {
            assert!(
                !is_taken(&mut connection, &good.clone().without(header)).await?,
                "{header}"
            );
            let other = good.clone().header(header, "2025-06-18");
            assert!(!is_taken(&mut connection, &other).await?, "{header}");
            let empty = good.clone().header(header, "");
            assert!(!is_taken(&mut connection, &empty).await?, "{header}");
        }
    }
    // What has no name needs none, and one that is there means nothing.
    for method in ["server/discover", "tools/list"] {
        let unnamed = modern(method, json!({}));
        assert!(is_taken(&mut connection, &unnamed).await?);
        let named = unnamed.header("mcp-name", "=?base64?*?=");
        assert!(is_taken(&mut connection, &named).await?);
    }
    Ok(())
}

// [HDR-1b]
#[tokio::test]
async fn names_of_headers_have_no_case_and_values_do() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    let spelled = call("echo", json!({"region": "EU"}))
        .header("MCP-PROTOCOL-VERSION", "2026-07-28")
        .header("mcp-METHOD", "tools/call")
        .header("Mcp-name", "echo")
        .header("mcp-param-REGION", "EU");
    assert!(is_taken(&mut connection, &spelled).await?);
    for (header, value) in [
        ("mcp-method", "Tools/Call"),
        ("mcp-name", "ECHO"),
        ("mcp-param-region", "eu"),
    ] {
        let other = spelled.clone().header(header, value);
        assert!(
            !is_taken(&mut connection, &other).await?,
            "{header}: {value}"
        );
    }
    // White space around a value is not part of it.
    for header in ["mcp-name", "mcp-param-region"] {
        let value = if header == "mcp-name" { "echo" } else { "EU" };
        let padded = spelled.clone().header(header, format!(" \t{value}\t "));
        assert!(is_taken(&mut connection, &padded).await?, "{header}");
    }
    Ok(())
}

// [HDR-1c]
#[tokio::test]
async fn characters_that_a_header_cannot_have_are_refused() -> Result<()> {
    let address = address().await?;
    let good = call("echo", json!({"region": "é"}));
    let good = good.header("mcp-param-region", "=?base64?w6k=?=");
    let mut connection = Connection::open(address).await?;
    assert!(is_taken(&mut connection, &good).await?);
    for (header, value) in [
        ("mcp-name", &b"echo\xc3\xa9"[..]),
        ("mcp-method", b"tools/call\x80"),
        ("mcp-param-region", "é".as_bytes()),
        ("mcp-param-region", b"\x80"),
        ("mcp-protocol-version", b"2026-07-28\xff"),
    ] {
        let wrong = good.clone().header(header, value);
        assert!(!is_taken(&mut connection, &wrong).await?, "{header}");
    }
    // The HTTP library does not even read these.
    for header in ["mcp-name", "mcp-method", "mcp-param-region"] {
        for control in [b"a\0", b"a\x01", b"a\x7f"] {
            let wrong = good.clone().header(header, control);
            let mut connection = Connection::open(address).await?;
            assert_eq!(connection.post(&wrong).await?.status, 400, "{header}");
        }
    }
    Ok(())
}

// [HDR-2]
#[tokio::test]
async fn an_encoded_value_is_decoded_before_it_is_compared() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    let accented = modern("resources/read", json!({"uri": "file:///é"}));
    let padded = call("echo", json!({"region": " padded "}));
    for (good, header, value) in [
        (add_one(), "mcp-name", "=?base64?YWRk?="),
        (accented, "mcp-name", "=?base64?ZmlsZTovLy/DqQ==?="),
        (padded, "mcp-param-region", "=?base64?IHBhZGRlZCA=?="),
        (
            call("echo", json!({"region": "Hello, 世界"})),
            "mcp-param-region",
            "=?base64?SGVsbG8sIOS4lueVjA==?=",
        ),
        (
            call("echo", json!({"region": "line1\nline2"})),
            "mcp-param-region",
            "=?base64?bGluZTEKbGluZTI=?=",
        ),
        (
            call("echo", json!({"count": 42})),
            "mcp-param-count",
            "=?base64?NDI=?=",
        ),
    ] {
        let good = good.header(header, value);
        assert!(is_taken(&mut connection, &good).await?, "{value}");
    }
    // Without its padding, no base64, no UTF-8, something else.
    for value in ["YWR", "****", "/w==", "YWRk YWRk", "c3Vi", ""] {
        let wrong = add_one().header("mcp-name", format!("=?base64?{value}?="));
        assert!(!is_taken(&mut connection, &wrong).await?, "{value}");
    }
    // A method is never encoded.
    let method = add_one().header("mcp-method", "=?base64?dG9vbHMvY2FsbA==?=");
    assert!(!is_taken(&mut connection, &method).await?);
    Ok(())
}

// [HDR-2b]
#[tokio::test]
async fn the_marks_of_an_encoded_value_count_only_as_they_are_written() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    let with = |text: &str, header: &str| {
        call("echo", json!({"region": text})).header("mcp-param-region", header)
    };
    for text in [
        "=?BASE64?YWRk?=",
        "=?base64?YWRk",
        "YWRk?=",
        "=?Base64?YWRk?=",
    ] {
        assert!(
            is_taken(&mut connection, &with(text, text)).await?,
            "{text}"
        );
    }
    let literal = "=?base64?literal?=";
    assert!(!is_taken(&mut connection, &with(literal, literal)).await?);
    let encoded = "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=";
    assert!(is_taken(&mut connection, &with(literal, encoded)).await?);
    // One that decodes says what it decodes to, and nothing else.
    assert!(!is_taken(&mut connection, &with("=?base64?YWRk?=", "=?base64?YWRk?=")).await?);
    Ok(())
}

// [HDR-3] [HDR-3b]
#[tokio::test]
async fn a_header_says_what_its_argument_says() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    for (arguments, header, value, same) in [
        (json!({"region": "us-west1"}), "region", "us-west1", true),
        (json!({"region": "us-west1"}), "region", "us-west2", false),
        (json!({"region": ""}), "region", "", true),
        (json!({"region": "42"}), "region", "42.0", false),
        (json!({"count": 42}), "count", "42", true),
        (json!({"count": 42}), "count", "42.0", true),
        (json!({"count": 42.0}), "count", "42", true),
        (json!({"count": "42"}), "count", "42", true),
        (json!({"count": -7}), "count", "-7", true),
        (json!({"count": 42}), "count", "43", false),
        (json!({"count": 42}), "count", "forty-two", false),
        (json!({"count": 42}), "count", "", false),
        // As doubles these would be equal.
        (
            json!({"count": 9_007_199_254_740_993_i64}),
            "count",
            "9007199254740992",
            false,
        ),
        (json!({"dry": true}), "dry-run", "true", true),
        (json!({"dry": true}), "dry-run", "True", false),
        (json!({"dry": true}), "dry-run", "1", false),
        (json!({"dry": false}), "dry-run", "false", true),
    ] {
        let name = format!("mcp-param-{header}");
        let message = call("echo", arguments.clone()).header(&name, value);
        let taken = is_taken(&mut connection, &message).await?;
        assert_eq!(taken, same, "{arguments} {header}: {value}");
    }
    Ok(())
}

// [HDR-4]
#[tokio::test]
async fn an_argument_without_a_value_needs_no_header() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    for arguments in [
        json!({}),
        json!({"region": null, "count": null}),
        Value::Null,
    ] {
        assert!(is_taken(&mut connection, &call("echo", arguments)).await?);
    }
    Ok(())
}

// [HDR-4b]
#[tokio::test]
async fn neither_an_argument_nor_its_header_comes_without_the_other() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    let argument = call("echo", json!({"region": "us-west1"}));
    assert!(!is_taken(&mut connection, &argument).await?);
    for arguments in [json!({}), json!({"region": null})] {
        let header = call("echo", arguments).header("mcp-param-region", "us-west1");
        assert!(!is_taken(&mut connection, &header).await?);
    }
    Ok(())
}

// [HDR-4c]
#[tokio::test]
async fn a_header_that_the_tool_does_not_know_is_ignored() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    let message = add_one()
        .header("Mcp-Param-Other", "x")
        .header("Mcp-Param-", "y")
        .header("Mcp-Param-Region", "=?base64?*?=");
    assert!(is_taken(&mut connection, &message).await?);
    Ok(())
}

// [HDR-3] [HDR-4] [HDR-4b]
#[tokio::test]
async fn a_header_repeats_what_lies_inside_an_argument() -> Result<()> {
    let tools = DynamicTools::new();
    let tenant = json!({"type": "string", "x-mcp-header": "Tenant"});
    let place = json!({"type": "object", "properties": {"tenant": tenant}});
    let schema = json!({"type": "object", "properties": {"place": place}}).to_string();
    let tool = DynamicTool::new("nested", &schema, |_| {
        Box::pin(async { Ok(Contents::default()) })
    });
    tools.add(tool?.description("Has an argument inside another."))?;
    let server = Server::new(server_info!(), ()).dynamic_tools(&tools);
    let mut connection = Connection::open(host(server.build()?).await?).await?;
    let nested = |arguments: &Value| call("nested", arguments.clone());
    let acme = json!({"place": {"tenant": "acme"}});
    for (header, same) in [("acme", true), ("other", false)] {
        let message = nested(&acme).header("mcp-param-tenant", header);
        assert_eq!(is_taken(&mut connection, &message).await?, same, "{header}");
    }
    assert!(!is_taken(&mut connection, &nested(&acme)).await?);
    for nowhere in [
        json!({}),
        json!({"place": {}}),
        json!({"place": {"tenant": null}}),
    ] {
        // Whether the schema takes it is another question.
        let (status, answer) = connection.ask(&nested(&nowhere)).await?;
        assert_eq!((status, answer.get("error")), (200, None), "{answer}");
    }
    Ok(())
}

#[tokio::test]
async fn a_header_or_an_argument_given_twice_is_refused() -> Result<()> {
    let mut connection = Connection::open(address().await?).await?;
    let good = call("echo", json!({"region": "EU"})).header("mcp-param-region", "EU");
    assert!(is_taken(&mut connection, &good).await?);
    for header in [
        "mcp-protocol-version: 2026-07-28",
        "mcp-method: tools/call",
        "mcp-name: echo",
        "mcp-param-region: EU",
    ] {
        let once = String::from_utf8(good.post("/mcp"))?;
        let twice = once.replace("content-length", &format!("{header}\r\ncontent-length"));
        let head = connection.send(twice.as_bytes()).await?;
        let body: Value = serde_json::from_slice(&connection.body().await?)?;
        assert_eq!(
            (head.status, &body["error"]["code"]),
            (400, &json!(-32020)),
            "{header}"
        );
    }
    // A gateway may have read the one, and the tool must not read the other.
    for (first, second) in [("EU", "US"), ("US", "EU")] {
        let once = good.line();
        let both = format!(r#""region":"{first}","region":"{second}""#);
        let body = once.replace(r#""region":"EU""#, &both);
        let head = String::from_utf8(good.post("/mcp"))?.replace(&once, &body);
        let length = |body: &str| format!("content-length: {}\r\n", body.len());
        let head = head.replace(&length(&once), &length(&body));
        connection.send(head.as_bytes()).await?;
        let answer = String::from_utf8(connection.body().await?)?;
        assert!(!answer.contains("Some(\\\""), "{answer}");
    }
    Ok(())
}
