use mcp_core::{Server, server_info, tools};

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
