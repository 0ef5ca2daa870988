//! `add` over HTTP with this SDK, on one thread; the first argument is the number of extra tools.

#[macro_use]
#[path = "shared/extra.rs"]
mod extra;
#[path = "shared/listen.rs"]
mod listen;
#[path = "shared/ours.rs"]
mod ours;

fn main() -> Result<(), mcp_core::HostError> {
    let server = ours::server(extra::wanted())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        mcp_fargate_adapter::serve_on(listen::listen().await?, server).await?;
        Ok(())
    })
}
