use mcp_core::{Server, prompt, server_info, tools};

/// Drafts a letter.
#[prompt]
fn letter() -> String {
    String::new()
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![letter]).build();
}
