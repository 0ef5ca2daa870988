//! OpenTelemetry: the trace that a span joins, and the metric of durations.

use std::sync::OnceLock;

use opentelemetry::metrics::Histogram;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue, global};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::super::Subject;
use super::{method, network};
use crate::audit::End;
use crate::dispatch::Incoming;
use crate::trace_context::TraceContext;

/// The longest `tracestate` that is taken, in characters, as [W3C Trace Context, section 3.3] wants of who
/// passes it on.
///
/// [W3C Trace Context, section 3.3]: https://www.w3.org/TR/trace-context/#tracestate-header
const MAX_STATE: usize = 512;

/// Makes the span a child of what the client or the platform says, and links it with the span in which it
/// would stand otherwise.
pub(super) fn join(span: &Span, state: Option<&str>, trace: Option<TraceContext>) {
    let Some(trace) = trace else { return };
    let around = Span::current().context().span().span_context().clone();
    let state = state.filter(|state| state.len() <= MAX_STATE);
    let state = state.and_then(|state| state.parse::<TraceState>().ok());
    let parent = SpanContext::new(
        TraceId::from_bytes(trace.trace_id),
        SpanId::from_bytes(trace.span_id),
        if trace.sampled {
            TraceFlags::SAMPLED
        } else {
            TraceFlags::NOT_SAMPLED
        },
        true,
        state.unwrap_or_default(),
    );
    // Fails where no subscriber exports spans.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    if around.is_valid() {
        span.add_link(around);
    }
}

/// `mcp.server.operation.duration`, of the meter provider that is set when the first request ends.
#[derive(Default)]
pub(crate) struct Durations(OnceLock<Histogram<f64>>);

/// The boundaries that the conventions name, in seconds.
const BOUNDARIES: [f64; 14] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];

impl Durations {
    pub(in super::super) fn record(
        &self,
        incoming: &Incoming<'_>,
        subject: Option<&Subject<'_>>,
        end: &End,
    ) {
        let histogram = self.0.get_or_init(|| {
            global::meter("mcp-core")
                .f64_histogram("mcp.server.operation.duration")
                .with_unit("s")
                .with_description(
                    "MCP request or notification duration as observed on the receiver from the time it \
                     was received until the result or ack is sent.",
                )
                .with_boundaries(BOUNDARIES.to_vec())
                .build()
        });
        let transport = incoming.outlet.transport;
        let mut attributes = vec![
            KeyValue::new("mcp.method.name", method(incoming)),
            KeyValue::new("mcp.protocol.version", incoming.request.revision.as_str()),
        ];
        if let Some(network) = network(transport) {
            attributes.push(KeyValue::new("network.transport", network));
        }
        if transport == "http" {
            attributes.push(KeyValue::new("network.protocol.name", "http"));
        }
        match subject.and_then(Subject::target) {
            // Opt-in, and of high cardinality.
            Some(("mcp.resource.uri", _)) | None => {}
            Some((key, name)) => attributes.push(KeyValue::new(key, name.to_owned())),
        }
        if subject.is_some_and(Subject::is_tool) {
            attributes.push(KeyValue::new("gen_ai.operation.name", "execute_tool"));
        }
        if let Some(error) = end.error_type() {
            attributes.push(KeyValue::new("error.type", error.to_string()));
        }
        if let Some(code) = end.code {
            attributes.push(KeyValue::new("rpc.response.status_code", code.to_string()));
        }
        histogram.record(end.duration.as_secs_f64(), &attributes);
    }
}
