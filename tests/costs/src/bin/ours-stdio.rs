//! `add` over stdio with this SDK; the first argument is the number of extra tools.

#[macro_use]
#[path = "shared/extra.rs"]
mod extra;
#[path = "shared/ours.rs"]
mod ours;

use mcp_core::stdio;

fn main() -> Result<(), mcp_core::HostError> {
    stdio::run(ours::server(extra::wanted())?)
}
