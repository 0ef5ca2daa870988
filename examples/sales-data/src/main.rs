//! What a sales team would give an AI agent: sales per customer, orders, refunds, and a way to
//! record a sale.
//!
//! One server, three hosts: `sales-data` speaks stdio to the program that started it, or serves
//! Lambda events when it runs there; `sales-data http` listens on `MCP_BIND`.

mod cursor;
mod db;
mod records;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;

use mcp_core::{HostError, Server, State, server_info, tools};

use crate::db::SalesDb;
use crate::tools::{get_customer_sales, get_refund_status, list_orders, record_sale};

/// What the model reads before it picks a tool.
const INSTRUCTIONS: &str = "\
    Sales of one company: customers (`C-1001`), their orders (`O-20001`) and refunds. Amounts are \
    in cents and net of refunds; a cancelled order counts 0. For a total ask `get_customer_sales` \
    instead of adding up the pages of `list_orders`.";

/// Set in the environment of every Lambda function.
const LAMBDA_MARK: &str = "AWS_LAMBDA_RUNTIME_API";

const USAGE: &str = "usage: sales-data [http]

  (none)  serve stdio, or Lambda events when running on AWS Lambda
  http    serve HTTP on MCP_BIND, by default 127.0.0.1:8000

SALES_DB names the database file.";

/// Everything the tools borrow.
#[derive(State)]
struct App {
    sales: SalesDb,
}

fn server() -> Result<Server, HostError> {
    let app = App {
        sales: SalesDb::from_env()?,
    };
    let server = Server::new(server_info!(), app)
        .instructions(INSTRUCTIONS)
        .tools(tools![
            get_customer_sales,
            list_orders,
            get_refund_status,
            record_sale
        ])
        .build()?;
    Ok(server)
}

#[tokio::main]
async fn main() -> Result<ExitCode, HostError> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [] if std::env::var_os(LAMBDA_MARK).is_some() => mcp_lambda_adapter::run(server()?).await?,
        [] => mcp_core::stdio::serve(server()?).await?,
        [host] if host == "http" => mcp_fargate_adapter::serve(server()?).await?,
        _ => {
            eprintln!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
