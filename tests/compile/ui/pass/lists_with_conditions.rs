//! Entries of lists that are not always there.

use mcp_core::{Server, prompts, resources, server_info, tools};

mod one {
    /// Adds.
    #[cfg(all())]
    #[mcp_core::tool]
    pub fn add() {}
}

mod other {
    /// Adds.
    #[cfg(any())]
    #[mcp_core::tool]
    pub fn add() {}
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![
            #[cfg(all())]
            one::add,
            #[cfg(any())]
            other::add,
        ])
        .tools(tools![])
        .resources(resources![])
        .prompts(prompts![
            #[cfg(any())]
            nowhere
        ])
        .build();
}
