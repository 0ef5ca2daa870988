//! Serves an [`mcp_core::Server`] as an AWS Lambda function behind an API Gateway HTTP API or a
//! Function URL.
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
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), mcp_lambda_adapter::Error> {
//!     let server = Server::new(server_info!(), ()).tools(tools![hello]).build()?;
//!     mcp_lambda_adapter::run(server).await
//! }
//! ```
//!
//! The caller is whom the front door verified: the subject of a JWT authorizer's token with the
//! token's scopes, or the IAM identity that signed the request, without scopes. A request through
//! a door that verifies nobody is refused unless the server says
//! [`anonymous`](mcp_core::ServerBuilder::anonymous).
//!
//! A call that would outlive its invocation is stopped 750 ms before the deadline, so that its caller
//! gets an answer. Replies are sent in one piece, so what a tool says before it finishes is dropped. This crate
//! translates between events and the endpoint of the core, and contains no protocol of its own.

// Library code has no panics: every failure is a value with a text that says what to change.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod event;
mod function;
mod identity;

pub use function::run;
pub use mcp_core::HostError as Error;
