//! What becomes of a result between the function and the client: it is kept within its budget.

mod budget;
mod cut;

pub(crate) use budget::Budget;
pub use budget::CountTokens;

#[cfg(feature = "redact")]
use std::borrow::Cow;
#[cfg(feature = "redact")]
use std::collections::HashSet;
#[cfg(feature = "redact")]
use std::sync::Arc;
#[cfg(feature = "redact")]
use std::time::Duration;

#[cfg(feature = "redact")]
use tokio::sync::Semaphore;

use crate::caller::Caller;
use crate::dispatch::Incoming;
#[cfg(feature = "redact")]
use crate::error::Error;
use crate::json;
use crate::jsonrpc;
use crate::output::{Reply, ReplyKind};
#[cfg(feature = "redact")]
use crate::redact::{self, OutputCheck, Redactor};
use crate::server::Server;
use crate::tool::ToolSpec;

/// What a server does with every result.
pub(crate) struct ResultPolicy {
    pub(crate) counter: Option<Box<dyn CountTokens>>,
    #[cfg(feature = "redact")]
    pub(crate) redactor: Option<Arc<dyn Redactor>>,
    /// Places for results that are redacted at the same time, as many as for calls.
    #[cfg(feature = "redact")]
    pub(crate) redacting: Semaphore,
}

/// Whose result it is.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) server: &'a Server,
    pub(crate) caller: Option<&'a Caller>,
    /// The name of the tool, resource or prompt.
    pub(crate) name: &'a str,
    /// The tool, if it is one that does not change.
    pub(crate) tool: Option<&'static ToolSpec>,
    /// The tokens that the result may have.
    pub(crate) tokens: u32,
    /// How long it may take to redact it.
    #[cfg(feature = "redact")]
    pub(crate) time: Duration,
    /// The arguments as raw JSON.
    pub(crate) arguments: &'a str,
    /// The argument that is a cursor.
    pub(crate) cursor: Option<&'static str>,
    /// Whether the result is text, where that is known from its type.
    pub(crate) is_text: Option<bool>,
    /// The media type of a resource.
    pub(crate) mime_type: Option<&'static str>,
    /// What a structured result has to be.
    #[cfg(feature = "redact")]
    pub(crate) check: Option<&'a OutputCheck>,
}

impl<'a> About<'a> {
    /// The result of a resource or a prompt.
    pub(crate) fn new(incoming: Incoming<'a>, name: &'a str) -> Self {
        Self {
            server: incoming.server,
            caller: incoming.caller,
            name,
            tool: None,
            tokens: incoming.server.0.limits.result_tokens,
            #[cfg(feature = "redact")]
            time: redact::time(&incoming.server.0.limits, incoming.outlet.deadline),
            arguments: "{}",
            cursor: None,
            is_text: None,
            mime_type: None,
            #[cfg(feature = "redact")]
            check: None,
        }
    }

    pub(crate) fn budget(&self) -> Budget<'a> {
        Budget {
            tokens: self.tokens,
            counter: self.server.0.result_policy.counter.as_deref(),
        }
    }

    /// What takes the place of a result that cannot be cut. `tokens` is how many it has, where that is
    /// known.
    pub(crate) fn over_budget(&self, tokens: Option<usize>) -> ReplyKind {
        let limit = self.tokens;
        tracing::warn!(
            tool = self.name,
            limit,
            "the result has more tokens than the limit"
        );
        let size = match tokens {
            Some(tokens) => format!("about {tokens} tokens"),
            None => "too many tokens".to_owned(),
        };
        let mut text = format!(
            "The result has {size} and was not sent: at most {limit} are. Narrow the call: ask for \
             fewer items, a shorter period or fewer fields."
        );
        let names = self
            .tool
            .map_or(&[][..], |tool| tool.args)
            .iter()
            .map(|arg| arg.name);
        let names: Vec<&str> = names.filter(|name| Some(*name) != self.cursor).collect();
        if !names.is_empty() {
            text.push_str(&format!(" The arguments are `{}`.", names.join("`, `")));
        }
        ReplyKind::OverBudget(text)
    }
}

impl ResultPolicy {
    /// Three bytes a token, and nothing is redacted.
    pub(crate) fn new() -> Self {
        Self {
            counter: None,
            #[cfg(feature = "redact")]
            redactor: None,
            #[cfg(feature = "redact")]
            redacting: Semaphore::const_new(0),
        }
    }

    /// With room for as many results as there may be calls.
    #[cfg_attr(not(feature = "redact"), allow(unused_variables))]
    pub(crate) fn for_calls(self, in_flight: u32) -> Self {
        #[cfg(feature = "redact")]
        self.redacting.add_permits(
            usize::try_from(in_flight)
                .unwrap_or(usize::MAX)
                .min(Semaphore::MAX_PERMITS),
        );
        self
    }

    /// Whether the policy has nothing to do with a reply, at a glance.
    pub(crate) fn passes(&self, reply: &Reply, tokens: u32) -> bool {
        match &reply.0 {
            ReplyKind::Json(json) => {
                let budget = Budget {
                    tokens,
                    counter: None,
                };
                self.counter.is_none() && !self.redacts() && json.len() <= budget.capacity()
            }
            _ => false,
        }
    }

    /// Whether something has to be taken out of what is sent.
    #[cfg_attr(not(feature = "redact"), allow(clippy::unused_self))]
    pub(crate) fn redacts(&self) -> bool {
        #[cfg(feature = "redact")]
        return self.redactor.is_some();
        #[cfg(not(feature = "redact"))]
        false
    }
}

/// What a function says before its result, as JSON, within this many tokens of three bytes: text is cut, and
/// any other value becomes a text about it.
pub(crate) fn within(told: Vec<u8>, tokens: u32) -> Vec<u8> {
    let budget = Budget {
        tokens,
        counter: None,
    };
    if told.len() <= budget.capacity() {
        return told;
    }
    let raw = std::str::from_utf8(&told).unwrap_or("null");
    let mut text = match jsonrpc::text(raw) {
        Some(text) if budget.fits(&text) => return told,
        Some(text) => text.into_owned(),
        None => raw.to_owned(),
    };
    budget.cut(&mut text, budget.capacity());
    let mut out = Vec::with_capacity(text.len() + 64);
    json::string(&mut out, &text);
    out
}

/// Applies the policy of the server to a reply: it is redacted first, since half of a name that was cut
/// is not found.
#[cfg_attr(not(feature = "redact"), allow(clippy::unused_async))]
pub(crate) async fn apply(about: &About<'_>, reply: Reply) -> Reply {
    #[cfg(feature = "redact")]
    if let Some(redactor) = &about.server.0.result_policy.redactor {
        return Reply(redacted(about, &**redactor, reply.0).await);
    }
    Reply(cut::to_budget(reply.0, about))
}

#[cfg(feature = "redact")]
async fn redacted(about: &About<'_>, redactor: &dyn Redactor, mut reply: ReplyKind) -> ReplyKind {
    let none = HashSet::new();
    let known = about.check.map_or(&none, |check| &check.keys);
    // The call has given up its place by now.
    let Ok(_place) = about.server.0.result_policy.redacting.try_acquire() else {
        return ReplyKind::Refused(Cow::Borrowed(
            "The server checks as many results at a time as it may; try again in a moment.",
        ));
    };
    let changed = match redact::reply(redactor, &mut reply, known, about.time).await {
        Ok(changed) => changed,
        Err(error) => return ReplyKind::Failed(error),
    };
    let reply = cut::to_budget(reply, about);
    let (true, Some(check)) = (changed, about.check) else {
        return reply;
    };
    let structured = match &reply {
        ReplyKind::Json(json) => Some(json),
        ReplyKind::Content(contents) => contents.structured.as_ref(),
        _ => None,
    };
    match structured.and_then(|json| check.misfit(json)) {
        None => reply,
        Some(places) => ReplyKind::Failed(Error::private(format!(
            "a result does not fit its output schema any more after it was redacted: {places}"
        ))),
    }
}
