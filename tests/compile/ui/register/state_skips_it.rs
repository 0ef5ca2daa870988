use mcp_core::{Server, State, server_info, tool, tools};

struct Sales;

#[derive(State)]
struct App {
    #[state(skip)]
    sales: Sales,
}

/// Adds.
#[tool]
fn add(sales: &Sales) {
    let _ = sales;
}

fn main() {
    let _ = Server::new(server_info!(), App { sales: Sales })
        .tools(tools![add])
        .build();
}
