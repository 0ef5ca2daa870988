use mcp_core::{Server, resource, resources, server_info};

/// What was sold.
#[resource("sales://{region}", mimetype = "text/plain")]
fn sales(region: &str) -> String {
    sales::uri(region)
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .resources(resources![sales])
        .build();
}
