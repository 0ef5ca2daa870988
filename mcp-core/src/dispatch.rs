//! From the text of one message to the answer, for every host.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use crate::call;
use crate::caller::Caller;
use crate::context::Notifications;
use crate::encode::{self, Answer};
use crate::jsonrpc::{self, Fields, Id, Message, Meta, MetaKeys, Params};
use crate::protocol::{Revision, code};
use crate::server::Server;
use crate::text;

/// What the host knows about a message besides its text.
pub(crate) enum Transport<'a> {
    /// One HTTP request.
    #[cfg(feature = "http")]
    Http(&'a MirrorHeaders<'a>),
    /// A connection on which `initialize` may have settled a revision.
    Connection {
        /// The revision, once settled.
        legacy: Option<Revision>,
        /// Keeps the lifetime in use without the feature `http`.
        marker: std::marker::PhantomData<&'a ()>,
    },
}

impl Transport<'_> {
    /// Whether something can be refused without an answer to it.
    fn has_statuses(&self) -> bool {
        !matches!(self, Self::Connection { .. })
    }

    /// A connection, before or after `initialize`.
    pub(crate) fn connection(legacy: Option<Revision>) -> Self {
        Self::Connection {
            legacy,
            marker: std::marker::PhantomData,
        }
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

/// What the host gives a request besides its text: when it has to be answered, where notifications
/// go, and who wants to know which revision they are in.
pub(crate) struct Outlet<'a> {
    /// When the host stops waiting for an answer, where it does.
    pub(crate) deadline: Option<Instant>,
    pub(crate) notifications: Option<&'a Arc<dyn Notifications>>,
    /// Told the revision of the request once it is known.
    pub(crate) settled: &'a (dyn Fn(Revision) + Send + Sync),
}

/// Answers one message.
///
/// Everything borrows from `text`; the future is polled by the connection that asked, and dropping
/// it cancels the call.
pub(crate) async fn answer(
    server: &Server,
    text: &str,
    transport: Transport<'_>,
    caller: Option<&Caller>,
    outlet: Outlet<'_>,
) -> Answer {
    let message = match jsonrpc::parse(text, server.0.limits.depth) {
        Ok(message) => message,
        Err(fault) if fault.silent && !transport.has_statuses() => return Answer::none(),
        Err(fault) => return encode::error(fault.id, fault.code, fault.message).status(400),
    };
    let Some(id) = message.id else {
        return notification(&message);
    };
    let request = match identify_era(&message, &transport) {
        Ok(request) => request,
        Err(fault) => return fault.into_answer(id),
    };
    (outlet.settled)(request.revision);
    let modern = request.revision.is_modern();
    match request.method {
        "server/discover" if modern => encode::discover(server, id),
        "initialize" if !modern => encode::initialize(server, id, request.revision),
        "ping" if !modern => encode::pong(id),
        "tools/list" if !server.0.catalogue.is_empty() => list(server, id, &request, caller),
        "tools/call" if !server.0.catalogue.is_empty() => {
            call::call(server, id, &request, caller, &outlet).await
        }
        other => {
            let answer = encode::error(
                Some(id),
                code::METHOD_NOT_FOUND,
                &format!("this server has no method `{}`", short(other)),
            );
            // Only 2026-07-28 gives this its own status.
            answer.status(if modern { 404 } else { 200 })
        }
    }
}

/// A request whose revision is settled.
pub(crate) struct Settled<'m> {
    method: &'m str,
    pub(crate) revision: Revision,
    pub(crate) fields: &'m Fields<'m>,
    pub(crate) progress_token: Option<&'m str>,
}

/// Why a request cannot be served in any revision.
struct EraFault {
    code: i32,
    message: Cow<'static, str>,
    /// The version asked for, as raw JSON, when it is not supported.
    requested: Option<String>,
}

impl EraFault {
    fn new(code: i32, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
            requested: None,
        }
    }

    fn into_answer(self, id: Id<'_>) -> Answer {
        match self.requested {
            Some(requested) => encode::unsupported_version(id, &self.message, &requested),
            None => encode::error(Some(id), self.code, &self.message),
        }
        .status(400)
    }
}

/// No fields: what a request without `params` has.
static NO_FIELDS: Fields<'static> = Fields {
    name: None,
    arguments: None,
    cursor: None,
    protocol_version: None,
    #[cfg(feature = "stdio")]
    request_id: None,
    meta: None,
};

/// Finds the revision of a request: by `_meta` on 2026-07-28, by the header or by what
/// `initialize` settled before it.
fn identify_era<'m>(
    message: &'m Message<'_>,
    transport: &Transport<'_>,
) -> Result<Settled<'m>, EraFault> {
    let method = message.method.as_deref().unwrap_or_default();
    let fields = match &message.params {
        Some(Params::Fields(fields)) => &**fields,
        None => &NO_FIELDS,
        Some(Params::NotAnObject) => {
            let text = "`params` has to be an object that gives each field once";
            return Err(EraFault::new(code::INVALID_PARAMS, text));
        }
    };
    let keys = match &fields.meta {
        Some(Meta::Keys(keys)) => Some(keys),
        None => None,
        Some(Meta::NotAnObject) => {
            let text = "`params._meta` has to be an object that gives each key once";
            return Err(EraFault::new(code::INVALID_PARAMS, text));
        }
    };
    let progress_token = keys
        .and_then(|keys| keys.progress_token)
        .filter(|raw| is_token(raw));
    let modern_keys =
        keys.filter(|keys| keys.protocol_version.is_some() || keys.client_capabilities.is_some());
    let settled = |revision| {
        Ok(Settled {
            method,
            revision,
            fields,
            progress_token,
        })
    };

    if let Some(keys) = modern_keys {
        modern(method, fields, keys, transport)?;
        return settled(Revision::V2026_07_28);
    }
    if method == "initialize" {
        let requested = fields
            .protocol_version
            .and_then(jsonrpc::text)
            .ok_or_else(|| {
                EraFault::new(
                    code::INVALID_PARAMS,
                    "`params.protocolVersion` has to be a string",
                )
            })?;
        let known = Revision::parse(&requested).filter(|revision| !revision.is_modern());
        return settled(known.unwrap_or(Revision::LATEST_LEGACY));
    }
    legacy(method, transport).and_then(settled)
}

/// The longest progress token that is used, in bytes: it is repeated in every report.
const MAX_TOKEN: usize = 256;

/// A progress token is a string or a number. A longer one is taken as none.
fn is_token(raw: &str) -> bool {
    raw.len() <= MAX_TOKEN && raw.starts_with(|c: char| c == '"' || c == '-' || c.is_ascii_digit())
}

const META_HELP: &str = "a request of 2026-07-28 carries `io.modelcontextprotocol/protocolVersion` \
     (a string) and `io.modelcontextprotocol/clientCapabilities` (an object) in `params._meta`";

/// Checks a request of 2026-07-28, in the order that the protocol's checks need: required
/// metadata, header against body, supported version, then the other headers.
fn modern(
    method: &str,
    fields: &Fields<'_>,
    keys: &MetaKeys<'_>,
    transport: &Transport<'_>,
) -> Result<(), EraFault> {
    let raw = keys.protocol_version.unwrap_or_default();
    let (Some(version), true) = (
        jsonrpc::text(raw),
        keys.client_capabilities
            .is_some_and(|raw| raw.starts_with('{')),
    ) else {
        return Err(EraFault::new(code::INVALID_PARAMS, META_HELP));
    };
    #[cfg(feature = "http")]
    if let Transport::Http(headers) = transport {
        mirrors("MCP-Protocol-Version", &headers.version, &version)?;
    }
    if Revision::parse(&version).is_none_or(|revision| !revision.is_modern()) {
        return Err(EraFault {
            code: code::UNSUPPORTED_VERSION,
            message: "this protocol version is not supported here".into(),
            requested: Some(raw.to_owned()),
        });
    }
    #[cfg(feature = "http")]
    if let Transport::Http(headers) = transport {
        mirrors("Mcp-Method", &headers.method, method)?;
        let name = fields
            .name
            .filter(|_| method == "tools/call")
            .and_then(jsonrpc::text);
        if let Some(name) = name {
            mirrors("Mcp-Name", &headers.name, &name)?;
        }
    }
    #[cfg(not(feature = "http"))]
    let _ = (method, fields, transport);
    Ok(())
}

#[cfg(feature = "http")]
fn mirrors(header: &str, found: &Mirrored<'_>, body: &str) -> Result<(), EraFault> {
    let problem = match found {
        Mirrored::Value(value) if value == body => return Ok(()),
        Mirrored::Value(_) => "differs from the body",
        Mirrored::Missing => "is missing",
        Mirrored::Malformed => "is given twice or cannot be decoded",
    };
    let message = format!("the header `{header}` {problem}; it has to repeat what the body says");
    Err(EraFault::new(code::HEADER_MISMATCH, message))
}

/// The revision of a request without the metadata of 2026-07-28.
fn legacy(method: &str, transport: &Transport<'_>) -> Result<Revision, EraFault> {
    match transport {
        #[cfg(feature = "http")]
        Transport::Http(headers) => {
            let _ = method;
            match &headers.version {
                Mirrored::Missing => Ok(Revision::HTTP_DEFAULT),
                Mirrored::Value(version) => Revision::parse(version)
                    .filter(|revision| !revision.is_modern())
                    .ok_or_else(|| EraFault::new(code::INVALID_PARAMS, META_HELP)),
                Mirrored::Malformed => Err(EraFault::new(
                    code::INVALID_PARAMS,
                    "the header `MCP-Protocol-Version` is given twice or cannot be decoded",
                )),
            }
        }
        Transport::Connection { legacy, .. } => match legacy {
            Some(revision) => Ok(*revision),
            None if method == "ping" => Ok(Revision::LATEST_LEGACY),
            None => Err(EraFault::new(
                code::INVALID_PARAMS,
                format!("{META_HELP}; clients of older revisions send `initialize` first"),
            )),
        },
    }
}

/// Nothing answers a notification. A cancellation is passed on to the host, which owns the calls.
fn notification(message: &Message<'_>) -> Answer {
    #[cfg(feature = "stdio")]
    if message.method.as_deref() == Some("notifications/cancelled")
        && let Some(Params::Fields(fields)) = &message.params
        && let Some(id) = fields.request_id
    {
        return Answer::cancels(id);
    }
    let _ = message;
    Answer::none()
}

fn list(server: &Server, id: Id<'_>, request: &Settled<'_>, caller: Option<&Caller>) -> Answer {
    if request.fields.cursor.is_some_and(|raw| raw != "null") {
        let text = "this cursor was not issued by this server; list again without one";
        return encode::error(Some(id), code::INVALID_PARAMS, text);
    }
    let tools = server.0.catalogue.list(request.revision, caller);
    encode::tools(server, id, request.revision, &tools)
}

/// What a client sent, short enough for an error text.
pub(crate) fn short(text: &str) -> &str {
    text::cut(text, 128)
}
