//! Items of a function body, as in a test.

use mcp_core::{Server, server_info, tool, tools};

fn server() -> bool {
    #[derive(mcp_core::State)]
    struct App {
        number: u32,
    }

    /// Adds.
    #[tool]
    fn add(app: &App, #[arg(range = 1..=5)] a: u32) -> u32 {
        app.number + a
    }

    {
        /// Adds too, under the same name.
        #[tool]
        async fn add(a: u32) -> u32 {
            a
        }
        let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
    }

    let app = App { number: 5 };
    Server::new(server_info!(), app).tools(tools![add]).build().is_ok()
}

impl Clone for Other {
    fn clone(&self) -> Self {
        /// In a method.
        #[tool]
        fn inner() {}
        let _ = Server::new(server_info!(), ()).tools(tools![inner]).build();
        Self
    }
}

struct Other;

fn main() {
    let _ = (server(), Other.clone());
}
