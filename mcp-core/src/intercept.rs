//! What stands between a request and its answer: policy engines, rate limits, whatever else a server's
//! author wants to have a say.
//!
//! An [`Interceptor`] sees each tool call, resource read, prompt and completion before it runs, and what
//! came of it afterwards. It passes the call on, or answers in its place. Several stand in the order in
//! which they were added, the first one outermost; what they refuse is in the audit record as any other
//! end. A server without any pays nothing.
//!
//! ```
//! use std::pin::Pin;
//!
//! use mcp_core::intercept::{CallReply, Intercepted, Interceptor, Next};
//! use mcp_core::{Server, server_info, tool, tools};
//!
//! /// Pays money back.
//! #[tool(destructive)]
//! fn refund(
//!     /// How much, in cents.
//!     cents: u32,
//! ) -> String {
//!     format!("paid back: {cents}")
//! }
//!
//! /// Only managers change anything.
//! struct Managers;
//!
//! impl Interceptor for Managers {
//!     fn intercept<'c>(
//!         &'c self,
//!         call: &'c Intercepted<'c>,
//!         next: Next<'c>,
//!     ) -> Pin<Box<dyn Future<Output = CallReply> + Send + 'c>> {
//!         Box::pin(async move {
//!             let is_manager = call.caller().is_some_and(|caller| caller.in_group("managers"));
//!             if call.may_change() && !is_manager {
//!                 return CallReply::refused("ask a manager to do this");
//!             }
//!             next.run().await
//!         })
//!     }
//! }
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let server = Server::new(server_info!(), ()).tools(tools![refund]).interceptor(Managers).build();
//! # let client = mcp_core::testing::Client::new(&server.unwrap());
//! let result = client.call("refund", serde_json::json!({"cents": 500})).await;
//! assert_eq!(result["content"][0]["text"], "ask a manager to do this");
//! # });
//! ```

#[cfg(feature = "rate-limit")]
mod rate;

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use crate::audit::Outcome;
use crate::caller::Caller;
use crate::dispatch::Incoming;
use crate::encode::{self, Answer};
use crate::observe::{self, Subject};
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::running::guarded;

#[cfg(feature = "rate-limit")]
pub use rate::RateLimit;

/// Has a say in every call. Added with [`ServerBuilder::interceptor`](crate::ServerBuilder::interceptor).
/// Example: [the module](self).
///
/// What it waits for counts for nobody's time limit, except the deadline of a host: give whatever you ask
/// a limit of its own. It may be dropped while it waits, when the client is gone. A panic is answered with
/// the error -32603, and the call does not run, or its result is not sent.
pub trait Interceptor: Send + Sync + 'static {
    /// Passes the call on with [`Next::run`], or answers in its place.
    fn intercept<'c>(
        &'c self,
        call: &'c Intercepted<'c>,
        next: Next<'c>,
    ) -> Pin<Box<dyn Future<Output = CallReply> + Send + 'c>>;
}

/// A call, as an interceptor sees it: who, what, with which arguments. Example: [the module](self).
pub struct Intercepted<'c> {
    incoming: &'c Incoming<'c>,
    subject: Subject<'c>,
}

impl<'c> Intercepted<'c> {
    /// `tools/call`, `resources/read`, `prompts/get` or `completion/complete`.
    ///
    /// ```
    /// # use mcp_core::intercept::Intercepted;
    /// fn is_tool(call: &Intercepted<'_>) -> bool {
    ///     call.method() == "tools/call"
    /// }
    /// ```
    pub fn method(&self) -> &'c str {
        self.incoming.request.method
    }

    /// The name of the tool or prompt, or the URI or template of the resource, as the server has it; `None`
    /// where it has nothing of the name that the client gave, or not for this caller. Such a call is
    /// answered with an error, whoever passes it on.
    ///
    /// ```
    /// # use mcp_core::intercept::Intercepted;
    /// fn is_export(call: &Intercepted<'_>) -> bool {
    ///     call.target() == Some("export")
    /// }
    /// ```
    pub fn target(&self) -> Option<&str> {
        let there = self.subject.found == observe::Found::Yes;
        let target = self.subject.target().filter(|_| there);
        target.map(|(_, name)| name)
    }

    /// Who calls; `None` for somebody anonymous. Example: [the module](self).
    pub fn caller(&self) -> Option<&'c Caller> {
        self.incoming.caller
    }

    /// Whether it calls a tool that does not say `read_only`. Example: [the module](self).
    pub fn may_change(&self) -> bool {
        self.subject.may_change()
    }

    /// The arguments as the client sent them, as JSON. They are not checked yet: what does not fit is
    /// refused after the interceptors. Of a resource, which has none, `{}`.
    ///
    /// ```
    /// # use mcp_core::intercept::Intercepted;
    /// fn cents(call: &Intercepted<'_>) -> Option<u64> {
    ///     let arguments: serde_json::Value = serde_json::from_str(call.arguments()).ok()?;
    ///     arguments.get("cents")?.as_u64()
    /// }
    /// ```
    pub fn arguments(&self) -> &'c str {
        self.incoming.request.fields.arguments.unwrap_or("{}")
    }

    /// The URI that is read, as JSON.
    ///
    /// ```
    /// # use mcp_core::intercept::Intercepted;
    /// fn is_of_eu(call: &Intercepted<'_>) -> bool {
    ///     call.uri().is_some_and(|uri| uri.starts_with("\"orders://eu/"))
    /// }
    /// ```
    pub fn uri(&self) -> Option<&'c str> {
        self.incoming.request.fields.uri
    }
}

impl fmt::Debug for Intercepted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intercepted")
            .field("method", &self.method())
            .field("target", &self.target())
            .finish_non_exhaustive()
    }
}

/// The way on: the interceptors that come after, and the function. Example: [the module](self).
#[derive(Clone, Copy)]
pub struct Next<'c> {
    call: &'c Intercepted<'c>,
    rest: &'c [Box<dyn Interceptor>],
}

impl Next<'_> {
    /// What comes of the call. Example: [the module](self).
    pub async fn run(self) -> CallReply {
        let Some((first, rest)) = self.rest.split_first() else {
            let answer = Box::pin(self.call.incoming.answer()).await;
            return CallReply(Reply::Answered(answer));
        };
        let next = Next {
            call: self.call,
            rest,
        };
        let Ok(mut future) = guarded(|| first.intercept(self.call, next)) else {
            return panicked();
        };
        // It is the user's code, as is what it drops.
        let reply = poll_fn(|cx| match guarded(|| future.as_mut().poll(cx)) {
            Ok(poll) => poll,
            Err(_) => Poll::Ready(panicked()),
        })
        .await;
        match guarded(|| drop(future)) {
            Ok(()) => reply,
            Err(_) => panicked(),
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next")
            .field("interceptors", &self.rest.len())
            .finish_non_exhaustive()
    }
}

fn panicked() -> CallReply {
    tracing::error!("an interceptor panicked");
    CallReply(Reply::Panicked)
}

/// What came of a call.
///
/// ```
/// use std::time::Duration;
///
/// use mcp_core::audit::Outcome;
/// use mcp_core::intercept::CallReply;
///
/// assert_eq!(CallReply::refused("not on Sundays").outcome(), Outcome::Denied);
/// let later = CallReply::limited("not more than one export an hour", Duration::from_secs(90));
/// assert_eq!(later.outcome(), Outcome::Limited);
/// ```
pub struct CallReply(Reply);

enum Reply {
    Answered(Answer),
    Refused(Cow<'static, str>),
    Limited(Cow<'static, str>, Duration),
    Panicked,
}

impl CallReply {
    /// The call does not run, and the text says why: to the model where it is a tool, else to the client.
    /// It must hold no secrets. Example: [`CallReply`].
    pub fn refused(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Reply::Refused(text.into()))
    }

    /// The call does not run now. The client gets the text, and after how many seconds to come again:
    /// in the text, and over HTTP as `Retry-After` of a 429 ([RFC 6585, section 4]). Example: [`CallReply`].
    ///
    /// [RFC 6585, section 4]: https://www.rfc-editor.org/rfc/rfc6585#section-4
    pub fn limited(text: impl Into<Cow<'static, str>>, come_again: Duration) -> Self {
        Self(Reply::Limited(text.into(), come_again))
    }

    /// How the call ended. Example: [`CallReply`].
    pub fn outcome(&self) -> Outcome {
        match &self.0 {
            Reply::Answered(answer) => answer.outcome,
            Reply::Refused(_) => Outcome::Denied,
            Reply::Limited(..) => Outcome::Limited,
            Reply::Panicked => Outcome::Panicked,
        }
    }

    /// The message that the client gets, as JSON: `{"jsonrpc":"2.0","id":..,"result":..}`, or `error`.
    /// `None` when an interceptor answered.
    ///
    /// ```
    /// # use mcp_core::intercept::CallReply;
    /// fn bytes(reply: &CallReply) -> usize {
    ///     reply.json().map_or(0, str::len)
    /// }
    /// # assert_eq!(bytes(&CallReply::refused("no")), 0);
    /// ```
    pub fn json(&self) -> Option<&str> {
        match &self.0 {
            Reply::Answered(answer) => std::str::from_utf8(answer.body.as_deref()?).ok(),
            Reply::Refused(_) | Reply::Limited(..) | Reply::Panicked => None,
        }
    }

    fn into_answer(self, incoming: &Incoming<'_>) -> Answer {
        match self.0 {
            Reply::Answered(answer) => answer,
            Reply::Refused(text) => encode::refused(*incoming, &text),
            Reply::Limited(text, wait) => limited(incoming, &text, wait),
            Reply::Panicked => incoming
                .error(code::INTERNAL, "the call could not be checked")
                .outcome(Outcome::Panicked),
        }
    }
}

/// An answer to somebody who has to come again.
fn limited(incoming: &Incoming<'_>, text: &str, wait: Duration) -> Answer {
    // Rounded up: who comes then is not turned away again.
    let wait = wait.as_millis().div_ceil(1000).max(1);
    let seconds = u32::try_from(wait).unwrap_or(u32::MAX);
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let text = format!("{text}; come again in {seconds} {unit}");
    let mut answer = incoming.busy(Refusal::RateLimited, &text).status(429);
    answer.retry_after = Some(seconds);
    answer
}

impl fmt::Debug for CallReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallReply")
            .field("outcome", &self.outcome())
            .finish_non_exhaustive()
    }
}

/// Answers a request, with everybody who has a say in it.
pub(crate) async fn answer(incoming: &Incoming<'_>) -> Answer {
    let interceptors = &incoming.server.0.observers.interceptors;
    let Some(subject) = Subject::of_request(incoming) else {
        return incoming.answer().await;
    };
    let call = Intercepted { incoming, subject };
    let next = Next {
        call: &call,
        rest: interceptors,
    };
    next.run().await.into_answer(incoming)
}
