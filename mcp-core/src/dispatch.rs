//! From the text of one message to the answer, for every host.

#[cfg(feature = "http")]
use std::borrow::Cow;
use std::sync::Arc;
#[cfg(feature = "http")]
use std::time::Duration;
use std::time::Instant;

use crate::audit::Outcome;
use crate::batch;
use crate::caller::Caller;
use crate::client::{Connection, LegacyClient};
use crate::context::Notifications;
use crate::encode::{self, Answer};
use crate::era::{self, EraFault};
use crate::jsonrpc::{self, Fields, Id, Message, Meta, MetaKeys, Params};
use crate::log_level::LogLevel;
use crate::methods;
use crate::observe::Observed;
use crate::platform::PlatformRequest;
use crate::protocol::{Revision, code};
use crate::refusal::Refusal;
use crate::reply_limit::ReplyLimit;
use crate::server::Server;
use crate::text;

/// What the host knows about a message besides its text.
#[derive(Clone, Copy)]
pub(crate) enum Transport<'a> {
    /// One HTTP request.
    #[cfg(feature = "http")]
    Http(&'a HttpRequest<'a>),
    /// A connection on which `initialize` may have settled a revision.
    Connection(&'a Connection),
    /// A message by itself.
    Alone,
}

impl Transport<'_> {
    /// Whether something can be refused without an answer to it.
    pub(crate) fn has_statuses(self) -> bool {
        !matches!(self, Self::Connection(_))
    }
}

/// What an HTTP request says beside its body.
#[cfg(feature = "http")]
pub(crate) struct HttpRequest<'a> {
    pub(crate) mirrors: MirrorHeaders<'a>,
    /// The headers themselves, for those that a tool names.
    pub(crate) headers: &'a http::HeaderMap,
    /// The session that an older revision has, as the client names it.
    pub(crate) session: Mirrored<'a>,
    /// Whether ids of sessions that are not of our making are a platform's, and mean nothing here.
    pub(crate) foreign_sessions: bool,
    /// Whether ids of sessions that are of our making can belong to this host.
    pub(crate) sessions: bool,
    /// How long a client can hear of changes at a time; `None` for not at all.
    pub(crate) subscriptions: Option<Duration>,
}

#[cfg(feature = "http")]
impl HttpRequest<'_> {
    /// Whether its headers are those of 2026-07-28.
    pub(crate) fn is_modern(&self) -> bool {
        matches!(&self.mirrors.version, Mirrored::Value(version)
            if Revision::parse(version).is_some_and(Revision::is_modern))
    }
}

/// The HTTP headers that repeat what the body says (transports, 2026-07-28).
#[cfg(feature = "http")]
#[derive(Debug, Default)]
pub(crate) struct MirrorHeaders<'a> {
    pub(crate) version: Mirrored<'a>,
    pub(crate) method: Mirrored<'a>,
    pub(crate) name: Mirrored<'a>,
}

/// The value of a header that may occur once.
#[cfg(feature = "http")]
#[derive(Debug, Default)]
pub(crate) enum Mirrored<'a> {
    #[default]
    Missing,
    /// Given twice, or not decodable.
    Malformed,
    Value(Cow<'a, str>),
}

/// What the host gives a request besides its text: how it has to be answered, where notifications
/// go, and who wants to know what was found out about it.
pub(crate) struct Outlet<'a> {
    /// Whether a test asks: results are checked, and it is told what is wrong with them.
    pub(crate) is_test: bool,
    /// When the host stops waiting for an answer, where it does.
    pub(crate) deadline: Option<Instant>,
    /// The largest answer that the host can carry, where it has such a limit.
    pub(crate) reply_limit: Option<ReplyLimit>,
    pub(crate) notifications: Option<&'a Arc<dyn Notifications>>,
    /// How the message came: `stdio`, `http`, `invoke` or `test`.
    pub(crate) transport: &'static str,
    /// What the platform says of the request.
    pub(crate) platform: Option<&'a PlatformRequest>,
    /// Told of the request once its revision is known.
    pub(crate) settled: &'a (dyn Fn(&Settled<'_>) + Send + Sync),
}

#[cfg(feature = "redact")]
impl<'a> Outlet<'a> {
    /// The same, with notifications that go elsewhere first.
    pub(crate) fn to<'b>(&self, notifications: &'b Arc<dyn Notifications>) -> Outlet<'b>
    where
        'a: 'b,
    {
        Outlet {
            notifications: Some(notifications),
            ..*self
        }
    }
}

/// A request whose revision is settled.
pub(crate) struct Settled<'m> {
    pub(crate) id: Id<'m>,
    pub(crate) method: &'m str,
    pub(crate) revision: Revision,
    pub(crate) fields: &'m Fields<'m>,
    /// The log messages that a 2026-07-28 client wants.
    pub(crate) log_level: Option<LogLevel>,
    /// What is known about a client of an older revision.
    pub(crate) client: Option<LegacyClient>,
}

/// The longest progress token that is used, in bytes: it is repeated in every report.
const MAX_TOKEN: usize = 256;

impl<'m> Settled<'m> {
    fn keys(&self) -> Option<&'m MetaKeys<'m>> {
        match &self.fields.meta {
            Some(Meta::Keys(keys)) => Some(keys),
            Some(Meta::NotAnObject) | None => None,
        }
    }

    /// The token of the reports that the client wants, as raw JSON: a string or a number. A longer
    /// one is taken as none.
    pub(crate) fn progress_token(&self) -> Option<&'m str> {
        let first = |c: char| c == '"' || c == '-' || c.is_ascii_digit();
        let raw = self.keys()?.progress_token?;
        (raw.len() <= MAX_TOKEN && raw.starts_with(first)).then_some(raw)
    }

    /// Where the client says that the request stands in a trace.
    pub(crate) fn traceparent(&self) -> Option<&'m str> {
        plain_text(self.keys()?.traceparent?)
    }

    /// What the client passes on of the trace for others.
    #[cfg(feature = "otel")]
    pub(crate) fn tracestate(&self) -> Option<&'m str> {
        plain_text(self.keys()?.tracestate?)
    }

    /// What a 2026-07-28 client can be asked for, as raw JSON.
    #[cfg(feature = "seal")]
    pub(crate) fn capabilities(&self) -> Option<&'m str> {
        self.keys()?.client_capabilities
    }
}

/// The text of a raw JSON string without escapes.
fn plain_text(raw: &str) -> Option<&str> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then_some(inner)
}

/// No fields: what a request without `params` has.
pub(crate) static NO_FIELDS: Fields<'static> = Fields::NONE;

/// Answers the text of one message, or of a batch.
///
/// Everything borrows from `text`; the future is polled by the connection that asked, and dropping
/// it cancels the call.
pub(crate) async fn answer(
    server: &Server,
    text: &str,
    transport: Transport<'_>,
    caller: Option<&Caller>,
    outlet: &Outlet<'_>,
) -> Answer {
    // Looked at by reference: the future has room for one message, not for one on the move.
    let parsed = jsonrpc::parse(text, server.0.limits.depth);
    let fault = match &parsed {
        Ok(message) => return answer_one(server, message, transport, caller, outlet).await,
        Err(fault) => fault,
    };
    if fault.is_batch {
        return Box::pin(batch::answer(server, text, transport, caller, outlet)).await;
    }
    if fault.silent && !transport.has_statuses() {
        return Answer::none();
    }
    let refusal = Refusal::MalformedMessage;
    encode::refusal(fault.id, refusal, fault.code, fault.message).status(400)
}

/// Answers one message.
pub(crate) async fn answer_one(
    server: &Server,
    message: &Message<'_>,
    transport: Transport<'_>,
    caller: Option<&Caller>,
    outlet: &Outlet<'_>,
) -> Answer {
    let Some(id) = message.id.filter(|_| message.response.is_none()) else {
        return Box::pin(methods::one_way(server, message, transport, caller)).await;
    };
    let request = match era::settle(server, message, id, transport, caller) {
        Ok(request) => request,
        Err(fault) => return fault.into_answer(Some(id)),
    };
    (outlet.settled)(&request);
    let incoming = Incoming {
        server,
        request: &request,
        transport,
        caller,
        outlet,
    };
    let mut observed = Observed::begin(&incoming);
    let answer = if observed.is_preceded {
        Box::pin(observed.answer(&incoming)).await
    } else {
        incoming.answer().await
    };
    let answer = match outlet.reply_limit {
        Some(limit) if !answer.fits(limit) => encode::larger_than(incoming, limit),
        _ => answer,
    };
    match observed.end(&answer) {
        None => answer,
        Some(record) => Box::pin(record.release(&incoming, answer)).await,
    }
}

/// A request, with all that is needed to answer it.
#[derive(Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) server: &'a Server,
    pub(crate) request: &'a Settled<'a>,
    pub(crate) transport: Transport<'a>,
    pub(crate) caller: Option<&'a Caller>,
    pub(crate) outlet: &'a Outlet<'a>,
}

impl Incoming<'_> {
    pub(crate) async fn answer(&self) -> Answer {
        let catalogue = &self.server.0.catalogue;
        let modern = self.request.revision.is_modern();
        // What few requests are is boxed, so that the others need not make room for it.
        match self.request.method {
            "tools/call" if catalogue.has_tools() => methods::call_tool(self).await,
            "tools/list" if catalogue.has_tools() => methods::list_tools(*self),
            "resources/read" if catalogue.has_resources() => {
                Box::pin(methods::read_resource(*self)).await
            }
            "resources/list" if catalogue.has_resources() => methods::list_resources(*self),
            "resources/templates/list" if catalogue.has_resources() => {
                methods::list_templates(*self)
            }
            "prompts/get" if catalogue.has_prompts() => Box::pin(methods::get_prompt(*self)).await,
            "prompts/list" if catalogue.has_prompts() => methods::list_prompts(*self),
            "completion/complete" if catalogue.has_completions() => {
                Box::pin(methods::complete(*self)).await
            }
            "server/discover" if modern => encode::discover(*self),
            "subscriptions/listen" if modern => Box::pin(methods::listen(*self)).await,
            "initialize" if !modern => methods::initialize(*self),
            "ping" if !modern => encode::empty(self.request.id),
            "logging/setLevel" if !modern && catalogue.can_log() => {
                Box::pin(methods::set_log_level(*self)).await
            }
            "resources/subscribe" if !modern && catalogue.has_resources() && self.is_live() => {
                Box::pin(methods::subscribe(*self)).await
            }
            "resources/unsubscribe" if !modern && catalogue.has_resources() && self.is_live() => {
                Box::pin(methods::unsubscribe(*self)).await
            }
            other => {
                let text = format!("this server has no method `{}`", short(other));
                // Only 2026-07-28 gives this its own status.
                self.refuse(Refusal::UnknownMethod, code::METHOD_NOT_FOUND, &text)
                    .status(if modern { 404 } else { 200 })
            }
        }
    }

    /// Whether the client can be told of changes.
    pub(crate) fn is_live(self) -> bool {
        match self.transport {
            #[cfg(feature = "http")]
            Transport::Http(http) => {
                if self.request.revision.is_modern() {
                    http.subscriptions.is_some()
                } else {
                    http.sessions && self.server.has_sessions()
                }
            }
            Transport::Connection(_) => true,
            Transport::Alone => false,
        }
    }

    pub(crate) fn error(self, code: i32, message: &str) -> Answer {
        encode::error(Some(self.request.id), code, message)
    }

    /// An error that says by a code why.
    pub(crate) fn refuse(self, refusal: Refusal, code: i32, message: &str) -> Answer {
        encode::refusal(Some(self.request.id), refusal, code, message)
    }

    pub(crate) fn invalid(self, message: &str) -> Answer {
        self.error(code::INVALID_PARAMS, message)
    }

    /// The server has no room for this at the moment.
    pub(crate) fn busy(self, refusal: Refusal, message: &str) -> Answer {
        self.refuse(refusal, code::INTERNAL, message)
            .status(503)
            .outcome(Outcome::Limited)
    }
}

impl EraFault {
    pub(crate) fn into_answer(self, id: Option<Id<'_>>) -> Answer {
        let status = self.status;
        match self.requested {
            Some(requested) => encode::unsupported_version(id, &self.message, &requested),
            None => encode::refusal(id, self.refusal, self.code, &self.message),
        }
        .status(status)
    }
}

/// The fields of a message's `params`; `None` when `params` is no object.
pub(crate) fn fields<'m>(message: &'m Message<'_>) -> Option<&'m Fields<'m>> {
    match &message.params {
        Some(Params::Fields(fields)) => Some(&**fields),
        None => Some(&NO_FIELDS),
        Some(Params::NotAnObject) => None,
    }
}

/// What a client sent, short enough for an error text.
pub(crate) fn short(text: &str) -> &str {
    text::cut(text, 128)
}
