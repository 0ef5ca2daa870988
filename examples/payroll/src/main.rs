//! Salaries, for an AI agent that works for whoever signed in: everybody sees their own, managers see
//! their team's, a director sees the sum. The model holds no credential, and cannot talk its way into
//! somebody else's row.
//!
//! | to see how | look into |
//! | --- | --- |
//! | tokens are accepted, and what group may do what | `identity.rs` |
//! | a rule decides row by row | `rules.rs` |
//! | a tool says which scopes it needs, and asks for more of them | `tools.rs` |
//! | a resource and a prompt suggest only what their reader may see | `resources.rs`, `prompts.rs` |
//!
//! `payroll` serves Lambda events when it runs there, and HTTP on `MCP_BIND` anywhere else.

#[cfg(test)]
mod contract;
mod employees;
mod identity;
mod prompts;
mod resources;
mod rules;
mod suggestions;
mod tools;

use std::sync::Arc;

use mcp_core::jwt::TokenVerifier;
use mcp_core::{HostError, Server, State, prompts, resources, server_info, tools};

use crate::employees::Employees;
use crate::prompts::review;
use crate::resources::employee_record;
use crate::tools::{get_salary, list_team, total_salaries};

/// Set in the environment of every Lambda function.
const LAMBDA_MARK: &str = "AWS_LAMBDA_RUNTIME_API";

/// Everything the tools borrow.
#[derive(State)]
struct App {
    employees: Arc<Employees>,
}

fn server(employees: Employees, tokens: TokenVerifier) -> Result<Server, HostError> {
    let employees = Arc::new(employees);
    let known = Arc::clone(&employees);
    let server = Server::new(server_info!(), App { employees })
        .tools(tools![get_salary, list_team, total_salaries])
        .resources(resources![employee_record])
        .prompts(prompts![review])
        .caller_source(tokens)
        .policy(move |access| rules::decide(&known, access));
    Ok(server.build()?)
}

#[tokio::main]
async fn main() -> Result<(), HostError> {
    let server = server(Employees::read()?, identity::from_env()?)?;
    if std::env::var_os(LAMBDA_MARK).is_some() {
        mcp_lambda_adapter::run(server).await
    } else {
        mcp_fargate_adapter::serve(server).await
    }
}
