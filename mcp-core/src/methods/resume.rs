//! What a request brings back of an earlier round: sealed state, and answers of the client.

use crate::dispatch::Incoming;
use crate::encode::Answer;

#[cfg(feature = "seal")]
pub(crate) type MaybeResumed = Option<Box<crate::ask::Resumed>>;
#[cfg(not(feature = "seal"))]
pub(crate) type MaybeResumed = Option<std::convert::Infallible>;

/// Whether the request brings something back. Older revisions have nothing that it could be.
pub(super) fn resumes(incoming: Incoming<'_>) -> bool {
    let fields = incoming.request.fields;
    (fields.request_state.is_some() || fields.input_responses.is_some())
        && incoming.request.revision.is_modern()
}

/// Opens what the request brings back. A state that does not fit is refused, whoever uses it. One that
/// counts once is used up by this, so the call has its place among the running ones before.
#[cfg(feature = "seal")]
pub(super) async fn resume(
    incoming: Incoming<'_>,
    target: &str,
    arguments: &str,
    single_use: bool,
) -> Result<MaybeResumed, Answer> {
    let resumed = crate::ask::Resumed::open(incoming, target, arguments, single_use);
    let resumed = resumed.map_err(|text| incoming.invalid(text))?;
    if single_use && let Some(resumed) = &resumed {
        resumed.consume(incoming).await?;
    }
    Ok(resumed.map(Box::new))
}

/// Without keys nothing was ever left with a client.
#[cfg(not(feature = "seal"))]
#[allow(clippy::unused_async)] // the same shape with the feature and without
pub(super) async fn resume(
    incoming: Incoming<'_>,
    _target: &str,
    _arguments: &str,
    _single_use: bool,
) -> Result<MaybeResumed, Answer> {
    if incoming.request.fields.request_state.is_some() {
        return Err(incoming
            .invalid("this `requestState` was not issued by this server; call again without it"));
    }
    Ok(None)
}
