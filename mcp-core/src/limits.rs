//! What the server refuses to grow beyond.

use std::time::Duration;

/// The ceilings of one server. Every one is finite and has a default.
///
/// [`ServerBuilder::build`](crate::ServerBuilder::build) refuses a zero, except for
/// [`queued_notifications`](Self::queued_notifications) and [`cached_lists`](Self::cached_lists),
/// and a time beyond 24 hours. The protocol names no such limits; the statuses are those of
/// [RFC 9110, section 15].
///
/// ```
/// use mcp_core::{Limits, Server, server_info};
///
/// let mut limits = Limits::default();
/// limits.body_bytes = 256 * 1024;
/// assert_eq!(limits.depth, 64);
///
/// limits.call_timeout = std::time::Duration::ZERO;
/// assert!(Server::new(server_info!(), ()).limits(limits).build().is_err());
/// ```
///
/// [RFC 9110, section 15]: https://www.rfc-editor.org/rfc/rfc9110#section-15
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one HTTP request body. Default 4 MiB; a larger one is answered 413.
    pub body_bytes: u32,
    /// Bytes of one line on standard input. Default 4 MiB; a longer one is skipped and answered
    /// with the error -32600.
    pub line_bytes: u32,
    /// Nesting of arrays and objects in a message. Default 64; a deeper message is answered with
    /// the error -32600, over HTTP with status 400.
    pub depth: u16,
    /// Keys in the `arguments` of one call. Default 64; more are a violation that the model reads.
    /// A tool declares at most 16, whatever this says.
    pub arguments: u16,
    /// Tool calls that run at the same time, over all connections and clones of the server. Default
    /// 1,024; one more is answered with the error -32603, over HTTP with status 503.
    pub in_flight: u32,
    /// Bytes of one tool result, as JSON. Default 1 MiB; a larger one becomes an error that tells
    /// the model to narrow the call. The value is counted once, but sent as text and as structure,
    /// so the message can be about three times as large.
    pub result_bytes: u32,
    /// Notifications of one call that wait for an HTTP client to take them. Default 256; later ones
    /// are dropped, which progress allows. Zero drops all. On standard output nothing waits: a
    /// write blocks until the client takes it.
    pub queued_notifications: u16,
    /// Lists kept ready, one per protocol revision and set of visible tools. Default 64; others
    /// are built when asked for. Zero keeps none.
    pub cached_lists: u16,
    /// How long one tool call may run, unless the tool has a `timeout` of its own. Default 60
    /// seconds; at most 24 hours. A host that stops waiting sooner, such as Lambda, shortens it.
    /// Then the client gets a result with `isError`. A function that is neither `async` nor
    /// `blocking` runs inline and cannot be interrupted. A caller source has the same time for one
    /// request.
    pub call_timeout: Duration,
    /// How long the body of an HTTP request may take to arrive. Default 30 seconds; at most 24
    /// hours. A slower one is answered 408.
    pub body_time: Duration,
    /// How long a client may leave a streamed reply unread before the stream is dropped, and with
    /// it the call of a 2026-07-28 client. Default 30 seconds; at most 24 hours. A reply that is
    /// one document is not watched.
    pub write_stall: Duration,
}

/// The longest time any limit can name.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 4 * 1024 * 1024,
            line_bytes: 4 * 1024 * 1024,
            depth: 64,
            arguments: 64,
            in_flight: 1024,
            result_bytes: 1024 * 1024,
            queued_notifications: 256,
            cached_lists: 64,
            call_timeout: Duration::from_secs(60),
            body_time: Duration::from_secs(30),
            write_stall: Duration::from_secs(30),
        }
    }
}
