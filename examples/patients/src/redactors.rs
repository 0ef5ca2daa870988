//! Who says what must not leave the server.

use std::pin::Pin;

use mcp_core::redact::{Patterns, Redactor};
use mcp_core::{HostError, Result};

/// What knows names as well.
#[cfg(feature = "comprehend")]
type Service = crate::detect_phi::DetectPhi;

/// A program that was built without one.
#[cfg(not(feature = "comprehend"))]
type Service = std::convert::Infallible;

/// Patterns, and then perhaps a service: what the patterns took out it need not see.
pub(crate) struct Redactors {
    patterns: Patterns,
    service: Option<Service>,
}

impl Redactors {
    /// The patterns of this clinic, and a service.
    pub(crate) fn new(service: Option<Service>) -> Result<Self, HostError> {
        let patterns = Patterns::all().pattern("MRN", r"\bMRN-\d{6}\b")?;
        Ok(Self { patterns, service })
    }
}

/// What the environment asks for.
pub(crate) async fn from_env() -> Result<Redactors, HostError> {
    let wanted = std::env::var_os("PATIENTS_COMPREHEND").is_some_and(|value| value == "on");
    Redactors::new(if wanted { Some(service().await?) } else { None })
}

#[cfg(feature = "comprehend")]
async fn service() -> Result<Service, HostError> {
    Ok(Service::from_env().await)
}

#[cfg(not(feature = "comprehend"))]
#[allow(clippy::unused_async)] // as the one with a service is
async fn service() -> Result<Service, HostError> {
    Err(HostError::new(
        "PATIENTS_COMPREHEND is on, and this program knows no service; build it with `--features \
         comprehend`",
    ))
}

impl Redactor for Redactors {
    fn redact<'t>(
        &'t self,
        texts: &'t mut [String],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>> {
        Box::pin(async move {
            self.patterns.redact(texts).await?;
            match &self.service {
                #[cfg(feature = "comprehend")]
                Some(service) => service.redact(texts).await,
                #[cfg(not(feature = "comprehend"))]
                Some(none) => match *none {},
                None => Ok(()),
            }
        })
    }
}
