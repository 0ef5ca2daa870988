//! What invoked the function, told from the event and its context.

mod headers;
mod http;

use lambda_runtime::Context;
use serde::Deserialize;
use serde_json::value::RawValue;

pub(crate) use self::http::{HttpEvent, Integration, Unreadable};
use crate::agent::Action;

/// An event, by who sent it.
pub(crate) enum Event<'a> {
    Http(Integration, Box<HttpEvent<'a>>),
    /// One JSON-RPC message.
    Message(&'a str),
    /// The arguments of this tool.
    Gateway {
        tool: &'a str,
        arguments: &'a str,
    },
    Action(Box<Action<'a>>),
}

/// The key of the client context that names a tool, in lower case: examples of the documentation
/// differ in case.
const TOOL_NAME: &str = "bedrockagentcoretoolname";

/// The key that names the gateway, likewise.
const GATEWAY_ID: &str = "bedrockagentcoregatewayid";

/// The fields by which events are told apart that are no HTTP requests.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Marks<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message_version: Option<&'a RawValue>,
    #[serde(borrow, default)]
    action_group: Option<&'a RawValue>,
}

impl Marks<'_> {
    fn are_of_a_message(&self) -> bool {
        self.jsonrpc
            .is_some_and(|version| version.get() == "\"2.0\"")
    }
}

/// Tells what an event is; `None` for one that this function does not answer.
///
/// The order counts. The client context comes first, since the event of a gateway is whatever
/// arguments a model chose, and `requestContext.http` before `httpMethod`, which emulators of
/// Function URLs make up.
pub(crate) fn recognise<'a>(event: &'a str, context: &'a Context) -> Option<Event<'a>> {
    if let Some(name) = custom(context, TOOL_NAME) {
        // `target___tool`; the tool's own name may have underscores as well.
        let tool = name.split_once("___").map_or(name, |(_, tool)| tool);
        return Some(Event::Gateway {
            tool,
            arguments: event,
        });
    }
    if event.trim_ascii_start().starts_with('[') {
        // Pipes and queues send arrays as well.
        let batch: Vec<Marks<'_>> = serde_json::from_str(event).ok()?;
        let is_batch = batch.first().is_some_and(Marks::are_of_a_message);
        return is_batch.then_some(Event::Message(event));
    }
    // An event of another kind may have a field of the same name and another type.
    if let Ok(request) = serde_json::from_str::<HttpEvent<'_>>(event)
        && let Some(integration) = request.integration()
    {
        return Some(Event::Http(integration, Box::new(request)));
    }
    let marks: Marks<'_> = serde_json::from_str(event).ok()?;
    if marks.are_of_a_message() {
        return Some(Event::Message(event));
    }
    if marks.message_version.is_some() && marks.action_group.is_some() {
        let action = serde_json::from_str(event).ok()?;
        return Some(Event::Action(Box::new(action)));
    }
    None
}

/// The gateway that sent an event, as far as it says.
pub(crate) fn gateway_id(context: &Context) -> Option<&str> {
    custom(context, GATEWAY_ID)
}

/// A value of the client context, whatever the case of its key.
fn custom<'a>(context: &'a Context, key: &str) -> Option<&'a str> {
    let client = context.client_context.as_ref()?;
    let mut values = client.custom.iter();
    let (_, value) = values.find(|(known, _)| known.eq_ignore_ascii_case(key))?;
    Some(value)
}
