//! What must not reach a model is taken out of everything that is sent to it.
//!
//! Feature `redact`.
//!
//! Nothing is, until the server has a [`Redactor`]
//! ([`ServerBuilder::redactor`](crate::ServerBuilder::redactor)). From then on it sees every text before it
//! is cut to its budget: of results, texts and keys and numbers of structured content included, of
//! resources, prompts, links, error texts, suggested values, and of what functions say by
//! [`Context::progress`](crate::Context::progress) and [`Context::log`](crate::Context::log). Pictures,
//! sound and other bytes are sent as they are, and so are questions to the user
//! ([`Context::elicit`](crate::Context::elicit)) and what servers say about themselves.
//!
//! It fails closed. When the redactor returns an error, panics or is slower than
//! [`Limits::call_timeout`](crate::Limits::call_timeout), the client gets an error in place of the result,
//! and a report of progress or a log message is dropped. The same happens to a structured result that
//! does not fit its output schema any more, such as a number of which a text became.
//!
//! [`Patterns`] finds what has a form: addresses, numbers of accounts. Names of people have none; for them
//! take a service, as the example `patients` does with Amazon Comprehend Medical.
//!
//! ```
//! use mcp_core::redact::Patterns;
//! use mcp_core::{Server, server_info, tool, tools};
//!
//! /// The latest note.
//! #[tool(read_only)]
//! fn latest_note() -> &'static str {
//!     "Call Ann back: +1 415 555 2671 or ann@example.com"
//! }
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let server = Server::new(server_info!(), ()).tools(tools![latest_note]).redactor(Patterns::all());
//! # let client = mcp_core::testing::Client::new(&server.build().unwrap());
//! let note = client.call("latest_note", serde_json::json!({})).await;
//! assert_eq!(note["content"][0]["text"], "Call Ann back: [PHONE] or [EMAIL]");
//! # });
//! ```

mod check;
mod find;
mod leaves;
mod patterns;
mod pieces;
mod reply;
mod spoken;

pub use patterns::{Kind, Patterns};

pub(crate) use check::OutputCheck;
pub(crate) use pieces::Piece;
pub(crate) use reply::{reply, texts};
pub(crate) use spoken::{run, run_dynamic};

use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::limits::Limits;

/// How long a redactor may take: as long as a call, and not beyond the time when the host stops waiting.
pub(crate) fn time(limits: &Limits, deadline: Option<Instant>) -> Duration {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    left.map_or(limits.call_timeout, |left| left.min(limits.call_timeout))
}

/// Takes out of texts what must not leave the server. Example: [the module](self).
///
/// ```
/// use std::pin::Pin;
///
/// use mcp_core::redact::Redactor;
/// use mcp_core::{Result, Server, server_info};
///
/// /// Nobody shall know of it.
/// struct ProjectX;
///
/// impl Redactor for ProjectX {
///     fn redact<'t>(
///         &'t self,
///         texts: &'t mut [String],
///     ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>> {
///         Box::pin(async move {
///             for text in texts {
///                 *text = text.replace("Project X", "[PROJECT]");
///             }
///             Ok(())
///         })
///     }
/// }
///
/// assert!(Server::new(server_info!(), ()).redactor(ProjectX).build().is_ok());
/// ```
pub trait Redactor: Send + Sync + 'static {
    /// Changes what has to be changed in the texts of one result. They are all of its texts, in order, so
    /// that a service can be asked about many at a time. A text that is left as it is is sent as it
    /// is.
    ///
    /// # Errors
    ///
    /// When the texts could not be looked at. The result is not sent then; a private error goes to the log
    /// as that of a tool does.
    fn redact<'t>(
        &'t self,
        texts: &'t mut [String],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>>;
}
