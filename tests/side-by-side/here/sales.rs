//! Sales, over HTTP, for sellers who show a token: each sees and records their own.

use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};
use mcp_core::{Caller, Error, HostError, Result, Server, State, server_info, tool, tools};
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

/// Total of your sales to a customer.
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

/// Records a sale of yours.
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

#[tokio::main]
async fn main() -> Result<(), HostError> {
    let issuer = Issuer::oidc("https://id.example.com")
        .keys(Jwks::from_env()?)
        .allowed_audience(["sales"]);
    let ledger = Ledger::default();
    let server = Server::new(server_info!(), App { ledger })
        .tools(tools![get_sales, record_sale])
        .caller_source(TokenVerifier::new([issuer])?)
        .build()?;
    mcp_fargate_adapter::serve(server).await
}
