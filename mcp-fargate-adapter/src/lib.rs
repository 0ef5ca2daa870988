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
//! # Where it listens, and who may call
//!
//! The first that is set says where:
//!
//! | variable | address |
//! | --- | --- |
//! | `MCP_BIND` | this one |
//! | `PORT` | all addresses, this port |
//! | `AWS_LAMBDA_HTTP_ENDPOINT` | this one: a web function of Lambda |
//! | `ECS_CONTAINER_METADATA_URI_V4` | `0.0.0.0:8000`: a task of ECS, AgentCore Runtime's address as well ([MCP protocol contract]) |
//! | none | `127.0.0.1:8000`: a developer's machine |
//!
//! Beyond loopback something has to say who may call: `MCP_PUBLIC_URL`, the URL that clients use, such as
//! `https://mcp.example.com/mcp`, by which they are told where to sign in as well; `MCP_HOSTS`, the names under which clients reach
//! the server (separated by commas), with `MCP_ORIGINS` for web pages; or `MCP_INGRESS=platform`, where
//! the platform in front checks callers, as AgentCore Runtime does; or [`Host::ingress`].
//!
//! # Streams, limits and the end
//!
//! Streams are kept alive every 15 seconds ([`Limits::keep_alive`](mcp_core::Limits::keep_alive)),
//! silent connections for 75. Connections are bounded by [`Host::connections`], what a caller may take by
//! [`Limits`](mcp_core::Limits), and a client that takes nothing is given up after
//! [`Limits::write_stall`](mcp_core::Limits::write_stall). The head of a request has at most 100 fields and
//! about 64 KiB; a larger one is answered 431. ECS sends SIGTERM and, after `stopTimeout`,
//! SIGKILL: on Fargate after 30 seconds unless you set it, at most 120 ([container definition]).
//! [`Host::ending`] fits into that.
//!
//! # Several instances
//!
//! Clients can reach any of several instances, without sticky sessions, if all have the same keys
//! (`ServerBuilder::seal_with` of the core, feature `seal`) and, for changes and for clients of older
//! revisions, one Redis or Valkey: `Redis::bus` and `Redis::store` (feature `redis`). A reply that is taken up
//! again (revision 2025-11-25) is the one thing that has to reach the instance that began it.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `redis` | `Redis`, `RedisBus` and `RedisStore`: what instances share |
//! | `redis-tls` | `rediss://` URLs: the same over TLS. Switches `redis` on; compiles `aws-lc-rs`, which needs a C compiler |
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
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connections;
mod environment;
mod host;
#[cfg(feature = "redis")]
mod redis;
mod shutdown;
mod stall;

#[cfg(feature = "redis")]
pub use self::redis::{Redis, RedisBus, RedisStore};
pub use host::{Host, router, router_of, serve, serve_on};
pub use mcp_core::HostError as Error;
pub use mcp_core::http::Ingress;
