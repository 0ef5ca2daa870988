//! Spans and durations as OpenTelemetry gets them, beside the record and the metrics of the same call.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use mcp_core::audit::{Audit, AuditRecord, AuditSink, Written};
use mcp_core::testing::Client;
use mcp_core::{Metrics, Server, prompt, prompts, server_info, tool, tools};
use opentelemetry::Value;
use opentelemetry::global;
use opentelemetry::trace::{SpanKind, Status, TracerProvider as _};
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt as _;

/// Adds two numbers.
#[tool(read_only)]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// Only for some.
#[tool(scopes("sums:all"))]
fn hidden() {}

/// Never ends.
#[tool(timeout = "20ms")]
async fn hangs() {
    std::future::pending::<()>().await;
}

/// A letter.
#[prompt]
fn letter() -> &'static str {
    "Dear"
}

#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<Vec<String>>>);

impl AuditSink for Ledger {
    fn record(&self, record: &AuditRecord<'_>) -> Written {
        let line = String::from_utf8(record.to_json()).unwrap();
        self.0.lock().unwrap().push(line);
        Written::Now(Ok(()))
    }
}

/// What was observed of the calls so far.
struct Observed {
    spans: InMemorySpanExporter,
    ledger: Ledger,
}

impl Observed {
    /// The span and the record of the one call since the last time.
    fn one(&self) -> (SpanData, String) {
        let spans = self.spans.get_finished_spans().unwrap();
        self.spans.reset();
        let records = std::mem::take(&mut *self.ledger.0.lock().unwrap());
        let ([span], [record]) = (&spans[..], &records[..]) else {
            panic!("{spans:#?} {records:#?}");
        };
        println!("audit: {record}");
        println!(
            "span: {} {:?} {:?} {:?}",
            span.name,
            span.span_kind,
            span.status,
            attributes(span)
        );
        (span.clone(), record.clone())
    }
}

fn attributes(span: &SpanData) -> BTreeMap<&str, &Value> {
    let attributes = span.attributes.iter();
    attributes
        .map(|entry| (entry.key.as_str(), &entry.value))
        .collect()
}

/// The attributes as texts, to compare.
fn texts(span: &SpanData) -> Vec<(&str, String)> {
    let attributes = attributes(span).into_iter();
    attributes
        .map(|(key, value)| (key, value.to_string()))
        .collect()
}

fn expected(entries: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    entries
        .iter()
        .map(|(key, value)| (*key, (*value).to_owned()))
        .collect()
}

/// A call with the place in a trace that its client says it has.
fn traced(tool: &str, arguments: &serde_json::Value) -> String {
    json!({
        "jsonrpc": "2.0",
        "id": "r-7",
        "method": "tools/call",
        "params": {
            "name": tool,
            "arguments": arguments,
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "tracestate": "vendor=1",
            },
        },
    })
    .to_string()
}

// One test alone, and so a long one: the meter provider is the process's.
#[allow(clippy::too_many_lines)]
#[tokio::test]
async fn a_call_is_one_span_and_one_duration_with_the_names_of_the_conventions() {
    let observed = Observed {
        spans: InMemorySpanExporter::default(),
        ledger: Ledger::default(),
    };
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(observed.spans.clone())
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("test"))
        .with_location(false)
        .with_threads(false)
        .with_level(false)
        .with_target(false)
        .with_tracked_inactivity(false);
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let durations = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(durations.clone()).build();
    let meters = SdkMeterProvider::builder().with_reader(reader).build();
    global::set_meter_provider(meters.clone());

    let server = Server::new(server_info!(), ())
        .tools(tools![add, hidden, hangs])
        .prompts(prompts![letter])
        .audit(Audit::to(observed.ledger.clone()))
        .metrics(Metrics::emf("Test"));
    let client = Client::new(&server.build().unwrap());

    // The client's trace goes on.
    client.send(&traced("add", &json!({"a": 1, "b": 2}))).await;
    let (span, record) = observed.one();
    assert_eq!(span.name, "tools/call add");
    assert_eq!(
        (&span.span_kind, &span.status),
        (&SpanKind::Server, &Status::Unset)
    );
    let trace = "0af7651916cd43dd8448eb211c80319c";
    assert_eq!(span.span_context.trace_id().to_string(), trace);
    assert_eq!(span.parent_span_id.to_string(), "b7ad6b7169203331");
    assert!(span.parent_span_is_remote);
    assert_eq!(span.span_context.trace_state().header(), "vendor=1");
    assert!(
        record.contains(&format!(r#""trace_id":"{trace}""#)),
        "{record}"
    );
    assert_eq!(
        texts(&span),
        expected(&[
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "add"),
            ("jsonrpc.request.id", "r-7"),
            ("mcp.method.name", "tools/call"),
            ("mcp.protocol.version", "2026-07-28"),
        ])
    );

    // Denied, timed out, dropped.
    client.call("hidden", json!({})).await;
    let (span, record) = observed.one();
    assert_eq!(span.status, Status::error(""));
    assert!(record.contains(r#""outcome":"denied""#), "{record}");
    assert_eq!(
        texts(&span),
        expected(&[
            ("error.type", "-32602"),
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "hidden"),
            ("jsonrpc.request.id", "1"),
            ("mcp.method.name", "tools/call"),
            ("mcp.protocol.version", "2026-07-28"),
            ("rpc.response.status_code", "-32602"),
        ])
    );
    client.call("hangs", json!({})).await;
    let (span, record) = observed.one();
    assert_eq!(attributes(&span)["error.type"].as_str(), "tool_error");
    assert!(record.contains(r#""outcome":"timeout""#), "{record}");

    let mut call = Box::pin(client.call("hangs", json!({})));
    poll_fn(|cx| {
        assert!(call.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    drop(call);
    let (span, record) = observed.one();
    assert_eq!(attributes(&span)["error.type"].as_str(), "cancelled");
    assert!(record.contains(r#""outcome":"cancelled""#), "{record}");

    client
        .request("prompts/get", json!({"name": "letter"}))
        .await;
    let (span, _) = observed.one();
    assert_eq!(span.name, "prompts/get letter");
    assert_eq!(attributes(&span)["gen_ai.prompt.name"].as_str(), "letter");
    assert!(!attributes(&span).contains_key("gen_ai.operation.name"));

    // Lists are requests as well; a method that there is not has no name of its own.
    client.tools().await;
    client.request("what/ever", json!({})).await;
    let names: Vec<_> = observed.spans.get_finished_spans().unwrap();
    let names: Vec<_> = names.iter().map(|span| span.name.as_ref()).collect();
    assert_eq!(names, ["tools/list", "_OTHER"]);

    meters.force_flush().unwrap();
    let exported = durations.get_finished_metrics().unwrap();
    let metrics: Vec<_> = exported
        .iter()
        .flat_map(ResourceMetrics::scope_metrics)
        .flat_map(ScopeMetrics::metrics)
        .collect();
    let [metric] = &metrics[..] else {
        panic!("{metrics:?}");
    };
    assert_eq!(
        (metric.name(), metric.unit()),
        ("mcp.server.operation.duration", "s")
    );
    let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() else {
        panic!("{metric:?}");
    };
    let mut points: Vec<_> = histogram
        .data_points()
        .map(|point| {
            let attributes = point.attributes();
            let mut texts: Vec<_> = attributes
                .map(|entry| format!("{}={}", entry.key, entry.value))
                .collect();
            texts.sort_unstable();
            (texts.join(" "), point.count())
        })
        .collect();
    points.sort_unstable();
    for (attributes, count) in &points {
        println!("mcp.server.operation.duration: {count} with {attributes}");
    }
    let tool = "gen_ai.operation.name=execute_tool gen_ai.tool.name";
    let rest = "mcp.protocol.version=2026-07-28";
    assert_eq!(
        points,
        [
            (
                format!(
                    "error.type=-32601 mcp.method.name=_OTHER {rest} rpc.response.status_code=-32601"
                ),
                1
            ),
            (
                format!(
                    "error.type=-32602 {tool}=hidden mcp.method.name=tools/call {rest} \
                     rpc.response.status_code=-32602"
                ),
                1
            ),
            (
                format!("error.type=cancelled {tool}=hangs mcp.method.name=tools/call {rest}"),
                1
            ),
            (
                format!("error.type=tool_error {tool}=hangs mcp.method.name=tools/call {rest}"),
                1
            ),
            (format!("{tool}=add mcp.method.name=tools/call {rest}"), 1),
            (
                format!("gen_ai.prompt.name=letter mcp.method.name=prompts/get {rest}"),
                1
            ),
            (format!("mcp.method.name=tools/list {rest}"), 1),
        ]
    );
}
