//! The smallest Lambda function, to be counted and measured.

use mcp_core::{Server, server_info, tool, tools};

/// Greets somebody by name.
#[tool(read_only)]
fn hello(
    /// Who to greet.
    name: &str,
) -> String {
    format!("Hello, {name}!")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), mcp_lambda_adapter::Error> {
    let server = Server::new(server_info!(), ())
        .tools(tools![hello])
        .build()?;
    mcp_lambda_adapter::run(server).await
}
