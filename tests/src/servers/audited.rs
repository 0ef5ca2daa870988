//! A server that keeps its records in the file that `AUDIT_FILE` names, and else leaves them where they go
//! by default: over HTTP where `MCP_BIND` names an address, else on standard input and output. Everything
//! that anybody logs goes to standard error.

use std::io::Write as _;

use mcp_core::audit::{Audit, AuditFile};
use mcp_core::{
    Context, Error, HostError, Progress, Result, Server, prompt, prompts, resource, resources,
    server_info, stdio, tool, tools,
};
use mcp_tests::everything;
use mcp_tests::tokens::Tokens;

/// Pays somebody and waits for ever.
#[tool(destructive)]
async fn pay(
    /// The account.
    account: &str,
) {
    let _ = account;
    std::future::pending::<()>().await;
}

/// Takes what nobody may see.
#[tool(read_only)]
fn keep(
    /// The number of the chart.
    #[arg(audit)]
    chart: &str,
    /// What nobody may see.
    text: &str,
    /// What nobody may see either.
    #[arg(range = ..=1_000_000)]
    number: u32,
    cx: &Context,
) -> Result<String> {
    cx.progress(Progress::new(1));
    match text.len() % 3 {
        0 => Err(Error::new("three are too many")),
        1 => Err(std::io::Error::other("the database is away"))?,
        _ => Ok(format!("{} {} {number}", chart.len(), text.len())),
    }
}

/// A chart.
#[resource("charts://{chart}")]
fn chart(chart: &str) -> String {
    chart.len().to_string()
}

/// A letter.
#[prompt]
fn letter(to: &str) -> String {
    to.len().to_string()
}

fn main() -> Result<(), HostError> {
    let mut server = Server::new(server_info!(), ())
        .tools(tools![pay, keep])
        .resources(resources![chart])
        .prompts(prompts![letter])
        .caller_source(Tokens);
    if let Some(path) = std::env::var_os("AUDIT_FILE") {
        let file = AuditFile::open(path)?;
        let unfinished = file.unfinished();
        writeln!(std::io::stderr(), "unfinished={unfinished}")?;
        server = server.audit(Audit::to(file).intents().fail_closed());
    }
    everything::log();
    let server = server.build()?;
    if std::env::var_os("MCP_BIND").is_none() {
        return stdio::run(server);
    }
    tokio::runtime::Runtime::new()?.block_on(mcp_fargate_adapter::serve(server))
}
