//! The request that a tool is serving.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::json;
use crate::protocol::Revision;

/// This request: the way to say something to the client before the result.
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
    progress: Option<ProgressReporter>,
}

/// How far a call has come, for [`Context::progress`].
///
/// Any number counts, such as a `u32`, an `f64` or the `len()` of a list.
///
/// ```
/// use mcp_core::{Context, Progress};
///
/// let half = Progress::new(2).of(4).message("copied page 2");
/// Context::for_tests().progress(half);
/// ```
#[derive(Clone, Debug)]
pub struct Progress {
    done: f64,
    total: Option<f64>,
    message: Option<String>,
}

/// A number that [`Progress`] can be counted in: every primitive number is one.
pub trait Amount: private::Sealed {
    /// The number as the protocol sends it. Beyond 2^53 the nearest one.
    fn to_f64(self) -> f64;
}

mod private {
    pub trait Sealed: Copy {}
}

macro_rules! amounts {
    ($($number:ty),*) => {$(
        impl private::Sealed for $number {}

        impl Amount for $number {
            #[allow(clippy::cast_lossless, clippy::cast_precision_loss)] // as its docs say
            fn to_f64(self) -> f64 {
                self as f64
            }
        }
    )*};
}

amounts!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);

impl Progress {
    /// So much is done, in a unit of your choice. Example: [`Progress`].
    pub fn new(done: impl Amount) -> Self {
        Self {
            done: done.to_f64(),
            total: None,
            message: None,
        }
    }

    /// Out of so much in all, in the same unit. Left out when it is not finite. Example:
    /// [`Progress`].
    pub fn of(mut self, total: impl Amount) -> Self {
        self.total = Some(total.to_f64());
        self
    }

    /// What is being done, for a person. Clients of revision 2024-11-05 do not get it, since it
    /// came with 2025-03-26. Example: [`Progress`].
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

/// Where notifications of one request go.
pub(crate) trait Notifications: Send + Sync {
    /// Takes one complete JSON-RPC message. May drop it when the client does not keep up.
    fn send(&self, message: Vec<u8>);
}

struct ProgressReporter {
    /// The client's token as raw JSON, so that its type is kept.
    token: Box<str>,
    revision: Revision,
    notifications: Arc<dyn Notifications>,
    last: Arc<Mutex<Last>>,
}

/// What was reported last.
enum Last {
    Reported(f64),
    /// The request has been answered, and nothing may follow its answer.
    Answered,
}

/// Dropped when a request is answered while its tool may still run: reports from then on go
/// nowhere.
pub(crate) struct Silence(Option<Arc<Mutex<Last>>>);

impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(last) = &self.0 {
            *last.lock().unwrap_or_else(PoisonError::into_inner) = Last::Answered;
        }
    }
}

impl Context {
    /// A context without a client: progress goes nowhere. Example: [`Context`].
    pub fn for_tests() -> Self {
        Self { progress: None }
    }

    pub(crate) fn new(
        progress_token: Option<&str>,
        revision: Revision,
        notifications: Option<&Arc<dyn Notifications>>,
    ) -> Self {
        let progress = match (progress_token, notifications) {
            (Some(token), Some(notifications)) => Some(ProgressReporter {
                token: token.into(),
                revision,
                notifications: Arc::clone(notifications),
                last: Arc::new(Mutex::new(Last::Reported(f64::NEG_INFINITY))),
            }),
            _ => None,
        };
        Self { progress }
    }

    /// Ends reports when it is dropped.
    pub(crate) fn silence(&self) -> Silence {
        Silence(
            self.progress
                .as_ref()
                .map(|reporter| Arc::clone(&reporter.last)),
        )
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
        if let Some(reporter) = &self.progress {
            reporter.report(&progress);
        }
    }
}

impl ProgressReporter {
    fn report(&self, progress: &Progress) {
        let Progress {
            done,
            total,
            message,
        } = progress;
        // Held while sending, so that reports of concurrent tasks stay in order.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if !done.is_finite() || !matches!(*last, Last::Reported(last) if last < *done) {
            return;
        }
        *last = Last::Reported(*done);
        let mut out = Vec::with_capacity(160);
        out.extend_from_slice(
            br#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"#,
        );
        out.extend_from_slice(self.token.as_bytes());
        out.extend_from_slice(br#","progress":"#);
        number(&mut out, *done);
        if let Some(total) = total.filter(|total| total.is_finite()) {
            out.extend_from_slice(br#","total":"#);
            number(&mut out, total);
        }
        if let Some(message) = message
            && self.revision.has_annotations()
        {
            out.extend_from_slice(br#","message":"#);
            json::string(&mut out, message);
        }
        out.extend_from_slice(b"}}");
        self.notifications.send(out);
    }
}

/// Whole numbers without a fraction: `3`, not `3.0`.
fn number(out: &mut Vec<u8>, number: f64) {
    let text = format!("{number}");
    out.extend_from_slice(text.as_bytes());
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Sent(Mutex<Vec<String>>);

    impl Notifications for Sent {
        fn send(&self, message: Vec<u8>) {
            self.0
                .lock()
                .unwrap()
                .push(String::from_utf8(message).unwrap());
        }
    }

    fn reports(token: Option<&str>, revision: Revision) -> Vec<String> {
        let sent = Arc::new(Sent::default());
        let sink: Arc<dyn Notifications> = sent.clone();
        let cx = Context::new(token, revision, Some(&sink));
        cx.progress(Progress::new(1).of(4).message("one"));
        cx.progress(Progress::new(1));
        cx.progress(Progress::new(0.5));
        cx.progress(Progress::new(f64::NAN));
        cx.progress(Progress::new(2.5));
        sent.0.lock().unwrap().clone()
    }

    #[test]
    fn progress_strictly_increases_and_keeps_the_token_type() {
        let sent = reports(Some("\"t\""), Revision::V2026_07_28);
        assert_eq!(sent.len(), 2, "{sent:?}");
        assert!(sent[0].contains(r#""progressToken":"t","progress":1,"total":4,"message":"one""#));
        assert!(sent[1].contains(r#""progress":2.5}"#));
    }

    #[test]
    fn the_first_revision_gets_no_message_and_no_token_gets_nothing() {
        assert!(!reports(Some("1"), Revision::V2024_11_05)[0].contains("message"));
        assert!(reports(None, Revision::V2026_07_28).is_empty());
    }
}
