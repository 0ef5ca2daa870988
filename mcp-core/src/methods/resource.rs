//! `resources/read`.

use super::run::{Subject, authorize, run};
use crate::call::Function;
use crate::dispatch::{Incoming, short};
use crate::encode::{self, Answer};
use crate::jsonrpc;
use crate::result_policy::{self, About};
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
    if let Err(refused) = authorize(&incoming, entry) {
        return refused;
    }
    let subject = Subject {
        function: Function {
            target: Target::Resource(entry.index),
            name: spec.name,
            timeout: spec.timeout,
            blocking: spec.blocking,
        },
        target: &uri,
        arguments: "{}",
        texts: &values,
    };
    match run(&incoming, &subject).await {
        Ok(reply) => {
            let about = About {
                mime_type: spec.mime_type,
                ..About::new(incoming, spec.name)
            };
            encode::contents(
                incoming,
                spec,
                &uri,
                result_policy::apply(&about, reply).await,
            )
        }
        Err(answer) => answer,
    }
}
