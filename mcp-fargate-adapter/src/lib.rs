//! Serves an [`mcp_core::Server`] over HTTP: as a container on ECS Fargate or AgentCore Runtime, or
//! on any machine.
//!
//! ```no_run
//! use mcp_core::{Server, server_info, tool, tools};
//!
//! /// Greets somebody by name.
//! #[tool(read_only)]
//! fn hello(
//!     /// Who to greet.
//!     name: &str,
//! ) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), mcp_fargate_adapter::Error> {
//!     let server = Server::new(server_info!(), ()).tools(tools![hello]).build()?;
//!     mcp_fargate_adapter::serve(server).await
//! }
//! ```
//!
//! `POST /mcp` is the protocol, `GET /healthz` says that the process runs, `GET /readyz` that it
//! takes requests: both answer 200 without a body, `/readyz` 503 once the process is asked to end.
//!
//! In a container, say who may call with [`Host::ingress`], and set the address with `MCP_BIND` or
//! [`Host::bind`]. AgentCore Runtime wants `0.0.0.0:8000` and the path `/mcp` ([MCP protocol
//! contract]). ECS sends SIGTERM and, after `stopTimeout`, SIGKILL. On Fargate that is 30 seconds
//! unless you set it, at most 120 ([container definition]); calls in flight get 25 seconds here.
//!
//! [MCP protocol contract]: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-mcp-protocol-contract.html
//! [container definition]: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
//!
//! This crate translates between sockets and the endpoint of the core, and contains
//! no protocol of its own.

// Library code has no panics: every failure is a value with a text that says what to change.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod host;
mod shutdown;

pub use host::{Host, router, serve, serve_on};
pub use mcp_core::HostError as Error;
pub use mcp_core::http::Ingress;
