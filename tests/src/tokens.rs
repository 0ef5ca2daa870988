//! Callers who are known by what their tokens say.

use std::pin::Pin;

use axum::http::request::Parts;
use mcp_core::http::{CallerSource, Unidentified};
use mcp_core::{Caller, Provenance};

/// Takes every token for what it says: a subject and, after spaces, the scopes that it has.
#[derive(Clone, Copy, Debug)]
pub struct Tokens;

impl CallerSource for Tokens {
    fn identify<'r>(
        &'r self,
        request: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        Box::pin(async move {
            let Some(header) = request.headers.get("authorization") else {
                return Ok(None);
            };
            let header = header.to_str().map_err(|_| Unidentified::Invalid)?;
            let token = header
                .strip_prefix("Bearer ")
                .ok_or(Unidentified::Invalid)?;
            let mut words = token.split(' ');
            let caller = Caller::new(words.next().unwrap_or_default(), Provenance::Custom);
            Ok(Some(caller.with_scopes(words)))
        })
    }
}
