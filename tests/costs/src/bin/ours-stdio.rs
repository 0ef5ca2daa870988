//! `add` over stdio with this SDK; the first argument is the number of extra tools. With `audited` as the
//! second, each call leaves the record that it leaves by default, else none.

#[macro_use]
#[path = "shared/extra.rs"]
mod extra;
#[path = "shared/ours.rs"]
mod ours;

use mcp_core::audit::Audit;
use mcp_core::stdio;

fn main() -> Result<(), mcp_core::HostError> {
    let mut server = ours::builder(extra::wanted());
    if std::env::args()
        .nth(2)
        .is_some_and(|word| word == "audited")
    {
        server = server.audit(Audit::stdout());
    }
    stdio::run(server.build()?)
}
