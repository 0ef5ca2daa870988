//! The function: one event in, one reply out.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use lambda_runtime::{Context, Diagnostic, FunctionResponse, LambdaEvent};
use mcp_core::http::{Deadline, Endpoint, EndpointError, PlatformCaller, PlatformTenant};
use mcp_core::{Caller, Invocation, PlatformRequest, Provenance, Refusal, ReplyLimit, Server};
use serde::Deserialize;
use serde_json::value::RawValue;
use tower_service::Service as _;

use crate::agent::Action;
use crate::deadline;
use crate::door::Door;
use crate::event::{self, Event, HttpEvent, Integration, Unreadable};
use crate::identity;
use crate::reply::{Buffered, HttpReply, Reply, streamed};
use crate::settings::{ResponseMode, Settings};
use crate::tool_call::{self, ToolResult};

/// A server as a function.
pub(crate) struct Function {
    server: Server,
    endpoint: Endpoint,
    settings: Settings,
}

/// The event is of a kind that this function does not answer. The invocation fails, so that
/// nobody takes it for done.
#[derive(Debug)]
pub(crate) struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this function answers HTTP requests (API Gateway, Function URL, Application Load \
             Balancer), single JSON-RPC messages, AgentCore Gateway targets and Bedrock Agents \
             action groups; the event is none of them, so check what invokes the function",
        )
    }
}

impl From<Unknown> for Diagnostic {
    fn from(unknown: Unknown) -> Self {
        Self {
            error_type: "UnknownEvent".to_owned(),
            error_message: unknown.to_string(),
        }
    }
}

impl Function {
    pub(crate) fn new(server: Server, settings: Settings) -> Result<Self, EndpointError> {
        // CloudWatch reads metrics from what a function prints.
        server.metrics_by_default();
        let mut endpoint = Endpoint::behind_platform(server.clone());
        if let Some(url) = &settings.public_url {
            endpoint = endpoint.public_url(url)?;
        }
        let endpoint = match settings.mode {
            ResponseMode::Buffered => endpoint.buffered(),
            ResponseMode::Stream => endpoint.stateless().subscriptions(settings.subscriptions),
        };
        Ok(Self {
            server,
            endpoint,
            settings,
        })
    }

    /// Answers one event.
    pub(crate) async fn answer(&self, event: LambdaEvent<Box<RawValue>>) -> Result<Reply, Unknown> {
        let LambdaEvent { payload, context } = event;
        let margin = self.settings.margin;
        let deadline = deadline::of(context.deadline, SystemTime::now(), margin);
        let invoked = Invoked {
            function: self,
            context: &context,
            deadline,
            platform: platform_request(&context),
        };
        let event = event::recognise(payload.get(), &context).ok_or(Unknown)?;
        let reply = match event {
            Event::Http(integration, request) => {
                return Ok(invoked.http(integration, *request).await);
            }
            Event::Message(message) => invoked.message(message).await,
            Event::Gateway { tool, arguments } => invoked.gateway(tool, arguments).await,
            Event::Action(action) => invoked.action(&action).await,
        };
        Ok(FunctionResponse::BufferedResponse(reply))
    }
}

/// One invocation.
struct Invoked<'a> {
    function: &'a Function,
    context: &'a Context,
    deadline: Option<Instant>,
    platform: PlatformRequest,
}

impl Invoked<'_> {
    async fn http(&self, integration: Integration, event: HttpEvent<'_>) -> Reply {
        let settings = &self.function.settings;
        if settings.doors.scopes(Door::Http).is_none() {
            let text = "this function takes no HTTP requests (`MCP_DOORS`)";
            let status = StatusCode::FORBIDDEN;
            return self.refuse(integration, status, Refusal::DoorClosed, text);
        }
        if let Some(base) = &settings.base_path
            && !event.is_for(base)
            && !event.is_for_metadata()
        {
            let text = format!("nothing is served here; the endpoint is at `{base}`");
            let status = StatusCode::NOT_FOUND;
            return self.refuse(integration, status, Refusal::WrongPath, &text);
        }
        let caller = event.caller();
        let request = match (event.into_request(), caller) {
            (Ok(request), Some(caller)) => self.with_caller(request, caller),
            (request, _) => request,
        };
        let mut request = match request {
            Ok(request) => request.map(|body| Full::new(Bytes::from(body))),
            Err(unreadable) => {
                let (status, refusal) = (StatusCode::BAD_REQUEST, Refusal::RequestUnreadable);
                return self.refuse(integration, status, refusal, unreadable.0);
            }
        };
        if let Some(tenant) = &self.context.tenant_id {
            let tenant = PlatformTenant(tenant.as_str().into());
            request.extensions_mut().insert(tenant);
        }
        if let Some(deadline) = self.deadline {
            request.extensions_mut().insert(Deadline(deadline));
        }
        let limit = match settings.mode {
            ResponseMode::Stream => ReplyLimit::plain(settings.stream_limit()),
            ResponseMode::Buffered => {
                ReplyLimit::quoted(settings.body_limit(integration == Integration::LoadBalancer))
            }
        };
        request.extensions_mut().insert(limit);
        request.extensions_mut().insert(self.platform.clone());
        let Ok(response) = self.function.endpoint.clone().call(request).await;
        match settings.mode {
            ResponseMode::Stream => streamed(response),
            ResponseMode::Buffered => FunctionResponse::BufferedResponse(Buffered::Http(
                HttpReply::collect(integration, response).await,
            )),
        }
    }

    /// Adds whom the front door verified. The token of a user beside a signature counts more than who
    /// carried it here: it takes the place of the signature, which AWS checked and nobody else can.
    fn with_caller<B>(
        &self,
        mut request: Request<B>,
        caller: Caller,
    ) -> Result<Request<B>, Unreadable> {
        if let Some(name) = &self.function.settings.token_header
            && caller.provenance() == Provenance::Iam
        {
            let headers = request.headers_mut();
            headers.remove(AUTHORIZATION);
            if headers.get_all(name).iter().nth(1).is_some() {
                return Err(Unreadable(
                    "the header with the user's token is given twice",
                ));
            }
            if let Some(token) = headers.remove(name) {
                headers.insert(AUTHORIZATION, bearer(token));
                return Ok(request);
            }
        }
        request.extensions_mut().insert(PlatformCaller(caller));
        Ok(request)
    }

    /// An HTTP reply without the endpoint having been asked.
    fn refuse(
        &self,
        integration: Integration,
        status: StatusCode,
        refusal: Refusal,
        text: &str,
    ) -> Reply {
        let mut response = Response::new(error("", refusal, text));
        *response.status_mut() = status;
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        match self.function.settings.mode {
            ResponseMode::Stream => streamed(response),
            ResponseMode::Buffered => FunctionResponse::BufferedResponse(Buffered::Http(
                HttpReply::new(integration, response),
            )),
        }
    }

    async fn message(&self, message: &str) -> Buffered {
        let Some(caller) = self.caller(Door::Invoke, || "invoke".to_owned()) else {
            let text = "this function takes no messages (`MCP_DOORS`)";
            return Buffered::json(refusal(message, Refusal::DoorClosed, text));
        };
        match self.ask(message, &caller).await {
            Some(answer) => Buffered::json(String::from_utf8(answer).unwrap_or_default()),
            None => Buffered::Nothing,
        }
    }

    async fn gateway(&self, tool: &str, arguments: &str) -> Buffered {
        let caller = self.caller(Door::Gateway, || {
            let gateway = event::gateway_id(self.context).unwrap_or_default();
            format!("agentcore-gateway:{gateway}")
        });
        Buffered::json(match caller {
            Some(caller) => {
                let message = tool_call::message(tool, arguments);
                tool_call::result(self.ask(&message, &caller).await)
            }
            None => tool_call::failure("this function is no target for gateways (`MCP_DOORS`)"),
        })
    }

    async fn action(&self, action: &Action<'_>) -> Buffered {
        let caller = self.caller(Door::Agent, || {
            format!("bedrock-agent:{}", action.agent_id().unwrap_or_default())
        });
        let Some(caller) = caller else {
            return Buffered::json(action.refusal("this function serves no agents (`MCP_DOORS`)"));
        };
        let message = tool_call::message(action.tool(), &action.arguments());
        let result = tool_call::result(self.ask(&message, &caller).await);
        let most = self.function.settings.agent_limit();
        Buffered::json(match ToolResult::parse(&result) {
            Some(result) => action.reply(&result, most),
            None => action.refusal("the server could not answer"),
        })
    }

    /// Who came through a door where AWS lets only those in that may invoke the function; `None` when
    /// the door is closed.
    fn caller(&self, door: Door, name: impl FnOnce() -> String) -> Option<Caller> {
        let scopes = self.function.settings.doors.scopes(door)?;
        let caller = identity::of_invocation(self.context, name());
        Some(caller.with_scopes(scopes.iter().cloned()))
    }

    async fn ask(&self, message: &str, caller: &Caller) -> Option<Vec<u8>> {
        let limit = ReplyLimit::plain(self.function.settings.reply_limit());
        let invocation = Invocation::new(message)
            .caller(caller)
            .reply_limit(limit)
            .platform_request(&self.platform);
        let invocation = match self.deadline {
            Some(deadline) => invocation.deadline(deadline),
            None => invocation,
        };
        invocation.answer(&self.function.server).await
    }
}

/// What Lambda says of an invocation, for records of it. The trace comes with the invocation: the variable
/// of the process is another one's where several run at a time.
fn platform_request(context: &Context) -> PlatformRequest {
    let request = PlatformRequest::new("lambda", context.request_id.as_str())
        .function(context.invoked_function_arn.as_str());
    match &context.xray_trace_id {
        Some(header) => request.x_ray(header),
        None => request,
    }
}

/// A JSON-RPC error; `id` is empty for a request of which nothing was read.
fn error(id: &str, refusal: Refusal, text: &str) -> String {
    let text = tool_call::quoted(text);
    let error = format!(r#"{{"code":-32600,"message":{text},"data":{{"reason":"{refusal}"}}}}"#);
    format!(r#"{{"jsonrpc":"2.0",{id}"error":{error}}}"#)
}

/// The token of a header of its own as `Authorization` has it, where it needs a scheme.
fn bearer(token: HeaderValue) -> HeaderValue {
    let text = token.to_str().ok().filter(|text| !text.contains(' '));
    let named = text.and_then(|text| HeaderValue::from_str(&format!("Bearer {text}")).ok());
    named.unwrap_or(token)
}

/// A JSON-RPC error for a message that is not looked at, but for its id.
fn refusal(message: &str, refusal: Refusal, text: &str) -> String {
    #[derive(Deserialize)]
    struct Request<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }

    let Ok(Request { id }) = serde_json::from_str(message) else {
        return error("", refusal, text);
    };
    error(&format!(r#""id":{id},"#), refusal, text)
}
