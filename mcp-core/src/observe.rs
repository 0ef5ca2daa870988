//! Sees each request from its beginning to its end, whatever the end is: records it, counts it, gives it
//! a span.
//!
//! A [`Watch`] owns the end. It is told of the answer, or dropped without one when nobody waits for the
//! request any more; so every request has exactly one end.

mod metrics;
mod span;
mod subject;

use std::hash::{BuildHasher as _, RandomState};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tracing::{Instrument as _, Span};

pub use metrics::Metrics;
pub(crate) use subject::{Found, Subject};

use crate::audit::{
    Audit, AuditError, AuditEvent, AuditRecord, End, Noted, Outcome, Runtime, Written,
};
use crate::dispatch::{Incoming, Transport};
use crate::encode::Answer;
use crate::intercept::{self, Interceptor};
use crate::json;
use crate::platform::PlatformRequest;
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::running::guarded;
use crate::server::Server;
use crate::trace_context::TraceContext;
use metrics::Measured;

/// Who observes the requests of a server, and who stands between.
pub(crate) struct Observers {
    audit: Audit,
    metrics: Metrics,
    pub(crate) interceptors: Box<[Box<dyn Interceptor>]>,
    /// The name of the server, as JSON.
    service: Box<str>,
    calls: AtomicU64,
    /// What tells this process from others.
    process: u64,
    #[cfg(feature = "otel")]
    durations: span::Durations,
}

impl Observers {
    pub(crate) fn new(
        service: &str,
        audit: Audit,
        metrics: Metrics,
        interceptors: Vec<Box<dyn Interceptor>>,
    ) -> Self {
        Self {
            audit,
            metrics,
            interceptors: interceptors.into(),
            service: quoted(service),
            calls: AtomicU64::new(0),
            process: RandomState::new().hash_one(0),
            #[cfg(feature = "otel")]
            durations: span::Durations::default(),
        }
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Whether calls that a host with this name passes on are recorded.
    fn audits(&self, transport: &str) -> bool {
        self.audit.sink.is_some() && (self.audit.asked_for || transport != TEST)
    }

    /// An id that no other call has: milliseconds first, so that ids sort by time, then the rest of the
    /// moment, the number of the call and what tells processes apart. Of processes that were copied from one
    /// another the moment does.
    fn id(&self, now: SystemTime) -> u128 {
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let count = self.calls.fetch_add(1, Ordering::Relaxed);
        let millis = u128::from(since.as_secs()) * 1000 + u128::from(since.subsec_millis());
        let rest = u128::from(since.subsec_nanos() % 1_000_000);
        millis << 80
            | rest << 60
            | u128::from(count & 0xffff) << 44
            | u128::from(self.process >> 20)
    }

    /// Gives a record to the sink. What goes wrong is logged.
    fn write(&self, record: &AuditRecord<'_>) -> Writing {
        let Some(sink) = &self.audit.sink else {
            return Writing::Done(true);
        };
        match guarded(|| sink.record(record)) {
            Ok(Written::Now(written)) => Writing::Done(is_kept(&written)),
            Ok(Written::Later(future)) => Writing::Later(future),
            Err(_) => Writing::Done(is_kept(&Err(AuditError::new("the sink panicked")))),
        }
    }
}

fn quoted(text: &str) -> Box<str> {
    let mut out = Vec::new();
    json::string(&mut out, text);
    String::from_utf8(out).unwrap_or_default().into()
}

/// How a client in memory is called, for whom nothing is recorded unless the author asks for it.
pub(crate) const TEST: &str = "test";

type KeptLater = std::pin::Pin<Box<dyn Future<Output = Result<(), AuditError>> + Send>>;

/// A record on its way.
enum Writing {
    /// Whether it is kept.
    Done(bool),
    Later(KeptLater),
}

impl Writing {
    async fn done(self) -> bool {
        match self {
            Self::Done(kept) => kept,
            Self::Later(mut future) => {
                let kept = std::future::poll_fn(|cx| poll(&mut future, cx)).await;
                is_kept(&kept)
            }
        }
    }

    /// Finishes without anybody who waits.
    fn finish(self) {
        let Self::Later(mut future) = self else {
            return;
        };
        if let Poll::Ready(kept) = poll(&mut future, &mut Context::from_waker(Waker::noop())) {
            is_kept(&kept);
            return;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(Self::Later(future).done())),
            Err(_) => {
                is_kept(&Err(AuditError::new(
                    "the process ends before the record is kept",
                )));
            }
        }
    }
}

/// Polls a sink, which is the user's code and may panic.
fn poll(future: &mut KeptLater, cx: &mut Context<'_>) -> Poll<Result<(), AuditError>> {
    guarded(|| pin!(future).poll(cx))
        .unwrap_or_else(|_| Poll::Ready(Err(AuditError::new("the sink panicked"))))
}

fn is_kept(written: &Result<(), AuditError>) -> bool {
    if let Err(error) = written {
        tracing::error!(%error, "an audit record could not be written");
    }
    written.is_ok()
}

/// Who has a part in the answer to a request, beside the method itself.
pub(crate) struct Observed<'a> {
    watch: Option<Watch<'a>>,
    /// Whether anybody comes before the method.
    pub(crate) is_preceded: bool,
    /// Whether the method did not run, since its intent was not kept.
    was_stopped: bool,
}

impl<'a> Observed<'a> {
    /// Costs next to nothing where nobody observes the request.
    pub(crate) fn begin(incoming: &'a Incoming<'a>) -> Self {
        let observers = &incoming.server.0.observers;
        let watch = Watch::begin(incoming, observers);
        let is_preceded = !observers.interceptors.is_empty()
            || watch
                .as_ref()
                .is_some_and(|watch| watch.has_intent() || !watch.span.is_none());
        Self {
            watch,
            is_preceded,
            was_stopped: false,
        }
    }

    /// The answer, when others come before the method.
    pub(crate) async fn answer(&mut self, incoming: &Incoming<'_>) -> Answer {
        let Some(watch) = &self.watch else {
            return intercept::answer(incoming).await;
        };
        if watch.has_intent()
            && !watch.intend().done().await
            && incoming.server.0.observers.audit.fail_closed
        {
            self.was_stopped = true;
            let text =
                "the call cannot be recorded at the moment, so it was not run; try again later";
            return incoming.busy(Refusal::NotRecorded, text);
        }
        intercept::answer(incoming)
            .instrument(watch.span.clone())
            .await
    }

    /// The call has an answer. Gives its record, if it is still on its way or was not kept, and the answer must
    /// not leave without it.
    pub(crate) fn end(self, answer: &Answer) -> Option<Unwritten> {
        let mut watch = self.watch?;
        let bytes = answer.body.as_ref().map(Vec::len);
        let reason = if answer.challenge.is_empty() {
            "refused"
        } else {
            "scopes"
        };
        let writing = watch.ended(answer.outcome, reason, answer.code, bytes);
        let fail_closed = watch.incoming.server.0.observers.audit.fail_closed;
        // Of a call that did not run there is nothing to withhold.
        let withholds = fail_closed && !self.was_stopped;
        match writing {
            Writing::Done(kept) if kept || !withholds => None,
            writing => Some(Unwritten { writing, withholds }),
        }
    }
}

/// A record that was not kept yet.
pub(crate) struct Unwritten {
    writing: Writing,
    withholds: bool,
}

impl Unwritten {
    /// The answer, when the record is kept; or what takes its place.
    pub(crate) async fn release(self, incoming: &Incoming<'_>, answer: Answer) -> Answer {
        if self.writing.done().await || !self.withholds {
            return answer;
        }
        incoming.refuse(
            Refusal::NotRecorded,
            code::INTERNAL,
            "the call cannot be recorded at the moment, so its result is withheld; it may have taken \
             effect",
        )
    }
}

/// One request that is observed.
struct Watch<'a> {
    incoming: &'a Incoming<'a>,
    /// What it is about; `None` for a request that runs nothing of the author's.
    subject: Option<Subject<'a>>,
    id: u128,
    began: SystemTime,
    begun: Instant,
    span: Span,
    ended: bool,
}

impl<'a> Watch<'a> {
    /// `None` when nobody observes requests of this kind.
    fn begin(incoming: &'a Incoming<'a>, observers: &Observers) -> Option<Self> {
        let is_recorded =
            observers.audits(incoming.outlet.transport) || observers.metrics.lines().is_some();
        if !is_recorded && !span::is_wanted() {
            return None;
        }
        let subject = Subject::of_request(incoming);
        if subject.is_none() && !span::is_wanted() {
            return None;
        }
        let began = SystemTime::now();
        Some(Self {
            span: span::open(incoming, subject.as_ref()),
            incoming,
            id: observers.id(began),
            subject,
            began,
            begun: Instant::now(),
            ended: false,
        })
    }

    /// Whether the call is recorded before it runs.
    fn has_intent(&self) -> bool {
        let observers = &self.incoming.server.0.observers;
        observers.audit.intents
            && observers.audits(self.incoming.outlet.transport)
            && self.subject.as_ref().is_some_and(Subject::may_change)
    }

    fn intend(&self) -> Writing {
        self.write(AuditEvent::Intent, None)
    }

    /// Tells everybody of the end.
    fn ended(
        &mut self,
        outcome: Outcome,
        refusal: &'static str,
        code: Option<i32>,
        bytes: Option<usize>,
    ) -> Writing {
        self.ended = true;
        let reason = self.subject.as_ref().and_then(|subject| match outcome {
            Outcome::RpcError => subject.found.reason(),
            Outcome::Denied => Some(refusal),
            _ => None,
        });
        let outcome = match (outcome, reason) {
            (Outcome::RpcError, Some(_)) => Outcome::Denied,
            (outcome, _) => outcome,
        };
        let end = End {
            outcome,
            code,
            reason,
            duration: self.begun.elapsed(),
            bytes,
        };
        if !self.span.is_none() {
            span::close(&self.span, &end);
        }
        let observers = &self.incoming.server.0.observers;
        #[cfg(feature = "otel")]
        observers
            .durations
            .record(self.incoming, self.subject.as_ref(), &end);
        let Some(subject) = &self.subject else {
            return Writing::Done(true);
        };
        if let Some(emf) = observers.metrics.lines() {
            emf.write(&Measured {
                service: &observers.service,
                method: self.incoming.request.method,
                target: subject.target().map(|(_, name)| name),
                transport: self.incoming.outlet.transport,
                platform: self.incoming.outlet.platform,
                id: self.id,
                end: &end,
            });
        }
        if observers.audits(self.incoming.outlet.transport) {
            self.write(AuditEvent::End, Some(end))
        } else {
            Writing::Done(true)
        }
    }

    fn write(&self, event: AuditEvent, end: Option<End>) -> Writing {
        let Some(subject) = &self.subject else {
            return Writing::Done(true);
        };
        let incoming = self.incoming;
        let observers = &incoming.server.0.observers;
        let variables = subject.variables(incoming);
        observers.write(&AuditRecord {
            event,
            runtime: Runtime {
                id: self.id,
                time: self.began + end.map(|end| end.duration).unwrap_or_default(),
                service: &observers.service,
                transport: incoming.outlet.transport,
                platform: incoming.outlet.platform,
                trace: trace(incoming),
            },
            method: Some(incoming.request.method),
            revision: Some(incoming.request.revision.as_str()),
            target: subject.target(),
            request: Some(incoming.request.id.0),
            caller: incoming.caller,
            arguments: subject.arguments(incoming, &variables),
            digests: &observers.audit.digests,
            end,
        })
    }
}

/// Nobody waits for the call any more.
impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.ended(Outcome::Cancelled, "", None, None).finish();
        }
    }
}

/// The trace of the request: what the client says of it in `_meta` counts before what the transport or
/// the platform does.
fn trace(incoming: &Incoming<'_>) -> Option<TraceContext> {
    let said = incoming.request.traceparent();
    said.and_then(TraceContext::from_traceparent)
        .or_else(|| of_transport(incoming.transport))
        .or_else(|| incoming.outlet.platform.and_then(|platform| platform.trace))
}

fn of_transport(transport: Transport<'_>) -> Option<TraceContext> {
    match transport {
        #[cfg(feature = "http")]
        Transport::Http(http) => {
            let header = http.headers.get("traceparent")?.to_str().ok()?;
            TraceContext::from_traceparent(header)
        }
        Transport::Connection(_) | Transport::Alone => None,
    }
}

/// Records that a request was turned away since nobody could tell who it comes from.
pub(crate) async fn turned_away(
    server: &Server,
    transport: &'static str,
    platform: Option<&PlatformRequest>,
    reason: &'static str,
) {
    let observers = &server.0.observers;
    if !observers.audits(transport) {
        return;
    }
    let time = SystemTime::now();
    let writing = observers.write(&AuditRecord {
        event: AuditEvent::Door,
        runtime: Runtime {
            id: observers.id(time),
            time,
            service: &observers.service,
            transport,
            platform,
            trace: None,
        },
        method: None,
        revision: None,
        target: None,
        request: None,
        caller: None,
        arguments: Noted::None,
        digests: &observers.audit.digests,
        end: Some(End {
            outcome: Outcome::Denied,
            code: Some(code::INVALID_REQUEST),
            reason: Some(reason),
            duration: std::time::Duration::ZERO,
            bytes: None,
        }),
    });
    // Nothing is there to be withheld.
    writing.done().await;
}
