use mcp_core::{Server, expose, server_info};

struct Desk<T>(T);

struct Db;

#[expose]
impl<T> Desk<T> {
    /// Adds.
    #[tool]
    fn add(&self, db: &Db) {
        let _ = (&self.0, db);
    }
}

fn main() {
    let _ = Server::new(server_info!(), Desk(1)).exposed().build();
}
