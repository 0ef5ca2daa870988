use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool]
fn r#move(r#type: &str, r#loop: u32) -> String {
    format!("{type}{loop}", type = r#type, loop = r#loop)
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![r#move])
        .build();
}
