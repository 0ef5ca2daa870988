use std::sync::Arc;

use mcp_core::{Server, State, server_info, tool, tools};

trait Sales: Send + Sync {
    fn total(&self) -> u32;
}

trait Stock: Send + Sync {
    fn left(&self) -> u32;
}

struct Fixed(u32);

impl Sales for Fixed {
    fn total(&self) -> u32 {
        self.0
    }
}

impl Stock for Fixed {
    fn left(&self) -> u32 {
        self.0
    }
}

#[derive(State)]
struct App {
    sales: Box<dyn Sales + Send + Sync>,
    stock: Arc<dyn Stock>,
}

/// A trait object.
#[tool]
fn total(sales: &dyn Sales) -> u32 {
    sales.total()
}

/// Another one, later.
#[tool]
async fn left(stock: &dyn Stock) -> u32 {
    stock.left()
}

fn main() {
    let app = App {
        sales: Box::new(Fixed(5)),
        stock: Arc::new(Fixed(5)),
    };
    let _ = Server::new(server_info!(), app)
        .tools(tools![total, left])
        .build();
}
