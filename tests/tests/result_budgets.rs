//! Every kind of result is kept within its budget: what has n tokens is sent as it is, and what has one
//! byte more is cut where that leaves something of use, else refused with what to do about it.

use mcp_core::testing::Client;
use mcp_core::{
    Content, Contents, CountTokens, DynamicTool, DynamicTools, Error, Limits, Message,
    ResourceContents, Result, Server, ServerBuilder, prompt, prompts, resource, resources,
    server_info, tool, tools,
};
use serde_json::{Value, json};

/// The budget of the server, in tokens.
const TOKENS: u32 = 200;

/// The same in bytes.
const BYTES: usize = 600;

/// Around the limit: (bytes, whether it stays as it is).
const AROUND: [(usize, bool); 3] = [(BYTES - 1, true), (BYTES, true), (BYTES + 1, false)];

/// Text of so many bytes, of characters of four bytes as far as they go.
fn text_of(bytes: usize) -> String {
    let mut text = "😀".repeat(bytes / 4);
    text.push_str(&"x".repeat(bytes % 4));
    text
}

/// Text.
#[tool]
fn text(bytes: usize) -> String {
    text_of(bytes)
}

/// Text, of which more is allowed.
#[tool(budget = 300)]
fn longer_text(bytes: usize) -> String {
    text_of(bytes)
}

/// A value of so many bytes as JSON.
#[tool]
fn value(bytes: usize, _period: Option<u32>) -> Vec<String> {
    vec![text_of(bytes - r#"[""]"#.len())]
}

/// Two blocks of text with a picture between them.
#[tool]
fn blocks(first: usize, second: usize) -> Contents {
    Contents::new([
        Content::text(text_of(first)),
        Content::image([0_u8; 900], "image/png"),
        Content::text(text_of(second)),
    ])
}

/// A resource inside a result.
#[tool]
fn embedded(bytes: usize, mime_type: Option<String>) -> Content {
    let contents = ResourceContents::text(text_of(bytes));
    let mime_type = mime_type.unwrap_or_else(|| "text/plain".to_owned());
    Content::embedded("a://b", contents.mime_type(mime_type))
}

/// Structured content beside a block.
#[tool]
fn structured(bytes: usize) -> Result<Contents> {
    let value = json!({"a": text_of(bytes - r#"{"a":""}"#.len())});
    Contents::new([Content::text("see the structure")]).structured(&value)
}

/// Links.
#[tool]
fn links(count: usize) -> Contents {
    let link = |n| mcp_core::ResourceLink::new(format!("a://{n:04}"), "link").into();
    Contents::new((0..count).map(link))
}

/// Fails with a text.
#[tool]
fn fails(bytes: usize) -> Result<()> {
    Err(Error::new(text_of(bytes)))
}

/// Text.
#[resource("texts://{bytes}")]
fn text_resource(bytes: usize) -> String {
    text_of(bytes)
}

/// A value.
#[resource("values://{bytes}")]
fn value_resource(bytes: usize) -> Vec<String> {
    vec![text_of(bytes - r#"[""]"#.len())]
}

/// JSON that somebody else wrote.
#[resource("json://{bytes}", mime = "application/vnd.api+json")]
fn json_resource(bytes: usize) -> String {
    format!("[\"{}\"]", text_of(bytes - r#"[""]"#.len()))
}

/// Text in two parts, bytes after it.
#[resource("parts://{first}/{second}")]
fn parts_resource(first: usize, second: usize) -> ResourceContents {
    ResourceContents::text(text_of(first))
        .and(ResourceContents::text(text_of(second)).uri("parts://second"))
        .and(ResourceContents::binary([0_u8; 900]).uri("parts://bytes"))
}

/// Messages.
#[prompt]
fn messages(first: &str, second: &str) -> Vec<Message> {
    let message = |bytes: &str| Message::user(text_of(bytes.parse().unwrap()));
    vec![message(first), message(second)]
}

fn builder() -> ServerBuilder<()> {
    let mut limits = Limits::default();
    limits.result_tokens = TOKENS;
    Server::new(server_info!(), ()).limits(limits)
}

fn client() -> Client {
    let schema = r#"{"type": "object"}"#;
    let tool = DynamicTool::new("dynamic", schema, |call| {
        Box::pin(async move {
            let arguments: Value = call.parse()?;
            let bytes = usize::try_from(arguments["bytes"].as_u64().unwrap()).unwrap();
            Ok(Content::text(text_of(bytes)).into())
        })
    });
    let dynamic = DynamicTools::new();
    dynamic.add(tool.unwrap().description("Text.")).unwrap();
    let server = builder()
        .tools(tools![
            text,
            longer_text,
            value,
            blocks,
            embedded,
            structured,
            links,
            fails
        ])
        .dynamic_tools(&dynamic)
        .resources(resources![
            text_resource,
            value_resource,
            json_resource,
            parts_resource
        ])
        .prompts(prompts![messages])
        .build();
    Client::new(&server.unwrap())
}

/// The beginning of a text that was cut, after a look at what it says about that.
fn kept(text: &str, total: usize, limit: usize) -> &str {
    assert!(text.len() <= limit, "{} bytes", text.len());
    let (kept, said) = text
        .split_once("\n[Cut here: ")
        .unwrap_or_else(|| panic!("{text}"));
    let left = total - kept.len();
    assert!(
        said.starts_with(&format!("{left} of {total} bytes are left out")),
        "{said}"
    );
    assert!(text_of(total).starts_with(kept));
    kept
}

#[tokio::test]
async fn text_of_n_tokens_is_sent_and_longer_text_is_cut_between_characters() {
    let client = client();
    for (tool, limit) in [("text", BYTES), ("dynamic", BYTES), ("longer_text", 900)] {
        for bytes in [limit - 1, limit, limit + 1, limit + 2, limit + 3, 900_000] {
            let result = client.call(tool, json!({"bytes": bytes})).await;
            let text = result["content"][0]["text"].as_str().unwrap();
            assert_ne!(result["isError"], true, "{result}");
            if bytes <= limit {
                assert_eq!(text, text_of(bytes), "{tool} {bytes}");
            } else {
                assert!(
                    kept(text, bytes, limit).len() > limit - 200,
                    "{tool} {bytes}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_value_of_n_tokens_is_sent_and_a_larger_one_is_an_error_that_says_how_to_narrow_the_call()
{
    let client = client();
    for tool in ["value", "structured"] {
        for (bytes, fits) in AROUND {
            let result = client.call(tool, json!({"bytes": bytes})).await;
            assert_eq!(result["isError"] != true, fits, "{tool} {bytes}: {result}");
            let text = result["content"][0]["text"].as_str().unwrap();
            if fits {
                assert!(result["structuredContent"].to_string().len() == bytes);
            } else {
                assert!(result.get("structuredContent").is_none());
                assert!(text.contains("about 201 tokens"), "{text}");
                assert!(text.contains("at most 200"), "{text}");
            }
            if tool == "value" && !fits {
                assert!(
                    text.ends_with("The arguments are `bytes`, `_period`."),
                    "{text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn blocks_have_one_budget_in_which_pictures_are_not_counted() {
    let client = client();
    for (bytes, fits) in AROUND {
        let arguments = json!({"first": 300, "second": bytes - 300});
        let result = client.call("blocks", arguments).await;
        let blocks = result["content"].as_array().unwrap();
        assert_eq!(blocks[0]["text"], text_of(300));
        assert_eq!(blocks[1]["type"], "image");
        let second = blocks[2]["text"].as_str().unwrap();
        if fits {
            assert_eq!((blocks.len(), second), (3, text_of(bytes - 300).as_str()));
        } else {
            kept(second, bytes - 300, 300);
        }
    }
    // Where the first is cut already, the second is left out, and the picture is not.
    let result = client
        .call("blocks", json!({"first": 5000, "second": 20}))
        .await;
    let blocks = result["content"].as_array().unwrap();
    assert_eq!(blocks.len(), 3, "{result}");
    let first = blocks[0]["text"].as_str().unwrap();
    let note = blocks[2]["text"].as_str().unwrap();
    kept(first, 5000, BYTES);
    assert_eq!(blocks[1]["type"], "image");
    assert!(note.starts_with("[1 more parts are left out"), "{note}");
    assert!(first.len() + note.len() <= BYTES);
}

#[tokio::test]
async fn an_embedded_resource_is_cut_unless_that_would_break_it() {
    let client = client();
    for (bytes, fits) in AROUND {
        let result = client.call("embedded", json!({"bytes": bytes})).await;
        let text = result["content"][0]["resource"]["text"].as_str().unwrap();
        if fits {
            assert_eq!(text, text_of(bytes));
        } else {
            kept(text, bytes, BYTES);
        }
        let arguments = json!({"bytes": bytes, "mime_type": "application/json"});
        let result = client.call("embedded", arguments).await;
        let block = &result["content"][0];
        assert_eq!(
            block["type"],
            if fits { "resource" } else { "text" },
            "{result}"
        );
    }
}

#[tokio::test]
async fn links_are_counted_and_the_last_ones_left_out() {
    let client = client();
    let some = client.call("links", json!({"count": 10})).await;
    assert_eq!(some["content"].as_array().unwrap().len(), 10);
    let many = client.call("links", json!({"count": 1000})).await;
    let blocks = many["content"].as_array().unwrap();
    let (note, links) = blocks.split_last().unwrap();
    let left_out = format!("[{} more parts are left out", 1000 - links.len());
    assert!(
        note["text"].as_str().unwrap().starts_with(&left_out),
        "{note}"
    );
    assert!(links.len() > 10 && links.iter().all(|link| link["type"] == "resource_link"));
}

#[tokio::test]
async fn the_text_of_an_error_ends_at_the_budget() {
    let client = client();
    for (bytes, fits) in AROUND {
        let result = client.call("fails", json!({"bytes": bytes})).await;
        assert_eq!(result["isError"], true);
        let text = result["content"][0]["text"].as_str().unwrap();
        assert_eq!(text == text_of(bytes), fits);
        assert!(text_of(bytes).starts_with(text) && text.len() > BYTES - 4);
    }
}

async fn read(client: &Client, uri: &str) -> Value {
    client.request("resources/read", json!({"uri": uri})).await
}

#[tokio::test]
async fn resources_have_the_budget_of_the_server() {
    let client = client();
    for (bytes, fits) in AROUND {
        let result = read(&client, &format!("texts://{bytes}")).await;
        let text = result["contents"][0]["text"].as_str().unwrap();
        if fits {
            assert_eq!(text, text_of(bytes));
        } else {
            kept(text, bytes, BYTES);
        }
        for scheme in ["values", "json"] {
            let result = read(&client, &format!("{scheme}://{bytes}")).await;
            if fits {
                let text = result["contents"][0]["text"].as_str().unwrap();
                assert!(text.len() == bytes && serde_json::from_str::<Value>(text).is_ok());
            } else {
                assert_eq!(result["error"]["code"], -32603, "{result}");
                let text = result["error"]["message"].as_str().unwrap();
                assert!(text.contains("at most 200"), "{text}");
            }
        }
        let result = read(&client, &format!("parts://200/{}", bytes - 200)).await;
        let parts = result["contents"].as_array().unwrap();
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[0]["text"], text_of(200));
        assert_eq!(parts[2]["uri"], "parts://bytes");
        let second = parts[1]["text"].as_str().unwrap();
        if fits {
            assert_eq!(second, text_of(bytes - 200));
        } else {
            kept(second, bytes - 200, 400);
        }
    }
    let result = read(&client, "parts://5000/5000").await;
    let parts = result["contents"].as_array().unwrap();
    let texts = parts.iter().filter_map(|part| part["text"].as_str());
    assert!(texts.map(str::len).sum::<usize>() <= BYTES, "{result}");
    assert!(
        parts[2]["text"]
            .as_str()
            .unwrap()
            .starts_with("[1 more parts"),
        "{result}"
    );
}

#[tokio::test]
async fn prompts_have_the_budget_of_the_server() {
    let client = client();
    for (bytes, fits) in AROUND {
        let second = (bytes - 250).to_string();
        let arguments = json!({"first": "250", "second": second});
        let params = json!({"name": "messages", "arguments": arguments});
        let result = client.request("prompts/get", params).await;
        let text = result["messages"][1]["content"]["text"].as_str().unwrap();
        assert_eq!(result["messages"][0]["content"]["text"], text_of(250));
        if fits {
            assert_eq!(text, text_of(bytes - 250));
        } else {
            kept(text, bytes - 250, 350);
        }
    }
}

/// A token is a character.
struct Characters;

impl CountTokens for Characters {
    fn count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

#[tokio::test]
async fn a_counter_of_the_servers_own_takes_the_place_of_three_bytes() {
    let server = builder()
        .tools(tools![text, value])
        .count_tokens(Characters);
    let client = Client::new(&server.build().unwrap());
    let characters = |text: &str| text.chars().count();
    for (count, fits) in [(199, true), (200, true), (201, false), (9000, false)] {
        let bytes = 4 * count;
        let result = client.call("text", json!({"bytes": bytes})).await;
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(characters(text) <= 200);
        assert_eq!(text == text_of(bytes), fits);
        let bytes = 4 * (count - 4) + 4;
        let result = client.call("value", json!({"bytes": bytes})).await;
        assert_eq!(result["isError"] != true, fits, "{result}");
    }
}

#[test]
fn a_budget_of_100_tokens_builds_and_one_of_99_does_not() {
    for (tokens, builds) in [(99, false), (100, true)] {
        let mut limits = Limits::default();
        limits.result_tokens = tokens;
        let built = Server::new(server_info!(), ()).limits(limits).build();
        assert_eq!(built.is_ok(), builds);
    }
}
