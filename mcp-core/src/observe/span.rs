//! The span of a request, and what OpenTelemetry has of it beside.
//!
//! Names are those of the [MCP semantic conventions]. A subscriber that exports spans to OpenTelemetry, as
//! `tracing-opentelemetry` does, takes `otel.name`, `otel.kind` and `otel.status_code` for what they are.
//!
//! [MCP semantic conventions]: https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/

use tracing::field::Empty;
use tracing::{Level, Span};

use super::Subject;
use crate::audit::End;
use crate::dispatch::Incoming;
use crate::jsonrpc;

#[cfg(feature = "otel")]
mod otel;

#[cfg(feature = "otel")]
pub(super) use otel::Durations;

/// Whether anybody looks at spans, or at durations.
pub(super) fn is_wanted() -> bool {
    cfg!(feature = "otel") || tracing::span_enabled!(Level::INFO)
}

/// Methods that there are. Any other is a client's invention, and one name for all of them.
const METHODS: [&str; 15] = [
    "tools/call",
    "tools/list",
    "resources/read",
    "resources/list",
    "resources/templates/list",
    "resources/subscribe",
    "resources/unsubscribe",
    "prompts/get",
    "prompts/list",
    "completion/complete",
    "server/discover",
    "subscriptions/listen",
    "initialize",
    "ping",
    "logging/setLevel",
];

/// The method, of which there are few.
fn method(incoming: &Incoming<'_>) -> &'static str {
    let method = incoming.request.method;
    let mut known = METHODS.into_iter();
    known.find(|known| *known == method).unwrap_or("_OTHER")
}

/// How the message came, as far as the host tells.
fn network(transport: &str) -> Option<&'static str> {
    match transport {
        "stdio" => Some("pipe"),
        "http" => Some("tcp"),
        _ => None,
    }
}

/// Opens the span of a request.
pub(super) fn open(incoming: &Incoming<'_>, subject: Option<&Subject<'_>>) -> Span {
    if !tracing::span_enabled!(Level::INFO) {
        return Span::none();
    }
    let request = incoming.request;
    let method = method(incoming);
    let target = subject.and_then(Subject::target);
    let name = match target {
        // A resource is none: there can be very many.
        Some((key, name)) if key != "mcp.resource.uri" => format!("{method} {name}"),
        _ => method.to_owned(),
    };
    let id = jsonrpc::text(request.id.0).unwrap_or(request.id.0.into());
    let span = tracing::info_span!(
        "mcp.request",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        mcp.method.name = method,
        mcp.protocol.version = request.revision.as_str(),
        mcp.resource.uri = Empty,
        gen_ai.tool.name = Empty,
        gen_ai.prompt.name = Empty,
        gen_ai.operation.name = Empty,
        jsonrpc.request.id = &*id,
        network.transport = network(incoming.outlet.transport),
        network.protocol.name = (incoming.outlet.transport == "http").then_some("http"),
        error.type = Empty,
        rpc.response.status_code = Empty,
    );
    if let Some((key, name)) = target {
        span.record(key, name);
    }
    if subject.is_some_and(Subject::is_tool) {
        span.record("gen_ai.operation.name", "execute_tool");
    }
    #[cfg(feature = "otel")]
    otel::join(&span, request.tracestate(), super::trace(incoming));
    span
}

/// Says in the span how the request ended.
pub(super) fn close(span: &Span, end: &End) {
    if span.is_disabled() {
        return;
    }
    if let Some(error) = end.error_type() {
        span.record("error.type", error.to_string());
        span.record("otel.status_code", "ERROR");
    }
    if let Some(code) = end.code {
        span.record("rpc.response.status_code", code.to_string());
    }
}
