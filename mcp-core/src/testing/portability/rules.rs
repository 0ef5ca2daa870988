//! The rules, each with its source. None was tried against a vendor's service by us; where a vendor
//! documents nothing, the source is a report of what the service answered.

use serde_json::Value;

use super::schema::Node;
use super::{Finding, Tool, Vendor};

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) vendor: Vendor,
    pub(super) says: &'static str,
    pub(super) source: &'static str,
    broken: Broken,
}

/// When a rule is broken.
#[derive(Debug)]
enum Broken {
    /// By a tool as a whole.
    By(fn(&Tool<'_>) -> bool),
    /// By a schema in its input schema.
    At(fn(&Node<'_>) -> bool),
}

impl Rule {
    /// The findings about one tool.
    pub(super) fn broken_by(&'static self, tool: &Tool<'_>) -> Vec<Finding> {
        let finding = |path: &str| Finding {
            tool: tool.name.to_owned(),
            path: path.to_owned(),
            rule: self,
        };
        match self.broken {
            Broken::By(is_broken) => is_broken(tool).then(|| finding("")).into_iter().collect(),
            Broken::At(is_broken) => {
                let nodes = tool.nodes.iter().filter(|node| is_broken(node));
                nodes.map(|node| finding(&node.path)).collect()
            }
        }
    }
}

const fn by(
    vendor: Vendor,
    says: &'static str,
    source: &'static str,
    broken: fn(&Tool<'_>) -> bool,
) -> Rule {
    Rule {
        vendor,
        says,
        source,
        broken: Broken::By(broken),
    }
}

const fn at(
    vendor: Vendor,
    says: &'static str,
    source: &'static str,
    broken: fn(&Node<'_>) -> bool,
) -> Rule {
    Rule {
        vendor,
        says,
        source,
        broken: Broken::At(broken),
    }
}

use Vendor::{Anthropic, Bedrock, Cursor, Gemini, Kiro, OpenAi, OpenAiStrict};

pub(super) static RULES: [Rule; 31] = [
    by(
        Anthropic,
        "a name has 1 to 64 ASCII letters, digits, `_` and `-`",
        "https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use",
        |tool| !is_name(tool.name),
    ),
    by(
        Anthropic,
        "`mcp__`, the server's name, `__` and the tool's name have at most 64 characters together",
        "https://github.com/sparfenyuk/mcp-proxy/issues/45",
        |tool| "mcp__".len() + tool.server.len() + "__".len() + tool.name.len() > 64,
    ),
    by(
        Anthropic,
        "a description is cut after 2,048 characters",
        "https://github.com/anthropics/claude-code/issues/81268",
        |tool| tool.description.chars().count() > 2048,
    ),
    by(
        Anthropic,
        "the input schema is of `type` `object`",
        "https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use",
        has_no_object_root,
    ),
    at(
        Anthropic,
        "no `oneOf`, `anyOf` or `allOf` at the root",
        "https://github.com/anthropics/claude-code/issues/5319",
        |node| node.is_root() && node.has(&["oneOf", "anyOf", "allOf"]),
    ),
    at(
        Anthropic,
        "no `$ref`",
        "https://platform.claude.com/docs/en/managed-agents/self-hosted-sandboxes",
        |node| node.has(&["$ref"]),
    ),
    at(
        Anthropic,
        "a property has 1 to 64 ASCII letters, digits, `_`, `.` and `-`",
        "https://platform.claude.com/docs/en/managed-agents/self-hosted-sandboxes",
        |node| node.properties().any(|name| !is_property(name)),
    ),
    by(
        OpenAi,
        "a name has 1 to 64 ASCII letters, digits, `_` and `-`",
        "https://platform.openai.com/docs/api-reference/chat/create",
        |tool| !is_name(tool.name),
    ),
    by(
        OpenAi,
        "the input schema is of `type` `object`",
        "https://platform.openai.com/docs/guides/structured-outputs",
        has_no_object_root,
    ),
    at(
        OpenAi,
        "an object has `properties`",
        "https://github.com/can1357/oh-my-pi/issues/1147",
        |node| node.is("object") && !node.has(&["properties"]),
    ),
    at(
        OpenAi,
        "an array has `items`",
        "https://github.com/digitalocean-labs/mcp-digitalocean/issues/265",
        lacks_items,
    ),
    at(
        OpenAi,
        "no `oneOf`, `anyOf`, `allOf`, `enum` or `not` at the root",
        "https://github.com/langchain-ai/langchainjs/issues/9804",
        |node| node.is_root() && node.has(&["oneOf", "anyOf", "allOf", "enum", "not"]),
    ),
    at(
        OpenAiStrict,
        "keys are named: no `additionalProperties` but `false`",
        "https://github.com/openai/openai-agents-python/blob/main/src/agents/strict_schema.py",
        |node| {
            let others = node.schema.get("additionalProperties");
            others.is_some_and(|others| *others != Value::Bool(false))
        },
    ),
    at(
        OpenAiStrict,
        "no `allOf`, `not`, `dependentRequired`, `dependentSchemas`, `if`, `then` and `else`",
        "https://platform.openai.com/docs/guides/structured-outputs",
        |node| {
            node.has(&["allOf", "not", "dependentRequired", "dependentSchemas"])
                || node.has(&["if", "then", "else"])
        },
    ),
    at(
        OpenAiStrict,
        "a format is one of `date-time`, `time`, `date`, `duration`, `email`, `hostname`, `ipv4`, \
         `ipv6` and `uuid`",
        "https://platform.openai.com/docs/guides/structured-outputs",
        |node| {
            let format = node.schema.get("format").and_then(Value::as_str);
            format.is_some_and(|format| !FORMATS.contains(&format))
        },
    ),
    at(
        OpenAiStrict,
        "`null` in an `enum` needs `null` in `type`",
        "https://github.com/eric-tramel/moraine/pull/369",
        |node| {
            let values = node.schema.get("enum").and_then(Value::as_array);
            values.is_some_and(|values| values.contains(&Value::Null)) && !node.is("null")
        },
    ),
    by(
        OpenAiStrict,
        "at most 5,000 properties and 10 levels of them",
        "https://platform.openai.com/docs/guides/structured-outputs",
        |tool| {
            let properties = tool.nodes.iter().flat_map(Node::properties).count();
            let levels = tool
                .nodes
                .iter()
                .filter(|node| node.properties().next().is_some());
            properties > 5000 || levels.map(|node| node.depth + 1).max().unwrap_or(0) > 10
        },
    ),
    by(
        Gemini,
        "a name has 1 to 64 ASCII letters, digits, `_`, `.` and `-`, and begins with a letter or `_`",
        "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/java/latest/\
         com.google.cloud.vertexai.api.FunctionDeclarationOrBuilder",
        |tool| {
            let first = tool.name.bytes().next();
            !is_property(tool.name)
                || !first.is_some_and(|it| it.is_ascii_alphabetic() || it == b'_')
        },
    ),
    at(
        Gemini,
        "a keyword is one of Gemini's `Schema`: no `const`, `oneOf`, `allOf`, `$ref`, `$schema`, \
         `additionalProperties`, `exclusiveMinimum`, ..",
        "https://github.com/zed-industries/zed/issues/45552",
        |node| node.schema.keys().any(|key| !OF_GEMINI.contains(&&**key)),
    ),
    at(
        Gemini,
        "a `type` is one, not a list",
        "https://github.com/taylorwilsdon/google_workspace_mcp/issues/1099",
        |node| node.schema.get("type").is_some_and(Value::is_array),
    ),
    at(
        Gemini,
        "everything has a `type`",
        "https://github.com/arben-adm/mcp-sequential-thinking/issues/12",
        |node| !node.has(&["type", "anyOf"]),
    ),
    at(
        Gemini,
        "an `enum` has texts",
        "https://github.com/anomalyco/opencode/issues/2687",
        |node| {
            let values = node.schema.get("enum").and_then(Value::as_array);
            values.is_some_and(|values| !values.iter().all(Value::is_string))
        },
    ),
    by(
        Bedrock,
        "a name has 1 to 64 ASCII letters, digits, `_` and `-`",
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html",
        |tool| !is_name(tool.name),
    ),
    by(
        Bedrock,
        "a description is not empty",
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html",
        |tool| tool.description.is_empty(),
    ),
    at(
        Bedrock,
        "no `oneOf`, `anyOf` or `allOf` at the root",
        "https://github.com/zereight/gitlab-mcp/issues/550",
        |node| node.is_root() && node.has(&["oneOf", "anyOf", "allOf"]),
    ),
    by(
        Kiro,
        "the names of the server and the tool have at most 64 characters together",
        "https://github.com/awslabs/mcp/issues/570",
        |tool| tool.server.len() + tool.name.len() > 64,
    ),
    at(
        Kiro,
        "no `$ref`",
        "https://github.com/kirodotdev/Kiro/issues/8257",
        |node| node.has(&["$ref"]),
    ),
    at(
        Kiro,
        "no `anyOf` of `const`",
        "https://github.com/kirodotdev/Kiro/issues/7042",
        |node| {
            let forms = node.schema.get("anyOf").and_then(Value::as_array);
            forms.is_some_and(|forms| forms.iter().any(|form| form.get("const").is_some()))
        },
    ),
    by(
        Kiro,
        "an output schema is of `type` `object`",
        "https://github.com/kirodotdev/Kiro/issues/10830",
        |tool| {
            let kind = tool
                .output
                .map(|output| output.get("type").and_then(Value::as_str));
            kind.is_some_and(|kind| kind != Some("object"))
        },
    ),
    by(
        Cursor,
        "the names of the server and the tool have fewer than 60 characters together",
        "https://github.com/ComposioHQ/composio/issues/2788",
        |tool| tool.server.len() + tool.name.len() >= 60,
    ),
    at(
        Cursor,
        "a `type` is one, not a list",
        "https://github.com/cursor/cursor/issues/3778",
        |node| node.schema.get("type").is_some_and(Value::is_array),
    ),
];

const FORMATS: [&str; 9] = [
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];

/// The fields of `Schema` (<https://cloud.google.com/vertex-ai/docs/reference/rest/v1/Schema>), and
/// the one keyword of MCP itself, which clients read and do not pass on.
const OF_GEMINI: [&str; 23] = [
    "anyOf",
    "default",
    "description",
    "enum",
    "example",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "nullable",
    "pattern",
    "properties",
    "propertyOrdering",
    "required",
    "title",
    "type",
    "x-mcp-header",
];

fn is_name(name: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=64).contains(&name.len()) && name.bytes().all(is_legal)
}

fn is_property(name: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=64).contains(&name.len()) && name.bytes().all(is_legal)
}

fn has_no_object_root(tool: &Tool<'_>) -> bool {
    !tool.nodes.first().is_some_and(|root| root.is("object"))
}

fn lacks_items(node: &Node<'_>) -> bool {
    node.is("array") && !node.has(&["items"])
}
