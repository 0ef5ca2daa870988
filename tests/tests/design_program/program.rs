use mcp_core::{Caller, Result, Server, State, server_info, tool, tools};

#[derive(State)]
struct App { sales: SalesDb }

/// Net sales of one customer over a window of months.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Sales { customer_id: String, months: u32, total_cents: i64 }

/// Total sales for one customer.
#[tool(read_only, scopes("sales:read"))]
async fn get_customer_sales(
    /// Customer number, as printed on the invoice.
    customer_id: &str,
    /// How many months to look back.
    #[arg(default = 12, range = 1..=60)]
    months: u32,
    sales: &SalesDb,
    who: &Caller,
) -> Result<Sales> {
    let total_cents = sales.total(who.subject(), customer_id, months).await?;
    Ok(Sales { customer_id: customer_id.into(), months, total_cents })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), mcp_lambda_adapter::Error> {
    let app = App { sales: SalesDb::connect().await? };
    let server = Server::new(server_info!(), app).tools(tools![get_customer_sales]).build()?;
    mcp_lambda_adapter::run(server).await       // or mcp_core::stdio::serve, mcp_fargate_adapter::serve
}
