//! A refund that the user has to approve, over standard input and output.

use mcp_core::{Answer, Context, Error, HostError, Result, Server, State, server_info, stdio};
use mcp_core::{tool, tools};
use mcp_side_by_side::Orders;

#[derive(State)]
struct App {
    orders: Orders,
}

/// What the user has to say.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Approval {
    /// Whether to pay back.
    approve: bool,
}

/// Pays back an order, after the user approved it.
#[tool(destructive)]
async fn refund(
    /// Order number.
    order: &str,
    cx: &Context,
    orders: &Orders,
) -> Result<String> {
    let question = format!("Refund order {order}?");
    let answer = cx.elicit::<Approval>("approval", &question).await?;
    let Answer::Accepted(Approval { approve: true }) = answer else {
        return Err(Error::new("the user did not approve the refund"));
    };
    let cents = orders
        .pay_back(order)
        .ok_or_else(|| Error::new("there is no such order to pay back"))?;
    Ok(format!("paid back {cents} cents"))
}

fn main() -> Result<(), HostError> {
    let orders = Orders::default();
    let server = Server::new(server_info!(), App { orders })
        .tools(tools![refund])
        .build()?;
    stdio::run(server)
}
