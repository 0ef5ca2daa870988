//! Attributes of others beside ours, in front and behind.

#![deny(unused_must_use)]

use mcp_core::{Server, resource, resources, server_info, tool, tools};

/// Adds.
#[inline]
#[tool(read_only)]
#[must_use]
#[allow(clippy::missing_const_for_fn)]
fn add(#[allow(unused_variables)] a: u32, #[arg(range = 1..)] #[expect(unused_mut)] mut b: u32) -> u32 {
    b
}

/// Subtracts.
#[tool]
#[deprecated = "use add"]
#[cfg_attr(all(), inline(never))]
#[cold]
pub(crate) fn subtract() {}

#[doc(alias = "nothing")]
#[cfg(all())]
#[tool]
#[doc = "Does nothing."]
#[expect(unused_variables, reason = "the subject")]
async fn idle() {
    let unused = 5;
}

/// All sales.
#[resource("sales://all",)]
#[track_caller]
fn all() -> String {
    String::new()
}

#[allow(deprecated)]
fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![add, subtract, idle,])
        .resources(resources![all,])
        .build();
}
