//! Sales for an agent of Amazon Bedrock, as a Lambda function. `definitions` prints the schema of its action group.

use mcp_core::{Caller, Error, HostError, Result, Server, State, server_info, tool, tools};
use mcp_lambda_adapter::definitions::agent_openapi;
use mcp_side_by_side::Ledger;

#[derive(State)]
struct App {
    ledger: Ledger,
}

/// What a customer bought.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Sales {
    customer: String,
    months: u32,
    total_cents: u64,
}

/// Total of the agent's sales to a customer.
#[tool(read_only)]
fn get_sales(
    /// Customer number, as printed on the invoice.
    customer: String,
    /// How many months to look back.
    #[arg(default = 12, range = 1..=60)]
    months: u32,
    ledger: &Ledger,
    who: &Caller,
) -> Result<Sales> {
    let total = ledger.total(who.subject(), &customer, months);
    let total_cents = total.ok_or_else(|| Error::new("you have no such customer"))?;
    Ok(Sales {
        customer,
        months,
        total_cents,
    })
}

/// Records a sale of the agent.
#[tool]
fn record_sale(
    /// Customer number, as printed on the invoice.
    customer: &str,
    /// What the customer paid, in cents.
    cents: u64,
    ledger: &Ledger,
    who: &Caller,
) -> String {
    ledger.record(who.subject(), customer, cents);
    format!("recorded {cents} cents of {customer}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), HostError> {
    let ledger = Ledger::default();
    let server = Server::new(server_info!(), App { ledger })
        .tools(tools![get_sales, record_sale])
        .build()?;
    if std::env::args().nth(1).as_deref() == Some("definitions") {
        println!("{}", agent_openapi(&server).await?);
        return Ok(());
    }
    mcp_lambda_adapter::run(server).await
}
