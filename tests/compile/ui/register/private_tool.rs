use mcp_core::{Server, server_info, tools};

mod sales {
    /// Adds.
    #[mcp_core::tool]
    fn add() {}
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![sales::add]).build();
}
