use mcp_core::{Server, server_info, tool, tools};

struct Sales;

/// Adds.
#[tool]
fn add(sales: Option<&Sales>) {
    let _ = sales;
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
