use mcp_core::{Server, State, server_info, tool, tools};

trait Sales: Send + Sync {}

trait Stock: Send + Sync {}

#[derive(State)]
struct App {
    sales: Box<dyn Sales>,
}

fn app() -> App {
    todo!()
}

/// Adds.
#[tool]
fn add(stock: &dyn Stock) {
    let _ = stock;
}

fn main() {
    let _ = Server::new(server_info!(), app())
        .tools(tools![add])
        .build();
}
