//! A tool whose schema says what no Rust type could: published as it is written.

use mcp_core::{BuildError, Content, DynamicTool};

const SCHEMA: &str = include_str!("contact.schema.json");

/// Takes how to reach somebody, and repeats it.
pub(crate) fn json_schema_2020_12_tool() -> Result<DynamicTool, BuildError> {
    let tool = DynamicTool::new("json_schema_2020_12_tool", SCHEMA, |call| {
        Box::pin(async move { Ok(Content::text(call.arguments()).into()) })
    })?;
    Ok(tool
        .description("Repeats how to reach somebody.")
        .read_only(true))
}
