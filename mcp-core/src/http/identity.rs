//! Who an HTTP request comes from.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::request::Parts;

use super::exchange::Deadline;
use super::ingress::Ingress;
use super::sign_in::{SignIn, Token};
use crate::caller::{Caller, Provenance};
use crate::running::guarded;
use crate::server::Server;

/// Identifies the caller of an HTTP request, by a token or whatever else proves it.
///
/// Asked once per request, after the checks of [`Ingress`] and before the body is read; not asked
/// when the platform has named the caller ([`PlatformCaller`]), unless it
/// [verifies again](Self::verifies_again). What it logs and caches is its own affair. Bearer tokens come
/// as [RFC 6750, section 2.1] has it; the feature `jwt` has a source for those that are JSON Web Tokens.
///
/// ```
/// use std::pin::Pin;
///
/// use mcp_core::http::{CallerSource, Unidentified};
/// use mcp_core::{Caller, Provenance, Server, server_info};
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
///             let header = header.to_str().map_err(|_| Unidentified::Invalid)?;
///             let (scheme, token) = header.split_once(' ').ok_or(Unidentified::Invalid)?;
///             if !scheme.eq_ignore_ascii_case("bearer") {
///                 return Err(Unidentified::Invalid);
///             }
///             let subject = self.subject_of(token).await.ok_or(Unidentified::Invalid)?;
///             Ok(Some(Caller::new(subject, Provenance::Custom)))
///         })
///     }
/// }
///
/// let server = Server::new(server_info!(), ()).caller_source(Tokens).build();
/// # assert!(server.is_ok());
/// ```
///
/// [RFC 6750, section 2.1]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
pub trait CallerSource: Send + Sync + 'static {
    /// The caller; `None` when the request does not say who it comes from. That request is then
    /// refused with 401, unless the server admits anonymous callers.
    ///
    /// May take as long as a call ([`Limits::call_timeout`](crate::Limits::call_timeout)), and not
    /// beyond the host's [`Deadline`]. When it
    /// takes longer, or panics, the request is answered 500 with the error -32603. Example:
    /// [`CallerSource`].
    ///
    /// # Errors
    ///
    /// When the request says it and does not prove it. Such a request is refused with 401, even by
    /// a server that admits anonymous callers. When it cannot be told at the moment; then with 503.
    #[allow(clippy::type_complexity)] // the shape of an asynchronous method of a trait object
    fn identify<'r>(
        &'r self,
        request: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>>;

    /// Whether it verifies what an authorizer of a gateway in front says it has checked
    /// ([`Provenance::Authorizer`]): its own word counts then, and a request without proof is refused.
    /// By default the gateway is believed.
    fn verifies_again(&self) -> bool {
        false
    }

    /// Whether some caller of this source may hold the scope, as far as it knows. A server with a tool,
    /// resource or prompt that nobody could use is refused by
    /// [`ServerBuilder::build`](crate::ServerBuilder::build). By default every scope may be held.
    fn can_grant(&self, scope: &str) -> bool {
        let _ = scope;
        true
    }

    /// Where clients sign in, if they can be told. Asked when an endpoint is opened.
    fn sign_in(&self) -> Option<SignIn> {
        None
    }
}

/// Why a request that claims an identity has none. It carries no reason, so that none reaches the
/// client.
///
/// ```
/// # use mcp_core::http::Unidentified;
/// let text = Unidentified::Invalid.to_string();
/// assert_eq!(text, "the credentials of the request are not valid");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unidentified {
    /// It cannot prove it: 401.
    Invalid,
    /// Nobody can tell at the moment, since what the source needs for it is away: 503.
    Unknown,
}

impl fmt::Display for Unidentified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "the credentials of the request are not valid",
            Self::Unknown => "the credentials of the request cannot be checked at the moment",
        })
    }
}

impl std::error::Error for Unidentified {}

/// The caller that the platform in front of the server verified. A host puts it into the request's
/// extensions; only [`Ingress::Platform`] believes it. It comes before any caller source, but for one
/// that [verifies again](CallerSource::verifies_again).
///
/// ```
/// # use mcp_core::http::{Endpoint, PlatformCaller};
/// # use mcp_core::{Caller, Provenance, Server, server_info};
/// # use tower_service::Service;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).build().unwrap();
/// let mut endpoint = Endpoint::behind_platform(server);
/// # let body = r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#.to_owned();
/// # let json = http::Request::post("/mcp").header("content-type", "application/json");
/// # let mut request = json.body(body).unwrap();
/// let ann = Caller::new("ann", Provenance::Platform);
/// request.extensions_mut().insert(PlatformCaller(ann));
/// assert_eq!(endpoint.call(request).await.unwrap().status(), 200); // 401 without it
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct PlatformCaller(pub Caller);

/// The tenant that the platform in front of the server isolated the request for. A host puts it into
/// the request's extensions; only [`Ingress::Platform`] believes it.
///
/// Whoever calls is then of this tenant. A caller of another one is refused with 401.
///
/// ```
/// # use mcp_core::http::{Endpoint, PlatformCaller, PlatformTenant};
/// # use mcp_core::{Caller, Provenance, Server, server_info};
/// # use tower_service::Service;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).build().unwrap();
/// # let mut endpoint = Endpoint::behind_platform(server);
/// # let body = r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#.to_owned();
/// # let json = http::Request::post("/mcp").header("content-type", "application/json");
/// # let mut request = json.body(body).unwrap();
/// let ann = Caller::new("ann", Provenance::Platform).with_tenant("acme");
/// request.extensions_mut().insert(PlatformCaller(ann));
/// request.extensions_mut().insert(PlatformTenant("other".into()));
/// assert_eq!(endpoint.call(request).await.unwrap().status(), 401);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct PlatformTenant(pub Box<str>);

/// Why a request has no caller and is not admitted without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCaller {
    /// Nobody, or somebody who cannot prove it.
    Unidentified(Token),
    /// It cannot be told at the moment.
    Unknown,
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
        Ok(poll) => poll.map(|caller| {
            caller.map_err(|refused| match refused {
                Unidentified::Invalid => NoCaller::Unidentified(Token::Invalid),
                Unidentified::Unknown => NoCaller::Unknown,
            })
        }),
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
/// In this order: the platform's word, unless the source verifies it again; the configured source; the
/// local user on loopback.
pub(super) async fn identify(
    server: &Server,
    ingress: &Ingress,
    parts: &Parts,
) -> Result<Option<Caller>, NoCaller> {
    let caller = verified(server, ingress, parts).await?;
    let tenant = match parts.extensions.get() {
        Some(PlatformTenant(tenant)) if *ingress == Ingress::Platform => tenant,
        _ => return Ok(caller),
    };
    match caller {
        // Two that vouch for two tenants: nobody knows on whose behalf this would run.
        Some(caller) if caller.tenant().is_some_and(|known| *known != **tenant) => {
            Err(NoCaller::Unidentified(Token::Invalid))
        }
        caller => Ok(caller.map(|caller| caller.with_tenant(&**tenant))),
    }
}

async fn verified(
    server: &Server,
    ingress: &Ingress,
    parts: &Parts,
) -> Result<Option<Caller>, NoCaller> {
    let access = &server.0.access;
    let named = parts
        .extensions
        .get()
        .filter(|_| *ingress == Ingress::Platform);
    if let Some(PlatformCaller(caller)) = named {
        let again = |source: &Arc<dyn CallerSource>| source.verifies_again();
        if caller.provenance() != Provenance::Authorizer
            || !access.source.as_ref().is_some_and(again)
        {
            return Ok(Some(caller.clone()));
        }
    }
    if let Some(source) = &access.source {
        let limit = server.limits().call_timeout;
        let left = parts.extensions.get::<Deadline>().map(Deadline::left);
        let limit = left.map_or(limit, |left| left.min(limit));
        if let Some(caller) = ask(&**source, parts, limit).await? {
            return Ok(Some(caller));
        }
    } else if *ingress == Ingress::Loopback {
        return Ok(Some(access.local.clone()));
    }
    // Claims without the token that they are from are no proof of anything.
    if access.anonymous && named.is_none() {
        Ok(None)
    } else {
        Err(NoCaller::Unidentified(Token::Missing))
    }
}
