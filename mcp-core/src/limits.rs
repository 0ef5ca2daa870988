//! What the server refuses to grow beyond.

use std::time::Duration;

/// The ceilings of one server. Every one is finite and has a default.
///
/// [`ServerBuilder::build`](crate::ServerBuilder::build) refuses a zero, except for
/// [`queued_notifications`](Self::queued_notifications), [`cached_lists`](Self::cached_lists),
/// [`ended_sessions`](Self::ended_sessions) and the counts of subscriptions and resumption, and a
/// time beyond 24 hours. The protocol names no such limits; the statuses are those of
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
    /// Calls of tools, resources and prompts that run at the same time, over all connections and
    /// clones of the server. Default 1,024; one more is answered with the error -32603, over HTTP with
    /// status 503.
    pub in_flight: u32,
    /// The same for one identified caller; the local one has no such limit. Default 128; one more is
    /// answered with the error -32603, over HTTP with status 429.
    pub in_flight_per_caller: u32,
    /// Bytes of one tool result, as JSON. Default 1 MiB; a larger one becomes an error that tells
    /// the model to narrow the call. The value is counted once, but sent as text and as structure,
    /// so the message can be about three times as large.
    pub result_bytes: u32,
    /// Tokens of one result, unless the tool has a `budget` of its own: of its text, and once more of its
    /// structured content, which says the same. Default 20,000; at least 100. A token is three bytes of
    /// UTF-8, or what [`count_tokens`](crate::ServerBuilder::count_tokens) says. Text is cut,
    /// a [`Page`](crate::Page) ends earlier, and any other value becomes an error that tells the model to
    /// narrow the call. Contents of resources and messages of prompts have the same limit. Pictures and
    /// other bytes are not counted.
    pub result_tokens: u32,
    /// Notifications of one call that wait for an HTTP client to take them. Default 256; later ones
    /// are dropped, which progress allows. Zero drops all. On standard output nothing waits: a
    /// write blocks until the client takes it.
    pub queued_notifications: u16,
    /// Lists of one kind kept ready, one per protocol revision and set of visible entries. Default
    /// 64; others are built when asked for. Zero keeps none.
    pub cached_lists: u16,
    /// Messages in one batch, which revision 2025-03-26 has. Default 64; a longer batch is answered
    /// with the error -32600.
    pub batch: u16,
    /// Subscriptions and streams for changes that are open at the same time, over all connections.
    /// Default 1,024; one more is answered with the error -32603, over HTTP with status 503.
    pub subscriptions: u32,
    /// The same for one identified caller. Default 64.
    pub subscriptions_per_caller: u32,
    /// Resources of which one subscription wants to hear. Default 256; a 2026-07-28 client is told
    /// which ones count, one of an older revision gets the error -32603.
    pub subscribed_resources: u16,
    /// Clients of older revisions whose log level and subscriptions are remembered, over HTTP.
    /// Default 1,024; one more takes the place of the one that was silent longest, unless all have a
    /// stream open: then it gets the error -32603.
    pub remembered_clients: u32,
    /// Ended sessions of older revisions that are remembered until they would have expired anyway.
    /// Default 65,536; one more cannot be ended and gets status 503.
    pub ended_sessions: u32,
    /// Replies of revision 2025-11-25 that a client can take up again after it lost the connection.
    /// Default 128; others are sent without this.
    pub resumable_replies: u16,
    /// Bytes kept of one such reply. Default 1 MiB; what is older is forgotten, and a client that has
    /// not read it yet misses it. The newest message stays whatever its size, so the answer arrives.
    pub resumable_bytes: u32,
    /// How long such a reply is kept after its end. Default 60 seconds; at most 24 hours.
    pub resumable_time: Duration,
    /// How long a client of an older revision may take to answer what a tool asks. Default 10
    /// minutes; at most 24 hours. Then the tool gets an error. The time does not count against
    /// [`call_timeout`](Self::call_timeout).
    pub answer_timeout: Duration,
    /// How long a state that a tool leaves with a client can be used. Default 1 hour; at most 24
    /// hours. Cursors and sessions of older revisions: 24 hours, always.
    pub state_lifetime: Duration,
    /// How often one call may ask the client again. Default 16 rounds; then it fails.
    pub rounds: u8,
    /// How long a stream may be silent before a comment keeps it alive. Default 15 seconds; at most
    /// 24 hours.
    pub keep_alive: Duration,
    /// How long one tool call may run, unless the tool has a `timeout` of its own. Default 60
    /// seconds; at most 24 hours. A host that stops waiting sooner, such as Lambda, shortens it.
    /// Then the client gets a result with `isError`, or the error -32603 if it was the host. A function that is neither `async` nor
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
            in_flight_per_caller: 128,
            result_bytes: 1024 * 1024,
            result_tokens: 20_000,
            queued_notifications: 256,
            cached_lists: 64,
            batch: 64,
            subscriptions: 1024,
            subscriptions_per_caller: 64,
            subscribed_resources: 256,
            remembered_clients: 1024,
            ended_sessions: 65_536,
            resumable_replies: 128,
            resumable_bytes: 1024 * 1024,
            resumable_time: Duration::from_secs(60),
            answer_timeout: Duration::from_secs(600),
            state_lifetime: Duration::from_secs(3600),
            rounds: 16,
            keep_alive: Duration::from_secs(15),
            call_timeout: Duration::from_secs(60),
            body_time: Duration::from_secs(30),
            write_stall: Duration::from_secs(30),
        }
    }
}
