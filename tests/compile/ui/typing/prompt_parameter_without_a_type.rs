#![allow(unused_variables)]

use mcp_core::{Server, server_info, prompt, prompts};

/// Adds.
#[prompt]
fn add(pages: u32, to: ) -> String {
    String::new()
}

fn main() {
    let _ = Server::new(server_info!(), ()).prompts(prompts![add]).build();
}
