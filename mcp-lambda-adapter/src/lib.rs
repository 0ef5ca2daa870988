//! Serves an [`mcp_core::Server`] as an AWS Lambda function, whoever invokes it.
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
//! # Who can call
//!
//! One function answers each of these in its own form, told apart by the event alone:
//!
//! | door | event | who calls |
//! | --- | --- | --- |
//! | [`Http`](Door::Http) | API Gateway REST API (payload 1.0) | authorizer, signature, or a token |
//! | | API Gateway HTTP API, Function URL (payload 2.0) | the same |
//! | | Application Load Balancer | a token |
//! | [`Invoke`](Door::Invoke) | one JSON-RPC message; a notification is answered `{}` | IAM |
//! | [`Gateway`](Door::Gateway) | Lambda target of an AgentCore Gateway | IAM |
//! | [`Agent`](Door::Agent) | action group of Amazon Bedrock Agents | IAM |
//!
//! Anything else fails the invocation with the error `UnknownEvent`, so that an event source that was
//! connected by mistake does not take it for done.
//!
//! *Authorizer*: the subject, scopes and groups (`cognito:groups`, or an array `groups`) of a token that
//! API Gateway checked, or what your own Lambda authorizer says (`principalId` or `sub`, `scope`,
//! `groups`, `tenant`). Subjects of two issuers are not told apart. *Signature*: the IAM identity, without
//! scopes; of an assumed role the last part is a name that whoever assumed it chose, unless a policy
//! demands one (`sts:RoleSessionName`). A guest of a Cognito identity pool is nobody. *A token*: what the server's
//! [`CallerSource`](mcp_core::http::CallerSource) makes of the request. *IAM*: whoever may invoke
//! the function, without scopes unless [`Lambda::scopes`] grants some. A request from nobody is refused
//! unless the server says [`anonymous`](mcp_core::ServerBuilder::anonymous). Nothing that a client
//! says about itself counts, and neither do the session attributes of an agent. In a function with
//! tenant isolation every caller is of the invocation's tenant; let API Gateway take it from
//! `context.authorizer`, not from a header. The query string and the cookies of a request are not passed on.
//!
//! # What fits where
//!
//! Replies are buffered until [`ResponseMode::Stream`] says that the front door streams. Buffered, what
//! a function says before its result comes with it in one piece, to clients that accept events.
//! A call ends 750 ms before its invocation does, and its caller is told so; a blocking function goes on
//! then, as far as Lambda lets the process run. GET and DELETE are answered 405: nothing is held open that
//! nobody asked for. A load balancer with health checks has to take 405 for healthy.
//!
//! # Building
//!
//! `cargo lambda build --release` compiles with `panic = "abort"` unless the workspace says otherwise,
//! and then a panic in a tool ends the process instead of the call. Say so in your `Cargo.toml`:
//!
//! ```toml
//! [profile.release]
//! panic = "unwind"
//! ```
//!
//! All settings are in [`Lambda`]. This crate translates between events and the core, and decides nothing
//! about the protocol.

// Library code has no panics: every failure is a value with a text that says what to change.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod agent;
mod deadline;
pub mod definitions;
mod door;
mod event;
mod function;
mod identity;
mod lambda;
mod lifecycle;
mod log;
mod reply;
mod settings;
mod tool_call;

pub use door::{Door, UnknownDoor};
pub use lambda::Lambda;
pub use mcp_core::HostError as Error;
pub use settings::{ResponseMode, UnknownMode};

/// Serves invocations until Lambda ends the process, as the environment says: [`Lambda`] lists the
/// variables. Example: [the crate](self).
///
/// # Errors
///
/// As [`Lambda::run`].
pub async fn run(server: mcp_core::Server) -> Result<(), Error> {
    Lambda::new(server).run().await
}
