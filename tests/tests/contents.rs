//! What tools return, in the form of every revision: blocks, structured content that keeps to its
//! schema, and results at their limit, those of resources and prompts as well.

use std::collections::BTreeMap;

use boon::{Compiler, Draft, Schemas};
use mcp_core::{
    Annotations, Content, Contents, DynamicTools, Error, Limits, Message, ResourceContents,
    ResourceLink, Result, Role, Server, prompt, prompts, resource, resources, server_info, tool,
    tools,
};
use mcp_tests::asker::{Asker, MODERN, REVISIONS};
use mcp_tests::log;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

/// One block of each kind.
#[tool]
fn blocks() -> Contents {
    let link = ResourceLink::new("docs://terms", "terms")
        .title("Terms")
        .size(24);
    let link = link.mime_type("text/plain").description("Of business.");
    let annotations = Annotations::new()
        .audience(Role::User)
        .audience(Role::Assistant)
        .priority(7.0)
        .last_modified("2026-07-28T09:00:00Z");
    Contents::new([
        Content::text("a \"text\"\n"),
        Content::image(b"\x89PNG", "image/png"),
        Content::audio(b"RIFF", "audio/wav"),
        link.into(),
        Content::embedded(
            "docs://notes",
            ResourceContents::text("# Notes").mime_type("text/markdown"),
        ),
        Content::embedded("docs://logo", ResourceContents::binary([1, 2])),
        Content::from("annotated").annotations(annotations),
    ])
}

/// One block.
#[tool]
async fn block() -> Result<Content> {
    tokio::task::yield_now().await;
    Ok(Content::link(ResourceLink::new("docs://terms", "terms")))
}

/// No block.
#[tool]
fn no_block() -> Contents {
    Contents::default()
}

/// Nothing.
#[tool]
fn nothing() {}

/// Blocks and structured content.
#[tool]
fn structured() -> Result<Contents> {
    Contents::new([Content::text("21 degrees")]).structured(&BTreeMap::from([("celsius", 21)]))
}

/// Structured content that is no object.
#[tool]
fn not_structured() -> Result<Contents> {
    Contents::default().structured(&[21])
}

fn asker(limit: Option<u32>) -> Asker {
    let mut limits = Limits::default();
    limits.result_bytes = limit.unwrap_or(limits.result_bytes);
    let server = Server::new(server_info!(), ())
        .limits(limits)
        .tools(tools![
            blocks,
            block,
            no_block,
            nothing,
            structured,
            not_structured
        ])
        .resources(resources![parts, value])
        .prompts(prompts![messages])
        .build();
    Asker::new(&server.unwrap())
}

async fn call(asker: &Asker, revision: &str, name: &str) -> Value {
    asker
        .ask(revision, "tools/call", json!({"name": name}))
        .await
}

// [TOOL-10] [LEG-1]
#[tokio::test]
async fn a_result_has_its_blocks_in_the_form_of_the_revision() {
    let asker = asker(None);
    for revision in REVISIONS {
        let text = |text: &str| json!({"type": "text", "text": text});
        let sound = if revision == "2024-11-05" {
            text("[sound of type audio/wav, which this client cannot take]")
        } else {
            json!({"type": "audio", "data": "UklGRg==", "mimeType": "audio/wav"})
        };
        let knows_links = revision >= "2025-06-18";
        let link = if knows_links {
            json!({"type": "resource_link", "uri": "docs://terms", "name": "terms",
                "title": "Terms", "description": "Of business.", "mimeType": "text/plain",
                "size": 24})
        } else {
            text("Terms: docs://terms")
        };
        let mut annotated = text("annotated");
        annotated["annotations"] = json!({"audience": ["user", "assistant"], "priority": 1.0});
        if revision >= "2025-06-18" {
            annotated["annotations"]["lastModified"] = json!("2026-07-28T09:00:00Z");
        }
        let result = call(&asker, revision, "blocks").await;
        assert_eq!(
            result["content"],
            json!([
                text("a \"text\"\n"),
                {"type": "image", "data": "iVBORw==", "mimeType": "image/png"},
                sound,
                link,
                {"type": "resource", "resource":
                    {"uri": "docs://notes", "mimeType": "text/markdown", "text": "# Notes"}},
                {"type": "resource", "resource":
                    {"uri": "docs://logo", "mimeType": "application/octet-stream", "blob": "AQI="}},
                annotated,
            ]),
            "{revision}"
        );
        let block = call(&asker, revision, "block").await;
        assert_eq!(block["content"].as_array().unwrap().len(), 1);
        for name in ["no_block", "nothing"] {
            let result = call(&asker, revision, name).await;
            assert_eq!(result["content"], json!([]));
            assert!(result.get("structuredContent").is_none());
            assert!(result.get("isError").is_none());
        }
    }
}

#[tokio::test]
async fn structured_content_stands_beside_the_blocks_where_it_is_known() {
    let log = log::capture();
    let asker = asker(None);
    for revision in REVISIONS {
        let result = call(&asker, revision, "structured").await;
        assert_eq!(result["content"][0]["text"], "21 degrees");
        let sent = (revision >= "2025-06-18").then(|| json!({"celsius": 21}));
        assert_eq!(result.get("structuredContent"), sent.as_ref(), "{revision}");
        let broken = call(&asker, revision, "not_structured").await;
        assert_eq!(broken["isError"], true);
        assert!(broken.get("structuredContent").is_none());
    }
    assert_eq!(log.with("has to be an object").len(), REVISIONS.len());
}

/// Two parts of a resource.
#[resource("a://parts")]
fn parts() -> ResourceContents {
    ResourceContents::text("äöü\n").and(ResourceContents::binary([0; 100]))
}

/// A value as JSON, in a text.
#[resource("a://value")]
fn value() -> Vec<String> {
    vec!["\"quoted\"".to_owned(); 10]
}

/// Two messages.
#[prompt]
fn messages() -> [Message; 2] {
    let image = Content::image([0; 100], "image/png");
    [Message::user("Look:\n"), Message::assistant(image)]
}

/// How many bytes the fields of a result have, as far as the limit counts them.
fn counted(result: &Value) -> usize {
    let json = |key: &str| result.get(key).map(|value| value.to_string().len());
    let tool = json("content").map(|content| {
        let structured = json("structuredContent").map(|it| it + r#","structuredContent":"#.len());
        r#""content":"#.len() + content + structured.unwrap_or_default()
    });
    let list = json("contents").or_else(|| json("messages"));
    // The items alone, without the brackets around them.
    tool.or(list.map(|list| list - 2)).unwrap()
}

// [TOOL-14d]
#[tokio::test]
async fn a_result_of_n_bytes_is_sent_and_one_of_n_plus_one_is_an_error() {
    for (method, params) in [
        ("tools/call", json!({"name": "blocks"})),
        ("tools/call", json!({"name": "structured"})),
        ("resources/read", json!({"uri": "a://parts"})),
        ("resources/read", json!({"uri": "a://value"})),
        ("prompts/get", json!({"name": "messages"})),
    ] {
        let log = log::capture();
        let whole = asker(None).ask(MODERN, method, params.clone()).await;
        let bytes = u32::try_from(counted(&whole)).unwrap();
        let fits = asker(Some(bytes)).ask(MODERN, method, params.clone()).await;
        assert_eq!(fits, whole, "{method} {params}");
        assert!(log.with("limit").is_empty());

        let limit = bytes - 1;
        let refused = asker(Some(limit)).ask(MODERN, method, params).await;
        let text = if method == "tools/call" {
            assert_eq!(refused["isError"], true, "{refused}");
            assert!(refused.get("structuredContent").is_none());
            &refused["content"][0]["text"]
        } else {
            assert_eq!(refused["error"]["code"], -32603, "{refused}");
            &refused["error"]["message"]
        };
        let says = format!("larger than {limit} bytes and was not sent");
        assert!(text.as_str().unwrap().contains(&says), "{text}");
        assert_eq!(log.with("larger than the limit").len(), 1);
    }
}

/// A weather report.
#[derive(Serialize, JsonSchema)]
struct Report {
    celsius: f64,
    humidity: Option<u8>,
    sky: Sky,
    /// Hour by hour.
    hours: Vec<Hour>,
    notes: BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Sky {
    PartlyCloudy,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Hour {
    Dry { at: u8 },
    Wet { at: u8, millimetres: f32 },
}

macro_rules! returning {
    ($($name:ident: $type:ty = $value:expr;)*) => {$(
        /// Returns a value of a type.
        #[tool]
        fn $name(
            /// Whether to fail instead.
            #[arg(default)]
            fails: bool,
        ) -> Result<$type> {
            if fails {
                return Err(Error::new("as it was told"));
            }
            Ok($value)
        }
    )*};
}

returning! {
    report: Report = Report {
        celsius: -0.5,
        humidity: None,
        sky: Sky::PartlyCloudy,
        hours: vec![Hour::Dry { at: 1 }, Hour::Wet { at: 2, millimetres: 0.25 }],
        notes: BTreeMap::from([("any".to_owned(), json!([1, null]))]),
        warning: None,
    };
    large: u64 = u64::MAX;
    negative: i8 = -128;
    fraction: f32 = 0.1;
    truth: bool = true;
    sky: Sky = Sky::PartlyCloudy;
    present: Option<u8> = Some(3);
    absent: Option<Sky> = None;
    list: Vec<Option<u32>> = vec![Some(1), None];
    pair: (u8, u8) = (1, 2);
    object: BTreeMap<String, f64> = BTreeMap::from([("a".to_owned(), 1.5)]);
    anything: Value = json!({"a": [1, {"b": null}]});
}

/// Whether the schema is one, and the value fits it, as somebody else judges it.
fn judge(schema: &Value, value: Option<&Value>) -> std::result::Result<(), String> {
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.set_default_draft(Draft::V2020_12);
    let url = "https://example.com/schema.json";
    let added = compiler.add_resource(url, schema.clone());
    added.map_err(|error| error.to_string())?;
    let found = compiler.compile(url, &mut schemas);
    let schema = found.map_err(|error| format!("{error:#}"))?;
    let Some(value) = value else { return Ok(()) };
    let judged = schemas.validate(value, schema);
    judged.map_err(|error| format!("{error:#}"))
}

#[test]
fn the_judge_finds_wrong_schemas_and_values() {
    assert!(judge(&json!({"properties": {"a": {"type": "objekt"}}}), None).is_err());
    assert!(judge(&json!({"minimum": "1"}), None).is_err());
    assert!(
        judge(
            &json!({"prefixItems": [{"type": "null"}]}),
            Some(&json!([1]))
        )
        .is_err()
    );
    assert_eq!(judge(&json!({"minimum": 1}), Some(&json!(1))), Ok(()));
}

// [TOOL-8] [SCH-1b] [LEG-1b] [LEG-1c]
#[tokio::test]
async fn every_result_fits_the_schema_that_is_listed_for_it() {
    let server = Server::new(server_info!(), ())
        .tools(tools![report, large, negative, fraction, truth, sky])
        .tools(tools![present, absent, list, pair, object, anything])
        .build()
        .unwrap();
    let asker = Asker::new(&server);
    for revision in REVISIONS {
        let listed = asker.entries(revision, "tools/list", "tools").await;
        assert_eq!(listed.len(), 12);
        for tool in listed {
            let tool: Value = serde_json::from_str(&tool).unwrap();
            let name = tool["name"].as_str().unwrap();
            assert_eq!(
                judge(&tool["inputSchema"], Some(&json!({}))),
                Ok(()),
                "{name}"
            );
            let ask = async |fails: bool| {
                let params = json!({"name": name, "arguments": {"fails": fails}});
                asker.ask(revision, "tools/call", params).await
            };
            let failed = ask(true).await;
            assert_eq!(failed["isError"], true);
            assert!(failed.get("structuredContent").is_none());
            let result = ask(false).await;
            let structured = result.get("structuredContent");
            let Some(schema) = tool.get("outputSchema") else {
                assert!(revision < "2025-06-18", "{name}");
                assert_eq!(structured, None);
                continue;
            };
            assert_eq!(judge(schema, structured), Ok(()), "{revision} {name}");
            if revision != MODERN {
                assert_eq!(schema["type"], "object", "{revision} {name}");
            }
            assert!(structured.is_some() && revision >= "2025-06-18");
        }
    }
}

// [SCH-1b]
#[tokio::test]
async fn a_schema_that_a_macro_wrote_would_be_taken_from_a_hand() {
    let server = Server::new(server_info!(), ())
        .tools(tools![report, list, sky])
        .build()
        .unwrap();
    let registry = DynamicTools::new();
    for tool in Asker::new(&server)
        .entries(MODERN, "tools/list", "tools")
        .await
    {
        let tool: Value = serde_json::from_str(&tool).unwrap();
        let schema = tool["inputSchema"].to_string();
        let name = tool["name"].as_str().unwrap();
        let copy = mcp_core::DynamicTool::new(name, &schema, |_| {
            Box::pin(async { Ok(Contents::default()) })
        });
        assert!(registry.add(copy.unwrap()).is_ok());
    }
}
