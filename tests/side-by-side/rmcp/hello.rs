//! One tool, over standard input and output, with rmcp.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::transport::stdio;
use rmcp::{ServiceExt, schemars, tool, tool_router};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct HelloParams {
    /// Who to greet.
    name: String,
}

#[derive(Clone)]
struct Hello;

#[tool_router(server_handler)]
impl Hello {
    /// Greets somebody by name.
    #[tool(annotations(read_only_hint = true))]
    fn hello(Parameters(HelloParams { name }): Parameters<HelloParams>) -> String {
        format!("Hello, {name}!")
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = Hello.serve(stdio()).await?;
    service.waiting().await?;
    Ok(())
}
