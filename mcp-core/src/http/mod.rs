//! The HTTP endpoint, independent of any HTTP server.
//!
//! [`Endpoint`] is a `tower::Service` over `http` types. Hosts put it behind their listener and
//! translate; ingress checks, identity, the protocol and the streaming of replies are all in here,
//! so every host has the same.
//!
//! A reply is one JSON document unless the tool says something before it finishes; only then does
//! it become a stream of server-sent events.

mod body;
mod exchange;
mod headers;
mod identity;
mod ingress;
mod queue;
mod read;
mod response;
mod service;

pub use body::ReplyBody;
pub use exchange::Deadline;
pub use identity::{CallerSource, PlatformCaller, Unidentified};
pub use ingress::Ingress;
pub use service::{Endpoint, EndpointError};
