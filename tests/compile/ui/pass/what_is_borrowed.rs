use std::sync::Arc;

use mcp_core::{Caller, Context, Server, State, server_info, tool, tools};

trait Sales: Send + Sync {
    fn total(&self) -> u32;
}

struct Fixed(u32);

impl Sales for Fixed {
    fn total(&self) -> u32 {
        self.0
    }
}

struct Cache;

#[derive(State)]
struct App {
    sales: Box<dyn Sales + Send + Sync>,
    cache: Arc<Cache>,
    hosts: Vec<String>,
    #[state(skip)]
    user: String,
    #[state(skip)]
    password: String,
}

/// A trait object.
#[tool]
fn total(sales: &(dyn Sales + Send + Sync)) -> u32 {
    sales.total()
}

/// What an `Arc` points to, and the `Arc`.
#[tool]
async fn cached(cache: &Cache, shared: &Arc<Cache>) {
    let _ = (cache, shared);
}

/// The whole state, the caller and the request.
#[tool]
async fn whole(app: &App, who: &Caller, perhaps: Option<&Caller>, context: &Context) -> String {
    let _ = (who, perhaps, context);
    format!("{}{}{}", app.user, app.password, app.hosts.len())
}

fn main() {
    let app = App {
        sales: Box::new(Fixed(5)),
        cache: Arc::new(Cache),
        hosts: Vec::new(),
        user: String::new(),
        password: String::new(),
    };
    let _ = Server::new(server_info!(), app)
        .tools(tools![total, cached, whole])
        .build();
}
