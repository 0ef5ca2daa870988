use mcp_core::{Server, prompt, prompts, server_info, tools};

/// Drafts a letter.
#[prompt]
#[mcp_core::tool(read_only)]
fn letter() -> String {
    String::new()
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .prompts(prompts![letter])
        .tools(tools![letter])
        .build();
}
