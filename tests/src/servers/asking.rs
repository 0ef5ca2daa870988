//! The server of `asking_server.rs` on standard input and output.

use mcp_core::{HostError, stdio};
use mcp_tests::asking_server::{Runs, builder};

fn main() -> Result<(), HostError> {
    stdio::run(builder(&Runs::default()).build()?)
}
