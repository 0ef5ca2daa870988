use mcp_core::{Server, State, server_info, tool, tools};

struct Sales;

#[derive(State)]
struct App {
    host: String,
}

/// Adds.
#[tool]
fn add(sales: &Sales) {
    let _ = sales;
}

fn main() {
    let _ = Server::new(
        server_info!(),
        App {
            host: String::new(),
        },
    )
    .tools(tools![add])
    .build();
}
