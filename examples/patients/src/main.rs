//! What a clinic would let an AI agent read: its notes, without what tells whose they are.
//!
//! | to see how | look into |
//! | --- | --- |
//! | a result of any length goes out in pages | `tools.rs` |
//! | personal data is taken out of everything that is sent | `redactors.rs` |
//! | a service is asked what is personal, in pieces that it takes | `detect_phi.rs`, `chunks.rs` |
//! | nobody reads a note without a record of which one | `tools.rs`, `.audit(..)` below |
//!
//! One server, three hosts: `patients` speaks stdio to the program that started it, or serves Lambda events
//! when it runs there; `patients http` listens on `MCP_BIND`.
//!
//! With the feature `comprehend` and `PATIENTS_COMPREHEND=on`, Amazon Comprehend Medical looks for names,
//! dates and addresses, for the region and the credentials of the environment. Without it, what has no
//! form of its own, such as a name, is not found: this is no way to serve real notes.

#[cfg(feature = "comprehend")]
mod chunks;
#[cfg(feature = "comprehend")]
mod detect_phi;
mod records;
mod redactors;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;

use mcp_core::audit::Audit;
use mcp_core::redact::Redactor;
use mcp_core::{HostError, SealKeys, Server, State, server_info, tools};

use crate::records::Records;
use crate::tools::{find_notes, list_notes, read_note};

/// Set in the environment of every Lambda function.
const LAMBDA_MARK: &str = "AWS_LAMBDA_RUNTIME_API";

const USAGE: &str = "usage: patients [http]

  (none)  serve stdio, or Lambda events when running on AWS Lambda
  http    serve HTTP on MCP_BIND, by default 127.0.0.1:8000

PATIENTS_COMPREHEND=on asks Amazon Comprehend Medical what is personal, if the program was built with
the feature `comprehend`. MCP_SEAL_KEYS holds the keys that seal cursors; all instances need the same.";

/// Everything the tools borrow.
#[derive(State)]
struct App {
    records: Records,
}

fn server(records: Records, redactor: impl Redactor) -> Result<Server, HostError> {
    let mut server = Server::new(server_info!(), App { records })
        .instructions("Notes of a clinic. What tells whose they are is replaced, as in `[NAME]`.")
        .tools(tools![list_notes, find_notes, read_note])
        // A note whose record is not kept does not leave.
        .audit(Audit::stdout().fail_closed())
        .redactor(redactor);
    // Without any, a host that is alone, on standard input or a loopback address, makes a key.
    if let Some(keys) = SealKeys::from_env_if_set()? {
        server = server.seal_with(keys);
    }
    Ok(server.build()?)
}

#[tokio::main]
async fn main() -> Result<ExitCode, HostError> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let server = async || server(Records::example(), redactors::from_env().await?);
    match arguments.as_slice() {
        [] if std::env::var_os(LAMBDA_MARK).is_some() => {
            mcp_lambda_adapter::run(server().await?).await?;
        }
        [] => mcp_core::stdio::serve(server().await?).await?,
        [host] if host == "http" => mcp_fargate_adapter::serve(server().await?).await?,
        _ => {
            eprintln!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
