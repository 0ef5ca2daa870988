use mcp_core::{Server, resource, resources, server_info};

struct Db;

/// What was sold.
#[resource("sales://all")]
fn sales(db: &Db) -> String {
    let _ = db;
    String::new()
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .resources(resources![sales])
        .build();
}
