//! The smallest HTTP server, to be counted and measured.

use mcp_core::{Server, server_info, tool, tools};

/// Greets somebody by name.
#[tool(read_only)]
fn hello(
    /// Who to greet.
    name: &str,
) -> String {
    format!("Hello, {name}!")
}

#[tokio::main]
async fn main() -> Result<(), mcp_fargate_adapter::Error> {
    let server = Server::new(server_info!(), ())
        .tools(tools![hello])
        .build()?;
    mcp_fargate_adapter::serve(server).await
}
