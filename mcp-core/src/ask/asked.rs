//! A question on its way to an answer.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use serde_json::Value;

use super::Waits;
use crate::context::Notifications;
use crate::error::{Error, Result};
use crate::replies::Expected;

/// A question that was put to the client. Awaiting it gives the answer.
///
/// Feature `seal`.
///
/// ```
/// # use mcp_core::{Context, Result, Root, Sampling};
/// async fn two_at_once(cx: &Context) -> Result<(Vec<Root>, Option<String>)> {
///     // Both are asked before the first is awaited, so the client gets them together.
///     let roots = cx.list_roots("roots");
///     let joke = cx.sample("joke", Sampling::new(100).user("Tell a joke."));
///     Ok((roots.await?, joke.await?.text().map(str::to_owned)))
/// }
/// ```
#[must_use = "the question is asked, and the answer is in here: `.await` it"]
pub struct Asked<T>(State<T>);

enum State<T> {
    Ready(Option<Result<T>>),
    Waiting(Pin<Box<dyn Future<Output = Result<T>> + Send>>),
}

impl<T: 'static> Asked<T> {
    pub(super) fn ready(answer: Result<T>) -> Self {
        Self(State::Ready(Some(answer)))
    }

    pub(super) fn waiting(waiting: Waiting<T>) -> Self {
        Self(State::Waiting(Box::pin(waiting.answer())))
    }
}

impl<T> Future for Asked<T>
where
    Self: Unpin,
{
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(answer) => Poll::Ready(
                answer
                    .take()
                    .unwrap_or_else(|| Err(Error::private("an answer was awaited a second time"))),
            ),
            State::Waiting(future) => future.as_mut().poll(cx),
        }
    }
}

impl<T> Unpin for Asked<T> {}

impl<T> fmt::Debug for Asked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").finish_non_exhaustive()
    }
}

/// A client of an older revision, which answers on its own time.
pub(super) struct Waiting<T> {
    pub(super) expected: Expected,
    pub(super) withdraw: Withdraw,
    pub(super) waits: Wait,
    pub(super) timeout: Duration,
    pub(super) read: fn(&str) -> Result<T>,
}

/// The time from the question to the answer does not count against the call.
pub(super) struct Wait(Arc<Waits>);

impl Wait {
    pub(super) fn begin(waits: &Arc<Waits>) -> Self {
        waits.begin();
        Self(Arc::clone(waits))
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Tells the client that its answer is not wanted any more, unless it came.
pub(super) struct Withdraw {
    id: Box<str>,
    notifications: Arc<dyn Notifications>,
    answered: bool,
}

impl Withdraw {
    pub(super) fn new(id: &str, notifications: &Arc<dyn Notifications>) -> Self {
        Self {
            id: id.into(),
            notifications: Arc::clone(notifications),
            answered: false,
        }
    }
}

impl Drop for Withdraw {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let mut out =
            br#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"#
                .to_vec();
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(b"}}");
        self.notifications.deliver(out);
    }
}

impl<T> Waiting<T> {
    async fn answer(self) -> Result<T> {
        let Self {
            mut expected,
            mut withdraw,
            waits,
            timeout,
            read,
        } = self;
        let answer = tokio::time::timeout(timeout, expected.answer()).await;
        drop(waits);
        match answer {
            Ok(Some(answer)) => {
                withdraw.answered = true;
                answer.map_or_else(|raw| Err(refusal(&raw)), |raw| read(&raw))
            }
            Ok(None) => Err(Error::private("the question was dropped")),
            Err(_) => Err(Error::new(format!(
                "The client did not answer within {timeout:?}. Nothing more was done."
            ))),
        }
    }
}

/// What a client says that cannot or will not answer.
fn refusal(raw: &str) -> Error {
    let code = serde_json::from_str::<Value>(raw)
        .ok()
        .and_then(|error| error.get("code").and_then(Value::as_i64));
    match code {
        Some(-1) => Error::new("The user refused what was asked. Nothing more was done."),
        _ => Error::new("The client could not answer what was asked. Nothing more was done."),
    }
}
