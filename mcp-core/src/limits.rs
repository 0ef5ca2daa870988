//! What the server refuses to grow beyond.

use std::time::Duration;

/// The ceilings of one server. Every one is finite and has a default.
///
/// ```
/// use mcp_core::Limits;
///
/// let mut limits = Limits::default();
/// limits.body_bytes = 256 * 1024;
/// assert_eq!(limits.depth, 64);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one HTTP request body. Default 4 MiB; a larger one is answered 413.
    pub body_bytes: u32,
    /// Bytes of one line on standard input. Default 4 MiB; a longer one is skipped and answered
    /// with an error.
    pub line_bytes: u32,
    /// Nesting of arrays and objects in a message. Default 64.
    pub depth: u16,
    /// Keys in the `arguments` of one call. Default 64.
    pub arguments: u16,
    /// Tool calls that run at the same time, over all connections. Default 1,024.
    pub in_flight: u32,
    /// Bytes of one tool result, as JSON. Default 1 MiB; a larger one becomes an error that tells
    /// the model to narrow the call.
    pub result_bytes: u32,
    /// Notifications of one call that wait for the client to take them. Default 256; later ones
    /// are dropped, which progress allows.
    pub queued_notifications: u16,
    /// Lists kept ready, one per protocol revision and set of visible tools. Default 64; others
    /// are built when asked for.
    pub cached_lists: u16,
    /// How long one tool call may run. Default 60 seconds; at most 24 hours.
    pub call_timeout: Duration,
    /// How long the body of an HTTP request may take to arrive. Default 30 seconds; at most 24
    /// hours. A slower one is answered 408.
    pub body_time: Duration,
    /// How long a client may leave a streamed reply unread before its call is dropped. Default 30
    /// seconds; at most 24 hours.
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
