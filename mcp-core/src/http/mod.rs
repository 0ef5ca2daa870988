//! The HTTP endpoint, independent of any HTTP server.
//!
//! Feature `http`.
//!
//! [`Endpoint`] is a `tower::Service` over `http` types. Hosts put it behind their listener and
//! translate; ingress checks, identity, the protocol and the streaming of replies are all in here,
//! so every host has the same. Example: [`Endpoint`].
//!
//! A reply is one JSON document unless the tool says something before it finishes; only then does
//! it become a stream of server-sent events.

mod body;
mod exchange;
mod headers;
mod identity;
mod ingress;
mod keep_alive;
mod outbox;
mod queue;
mod read;
#[cfg(feature = "seal")]
mod replay;
mod response;
mod service;
mod sign_in;
#[cfg(feature = "seal")]
mod standing;

pub use body::ReplyBody;
pub use exchange::Deadline;
pub(crate) use headers::{accepts_events, param_header};
pub use identity::{CallerSource, PlatformCaller, PlatformTenant, Unidentified};
pub use ingress::Ingress;
#[cfg(feature = "jwks")]
pub(crate) use ingress::is_loopback;
#[cfg(feature = "seal")]
pub(crate) use replay::Replays;
pub use service::{Endpoint, EndpointError};
pub use sign_in::SignIn;
