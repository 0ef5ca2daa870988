//! What model vendors and clients have to say about tools.

mod rules;
mod schema;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

use super::published;
use crate::server::Server;

use rules::{RULES, Rule};
use schema::Node;

/// Who takes tools and has rules for them. Example: [`Vendor::ALL`].
///
/// The rules are those for what a client passes on as it is. Many clients mend schemas before they
/// do, each in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// The Messages API and Claude Code.
    Anthropic,
    /// Function calling without `strict`.
    OpenAi,
    /// Function calling with `strict`, after a client made what the vendor's own libraries make of a
    /// schema: every property required, `additionalProperties: false` everywhere.
    OpenAiStrict,
    /// Function declarations with `parameters`.
    Gemini,
    /// The Converse API of Amazon Bedrock.
    Bedrock,
    /// Kiro, the successor of the Amazon Q command line.
    Kiro,
    /// The Cursor editor.
    Cursor,
}

impl Vendor {
    /// All of them.
    ///
    /// ```
    /// use mcp_core::testing::Vendor;
    /// assert_eq!(Vendor::ALL.map(|vendor| vendor.to_string())[2], "OpenAI strict");
    /// ```
    pub const ALL: [Self; 7] = [
        Self::Anthropic,
        Self::OpenAi,
        Self::OpenAiStrict,
        Self::Gemini,
        Self::Bedrock,
        Self::Kiro,
        Self::Cursor,
    ];
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anthropic => "Anthropic",
            Self::OpenAi => "OpenAI",
            Self::OpenAiStrict => "OpenAI strict",
            Self::Gemini => "Gemini",
            Self::Bedrock => "Bedrock",
            Self::Kiro => "Kiro",
            Self::Cursor => "Cursor",
        })
    }
}

/// A rule of a vendor that a tool breaks. Its text names both, the place, and where the rule is from.
/// Example: [`Portability`].
#[derive(Clone, Debug)]
pub struct Finding {
    tool: String,
    path: String,
    rule: &'static Rule,
}

impl Finding {
    /// Whose rule it is. Example: [`Portability`].
    pub fn vendor(&self) -> Vendor {
        self.rule.vendor
    }

    /// The name of the tool. Example: [`Portability`].
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// The place in its input schema, such as `filter.tags[]`; empty for the tool as a whole. Example:
    /// [`Portability`].
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The rule in words. Example: [`Portability`].
    pub fn rule(&self) -> &'static str {
        self.rule.says
    }

    /// Where the rule is from: a URL. Example: [`Portability`].
    pub fn source(&self) -> &'static str {
        self.rule.source
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tool, path, rule } = self;
        write!(f, "{}: the tool `{tool}`", rule.vendor)?;
        if !path.is_empty() {
            write!(f, ", at `{path}`")?;
        }
        write!(f, ": {} ({})", rule.says, rule.source)
    }
}

/// What all vendors have to say about the tools of a server; nothing, with the schemas that are
/// published by default.
///
/// ```
/// use mcp_core::testing::{Portability, Vendor};
/// use mcp_core::{Server, server_info, tool, tools};
/// use serde_json::json;
///
/// /// Adds two numbers.
/// #[tool(read_only)]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let server = Server::new(server_info!(), ()).tools(tools![add]).build().unwrap();
/// let report = Portability::of(&server);
/// assert!(report.is_empty(), "{report}");
///
/// // The same for tools from elsewhere, as `tools/list` has them.
/// let tool = json!({"name": "save", "description": "Saves.", "inputSchema": {
///     "type": "object",
///     "properties": {"tags": {"type": "array"}},
/// }});
/// let report = Portability::of_tools("notes", [&tool]);
/// let finding = &report.findings()[0];
/// assert_eq!((finding.vendor(), finding.tool(), finding.path()), (Vendor::OpenAi, "save", "tags"));
/// assert!(finding.rule().contains("`items`") && finding.source().starts_with("https://"));
/// ```
#[derive(Clone, Debug)]
pub struct Portability(Vec<Finding>);

impl Portability {
    /// Looks at all tools of a server, whatever scopes they need, as clients of 2025-11-25 see them. Example:
    /// [`Portability`].
    pub fn of(server: &Server) -> Self {
        let tools = published::list(server, "2025-11-25", ("tools/list", "tools"));
        Self::of_tools(&published::name(server), &tools)
    }

    /// Looks at tools as `tools/list` describes them, of a server that clients know by a name. Example:
    /// [`Portability`].
    pub fn of_tools<'t>(server: &str, tools: impl IntoIterator<Item = &'t Value>) -> Self {
        let mut findings = Vec::new();
        for tool in tools {
            let tool = Tool::new(server, tool);
            for rule in &RULES {
                findings.extend(rule.broken_by(&tool));
            }
        }
        Self(findings)
    }

    /// All findings, in the order of the tools. Example: [`Portability`].
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// Whether nobody has anything to say. Example: [`Portability`].
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One finding a line.
impl fmt::Display for Portability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{finding}")?;
        }
        Ok(())
    }
}

/// A tool, as the rules look at it.
struct Tool<'t> {
    server: &'t str,
    name: &'t str,
    description: &'t str,
    /// Every schema in its input schema, the whole one first.
    nodes: Vec<Node<'t>>,
    output: Option<&'t Value>,
}

impl<'t> Tool<'t> {
    fn new(server: &'t str, tool: &'t Value) -> Self {
        let text = |key: &str| tool.get(key).and_then(Value::as_str).unwrap_or_default();
        Self {
            server,
            name: text("name"),
            description: text("description"),
            nodes: schema::nodes(tool.get("inputSchema")),
            output: tool.get("outputSchema"),
        }
    }
}
