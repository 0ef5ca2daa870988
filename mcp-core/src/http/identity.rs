//! Who an HTTP request comes from.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use http::request::Parts;

use super::ingress::Ingress;
use crate::caller::Caller;
use crate::running::guarded;
use crate::server::Server;

/// Identifies the caller of an HTTP request, by a token or whatever else proves it.
///
/// ```
/// use std::pin::Pin;
///
/// use mcp_core::http::{CallerSource, Unidentified};
/// use mcp_core::{Caller, Provenance};
///
/// /// Tokens that another system checks.
/// struct Tokens;
///
/// impl Tokens {
///     async fn subject_of(&self, token: &str) -> Option<String> {
///         # let _ = token;
///         # None
///         // ask the system that issued them
///     }
/// }
///
/// impl CallerSource for Tokens {
///     fn identify<'r>(
///         &'r self,
///         request: &'r http::request::Parts,
///     ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
///         Box::pin(async move {
///             let Some(header) = request.headers.get("authorization") else { return Ok(None) };
///             let header = header.to_str().map_err(|_| Unidentified)?;
///             let token = header.strip_prefix("Bearer ").ok_or(Unidentified)?;
///             let subject = self.subject_of(token).await.ok_or(Unidentified)?;
///             Ok(Some(Caller::new(subject, Provenance::Custom)))
///         })
///     }
/// }
/// ```
pub trait CallerSource: Send + Sync + 'static {
    /// The caller; `None` when the request does not say who it comes from.
    ///
    /// # Errors
    ///
    /// When the request says it and does not prove it. Such a request is refused, even by a server
    /// that admits anonymous callers.
    #[allow(clippy::type_complexity)] // the shape of an asynchronous method of a trait object
    fn identify<'r>(
        &'r self,
        request: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>>;
}

/// The request claims an identity that it cannot prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unidentified;

impl fmt::Display for Unidentified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the credentials of the request are not valid")
    }
}

impl std::error::Error for Unidentified {}

/// The caller that the platform in front of the server verified. A host puts it into the request's
/// extensions; only [`Ingress::Platform`] believes it.
#[derive(Clone, Debug)]
pub struct PlatformCaller(pub Caller);

/// Why a request has no caller and is not admitted without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCaller {
    /// Nobody, or somebody who cannot prove it.
    Unidentified,
    /// The source panicked or took too long.
    Failed,
}

/// Asks the source, which is the user's code, and so may panic or hang.
async fn ask(
    source: &dyn CallerSource,
    parts: &Parts,
    limit: Duration,
) -> Result<Option<Caller>, NoCaller> {
    let Ok(mut asked) = guarded(|| source.identify(parts)) else {
        return Err(NoCaller::Failed);
    };
    let answered = poll_fn(|cx| match guarded(|| asked.as_mut().poll(cx)) {
        Ok(poll) => poll.map(|caller| caller.map_err(|_| NoCaller::Unidentified)),
        Err(_) => Poll::Ready(Err(NoCaller::Failed)),
    });
    let answer = tokio::time::timeout(limit, answered)
        .await
        .unwrap_or(Err(NoCaller::Failed));
    if matches!(answer, Err(NoCaller::Failed)) {
        tracing::error!("the caller source panicked or took too long");
    }
    answer
}

/// The caller of a request, or `None` for an anonymous one that is admitted.
///
/// In this order: the platform's word, the configured source, the local user on loopback.
pub(super) async fn identify(
    server: &Server,
    ingress: &Ingress,
    parts: &Parts,
) -> Result<Option<Caller>, NoCaller> {
    let access = &server.0.access;
    if *ingress == Ingress::Platform
        && let Some(PlatformCaller(caller)) = parts.extensions.get()
    {
        return Ok(Some(caller.clone()));
    }
    if let Some(source) = &access.source {
        if let Some(caller) = ask(&**source, parts, server.limits().call_timeout).await? {
            return Ok(Some(caller));
        }
    } else if *ingress == Ingress::Loopback {
        return Ok(Some(access.local.clone()));
    }
    if access.anonymous {
        Ok(None)
    } else {
        Err(NoCaller::Unidentified)
    }
}
