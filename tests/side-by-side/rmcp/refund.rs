//! A refund that the user has to approve, over standard input and output, with rmcp.

use std::sync::Arc;

use mcp_side_by_side::Orders;
use rmcp::handler::server::{tool::InputResponses, wrapper::Parameters};
use rmcp::model::{
    CallToolResponse, CallToolResult, ContentBlock, ElicitRequest, ElicitRequestParams,
    ElicitResult, ElicitationAction, ElicitationSchema, InputRequest, InputRequests,
    InputRequiredResult, ProtocolVersion,
};
use rmcp::service::{ElicitationError, RequestContext};
use rmcp::transport::stdio;
use rmcp::{ErrorData, Peer, RoleServer, ServiceExt, elicit_safe, schemars, tool, tool_router};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct RefundParams {
    /// Order number.
    order: String,
}

/// What the user has to say.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Approval {
    /// Whether to pay back.
    approve: bool,
}

elicit_safe!(Approval);

#[derive(Clone)]
struct RefundServer {
    orders: Arc<Orders>,
}

#[tool_router(server_handler)]
impl RefundServer {
    /// Pays back an order, after the user approved it.
    #[tool(annotations(destructive_hint = true))]
    async fn refund(
        &self,
        Parameters(RefundParams { order }): Parameters<RefundParams>,
        InputResponses(answers): InputResponses,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let question = format!("Refund order {order}?");
        let modern = context.protocol_version() >= Some(ProtocolVersion::V_2026_07_28);
        let approved = if modern {
            match answers.as_ref().and_then(|all| all.get("approval")) {
                Some(answer) => read(answer)?,
                None => return ask(question),
            }
        } else {
            ask_and_wait(&context.peer, question).await?
        };
        if !approved {
            return Ok(failed("the user did not approve the refund"));
        }
        Ok(match self.orders.pay_back(&order) {
            Some(cents) => {
                let text = format!("paid back {cents} cents");
                CallToolResult::success(vec![ContentBlock::text(text)]).into()
            }
            None => failed("there is no such order to pay back"),
        })
    }
}

fn failed(why: &str) -> CallToolResponse {
    CallToolResult::error(vec![ContentBlock::text(why)]).into()
}

/// Ends the call with the question; the client calls again with the answer.
fn ask(message: String) -> Result<CallToolResponse, ErrorData> {
    let requested_schema = ElicitationSchema::from_type::<Approval>()
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let form = ElicitRequest::new(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message,
        requested_schema,
    });
    let mut requests = InputRequests::new();
    requests.insert("approval".to_owned(), InputRequest::Elicitation(form));
    Ok(InputRequiredResult::new(Some(requests), None).into())
}

fn read(answer: &serde_json::Value) -> Result<bool, ErrorData> {
    let invalid = |error: serde_json::Error| ErrorData::invalid_params(error.to_string(), None);
    let answer: ElicitResult = serde_json::from_value(answer.clone()).map_err(invalid)?;
    if answer.action != ElicitationAction::Accept {
        return Ok(false);
    }
    let content = answer.content.unwrap_or_default();
    let approval: Approval = serde_json::from_value(content).map_err(invalid)?;
    Ok(approval.approve)
}

/// Asks a client of an older revision, and waits.
async fn ask_and_wait(peer: &Peer<RoleServer>, question: String) -> Result<bool, ErrorData> {
    match peer.elicit::<Approval>(question).await {
        Ok(approval) => Ok(approval.is_some_and(|given| given.approve)),
        Err(ElicitationError::UserDeclined | ElicitationError::UserCancelled) => Ok(false),
        Err(error) => Err(ErrorData::internal_error(error.to_string(), None)),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let orders = Arc::new(Orders::default());
    let service = RefundServer { orders }.serve(stdio()).await?;
    service.waiting().await?;
    Ok(())
}
