//! Who an HTTP request comes from.

use std::fmt;
use std::pin::Pin;

use http::request::Parts;

use super::ingress::Ingress;
use crate::caller::Caller;
use crate::server::Server;

/// Identifies the caller of an HTTP request, by a token or whatever else proves it.
///
/// ```
/// use std::pin::Pin;
///
/// use mcp_core::http::{CallerSource, Unidentified};
/// use mcp_core::{Caller, Provenance};
///
/// /// One shared key, for a service with one client.
/// struct ApiKey(String);
///
/// impl CallerSource for ApiKey {
///     fn identify<'r>(
///         &'r self,
///         request: &'r http::request::Parts,
///     ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
///         Box::pin(async move {
///             match request.headers.get("x-api-key") {
///                 None => Ok(None),
///                 Some(key) if *key == *self.0 => {
///                     Ok(Some(Caller::new("partner", Provenance::Custom)))
///                 }
///                 Some(_) => Err(Unidentified),
///             }
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

/// The caller of a request, or `None` for an anonymous one that is admitted.
///
/// In this order: the platform's word, the configured source, the local user on loopback.
pub(super) async fn identify(
    server: &Server,
    ingress: &Ingress,
    parts: &Parts,
) -> Result<Option<Caller>, Unidentified> {
    let access = &server.0.access;
    if *ingress == Ingress::Platform
        && let Some(PlatformCaller(caller)) = parts.extensions.get()
    {
        return Ok(Some(caller.clone()));
    }
    if let Some(source) = &access.source {
        if let Some(caller) = source.identify(parts).await? {
            return Ok(Some(caller));
        }
    } else if *ingress == Ingress::Loopback {
        return Ok(Some(access.local.clone()));
    }
    if access.anonymous {
        Ok(None)
    } else {
        Err(Unidentified)
    }
}
