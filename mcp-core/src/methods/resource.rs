//! `resources/read`.

use super::TOO_MANY_CALLS;
use super::resume::{resume, resumes};
use crate::call::{self, Function};
use crate::context::Making;
use crate::dispatch::{Incoming, short};
use crate::encode::{self, Answer};
use crate::jsonrpc;
use crate::server::Target;

pub(crate) async fn read_resource(incoming: Incoming<'_>) -> Answer {
    let Some(uri) = incoming.request.fields.uri.and_then(jsonrpc::text) else {
        return incoming.invalid("`params.uri` has to be the URI of a resource, as a string");
    };
    let catalogue = &incoming.server.0.catalogue;
    let Some((entry, values)) = catalogue.resource(&uri, incoming.caller) else {
        let text = format!("there is no resource `{}`", short(&uri));
        return encode::resource_not_found(incoming, &uri, &text);
    };
    let spec = entry.spec;
    let Some(place) = incoming.server.enter() else {
        return incoming.busy(TOO_MANY_CALLS);
    };
    let resumed = if resumes(incoming) {
        match Box::pin(resume(incoming, &uri, "{}", false)).await {
            Ok(resumed) => resumed,
            Err(refused) => return refused,
        }
    } else {
        None
    };
    #[cfg(not(feature = "seal"))]
    let _ = resumed;
    let function = Function {
        target: Target::Resource(entry.index),
        name: spec.name,
        timeout: spec.timeout,
        blocking: spec.blocking,
    };
    let making = Making {
        server: incoming.server,
        request: incoming.request,
        outlet: incoming.outlet,
        caller: incoming.caller,
        target: &uri,
        arguments: "{}",
        #[cfg(feature = "seal")]
        resumed: resumed.as_deref(),
    };
    let called = call::run(place, &function, &making, &values).await;
    #[cfg(feature = "seal")]
    if let Some(questions) = called.questions {
        return encode::questions(incoming, &questions);
    }
    encode::contents(incoming, spec, &uri, called.reply)
}
