//! The server of `talk.rs` as a process: over HTTP where `MCP_BIND` names an address, else on standard
//! input and output.

use mcp_core::{HostError, stdio};
use mcp_tests::talk;

fn main() -> Result<(), HostError> {
    let server = talk::server()?;
    if std::env::var_os("MCP_BIND").is_none() {
        return stdio::run(server);
    }
    tokio::runtime::Runtime::new()?.block_on(mcp_fargate_adapter::serve(server))
}
