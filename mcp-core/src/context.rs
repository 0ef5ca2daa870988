//! The request that a function is serving.

mod lazy;
mod progress;
mod voice;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_core::Serialize;

#[cfg(feature = "seal")]
use crate::ask::Asking;
use crate::log_level::LogLevel;

pub(crate) use lazy::{LazyContext, Making};
pub use progress::{Amount, Progress};
pub(crate) use voice::{Notifications, Silence, Voice};

/// This request: the way to say something to the client before the result, and to ask it.
///
/// ```
/// use mcp_core::{Context, Progress, tool};
///
/// /// Copies pages.
/// #[tool]
/// async fn copy(
///     /// How many pages.
///     pages: u32,
///     cx: &Context,
/// ) -> String {
///     for page in 1..=pages {
///         cx.progress(Progress::new(page).of(pages));
///     }
///     "done".to_owned()
/// }
///
/// // A context without a client, to call the function in a test:
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// assert_eq!(runtime.block_on(copy(3, &Context::for_tests())), "done");
/// ```
pub struct Context {
    /// `None` when nothing that is said would be heard.
    voice: Option<Arc<Voice>>,
    #[cfg(feature = "seal")]
    pub(crate) asking: Asking,
}

impl Context {
    /// A context without a client: what is said goes nowhere, and nobody can be asked. Example:
    /// [`Context`].
    pub fn for_tests() -> Self {
        Self {
            voice: None,
            #[cfg(feature = "seal")]
            asking: Asking::nobody(),
        }
    }

    /// How long the call has waited for answers of its client.
    #[cfg_attr(not(feature = "seal"), allow(clippy::unused_self))]
    fn waited_for_client(&self) -> Duration {
        #[cfg(feature = "seal")]
        return self.asking.waited();
        #[cfg(not(feature = "seal"))]
        Duration::ZERO
    }

    /// Ends what the call says when it is dropped.
    pub(crate) fn silence(&self) -> Silence {
        Silence(self.voice.clone())
    }

    /// Tells the client how far the call has come.
    ///
    /// Does nothing when the client did not ask for progress, when its token is longer than 256
    /// bytes, when `done` is not finite, and when `done` did not grow since the last time: the
    /// protocol wants it to increase ([progress, 2026-07-28]). Over HTTP, reports that the client
    /// does not take in time are dropped ([`Limits::queued_notifications`]).
    ///
    /// ```
    /// # use mcp_core::{Context, Progress, Server, server_info, testing::Client, tool, tools};
    /// /// Copies pages.
    /// #[tool]
    /// fn copy(cx: &Context) {
    ///     cx.progress(Progress::new(1).of(2));
    ///     cx.progress(Progress::new(1)); // did not grow, so it is not sent
    /// }
    /// # let message = serde_json::json!({
    /// #     "jsonrpc": "2.0", "id": 1, "method": "tools/call",
    /// #     "params": {"name": "copy", "_meta": {
    /// #         "progressToken": 7,
    /// #         "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    /// #         "io.modelcontextprotocol/clientCapabilities": {},
    /// #     }},
    /// # });
    /// # let server = Server::new(server_info!(), ()).tools(tools![copy]).build().unwrap();
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// // `message` calls the tool with a progress token: one report, then the answer.
    /// let sent = Client::new(&server).send(&message.to_string()).await;
    /// assert_eq!(sent.len(), 2);
    /// assert_eq!(sent[0]["params"]["total"], 2);
    /// # });
    /// ```
    ///
    /// [`Limits::queued_notifications`]: crate::Limits::queued_notifications
    /// [progress, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/progress
    #[allow(clippy::needless_pass_by_value)] // made at the place of the call
    pub fn progress(&self, progress: Progress) {
        if let Some(voice) = &self.voice {
            voice.progress(&progress);
        }
    }

    /// Sends a log message to the client: text, or any value as JSON.
    ///
    /// Does nothing when the client did not ask for messages of this level; clients of older
    /// revisions get [`LogLevel::Info`] and above until they ask for another. The client reads it,
    /// so it must hold no secrets, no personal data and nothing about your system; for your own log
    /// use `tracing`. Logging over the protocol is deprecated since 2026-07-28 ([logging,
    /// 2026-07-28]).
    ///
    /// ```
    /// # use mcp_core::{Context, LogLevel};
    /// # let cx = Context::for_tests();
    /// cx.log(LogLevel::Info, "reading the archive");
    /// cx.log(LogLevel::Debug, serde_json::json!({"files": 3}));
    /// ```
    ///
    /// [logging, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging
    #[allow(clippy::needless_pass_by_value)] // made at the place of the call
    pub fn log(&self, level: LogLevel, data: impl Serialize) {
        if let Some(voice) = &self.voice {
            voice.log(level, &data);
        }
    }

    /// Whether nobody waits for this call any more: its client is gone, it was cancelled, or its
    /// time is up. For `blocking` functions, which nothing can stop, to look at between two steps;
    /// an `async` function is dropped instead.
    ///
    /// ```
    /// use mcp_core::{Context, Error, Result, tool};
    ///
    /// /// Reads every page.
    /// #[tool(blocking)]
    /// fn read_all(cx: &Context) -> Result<u32> {
    ///     let mut pages = 0;
    ///     while pages < 1000 {
    ///         if cx.is_cancelled() {
    ///             return Err(Error::new("stopped"));
    ///         }
    ///         pages += 1;
    ///     }
    ///     Ok(pages)
    /// }
    /// # assert!(read_all(&Context::for_tests()).is_ok());
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.voice.as_ref().is_some_and(|voice| voice.is_over())
    }

    /// Lets the client's connection go before a long wait. The client comes back for the result
    /// after `retry`, as often as it takes.
    ///
    /// Clients of revision 2025-11-25 with a session can do that ([Streamable HTTP, 2025-11-25]);
    /// for all others this does nothing and the connection stays.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # let cx = mcp_core::Context::for_tests();
    /// cx.disconnect(Duration::from_secs(5));
    /// ```
    ///
    /// [Streamable HTTP, 2025-11-25]: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
    pub fn disconnect(&self, retry: Duration) {
        if let Some(voice) = &self.voice {
            voice.disconnect(retry);
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}
