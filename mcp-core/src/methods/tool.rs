//! `tools/call`.

use std::sync::Arc;

use super::resume::{resume, resumes};
use super::run;
use crate::call::{self, Function};
use crate::catalogue::ToolEntry;
use crate::dispatch::{Incoming, short};
use crate::dynamic::DynamicTool;
use crate::encode::{self, Answer};
use crate::error::Error;
#[cfg(feature = "http")]
use crate::header_params::{self, HeaderParam};
use crate::jsonrpc;
use crate::output::{Reply, ReplyKind};
use crate::refusal::Refusal;
use crate::result_policy::{self, About};
use crate::schema::Shape;
use crate::server::{Place, Target};

pub(crate) async fn call_tool(incoming: &Incoming<'_>) -> Answer {
    let fields = incoming.request.fields;
    // Some clients send `null` for "no arguments".
    let arguments = fields
        .arguments
        .filter(|raw| *raw != "null")
        .unwrap_or("{}");
    if !arguments.starts_with('{') {
        return incoming.invalid("`params.arguments` has to be an object");
    }
    let (index, tool) = match find(incoming) {
        Ok(Found::Fixed(index, tool)) => (index, tool),
        Ok(Found::Dynamic(tool)) => {
            return Box::pin(call_dynamic(*incoming, &tool, arguments)).await;
        }
        Err(refused) => return refused,
    };
    let spec = tool.spec;
    if spec.step_up
        && let Err(refused) = run::authorize(incoming, tool)
    {
        return refused;
    }
    #[cfg(feature = "http")]
    if let Err(refused) = check_headers(*incoming, &tool.headers, arguments) {
        return refused;
    }
    // Here and not by `run::run`: the future of the most frequent request stays small.
    let place = match place(incoming, tool) {
        Ok(place) => place,
        Err(refused) => return refused,
    };
    let resumed = if resumes(*incoming) {
        match Box::pin(resume(*incoming, spec.name, arguments, spec.single_use)).await {
            Ok(resumed) => resumed,
            Err(refused) => return refused,
        }
    } else {
        None
    };
    let function = Function {
        target: Target::Tool(index),
        name: spec.name,
        timeout: spec.timeout,
        blocking: spec.blocking,
    };
    let making = run::making(incoming, spec.name, arguments, &resumed);
    let policy = &incoming.server.0.result_policy;
    #[cfg(feature = "redact")]
    let called = if policy.redacts() {
        Box::pin(crate::redact::run(place, &function, &making, &[])).await
    } else {
        call::run(place, &function, &making, &[]).await
    };
    #[cfg(not(feature = "redact"))]
    let called = call::run(place, &function, &making, &[]).await;
    let reply = match run::replied(incoming, called) {
        Ok(reply) => checked(incoming, tool, reply),
        Err(questions) => return questions,
    };
    let reply = if policy.passes(&reply, tool.tokens) {
        reply
    } else {
        Box::pin(result_policy::apply(
            &about(*incoming, tool, arguments),
            reply,
        ))
        .await
    };
    encode::tool_result(*incoming, spec.name, tool.shape, reply)
}

fn about<'a>(incoming: Incoming<'a>, tool: &'a ToolEntry, arguments: &'a str) -> About<'a> {
    let spec = tool.spec;
    let cursor = tool.cursor.and_then(|index| spec.args.get(index));
    About {
        tool: Some(spec),
        tokens: tool.tokens,
        arguments,
        cursor: cursor.map(|argument| argument.name),
        is_text: Some(tool.shape == Shape::Text),
        #[cfg(feature = "redact")]
        check: tool.check.as_ref(),
        ..About::new(incoming, spec.name)
    }
}

/// A place among the running calls, and among those of the tool where these have a limit.
fn place(incoming: &Incoming<'_>, tool: &ToolEntry) -> Result<Place, Answer> {
    let mut place = run::place(incoming)?;
    let Some(concurrency) = &tool.concurrency else {
        return Ok(place);
    };
    let Ok(permit) = Arc::clone(&concurrency.free).try_acquire_owned() else {
        let (name, most) = (tool.spec.name, concurrency.most);
        let text = format!(
            "`{name}` is at its limit of concurrent calls, which is {most}; come again in 1 second"
        );
        return Err(incoming.busy(Refusal::ToolBusy, &text).status(429));
    };
    place.of_tool = Some(permit);
    Ok(place)
}

/// The reply, or an error in its place when it does not fit the tool's output schema and somebody
/// wants to know.
fn checked(incoming: &Incoming<'_>, tool: &ToolEntry, reply: Reply) -> Reply {
    let is_test = incoming.outlet.is_test;
    if !is_test && !incoming.server.0.check_results {
        return reply;
    }
    let ReplyKind::Json(json) = &reply.0 else {
        return reply;
    };
    let json = std::str::from_utf8(json).unwrap_or_default();
    let Some(problem) = tool.problem_of_result(json) else {
        return reply;
    };
    let problem = format!("the result does not fit its output schema: {problem}");
    Reply(ReplyKind::Failed(if is_test {
        Error::new(problem)
    } else {
        Error::private(problem)
    }))
}

/// A tool that is there for the caller.
enum Found<'a> {
    Fixed(usize, &'a ToolEntry),
    Dynamic(Arc<DynamicTool>),
}

/// Finds the tool by its name. One that the caller may not see does not exist for them.
fn find<'a>(incoming: &Incoming<'a>) -> Result<Found<'a>, Answer> {
    let Some(name) = incoming.request.fields.name.and_then(jsonrpc::text) else {
        let text = "`params.name` has to be the name of a tool, as a string";
        return Err(incoming.invalid(text));
    };
    let catalogue = &incoming.server.0.catalogue;
    if let Some((index, tool)) = catalogue.tools.find(&name, incoming.caller) {
        return Ok(Found::Fixed(index, tool));
    }
    let dynamic = catalogue.dynamic.as_ref();
    let dynamic = dynamic.and_then(|tools| tools.find(&name, incoming.caller));
    dynamic
        .map(Found::Dynamic)
        .ok_or_else(|| incoming.invalid(&format!("there is no tool `{}`", short(&name))))
}

async fn call_dynamic(incoming: Incoming<'_>, tool: &DynamicTool, arguments: &str) -> Answer {
    match reply_of_dynamic(&incoming, tool, arguments).await {
        Ok(reply) => {
            let about = About::new(incoming, tool.name());
            let about = About {
                tokens: tool.budget.unwrap_or(about.tokens),
                #[cfg(feature = "redact")]
                check: tool.check(),
                ..about
            };
            let reply = result_policy::apply(&about, reply).await;
            encode::tool_result(incoming, tool.name(), Shape::Nothing, reply)
        }
        Err(answer) => answer,
    }
}

async fn reply_of_dynamic(
    incoming: &Incoming<'_>,
    tool: &DynamicTool,
    arguments: &str,
) -> Result<Reply, Answer> {
    #[cfg(feature = "http")]
    check_headers(*incoming, &tool.headers, arguments)?;
    let place = run::place(incoming)?;
    let resumed = if resumes(*incoming) {
        resume(*incoming, tool.name(), arguments, false).await?
    } else {
        None
    };
    let making = run::making(incoming, tool.name(), arguments, &resumed);
    #[cfg(feature = "redact")]
    let called = crate::redact::run_dynamic(place, tool, &making).await;
    #[cfg(not(feature = "redact"))]
    let called = call::run_dynamic(place, tool, &making).await;
    run::replied(incoming, called)
}

/// Compares the headers that repeat arguments with the arguments.
#[cfg(feature = "http")]
fn check_headers(
    incoming: Incoming<'_>,
    params: &[HeaderParam],
    arguments: &str,
) -> Result<(), Answer> {
    use crate::dispatch::{Mirrored, Transport};
    use crate::protocol::code;

    let Transport::Http(http) = incoming.transport else {
        return Ok(());
    };
    if params.is_empty() || !incoming.request.revision.is_modern() {
        return Ok(());
    }
    let arguments = serde_json::from_str(arguments).unwrap_or_default();
    for param in params {
        let found = crate::http::param_header(http.headers, &param.header);
        let value = param.value(&arguments);
        let problem = match (&found, &value) {
            (Mirrored::Missing, None) => continue,
            (Mirrored::Value(text), Some(value)) if header_params::says(text, value) => continue,
            (Mirrored::Missing, Some(_)) => "is missing",
            (Mirrored::Malformed, _) => "is given twice or cannot be decoded",
            (Mirrored::Value(_), _) => "differs from the arguments",
        };
        let header = &param.header;
        let argument = param.path.join(".");
        let text =
            format!("the header `{header}` {problem}; it has to repeat the argument `{argument}`");
        let refused = incoming.refuse(Refusal::HeaderMismatch, code::HEADER_MISMATCH, &text);
        return Err(refused.status(400));
    }
    Ok(())
}
