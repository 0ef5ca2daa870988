use mcp_core::{Server, server_info, tools};

struct Sales;

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![Sales]).build();
}
