//! From an accepted request to the reply of the function.

use std::borrow::Cow;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::access::{Access, AccessKind};
#[cfg(feature = "seal")]
use crate::ask::Questions;
use crate::caller::Caller;
use crate::coerce::Scratch;
use crate::context::{Context, LazyContext, Making, Silence};
use crate::dynamic::DynamicTool;
use crate::error::Error;
use crate::inject::{Input, Request};
use crate::output::{Reply, ReplyKind};
use crate::running::{Evidence, Running, Stopped, TimeLimit, guarded};
use crate::server::{Place, Server, Target};
use crate::tool::Outcome;

/// How a function ended.
type Ended = Result<Reply, Stopped>;

/// A function that is about to run, and what is known about it.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    pub(crate) target: Target,
    pub(crate) name: &'static str,
    pub(crate) timeout: Option<Duration>,
    pub(crate) blocking: bool,
}

/// What came of a call.
pub(crate) struct Called {
    pub(crate) reply: Reply,
    /// What the client has to answer before the call can go on.
    #[cfg(feature = "seal")]
    pub(crate) questions: Option<Questions>,
}

/// Runs a function for one request, in a place among the running calls.
pub(crate) async fn run(
    place: Place,
    function: &Function,
    making: &Making<'_>,
    texts: &[Option<Cow<'_, str>>],
) -> Called {
    let server = making.server;
    let evidence = Evidence::of(function.name);
    let limit = TimeLimit::of(server, function.timeout, making.outlet.deadline);
    let called = if function.blocking {
        let call = BlockingCall {
            server: server.clone(),
            function: *function,
            context: making.context(true),
            caller: making.caller.cloned(),
            arguments: making.arguments.to_owned(),
            texts: texts
                .iter()
                .map(|text| text.as_ref().map(|text| Cow::Owned(text.to_string())))
                .collect(),
            _place: place,
        };
        Box::pin(call.run(limit.left()))
            .await
            .unwrap_or_else(|stopped| Called {
                reply: reply_of(function.name, limit, true, Err(stopped)),
                #[cfg(feature = "seal")]
                questions: None,
            })
    } else {
        let context = LazyContext::new(making);
        let request = Request {
            server,
            name: function.name,
            context: &context,
            notifier: &server.0.notifier,
            caller: making.caller,
            limits: &server.0.limits,
            input: server.input(function.target),
            arguments: making.arguments,
            scratch: &Scratch::default(),
            texts,
        };
        let ended = match guarded(|| server.start(function.target, function.name, &request)) {
            Ok(Some(Outcome::Now(reply))) => Ok(reply),
            Ok(Some(Outcome::Later(future))) => Running::new(future, limit, &context).await,
            Ok(None) => Ok(unavailable()),
            Err(stopped) => Err(stopped),
        };
        drop(place);
        called(function.name, limit, ended, &context)
    };
    evidence.ended();
    called
}

/// Runs a tool that came while the server runs.
pub(crate) async fn run_dynamic(place: Place, tool: &DynamicTool, making: &Making<'_>) -> Called {
    let server = making.server;
    let evidence = Evidence::of(tool.name());
    let limit = TimeLimit::of(server, tool.timeout, making.outlet.deadline);
    let context = LazyContext::new(making);
    let request = Request {
        server,
        name: tool.name(),
        context: &context,
        notifier: &server.0.notifier,
        caller: making.caller,
        limits: &server.0.limits,
        input: Input::default(),
        arguments: making.arguments,
        scratch: &Scratch::default(),
        texts: &[],
    };
    let policy = server.0.access.policy.as_deref();
    let start = || {
        let access = Access::new(AccessKind::Tool, tool.name(), &request);
        match policy.and_then(|policy| access.refused_by(policy)) {
            Some(refused) => Err(refused),
            None => Ok(tool.start(&request)),
        }
    };
    let ended = match guarded(start) {
        Ok(Err(refused)) => Ok(refused),
        Ok(Ok(future)) => {
            let reply = async move {
                Reply(match future.await {
                    Ok(contents) if tool.is_structured() && contents.structured.is_none() => {
                        let cause = "it has an output schema and returned no structured content";
                        ReplyKind::Failed(Error::private(cause))
                    }
                    Ok(contents) => ReplyKind::Content(contents),
                    Err(error) => ReplyKind::Failed(error),
                })
            };
            Running::new(Box::pin(reply), limit, &context).await
        }
        Err(stopped) => Err(stopped),
    };
    drop(place);
    let called = called(tool.name(), limit, ended, &context);
    evidence.ended();
    called
}

/// The questions that a function put down count more than what it made of them, unless it ends with
/// one that this client cannot answer, or answered with something else.
fn called(name: &str, limit: TimeLimit, ended: Ended, context: &LazyContext<'_>) -> Called {
    #[cfg(feature = "seal")]
    if let Ok(reply) = &ended
        && !matches!(&reply.0, ReplyKind::Failed(error) if error.is_of_the_client())
        && let Some(context) = context.used()
    {
        match context.asking.questions() {
            Ok(None) => {}
            Ok(questions) => {
                return Called {
                    reply: Reply::refused(""),
                    questions,
                };
            }
            Err(mistake) => {
                return Called {
                    reply: Reply(ReplyKind::Failed(mistake)),
                    questions: None,
                };
            }
        }
    }
    #[cfg(not(feature = "seal"))]
    let _ = context;
    Called {
        reply: reply_of(name, limit, false, ended),
        #[cfg(feature = "seal")]
        questions: None,
    }
}

/// The catalogue and the handlers are built from one list, so this is never sent; a wrong answer is
/// still better than a panic.
fn unavailable() -> Reply {
    Reply(ReplyKind::Failed(Error::new("this is not available")))
}

/// A panic or a timeout as what the model reads; the log has the rest.
fn reply_of(name: &str, limit: TimeLimit, blocking: bool, ended: Ended) -> Reply {
    match ended {
        Ok(reply) => reply,
        Err(Stopped::Panicked) => Reply(ReplyKind::Panicked),
        Err(Stopped::TimedOut(time)) => {
            tracing::warn!(
                tool = name,
                limit = ?time,
                deadline = limit.is_deadline(),
                "the call did not finish within its time limit"
            );
            let what = if blocking {
                "It may still finish, so check what it did before you call it again."
            } else {
                "It was stopped. Ask for less at once, or try again later."
            };
            if limit.is_deadline() {
                return Reply(ReplyKind::PastDeadline(format!(
                    "The call did not finish before the deadline of the host that runs it. {what}"
                )));
            }
            let text = format!("The call did not finish within {time:?}. {what}");
            Reply(ReplyKind::TimedOut(text))
        }
    }
}

/// A call on the blocking pool. It owns all it needs, since it can outlive its request.
struct BlockingCall {
    server: Server,
    function: Function,
    context: Context,
    caller: Option<Caller>,
    arguments: String,
    texts: Box<[Option<Cow<'static, str>>]>,
    /// Taken until the function has returned, whatever becomes of the request.
    _place: Place,
}

impl BlockingCall {
    async fn run(self, limit: Duration) -> Result<Called, Stopped> {
        let silence = self.context.silence();
        let (sender, receiver) = oneshot::channel();
        // Fails when the system has no thread to give.
        let task = guarded(|| {
            tokio::task::spawn_blocking(move || {
                let name = self.function.name;
                if let Err(unread) = sender.send(self.call()) {
                    abandoned(name, unread);
                }
            })
        })?;
        let _thread = Thread {
            task: task.abort_handle(),
            _silence: silence,
        };
        match tokio::time::timeout(limit, receiver).await {
            Ok(Ok(called)) => called,
            Ok(Err(_)) => Err(Stopped::Panicked),
            Err(_) => Err(Stopped::TimedOut(limit)),
        }
    }

    fn call(self) -> Result<Called, Stopped> {
        let context = LazyContext::made(self.context);
        let request = Request {
            server: &self.server,
            name: self.function.name,
            context: &context,
            notifier: &self.server.0.notifier,
            caller: self.caller.as_ref(),
            limits: &self.server.0.limits,
            input: self.server.input(self.function.target),
            arguments: &self.arguments,
            scratch: &Scratch::default(),
            texts: &self.texts,
        };
        let function = &self.function;
        let reply = match guarded(|| self.server.start(function.target, function.name, &request))? {
            Some(Outcome::Now(reply)) => reply,
            // A blocking tool is a plain function.
            Some(Outcome::Later(_)) | None => unavailable(),
        };
        // It has ended, so no limit counts.
        let limit = TimeLimit::of(&self.server, self.function.timeout, None);
        Ok(called(self.function.name, limit, Ok(reply), &context))
    }
}

/// Nobody waits for this end any more; what is private in it still belongs into the log.
fn abandoned(name: &str, ended: Result<Called, Stopped>) {
    if let Ok(Called {
        reply: Reply(ReplyKind::Failed(error)),
        ..
    }) = ended
    {
        let _ = guarded(|| error.disclose(name));
    }
}

/// A function on the blocking pool, seen from its request. Dropped, it keeps a function that has
/// not begun from beginning; one that has cannot be stopped, and what it reports goes nowhere.
struct Thread {
    task: AbortHandle,
    _silence: Silence,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.task.abort();
    }
}
