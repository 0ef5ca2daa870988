//! Model Context Protocol servers from plain functions.
//!
//! ```no_run
//! use mcp_core::{HostError, Server, server_info, stdio, tool, tools};
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
//! fn main() -> Result<(), HostError> {
//!     stdio::run(Server::new(server_info!(), ()).tools(tools![hello]).build()?)
//! }
//! ```
//!
//! Three rules carry the rest:
//!
//! - **The function stays a function.** [`#[tool]`](tool) leaves it callable as written, so a unit
//!   test calls it like any other.
//! - **What you own came from the client; what you borrow, the server supplied.** `months: u32` is
//!   an argument; `&SalesDb`, [`&Caller`](Caller) and [`&Context`](Context) are injected. Text is
//!   the one exception: `&str` and `Option<&str>` borrow from the request.
//! - **What the schema promises, the server enforces.** All bad arguments are reported in one reply
//!   that a model can act on.
//!
//! The same [`Server`] is served by [`stdio`], by `mcp-fargate-adapter` as an HTTP container and by
//! `mcp-lambda-adapter` as an AWS Lambda function. It speaks the [protocol]'s revisions 2026-07-28,
//! 2025-11-25, 2025-06-18, 2025-03-26 and 2024-11-05.
//!
//! # Features
//!
//! None is on by default. An item that takes one says which.
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `stdio` | [`stdio`]: the host for a local process |
//! | `http` | [`http`](mod@http): the endpoint that the adapters serve. They switch it on |
//! | `seal` | what clients hold for the server: questions to the user ([`Context::elicit`]), results and lists in pages ([`Page`]), sessions of older revisions |
//! | `jwt` | [`jwt`]: callers by JSON Web Token, verified here. Switches `http` on |
//! | `jwks` | the keys of issuers, fetched over HTTPS and kept. Switches `jwt` on |
//! | `redact` | [`redact`]: taking out of results what must not reach a model |
//! | `rate-limit` | [`intercept::RateLimit`]: a rate for each caller |
//! | `otel` | OpenTelemetry: a client's trace goes on in the span of its request, and `mcp.server.operation.duration` is measured |
//! | `testing` | [`testing`]: an in-memory client, contracts. For `[dev-dependencies]` |
//!
//! `seal`, `jwt` and `jwks` compile `aws-lc-rs`, which needs a C compiler.
//!
//! [protocol]: https://modelcontextprotocol.io/specification/2026-07-28

// Library code has no panics: every failure is a value with a text that says what to change.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Each host uses a part of the machinery; only together they use all of it.
#![cfg_attr(
    not(all(
        feature = "http",
        feature = "redact",
        feature = "seal",
        feature = "stdio",
        feature = "testing"
    )),
    allow(dead_code)
)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod access;
mod args;
#[cfg(feature = "seal")]
mod ask;
pub mod audit;
mod batch;
mod builder;
mod bus;
mod call;
mod caller;
mod catalogue;
mod client;
mod coerce;
mod complete;
mod content;
mod context;
#[cfg(feature = "seal")]
mod custody;
mod dispatch;
mod dynamic;
mod encode;
mod era;
mod error;
mod expose;
mod header_params;
#[cfg(feature = "http")]
pub mod http;
mod hub;
mod icon;
mod inject;
pub mod intercept;
mod invocation;
mod json;
mod jsonrpc;
#[cfg(feature = "jwt")]
pub mod jwt;
mod limits;
pub mod log;
mod log_level;
mod message;
mod methods;
mod notifier;
mod observe;
mod output;
#[cfg(feature = "seal")]
mod page;
mod platform;
mod prompt;
mod protocol;
#[cfg(feature = "redact")]
pub mod redact;
mod refusal;
#[cfg(feature = "seal")]
mod replies;
mod reply_limit;
mod resource;
mod result_policy;
mod running;
mod schema;
#[cfg(feature = "seal")]
mod seal;
mod secret;
mod server;
mod server_info;
#[cfg(all(feature = "http", feature = "seal"))]
mod sessions;
mod single_use;
#[cfg(feature = "stdio")]
pub mod stdio;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod text_args;
mod texts;
mod timestamp;
mod tool;
mod trace_context;
mod uri_template;

#[doc = include_str!("../docs/types.md")]
pub mod types {}

pub use access::{Access, AccessKind};
#[cfg(feature = "seal")]
pub use ask::{Answer, Asked, Root, Sampled, Sampling};
pub use builder::{BuildError, ServerBuilder};
pub use bus::{BusError, EventBus, Events, Heard, LocalBus};
pub use caller::{Caller, Provenance};
pub use complete::Completing;
pub use content::{Annotations, Content, Contents, ResourceContents, ResourceLink, Role};
pub use context::{Amount, Context, Progress};
pub use dynamic::{DynamicCall, DynamicTool, DynamicTools};
pub use error::{Error, HostError, Result};
pub use icon::Icon;
pub use inject::State;
pub use invocation::Invocation;
pub use limits::Limits;
pub use log_level::LogLevel;
pub use message::Message;
pub use notifier::Notifier;
pub use observe::Metrics;
#[cfg(feature = "seal")]
pub use page::{Cursor, Page};
pub use platform::PlatformRequest;
pub use refusal::Refusal;
pub use reply_limit::ReplyLimit;
pub use result_policy::CountTokens;
pub use schema::SchemaProfile;
#[cfg(feature = "seal")]
pub use seal::{SealKeys, SealKeysError};
pub use secret::Secret;
pub use server::Server;
pub use server_info::ServerInfo;
pub use single_use::{MemoryStore, SingleUse, StoreError};

#[doc = include_str!("../docs/results.md")]
pub mod results {}

#[doc = include_str!("../docs/tool.md")]
pub use mcp_derive::tool;

#[doc = include_str!("../docs/resource.md")]
pub use mcp_derive::resource;

#[doc = include_str!("../docs/prompt.md")]
pub use mcp_derive::prompt;

#[doc = include_str!("../docs/expose.md")]
pub use mcp_derive::expose;

/// Makes the fields of a struct available to tools by reference. Example: [the trait](trait@State).
pub use mcp_derive::State;

/// Lists tools for [`ServerBuilder::tools`], in the order in which clients see them.
///
/// An entry may carry `#[cfg(...)]`. A tool that borrows something the state of the server does not
/// have is a compile error at its name. Two tools of one name are an error of
/// [`ServerBuilder::build`].
///
/// ```
/// # use mcp_core::{tool, tools, Server, server_info};
/// # mod more {
/// #     /// B.
/// #     #[mcp_core::tool]
/// #     pub fn b() {}
/// # }
/// /// Tells the time.
/// #[tool]
/// fn now() -> String {
///     "noon".to_owned()
/// }
///
/// let server = Server::new(server_info!(), ()).tools(tools![now, more::b]).build();
/// assert!(server.is_ok());
/// ```
#[macro_export]
macro_rules! tools {
    ($($list:tt)*) => {
        $crate::__private::tools!($crate; $($list)*)
    };
}

/// Lists resources for [`ServerBuilder::resources`], in the order in which clients see them. As
/// [`tools!`](crate::tools!) does tools.
///
/// ```
/// use mcp_core::{Server, resource, resources, server_info};
///
/// /// The terms of business.
/// #[resource("terms://business", mime = "text/markdown")]
/// fn terms() -> &'static str {
///     "Pay within 30 days."
/// }
///
/// let server = Server::new(server_info!(), ()).resources(resources![terms]).build();
/// assert!(server.is_ok());
/// ```
#[macro_export]
macro_rules! resources {
    ($($list:tt)*) => {
        $crate::__private::resources!($crate; $($list)*)
    };
}

/// Lists prompts for [`ServerBuilder::prompts`], in the order in which clients see them. As
/// [`tools!`](crate::tools!) does tools.
///
/// ```
/// use mcp_core::{Server, prompt, prompts, server_info};
///
/// /// Starts a review.
/// #[prompt]
/// fn review(
///     /// What to review.
///     text: &str,
/// ) -> String {
///     format!("Review this: {text}")
/// }
///
/// assert!(Server::new(server_info!(), ()).prompts(prompts![review]).build().is_ok());
/// ```
#[macro_export]
macro_rules! prompts {
    ($($list:tt)*) => {
        $crate::__private::prompts!($crate; $($list)*)
    };
}

/// The [`ServerInfo`] of the crate that calls it: its package name and version, as Cargo sets them
/// when it compiles that crate.
///
/// ```
/// let info: mcp_core::ServerInfo = mcp_core::server_info!().title("World clock");
/// # let seen = format!("{info:?}");
/// # assert!(seen.contains(env!("CARGO_PKG_NAME")) && seen.contains(env!("CARGO_PKG_VERSION")));
/// ```
#[macro_export]
macro_rules! server_info {
    () => {
        $crate::ServerInfo::new(
            ::core::env!("CARGO_PKG_NAME"),
            ::core::env!("CARGO_PKG_VERSION"),
        )
    };
}
