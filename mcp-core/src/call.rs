//! `tools/call`: from the request to the reply of the function.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::caller::Caller;
use crate::catalogue::ToolEntry;
use crate::coerce::Scratch;
use crate::context::{Context, Silence};
use crate::dispatch::{Outlet, Settled, short};
use crate::encode::{self, Answer};
use crate::error::Error;
use crate::inject::Request;
use crate::jsonrpc::{self, Id};
use crate::output::{Reply, ReplyKind};
use crate::protocol::code;
use crate::running::{Evidence, Running, Stopped, guarded};
use crate::server::{Place, Server};
use crate::tool::Outcome;

type Ended = Result<Reply, Stopped>;

/// Answers `tools/call`.
pub(crate) async fn call(
    server: &Server,
    id: Id<'_>,
    request: &Settled<'_>,
    caller: Option<&Caller>,
    outlet: &Outlet<'_>,
) -> Answer {
    let invalid = |text: &str| encode::error(Some(id), code::INVALID_PARAMS, text);
    let fields = request.fields;
    let Some(name) = fields.name.and_then(jsonrpc::text) else {
        return invalid("`params.name` has to be the name of a tool, as a string");
    };
    // Some clients send `null` for "no arguments".
    let arguments = fields
        .arguments
        .filter(|raw| *raw != "null")
        .unwrap_or("{}");
    if !arguments.starts_with('{') {
        return invalid("`params.arguments` has to be an object");
    }
    // A tool that the caller may not see does not exist for them.
    let Some((index, tool)) = server.0.catalogue.find(&name, caller) else {
        return invalid(&format!("there is no tool `{}`", short(&name)));
    };
    let Some(place) = server.enter() else {
        let text = "the server is at its limit of concurrent calls; try again in a moment";
        return encode::error(Some(id), code::INTERNAL, text).status(503);
    };
    let evidence = Evidence::of(tool.spec.name);
    let context = Context::new(
        request.progress_token,
        request.revision,
        outlet.notifications,
    );
    let limit = time_limit(server, tool, outlet.deadline);
    let ended = if tool.spec.blocking {
        let call = BlockingCall {
            server: server.clone(),
            index,
            context,
            caller: caller.cloned(),
            arguments: arguments.to_owned(),
            _place: place,
        };
        call.run(limit).await
    } else {
        let request = Request {
            tool,
            context: &context,
            caller,
            arguments,
            scratch: &Scratch::default(),
            limits: &server.0.limits,
        };
        let ended = match guarded(|| server.0.handlers.call(index, &request)) {
            Ok(Some(Outcome::Now(reply))) => Ok(reply),
            Ok(Some(Outcome::Later(future))) => Running::new(future, limit).await,
            Ok(None) => Ok(unavailable()),
            Err(stopped) => Err(stopped),
        };
        drop(place);
        ended
    };
    evidence.ended();
    encode::result(server, id, request.revision, tool, reply_of(tool, ended))
}

/// How long a call may run: as long as the tool or the server says, and not beyond the time when the
/// host stops waiting.
fn time_limit(server: &Server, tool: &ToolEntry, deadline: Option<Instant>) -> Duration {
    let limit = tool.spec.timeout.unwrap_or(server.0.limits.call_timeout);
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    left.map_or(limit, |left| left.min(limit))
}

/// The catalogue and the handlers are built from one list, so this is never sent; a wrong answer is
/// still better than a panic.
fn unavailable() -> Reply {
    Reply(ReplyKind::Failed(Error::new("this tool is not available")))
}

/// A panic or a timeout as what the model reads; the log has the rest.
fn reply_of(tool: &ToolEntry, ended: Ended) -> Reply {
    let name = tool.spec.name;
    let error = match ended {
        Ok(reply) => return reply,
        Err(Stopped::Panicked) => Error::private("the function panicked"),
        Err(Stopped::TimedOut(limit)) => {
            tracing::warn!(
                tool = name,
                ?limit,
                "the call did not finish within its time limit"
            );
            let what = if tool.spec.blocking {
                "It may still finish, so check what it did before you call it again."
            } else {
                "It was stopped. Ask for less at once, or try again later."
            };
            // Without the fraction of a millisecond that a deadline leaves.
            let limit = Duration::from_millis(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
            Error::new(format!("The tool did not finish within {limit:?}. {what}"))
        }
    };
    Reply(ReplyKind::Failed(error))
}

/// A call on the blocking pool. It owns all it needs, since it can outlive its request.
struct BlockingCall {
    server: Server,
    index: usize,
    context: Context,
    caller: Option<Caller>,
    arguments: String,
    /// Taken until the function has returned, whatever becomes of the request.
    _place: Place,
}

impl BlockingCall {
    async fn run(self, limit: Duration) -> Ended {
        let silence = self.context.silence();
        let (sender, receiver) = oneshot::channel();
        // Fails when the system has no thread to give.
        let task = guarded(|| {
            tokio::task::spawn_blocking(move || {
                if let Err(unread) = sender.send(self.call()) {
                    self.abandoned(unread);
                }
            })
        })?;
        let _thread = Thread {
            task: task.abort_handle(),
            _silence: silence,
        };
        match tokio::time::timeout(limit, receiver).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(_)) => Err(Stopped::Panicked),
            Err(_) => Err(Stopped::TimedOut(limit)),
        }
    }

    /// Nobody waits for this end any more; what is private in it still belongs into the log.
    fn abandoned(&self, ended: Ended) {
        let name = self
            .server
            .0
            .catalogue
            .get(self.index)
            .map_or("", |tool| tool.spec.name);
        if let Ok(Reply(ReplyKind::Failed(error))) = ended {
            let _ = guarded(|| error.disclose(name));
        }
    }

    fn call(&self) -> Ended {
        let Some(tool) = self.server.0.catalogue.get(self.index) else {
            return Ok(unavailable());
        };
        let request = Request {
            tool,
            context: &self.context,
            caller: self.caller.as_ref(),
            arguments: &self.arguments,
            scratch: &Scratch::default(),
            limits: &self.server.0.limits,
        };
        match guarded(|| self.server.0.handlers.call(self.index, &request))? {
            Some(Outcome::Now(reply)) => Ok(reply),
            // A blocking tool is a plain function.
            Some(Outcome::Later(_)) | None => Ok(unavailable()),
        }
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
