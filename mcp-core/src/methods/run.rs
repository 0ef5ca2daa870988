//! What tools, resources and prompts have in common between being found and being answered.

use std::borrow::Cow;
use std::time::Instant;

use super::resume::{MaybeResumed, resume, resumes};
use super::{TOO_MANY_CALLS, TOO_MANY_OF_YOURS};
use crate::access::Access;
use crate::audit::Outcome;
use crate::call::{Called, Function};
use crate::catalogue::{Entry, ResourceEntry};
use crate::context::Making;
use crate::dispatch::Incoming;
use crate::encode::{self, Answer};
use crate::output::Reply;
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::running::guarded;
use crate::server::{Crowded, Place};

/// What a function is run for.
pub(super) struct Subject<'a> {
    pub(super) function: Function,
    /// The name of the tool or prompt, or the URI of the resource.
    pub(super) target: &'a str,
    /// The arguments as raw JSON.
    pub(super) arguments: &'a str,
    /// The same as texts, in the order of the table.
    pub(super) texts: &'a [Option<Cow<'a, str>>],
}

/// Runs a function, unless there is no place for it, or what the client brings back does not fit.
/// The answer is the refusal, or the questions that come before a reply.
pub(super) async fn run(incoming: &Incoming<'_>, subject: &Subject<'_>) -> Result<Reply, Answer> {
    let place = place(incoming)?;
    let resumed = if resumes(*incoming) {
        let (target, arguments) = (subject.target, subject.arguments);
        resume(*incoming, target, arguments, false).await?
    } else {
        None
    };
    let making = making(incoming, subject.target, subject.arguments, &resumed);
    #[cfg(feature = "redact")]
    let called = crate::redact::run(place, &subject.function, &making, subject.texts).await;
    #[cfg(not(feature = "redact"))]
    let called = crate::call::run(place, &subject.function, &making, subject.texts).await;
    replied(incoming, called)
}

/// Refuses a caller who sees this and lacks scopes for it. What they need is named all at once, so that
/// they are asked once (MCP authorization, 2026-07-28).
pub(super) fn authorize(incoming: &Incoming<'_>, entry: &impl Entry) -> Result<(), Answer> {
    if entry.is_granted_to(incoming.caller) {
        return Ok(());
    }
    let scopes = entry.scopes();
    let named = scopes.join("`, `");
    let text = format!("this needs the scope `{named}`; sign in for it and try again");
    let status = if incoming.caller.is_some() { 403 } else { 401 };
    let refused = incoming.refuse(Refusal::InsufficientScope, code::INVALID_REQUEST, &text);
    let refused = refused.status(status).challenge(scopes);
    Err(refused.outcome(Outcome::Denied))
}

/// The resource whose changes a caller may hear of: one that they may read, as far as scopes and the
/// policy say.
pub(super) fn heard<'a>(incoming: &Incoming<'a>, uri: &str) -> Option<&'a ResourceEntry> {
    let server = &incoming.server.0;
    let (entry, values) = server.catalogue.resource(uri, incoming.caller)?;
    let is_allowed = || match &server.access.policy {
        Some(policy) => {
            let access = Access::to_changes(entry, &values, incoming.caller);
            // A policy that panics refuses.
            matches!(guarded(|| access.refused_by(&**policy)), Ok(None))
        }
        None => true,
    };
    (entry.is_granted_to(incoming.caller) && is_allowed()).then_some(entry)
}

/// A place among the running calls. It is taken before a state is, so that a client that has to
/// come again can.
pub(super) fn place(incoming: &Incoming<'_>) -> Result<Place, Answer> {
    if incoming
        .outlet
        .deadline
        .is_some_and(|deadline| deadline <= Instant::now())
    {
        return Err(encode::past_deadline(
            *incoming,
            "the deadline of the host has passed, and nothing was begun",
        ));
    }
    match incoming.server.enter(incoming.caller) {
        Ok(place) => Ok(place),
        Err(Crowded::Server) => Err(incoming.busy(Refusal::ServerBusy, TOO_MANY_CALLS)),
        Err(Crowded::Caller) => {
            let refused = incoming.busy(Refusal::CallerBusy, TOO_MANY_OF_YOURS);
            Err(refused.status(429))
        }
    }
}

#[cfg_attr(not(feature = "seal"), allow(unused_variables))]
pub(super) fn making<'a>(
    incoming: &Incoming<'a>,
    target: &'a str,
    arguments: &'a str,
    resumed: &'a MaybeResumed,
) -> Making<'a> {
    Making {
        server: incoming.server,
        request: incoming.request,
        outlet: incoming.outlet,
        caller: incoming.caller,
        target,
        arguments,
        #[cfg(feature = "seal")]
        resumed: resumed.as_deref(),
    }
}

/// The reply, or the questions that take its place.
#[cfg_attr(
    not(feature = "seal"),
    allow(clippy::unnecessary_wraps, unused_variables)
)]
pub(super) fn replied(incoming: &Incoming<'_>, called: Called) -> Result<Reply, Answer> {
    #[cfg(feature = "seal")]
    if let Some(questions) = called.questions {
        return Err(encode::questions(*incoming, &questions));
    }
    Ok(called.reply)
}
