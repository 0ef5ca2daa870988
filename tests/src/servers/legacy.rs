//! The server of `legacy_server.rs` as a process: over HTTP where `MCP_BIND` names an address, else on
//! standard input and output; with the keys in `MCP_SEAL_KEYS` where there are any.

use mcp_core::{HostError, SealKeys, stdio};
use mcp_tests::legacy_server::{Shared, builder};

fn main() -> Result<(), HostError> {
    let mut server = builder(&Shared::default());
    if let Some(keys) = SealKeys::from_env_if_set()? {
        server = server.seal_with(keys);
    }
    let server = server.build()?;
    if std::env::var_os("MCP_BIND").is_none() {
        return stdio::run(server);
    }
    tokio::runtime::Runtime::new()?.block_on(mcp_fargate_adapter::serve(server))
}
