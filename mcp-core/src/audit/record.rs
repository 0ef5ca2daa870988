//! One record: what it says, and how it is written.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::arguments::number;
use super::{Digests, Noted, note};
use crate::caller::{Caller, Provenance};
use crate::json;
use crate::platform::PlatformRequest;
use crate::timestamp::write_timestamp;
use crate::trace_context::TraceContext;

/// What a record is about.
///
/// ```
/// use mcp_core::audit::AuditEvent;
///
/// assert_eq!(AuditEvent::Intent.as_str(), "intent");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditEvent {
    /// A call is about to run ([`Audit::intents`](super::Audit::intents)).
    Intent,
    /// A call has ended, one way or another.
    End,
    /// A request was turned away at the door: nobody could tell who it comes from.
    Door,
}

impl AuditEvent {
    /// The word for it in a record. Example: [`AuditEvent`].
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::End => "end",
            Self::Door => "door",
        }
    }
}

/// How a call ended.
///
/// ```
/// use mcp_core::audit::Outcome;
///
/// assert_eq!(Outcome::TimedOut.as_str(), "timeout");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// With a result.
    Ok,
    /// With a question that the client has to answer before the call goes on.
    InputRequired,
    /// With a result that says what went wrong (`isError`): the function's own error, arguments that do
    /// not fit, a result that is too large.
    ToolError,
    /// With an error of the protocol.
    RpcError,
    /// Not allowed: the caller may not see what was asked for, or it does not exist; or an interceptor
    /// refused it.
    Denied,
    /// Over a limit: of running calls, of a rate.
    Limited,
    /// Stopped by a time limit or the deadline of the host. A blocking function may go on.
    TimedOut,
    /// The function panicked.
    Panicked,
    /// Nobody waited for it any more: its client cancelled it, or is gone. A blocking function may go on.
    Cancelled,
}

impl Outcome {
    /// The word for it in a record. Example: [`Outcome`].
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::InputRequired => "input_required",
            Self::ToolError => "tool_error",
            Self::RpcError => "rpc_error",
            Self::Denied => "denied",
            Self::Limited => "limited",
            Self::TimedOut => "timeout",
            Self::Panicked => "panic",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is known of how a call ended.
#[derive(Clone, Copy)]
pub(crate) struct End {
    pub(crate) outcome: Outcome,
    /// The code of an error of the protocol.
    pub(crate) code: Option<i32>,
    /// Why it was not allowed.
    pub(crate) reason: Option<&'static str>,
    pub(crate) duration: Duration,
    /// The length of the answer; `None` when there is none.
    pub(crate) bytes: Option<usize>,
}

/// Room for most records, in bytes.
pub(super) const LENGTH: usize = 1_000;

/// What the runtime says of a record: which call, in which process.
#[derive(Clone, Copy)]
pub(crate) struct Runtime<'a> {
    /// The same in the intent and the end of a call, and in nothing else.
    pub(crate) id: u128,
    pub(crate) time: SystemTime,
    /// The name of the server, as JSON.
    pub(crate) service: &'a str,
    pub(crate) transport: &'static str,
    pub(crate) platform: Option<&'a PlatformRequest>,
    pub(crate) trace: Option<TraceContext>,
}

/// One record, as a sink gets it.
///
/// It borrows from the call. [`AuditRecord::to_json`] is what the line on standard output says, and what
/// a sink of your own most likely keeps:
///
/// | key | what |
/// | --- | --- |
/// | `timestamp`, `level`, `log_type`, `schema_version` | when it was written ([RFC 3339]); `INFO`, `mcp.audit`, `1` |
/// | `audit_id` | the same in the intent and the end of one call |
/// | `event`, `outcome` | [`AuditEvent`], [`Outcome`]; no outcome in an intent |
/// | `mcp.method.name`, `mcp.protocol.version` | `tools/call` and its like; the revision |
/// | `gen_ai.tool.name`, `gen_ai.prompt.name`, `mcp.resource.uri` | what was called, as the server has it: for a resource its template. Left out where the server has nothing of the name that the client gave |
/// | `jsonrpc.request.id` | as the client numbered it |
/// | `error.type`, `deny_reason` | the code of a protocol error, `tool_error`; why a call was not allowed |
/// | `principal`, `tenant_id` | who vouches for the caller and as whom, with the issuer, the client and the id of a token where they are known; `anonymous` |
/// | `service`, `transport` | the server's name; `stdio`, `http`, `invoke` |
/// | `trace_id`, `runtime` | the trace of the client or the platform; ids of the platform |
/// | `duration_ms`, `result` | of a call that ended; bytes of its answer |
/// | `args` | declared names, bytes, digests; `value` with `#[arg(audit)]`, up to 256 characters |
///
/// ```
/// use mcp_core::audit::{AuditRecord, AuditSink, Outcome, Written};
///
/// /// Counts who is turned away.
/// struct Denials(std::sync::atomic::AtomicU64);
///
/// impl AuditSink for Denials {
///     fn record(&self, record: &AuditRecord<'_>) -> Written {
///         if record.outcome() == Some(Outcome::Denied) {
///             self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///         }
///         Written::Now(Ok(()))
///     }
/// }
/// ```
///
/// [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339
pub struct AuditRecord<'a> {
    pub(crate) event: AuditEvent,
    pub(crate) runtime: Runtime<'a>,
    pub(crate) method: Option<&'a str>,
    pub(crate) revision: Option<&'static str>,
    /// The key under which the name stands, and the name.
    pub(crate) target: Option<(&'static str, &'a str)>,
    /// The id of the request, as raw JSON.
    pub(crate) request: Option<&'a str>,
    pub(crate) caller: Option<&'a Caller>,
    pub(crate) arguments: Noted<'a>,
    pub(crate) digests: &'a Digests,
    pub(crate) end: Option<End>,
}

impl AuditRecord<'_> {
    /// The id of the call, 32 hexadecimal digits: the same in its intent and its end. Example:
    /// [`AuditRecord`].
    pub fn id(&self) -> String {
        format!("{:032x}", self.runtime.id)
    }

    /// What the record is about. Example: [`AuditRecord`].
    pub fn event(&self) -> AuditEvent {
        self.event
    }

    /// How the call ended; `None` in an intent. Example: [`AuditRecord`].
    pub fn outcome(&self) -> Option<Outcome> {
        self.end.map(|end| end.outcome)
    }

    /// The method of the request, such as `tools/call`; `None` at the door. Example: [`AuditRecord`].
    pub fn method(&self) -> Option<&str> {
        self.method
    }

    /// The name of the tool or prompt, or the URI or template of the resource, as the server has it.
    /// Example: [`AuditRecord`].
    pub fn target(&self) -> Option<&str> {
        self.target.map(|(_, name)| name)
    }

    /// Who called; `None` for somebody anonymous. Example: [`AuditRecord`].
    pub fn caller(&self) -> Option<&Caller> {
        self.caller
    }

    /// The record as one line of JSON, without a line break at its end. Example: [`AuditSink`].
    ///
    /// [`AuditSink`]: super::AuditSink
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(LENGTH);
        self.write_json(&mut out);
        out
    }

    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        let runtime = &self.runtime;
        out.extend_from_slice(br#"{"timestamp":""#);
        write_timestamp(out, runtime.time);
        out.extend_from_slice(
            br#"","level":"INFO","log_type":"mcp.audit","schema_version":"1","audit_id":""#,
        );
        hex(out, &runtime.id.to_be_bytes());
        out.extend_from_slice(br#"","event":""#);
        out.extend_from_slice(self.event.as_str().as_bytes());
        out.push(b'"');
        if let Some(end) = self.end {
            word(out, br#","outcome":""#, end.outcome.as_str());
        }
        if let Some(method) = self.method {
            word(out, br#","mcp.method.name":""#, method);
        }
        if let Some((key, name)) = self.target {
            word(out, br#",""#, key);
            out.push(b':');
            json::string(out, name);
        }
        if let Some(id) = self.request {
            // A text in any case, so that numbers and texts do not mix in one column.
            out.extend_from_slice(br#","jsonrpc.request.id":"#);
            if id.starts_with('"') {
                out.extend_from_slice(id.as_bytes());
            } else {
                word(out, b"\"", id);
            }
        }
        if let Some(revision) = self.revision {
            word(out, br#","mcp.protocol.version":""#, revision);
        }
        self.write_who(out);
        word(out, br#","transport":""#, runtime.transport);
        out.extend_from_slice(br#","service":"#);
        out.extend_from_slice(runtime.service.as_bytes());
        if let Some(trace) = runtime.trace {
            out.extend_from_slice(br#","trace_id":""#);
            hex(out, &trace.trace_id);
            out.push(b'"');
        }
        if let Some(platform) = runtime.platform {
            platform.write_json(out);
        }
        if let Some(end) = self.end {
            end.write_json(out);
        }
        if !matches!(self.arguments, Noted::None) {
            out.extend_from_slice(br#","args":"#);
            note(self.arguments, self.digests, out);
        }
        out.push(b'}');
    }

    fn write_who(&self, out: &mut Vec<u8>) {
        let Some(caller) = self.caller else {
            out.extend_from_slice(br#","principal":{"type":"anonymous"}"#);
            return;
        };
        let who = match caller.provenance() {
            Provenance::Local => "local",
            Provenance::Platform => "platform",
            Provenance::Token => "token",
            Provenance::Authorizer => "authorizer",
            Provenance::Iam => "iam",
            Provenance::Custom => "custom",
            Provenance::Test => "test",
        };
        word(out, br#","principal":{"type":""#, who);
        out.extend_from_slice(br#","sub":"#);
        json::string(out, caller.subject());
        for (key, value) in [
            (&br#","issuer":"#[..], caller.issuer()),
            (br#","client_id":"#, caller.client_id()),
            (br#","token_id":"#, caller.token_id()),
        ] {
            if let Some(value) = value {
                out.extend_from_slice(key);
                json::string(out, value);
            }
        }
        out.push(b'}');
        if let Some(tenant) = caller.tenant() {
            out.extend_from_slice(br#","tenant_id":"#);
            json::string(out, tenant);
        }
    }
}

impl End {
    /// What stands for the kind of error in metrics and spans ([MCP semantic conventions]).
    ///
    /// [MCP semantic conventions]: https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
    pub(crate) fn error_type(&self) -> Option<ErrorType> {
        match (self.code, self.outcome) {
            (Some(code), _) => Some(ErrorType::Code(code)),
            (None, Outcome::Ok | Outcome::InputRequired) => None,
            (None, Outcome::Cancelled) => Some(ErrorType::Word("cancelled")),
            (None, _) => Some(ErrorType::Word("tool_error")),
        }
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        if let Some(error) = self.error_type() {
            word(out, br#","error.type":""#, &error.to_string());
        }
        if let Some(reason) = self.reason {
            word(out, br#","deny_reason":""#, reason);
        }
        out.extend_from_slice(br#","duration_ms":"#);
        milliseconds(out, self.duration);
        if let Some(bytes) = self.bytes {
            out.extend_from_slice(br#","result":{"bytes":"#);
            number(out, bytes);
            out.push(b'}');
        }
    }
}

/// A kind of error, of which there are few.
#[derive(Clone, Copy)]
pub(crate) enum ErrorType {
    Code(i32),
    Word(&'static str),
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl fmt::Debug for AuditRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditRecord")
            .field("event", &self.event)
            .field("outcome", &self.outcome())
            .finish_non_exhaustive()
    }
}

/// Appends a text that needs no escapes, after what opens it.
fn word(out: &mut Vec<u8>, opening: &[u8], word: &str) {
    out.extend_from_slice(opening);
    out.extend_from_slice(word.as_bytes());
    out.push(b'"');
}

/// Appends milliseconds with three digits after the point.
pub(crate) fn milliseconds(out: &mut Vec<u8>, duration: Duration) {
    let micros = usize::try_from(duration.as_micros()).unwrap_or(usize::MAX);
    number(out, micros / 1000);
    out.push(b'.');
    let rest = micros % 1000;
    for digit in [rest / 100, rest / 10 % 10, rest % 10] {
        out.push(b'0' + u8::try_from(digit).unwrap_or_default());
    }
}

/// Appends bytes as hexadecimal digits.
pub(crate) fn hex(out: &mut Vec<u8>, bytes: &[u8]) {
    let digit = |four: u8| four + if four < 10 { b'0' } else { b'a' - 10 };
    for part in bytes.chunks(16) {
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(part) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        out.extend_from_slice(digits.get(..2 * part.len()).unwrap_or_default());
    }
}
