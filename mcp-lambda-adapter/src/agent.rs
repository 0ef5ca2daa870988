//! Action groups of Amazon Bedrock Agents: tools that an agent calls by the name of a function, or by
//! the path of an operation.
//!
//! Format: <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html>.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::tool_call::{ToolResult, quoted};

/// What an agent asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Action<'a> {
    #[serde(borrow, rename = "actionGroup")]
    group: &'a RawValue,
    #[serde(borrow, default)]
    function: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    api_path: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    http_method: Option<&'a RawValue>,
    #[serde(borrow, default)]
    parameters: Option<Vec<Parameter<'a>>>,
    #[serde(borrow, default)]
    request_body: Option<RequestBody<'a>>,
    #[serde(borrow, default)]
    agent: Option<Agent<'a>>,
    #[serde(borrow, default)]
    session_attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    prompt_session_attributes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Parameter<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    /// A string, whatever the type of the parameter.
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RequestBody<'a> {
    #[serde(borrow, default)]
    content: Option<Content<'a>>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, default, rename = "application/json")]
    json: Option<Properties<'a>>,
}

#[derive(Deserialize)]
struct Properties<'a> {
    #[serde(borrow, default)]
    properties: Option<Vec<Parameter<'a>>>,
}

#[derive(Deserialize)]
struct Agent<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
}

impl Action<'_> {
    /// The tool that it means: a function has its name, an operation is at `/` and its name.
    pub(crate) fn tool(&self) -> &str {
        match (&self.function, &self.api_path) {
            (Some(function), _) => function,
            (None, Some(path)) => path.trim_matches('/'),
            (None, None) => "",
        }
    }

    /// The agent, as far as it says.
    pub(crate) fn agent_id(&self) -> Option<&str> {
        self.agent.as_ref()?.id.as_deref()
    }

    /// The arguments as one object. All values are strings; the schema of the tool decides what is
    /// read from them.
    pub(crate) fn arguments(&self) -> String {
        let body = self
            .request_body
            .as_ref()
            .and_then(|body| body.content.as_ref());
        let body = body.and_then(|content| content.json.as_ref());
        let body = body.and_then(|json| json.properties.as_ref());
        let parameters = [self.parameters.as_ref(), body]
            .into_iter()
            .flatten()
            .flatten();
        let mut out = String::from("{");
        for parameter in parameters {
            let Some(value) = parameter.value else {
                continue;
            };
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(&quoted(&parameter.name));
            out.push(':');
            out.push_str(value.get());
        }
        out.push('}');
        out
    }

    /// The reply, of at most so many bytes. What went wrong goes back to the model, which may do better.
    pub(crate) fn reply(&self, result: &ToolResult<'_>, most: usize) -> String {
        let reply = self.answer(result);
        if reply.len() <= most {
            return reply;
        }
        let text = format!(
            "The result is larger than {most} bytes, which is all that an agent takes, and was not \
             sent. Narrow the call: ask for fewer items, a shorter period or fewer fields."
        );
        self.write("REPROMPT", 400, &text, &quoted(&text))
    }

    /// The reply of a function that does not do this for agents.
    pub(crate) fn refusal(&self, text: &str) -> String {
        self.write("FAILURE", 403, text, &quoted(text))
    }

    fn answer(&self, result: &ToolResult<'_>) -> String {
        let text = result.text();
        if result.is_error {
            self.write("REPROMPT", 400, &text, &quoted(&text))
        } else {
            self.write("", 200, &text, &result.json())
        }
    }

    /// Writes a reply: `text` is what a function says, `json` the body of an operation.
    fn write(&self, state: &str, status: u16, text: &str, json: &str) -> String {
        let group = self.group.get();
        let response = match (&self.function, &self.api_path) {
            (None, Some(path)) => {
                let path = quoted(path);
                let method = self.http_method.map_or("\"POST\"", RawValue::get);
                let body = quoted(json);
                format!(
                    r#"{{"actionGroup":{group},"apiPath":{path},"httpMethod":{method},"httpStatusCode":{status},"responseBody":{{"application/json":{{"body":{body}}}}}}}"#
                )
            }
            (function, _) => {
                let function = quoted(function.as_deref().unwrap_or_default());
                let body = quoted(text);
                let state = if state.is_empty() {
                    String::new()
                } else {
                    format!(r#""responseState":"{state}","#)
                };
                format!(
                    r#"{{"actionGroup":{group},"function":{function},"functionResponse":{{{state}"responseBody":{{"TEXT":{{"body":{body}}}}}}}}}"#
                )
            }
        };
        let session = self.session_attributes.map_or("{}", RawValue::get);
        let prompt = self.prompt_session_attributes.map_or("{}", RawValue::get);
        format!(
            r#"{{"messageVersion":"1.0","response":{response},"sessionAttributes":{session},"promptSessionAttributes":{prompt}}}"#
        )
    }
}
