use mcp_core::{Server, State, expose, server_info};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// One of it.
    #[resource("desk://{drawer}", mimetype = "text/plain")]
    fn one(&self, drawer: u8) -> String {
        Self::one_uri(drawer)
    }

    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {
    let _ = Server::new(server_info!(), Desk).exposed().build();
}
