//! `add` as a Lambda function with this SDK.

#[macro_use]
#[path = "shared/extra.rs"]
mod extra;
#[path = "shared/ours.rs"]
mod ours;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), mcp_core::HostError> {
    mcp_lambda_adapter::run(ours::server(extra::wanted())?).await
}
