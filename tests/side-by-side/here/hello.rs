//! One tool, over standard input and output.

use mcp_core::{HostError, Server, server_info, stdio, tool, tools};

/// Greets somebody by name.
#[tool(read_only)]
fn hello(
    /// Who to greet.
    name: &str,
) -> String {
    format!("Hello, {name}!")
}

fn main() -> Result<(), HostError> {
    stdio::run(
        Server::new(server_info!(), ())
            .tools(tools![hello])
            .build()?,
    )
}
