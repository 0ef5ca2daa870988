//! Options, written in every way that is accepted.

use mcp_core::{Server, prompt, prompts, resource, resources, server_info, tool, tools};

/// Nothing in parentheses.
#[tool()]
fn plain() {}

/// Brackets and braces.
#[tool[read_only]]
fn brackets() {}

/// All of them.
#[mcp_core::tool {
    name = "sales.delete-all",
    title = r"Delete",
    destructive = true,
    idempotent = false,
    open_world,
    icons("https://example.com/a.png", "data:image/png;base64,AAAA"),
    scopes("sales:read", "sales:write"),
    step_up,
    timeout = "1500ms",
}]
async fn all_of_them(
    #[arg()]
    #[arg(name = "howMany", header = "How-Many",)]
    number: u32,
) -> u32 {
    number
}

/// Off is off.
#[tool(read_only = false, destructive, blocking = false)]
fn off() {}

/// A resource.
#[resource("sales://all", name = "all", size = 5, audience("user", "assistant"), priority = 1)]
fn sales() -> &'static str {
    "sales"
}

/// A prompt.
#[prompt(name = "letter", title = "Letter", timeout = "2s")]
async fn draft(
    /// To whom.
    #[arg(name = "to", default = "you")]
    who: &str,
) -> String {
    who.to_owned()
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![plain, brackets, all_of_them, off])
        .resources(resources![sales])
        .prompts(prompts![draft])
        .build();
}
