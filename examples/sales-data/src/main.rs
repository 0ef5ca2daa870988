//! What a sales team would give an AI agent: sales per customer, orders, refunds, a report of a year,
//! a way to record a sale and, once a person approved it, to pay money back.
//!
//! | to see how | look into |
//! | --- | --- |
//! | a tool queries a database, in pages where there is much | `tools.rs`, `cursor.rs` |
//! | a tool asks the user, and does once what was approved | `tools/refund.rs`, `db/sqlite/refunds.rs` |
//! | a tool reports progress and can be cancelled | `tools/report.rs` |
//! | a resource stands for many, and its readers hear of changes | `resources.rs` |
//! | a prompt suggests values for its arguments | `prompts.rs`, `suggestions.rs` |
//! | the same tools work on Amazon `DynamoDB` | `db.rs`, `db/dynamo.rs` |
//!
//! One server, three hosts: `sales-data` speaks stdio to the program that started it, or serves
//! Lambda events when it runs there; `sales-data http` listens on `MCP_BIND`. `sales-data fill` and
//! `sales-data schema` serve nobody: they are for whoever deploys it.

#[cfg(test)]
mod contract;
mod cursor;
mod db;
mod prompts;
mod records;
mod resources;
mod suggestions;
#[cfg(test)]
mod testing;
mod tone;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use mcp_core::{
    HostError, MemoryStore, SealKeys, Server, State, prompts, resources, server_info, tools,
};
use mcp_lambda_adapter::definitions;

use crate::db::SalesDb;
use crate::prompts::draft_refund_reply;
use crate::resources::customer_summary;
use crate::tools::{
    export_report, get_customer_sales, get_refund_status, list_orders, record_sale, refund_order,
};

/// What the model reads before it picks a tool.
const INSTRUCTIONS: &str = "\
    Sales of one company: customers (`C-1001`), their orders (`O-20001`) and refunds. Amounts are \
    in cents and net of refunds; a cancelled order counts 0. For a total ask `get_customer_sales` \
    instead of adding up the pages of `list_orders`, for the months of a year `export_report`. \
    `refund_order` asks the user for approval by itself.";

/// Set in the environment of every Lambda function.
const LAMBDA_MARK: &str = "AWS_LAMBDA_RUNTIME_API";

const USAGE: &str = "usage: sales-data [http | fill | schema FORM]

  (none)  serve stdio, or Lambda events when running on AWS Lambda
  http    serve HTTP on MCP_BIND, by default 127.0.0.1:8000
  fill    write the example's data into the table of SALES_TABLE, once
  schema  print the tools as AWS wants them described, and end; FORM is
          gateway        for the Lambda target of an AgentCore Gateway
          agent          for an action group of a Bedrock agent, as functions
          agent-openapi  the same as an OpenAPI document

SALES_DB names the database file. SALES_TABLE names a table in Amazon DynamoDB to use in its
place, if the program was built with the feature `dynamodb`. MCP_SEAL_KEYS holds the keys that
seal what clients hold between the question of `refund_order` and its answer; all instances
of one function on AWS Lambda need the same.";

/// Everything the tools borrow.
#[derive(State)]
struct App {
    sales: Arc<SalesDb>,
}

fn server(sales: Arc<SalesDb>) -> Result<Server, HostError> {
    let mut server = Server::new(server_info!(), App { sales })
        .instructions(INSTRUCTIONS)
        .tools(tools![
            get_customer_sales,
            list_orders,
            get_refund_status,
            record_sale,
            refund_order,
            export_report,
        ])
        .resources(resources![customer_summary])
        .prompts(prompts![draft_refund_reply])
        // Remembers for this process. Between processes on one database, it is the database that
        // books a refund once.
        .single_use_store(MemoryStore::single_process());
    // Without any, a host that is alone, on standard input or a loopback address, makes a key.
    if let Some(keys) = SealKeys::from_env_if_set()? {
        server = server.seal_with(keys);
    }
    Ok(server.build()?)
}

#[tokio::main]
async fn main() -> Result<ExitCode, HostError> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let open = || server(Arc::new(SalesDb::from_env()?));
    match arguments.as_slice() {
        [] if std::env::var_os(LAMBDA_MARK).is_some() => mcp_lambda_adapter::run(open()?).await?,
        [] => mcp_core::stdio::serve(open()?).await?,
        [host] if host == "http" => mcp_fargate_adapter::serve(open()?).await?,
        [task] if task == "fill" => println!("{}", SalesDb::fill_from_env()?),
        [task, form] if task == "schema" && form == "gateway" => {
            println!("{}", definitions::gateway(&open()?).await?);
        }
        [task, form] if task == "schema" && form == "agent" => {
            println!("{}", definitions::agent_functions(&open()?).await?);
        }
        [task, form] if task == "schema" && form == "agent-openapi" => {
            println!("{}", definitions::agent_openapi(&open()?).await?);
        }
        _ => {
            eprintln!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
