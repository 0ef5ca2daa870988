//! `add` over stdio with rmcp, for comparison; the first argument is the number of extra tools.

#[macro_use]
#[path = "shared/extra.rs"]
mod extra;
#[path = "shared/peer.rs"]
mod peer;

use rmcp::ServiceExt as _;
use rmcp::transport::stdio_pipes;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let peer = peer::Peer::new(extra::wanted());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Its faster stdio transport where, as here, both streams are pipes.
        peer.serve(stdio_pipes()).await?.waiting().await?;
        Ok(())
    })
}
