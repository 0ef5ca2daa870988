//! Calls of tools by callers that speak no MCP: they name a tool, and take its result.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A call as the message that an MCP client would send.
pub(crate) fn message(tool: &str, arguments: &str) -> String {
    let mut message =
        String::from(r#"{"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"#);
    message.push_str(&quoted(tool));
    message.push_str(r#","arguments":"#);
    message.push_str(arguments);
    message.push_str("}}");
    message
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A result, of which only the parts that matter are read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToolResult<'a> {
    #[serde(borrow, default)]
    content: Vec<Block<'a>>,
    #[serde(borrow, default)]
    structured_content: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) is_error: bool,
}

#[derive(Deserialize)]
struct Block<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<Error<'a>>,
}

#[derive(Deserialize)]
struct Error<'a> {
    #[serde(borrow)]
    message: Cow<'a, str>,
}

/// The result inside an answer, as JSON. An error of the protocol becomes one that a model can read,
/// since these callers know no other.
pub(crate) fn result(answer: Option<Vec<u8>>) -> String {
    let answer = answer.unwrap_or_default();
    let answer: Option<Answer<'_>> = serde_json::from_slice(&answer).ok();
    match answer {
        Some(Answer {
            result: Some(result),
            ..
        }) => result.get().to_owned(),
        Some(Answer {
            error: Some(error), ..
        }) => failure(&error.message),
        _ => failure("the server could not answer"),
    }
}

/// The result of a call that failed.
pub(crate) fn failure(text: &str) -> String {
    let text = quoted(text);
    format!(r#"{{"content":[{{"type":"text","text":{text}}}],"isError":true}}"#)
}

impl<'a> ToolResult<'a> {
    pub(crate) fn parse(result: &'a str) -> Option<Self> {
        serde_json::from_str(result).ok()
    }

    /// The texts, one to a line; other content is named, not carried.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.content {
            if !out.is_empty() {
                out.push('\n');
            }
            match &block.text {
                Some(text) => out.push_str(text),
                None => {
                    out.push_str("[content of the type `");
                    out.push_str(&block.kind);
                    out.push_str("`, which this caller cannot take]");
                }
            }
        }
        out
    }

    /// The result as one JSON document.
    pub(crate) fn json(&self) -> String {
        match self.structured_content {
            Some(structured) => structured.get().to_owned(),
            None => quoted(&self.text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_message() {
        let message: serde_json::Value =
            serde_json::from_str(&message("a\"b", r#"{"x":[1]}"#)).unwrap();
        assert_eq!(message["params"]["name"], "a\"b");
        assert_eq!(message["params"]["arguments"]["x"][0], 1);
    }

    #[test]
    fn an_error_of_the_protocol_is_readable_by_a_model() {
        let answer = br#"{"jsonrpc":"2.0","id":0,"error":{"code":-32602,"message":"no \"x\""}}"#;
        let result = result(Some(answer.to_vec()));
        let result = ToolResult::parse(&result).unwrap();
        assert!(result.is_error);
        assert_eq!(result.text(), "no \"x\"");
        assert!(ToolResult::parse(&super::result(None)).unwrap().is_error);
    }

    #[test]
    fn texts_are_joined_and_other_content_is_named() {
        let result = ToolResult::parse(
            r#"{"content":[{"type":"text","text":"a"},{"type":"image","data":"","mimeType":"x"}]}"#,
        );
        let text = result.unwrap().text();
        assert_eq!(
            text,
            "a\n[content of the type `image`, which this caller cannot take]"
        );
    }

    #[test]
    fn structure_counts_more_than_text() {
        let both = r#"{"content":[{"type":"text","text":"{}"}],"structuredContent":{"a":1}}"#;
        assert_eq!(ToolResult::parse(both).unwrap().json(), r#"{"a":1}"#);
        let text = r#"{"content":[{"type":"text","text":"a\"b"}]}"#;
        assert_eq!(ToolResult::parse(text).unwrap().json(), r#""a\"b""#);
    }
}
