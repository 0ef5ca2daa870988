//! A server's protocol written by hand: one JSON-RPC message in, the bytes of its answer out.
//!
//! This is the least that a server of the revision 2026-07-28 has to do for one tool, in the way an
//! experienced author would write it with serde: borrowed text, `params` and `arguments` kept as
//! raw JSON until the method is known, replies written straight into a reused buffer around their
//! constant parts, the tool list prepared once. Whatever the SDK costs above it is what the SDK
//! costs.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The one revision that is spoken here.
const REVISION: &str = "2026-07-28";

/// Name and version that every result carries.
const SERVER_INFO: &str =
    r#"{"io.modelcontextprotocol/serverInfo":{"name":"floor","version":"0.1.0"}}"#;

/// The envelope of a message; everything in it is borrowed from the bytes that came in.
#[derive(Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    /// Absent on a notification.
    #[serde(borrow)]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) method: Cow<'a, str>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

/// The members of `params` that the served methods have.
#[derive(Deserialize)]
pub(crate) struct Params<'a> {
    /// Empty where the method has no name.
    #[serde(borrow, default)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, rename = "_meta")]
    pub(crate) meta: RequestMeta<'a>,
}

/// The members that every request's `_meta` must have.
#[derive(Deserialize)]
pub(crate) struct RequestMeta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
    pub(crate) version: Cow<'a, str>,
    #[serde(rename = "io.modelcontextprotocol/clientCapabilities")]
    _capabilities: ClientCapabilities,
}

/// An object; none of its members matter to a server with one plain tool.
#[derive(Deserialize)]
struct ClientCapabilities {}

/// The arguments of the tool `add`.
#[derive(Deserialize)]
struct Summands {
    a: i64,
    b: i64,
}

/// Why a message has no result.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    Json,
    Shape,
    Meta,
    #[allow(dead_code, reason = "only the HTTP floor has headers")]
    Header,
    Version,
    Method,
    Tool,
}

impl Fault {
    /// The JSON-RPC code and text.
    fn error(self) -> (i32, &'static str) {
        match self {
            Self::Json => (-32700, "the message is not JSON"),
            Self::Shape => (-32600, "the message is not a JSON-RPC request"),
            Self::Meta => (-32602, "params._meta lacks a required member"),
            Self::Header => (-32020, "the headers do not match the body"),
            Self::Version => (-32022, "the protocol version is not supported"),
            Self::Method => (-32601, "no such method"),
            Self::Tool => (-32602, "no such tool"),
        }
    }
}

/// Reads the envelope.
pub(crate) fn read(bytes: &[u8]) -> Result<Message<'_>, Fault> {
    // Text that is known to be UTF-8 is not checked again at every string in it.
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Json)?;
    let message: Message<'_> = serde_json::from_str(text).map_err(|error| {
        if error.is_data() {
            Fault::Shape
        } else {
            Fault::Json
        }
    })?;
    if message.jsonrpc == "2.0" {
        Ok(message)
    } else {
        Err(Fault::Shape)
    }
}

impl<'a> Message<'a> {
    /// Reads `params` with the required `_meta`.
    pub(crate) fn params(&self) -> Result<Params<'a>, Fault> {
        let params = self.params.ok_or(Fault::Meta)?;
        serde_json::from_str(params.get()).map_err(|_| Fault::Meta)
    }
}

/// What is prepared once and only copied afterwards.
pub(crate) struct Floor {
    tool_list: String,
}

impl Floor {
    /// A server that serves `add` and lists it with `extra` more tools.
    pub(crate) fn new(extra: usize) -> Self {
        let names = std::iter::once("add".to_owned())
            .chain((1..=extra).map(|number| format!("extra_{number:03}")));
        let tools: Vec<String> = names
            .map(|name| {
                format!(
                    concat!(
                        r#"{{"name":"{}","description":"Adds two numbers.","#,
                        r#""inputSchema":{{"type":"object","properties":{{"#,
                        r#""a":{{"description":"First summand.","type":"integer"}},"#,
                        r#""b":{{"description":"Second summand.","type":"integer"}}}},"#,
                        r#""required":["a","b"]}},"#,
                        r#""outputSchema":{{"type":"integer"}},"#,
                        r#""annotations":{{"readOnlyHint":true}}}}"#,
                    ),
                    name
                )
            })
            .collect();
        let tool_list = format!(
            r#"{{"resultType":"complete","tools":[{}],"ttlMs":0,"cacheScope":"private","_meta":{SERVER_INFO}}}"#,
            tools.join(",")
        );
        Self { tool_list }
    }

    /// Appends the result of a request to `out`.
    pub(crate) fn answer(
        &self,
        id: &RawValue,
        method: &str,
        params: &Params<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        if params.meta.version != REVISION {
            return Err(Fault::Version);
        }
        match method {
            "tools/call" if params.name == "add" => write_call(id, params.arguments, out),
            "tools/call" => return Err(Fault::Tool),
            "tools/list" => write_prepared(id, &self.tool_list, out),
            "server/discover" => write_prepared(id, DISCOVERED, out),
            _ => return Err(Fault::Method),
        }
        Ok(())
    }
}

/// The result of `server/discover`.
const DISCOVERED: &str = concat!(
    r#"{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"#,
    r#""ttlMs":0,"cacheScope":"private","#,
    r#""_meta":{"io.modelcontextprotocol/serverInfo":{"name":"floor","version":"0.1.0"}}}"#,
);

/// Appends everything in front of a result.
fn open_result(id: &RawValue, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id.get().as_bytes());
    out.extend_from_slice(br#","result":"#);
}

/// Appends a result that is only bytes by now.
fn write_prepared(id: &RawValue, result: &str, out: &mut Vec<u8>) {
    out.reserve(result.len() + id.get().len() + 40);
    open_result(id, out);
    out.extend_from_slice(result.as_bytes());
    out.push(b'}');
}

/// Runs the tool and appends its result: the sum, or what is wrong with the arguments.
fn write_call(id: &RawValue, arguments: Option<&RawValue>, out: &mut Vec<u8>) {
    let arguments = arguments.map_or("{}", RawValue::get);
    let sum = serde_json::from_str::<Summands>(arguments).map(|Summands { a, b }| a + b);
    open_result(id, out);
    out.extend_from_slice(br#"{"resultType":"complete","content":[{"type":"text","text":"#);
    match sum {
        Ok(sum) => {
            // The text is the structured value once more, as JSON.
            let text = sum.to_string();
            write_json(&text, out);
            out.extend_from_slice(br#"}],"structuredContent":"#);
            out.extend_from_slice(text.as_bytes());
        }
        Err(error) => {
            write_json(&error.to_string(), out);
            out.extend_from_slice(br#"}],"isError":true"#);
        }
    }
    out.extend_from_slice(br#","_meta":"#);
    out.extend_from_slice(SERVER_INFO.as_bytes());
    out.extend_from_slice(b"}}");
}

/// A failed JSON-RPC response.
#[derive(Serialize)]
struct Failure<'a> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    error: ErrorObject,
}

/// The member `error` of a failed response.
#[derive(Serialize)]
struct ErrorObject {
    code: i32,
    message: &'static str,
}

/// Appends the error that stands for `fault`.
pub(crate) fn write_fault(id: Option<&RawValue>, fault: Fault, out: &mut Vec<u8>) {
    let (code, message) = fault.error();
    write_json(
        &Failure {
            jsonrpc: "2.0",
            id,
            error: ErrorObject { code, message },
        },
        out,
    );
}

/// Appends `value` as JSON.
fn write_json(value: &(impl Serialize + ?Sized), out: &mut Vec<u8>) {
    // Writing text and plain structs into memory has no way to fail.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.clear();
    }
}
