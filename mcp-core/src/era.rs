//! Which revision a request is in, and what it has to bring for that.

use std::borrow::Cow;

use crate::caller::Caller;
use crate::client::LegacyClient;
use crate::dispatch::{self, Settled, Transport};
#[cfg(feature = "http")]
use crate::dispatch::{HttpRequest, Mirrored};
use crate::jsonrpc::{self, Fields, Id, Message, Meta, MetaKeys};
use crate::log_level::{LEVELS, LogLevel};
use crate::protocol::{Revision, code};
use crate::refusal::Refusal;
use crate::server::Server;

/// Why a request cannot be served in any revision.
pub(crate) struct EraFault {
    pub(crate) code: i32,
    pub(crate) message: Cow<'static, str>,
    pub(crate) status: u16,
    pub(crate) refusal: Refusal,
    /// The version asked for, as raw JSON, when it is not supported.
    pub(crate) requested: Option<String>,
}

impl EraFault {
    pub(crate) fn new(code: i32, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
            status: 400,
            refusal: Refusal::RequestMetadata,
            requested: None,
        }
    }
}

/// Finds the revision of a request: by `_meta` on 2026-07-28, by the session, the header or by what
/// `initialize` settled before it.
pub(crate) fn settle<'m>(
    server: &Server,
    message: &'m Message<'_>,
    id: Id<'m>,
    transport: Transport<'_>,
    caller: Option<&Caller>,
) -> Result<Settled<'m>, EraFault> {
    let method = message.method.as_deref().unwrap_or_default();
    let Some(fields) = dispatch::fields(message) else {
        let text = "`params` has to be an object that gives each field once";
        return Err(EraFault::new(code::INVALID_PARAMS, text));
    };
    let keys = match &fields.meta {
        Some(Meta::Keys(keys)) => Some(keys),
        None => None,
        Some(Meta::NotAnObject) => {
            let text = "`params._meta` has to be an object that gives each key once";
            return Err(EraFault::new(code::INVALID_PARAMS, text));
        }
    };
    let mut settled = Settled {
        id,
        method,
        revision: Revision::V2026_07_28,
        fields,
        log_level: None,
        client: None,
    };
    if let Some(keys) = keys.filter(|keys| is_modern(keys)) {
        modern(method, fields, keys, transport)?;
        settled.log_level = keys.log_level.map(log_level).transpose()?;
        return Ok(settled);
    }
    let client = if method == "initialize" {
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
        LegacyClient::unknown(known.unwrap_or(Revision::LATEST_LEGACY))
    } else {
        legacy(server, method, transport, caller)?
    };
    settled.revision = client.revision;
    settled.client = Some(client);
    Ok(settled)
}

/// Whether the metadata is that of a request of 2026-07-28.
pub(crate) fn is_modern(keys: &MetaKeys<'_>) -> bool {
    keys.protocol_version.is_some() || keys.client_capabilities.is_some()
}

fn log_level(raw: &str) -> Result<LogLevel, EraFault> {
    let level = jsonrpc::text(raw).and_then(|text| LogLevel::parse(&text));
    level.ok_or_else(|| {
        let text = format!("the log level has to be one of {LEVELS}");
        EraFault {
            status: 200,
            ..EraFault::new(code::INVALID_PARAMS, text)
        }
    })
}

const META_HELP: &str = "a request of 2026-07-28 carries `io.modelcontextprotocol/protocolVersion` \
     (a string) and `io.modelcontextprotocol/clientCapabilities` (an object) in `params._meta`";

/// Checks a request of 2026-07-28, in the order that the protocol's checks need: required
/// metadata, header against body, supported version, then the other headers.
fn modern(
    method: &str,
    fields: &Fields<'_>,
    keys: &MetaKeys<'_>,
    transport: Transport<'_>,
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
    if let Transport::Http(request) = transport {
        mirrors("MCP-Protocol-Version", &request.mirrors.version, &version)?;
    }
    if Revision::parse(&version).is_none_or(|revision| !revision.is_modern()) {
        return Err(EraFault {
            requested: Some(serde_json::Value::from(dispatch::short(&version)).to_string()),
            ..EraFault::new(
                code::UNSUPPORTED_VERSION,
                "this protocol version is not supported here",
            )
        });
    }
    #[cfg(feature = "http")]
    if let Transport::Http(request) = transport {
        mirrors("Mcp-Method", &request.mirrors.method, method)?;
        let name = match method {
            "tools/call" | "prompts/get" => fields.name,
            "resources/read" => fields.uri,
            _ => None,
        };
        if let Some(name) = name.and_then(jsonrpc::text) {
            mirrors("Mcp-Name", &request.mirrors.name, &name)?;
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
    Err(EraFault {
        refusal: Refusal::HeaderMismatch,
        ..EraFault::new(code::HEADER_MISMATCH, message)
    })
}

/// The client of a request without the metadata of 2026-07-28.
fn legacy(
    server: &Server,
    method: &str,
    transport: Transport<'_>,
    caller: Option<&Caller>,
) -> Result<LegacyClient, EraFault> {
    match transport {
        #[cfg(feature = "http")]
        Transport::Http(request) => {
            let _ = method;
            http_client(server, request, caller)
        }
        Transport::Connection(connection) => {
            let _ = (server, caller);
            match connection.legacy() {
                Some(client) => Ok(client),
                None if method == "ping" => Ok(LegacyClient::unknown(Revision::LATEST_LEGACY)),
                None => Err(EraFault::new(
                    code::INVALID_PARAMS,
                    format!("{META_HELP}; clients of older revisions send `initialize` first"),
                )),
            }
        }
        Transport::Alone => Ok(LegacyClient::unknown(Revision::LATEST_LEGACY)),
    }
}

/// The client of a message that nobody answers: checked as that of a request, unless the header says
/// 2026-07-28, where no session says who it is.
#[cfg(feature = "http")]
pub(crate) fn one_way_client(
    server: &Server,
    request: &HttpRequest<'_>,
    caller: Option<&Caller>,
) -> Result<Option<LegacyClient>, EraFault> {
    if request.is_modern() {
        return Ok(None);
    }
    http_client(server, request, caller).map(Some)
}

/// The client of an HTTP request of an older revision: that of its session, or an unknown one that
/// speaks what the header says.
#[cfg(feature = "http")]
pub(crate) fn http_client(
    server: &Server,
    request: &HttpRequest<'_>,
    caller: Option<&Caller>,
) -> Result<LegacyClient, EraFault> {
    let revision = match &request.mirrors.version {
        Mirrored::Missing => Revision::HTTP_DEFAULT,
        Mirrored::Value(version) => Revision::parse(version)
            .filter(|revision| !revision.is_modern())
            .ok_or_else(|| EraFault::new(code::INVALID_PARAMS, META_HELP))?,
        Mirrored::Malformed => {
            return Err(EraFault::new(
                code::INVALID_PARAMS,
                "the header `MCP-Protocol-Version` is given twice or cannot be decoded",
            ));
        }
    };
    match session(server, request, caller)? {
        // What `initialize` settled counts more than the header.
        Some(client) => Ok(client),
        None => Ok(LegacyClient::unknown(revision)),
    }
}

/// The client that a session belongs to, if the request names one.
#[cfg(feature = "http")]
pub(crate) fn session(
    server: &Server,
    request: &HttpRequest<'_>,
    caller: Option<&Caller>,
) -> Result<Option<LegacyClient>, EraFault> {
    let unknown = || EraFault {
        status: 404,
        refusal: Refusal::UnknownSession,
        ..EraFault::new(
            code::INVALID_REQUEST,
            "this session is unknown here or has ended; send `initialize` again",
        )
    };
    let text = match &request.session {
        Mirrored::Missing => return Ok(None),
        Mirrored::Malformed => return Err(unknown()),
        Mirrored::Value(text) => text,
    };
    #[cfg(feature = "seal")]
    if crate::sessions::is_ours(text) {
        let sessions = &server.0.custody.sessions;
        let found = sessions.open(server, caller, text);
        return found
            .filter(|_| request.sessions)
            .map(Some)
            .ok_or_else(unknown);
    }
    #[cfg(not(feature = "seal"))]
    let _ = (server, caller, text);
    // What a platform made up to keep its own order.
    if request.foreign_sessions {
        return Ok(None);
    }
    Err(unknown())
}
