use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool]
#[cfg(unix)]
fn add() -> u32 {
    1
}

/// Adds.
#[tool]
#[cfg(not(unix))]
fn add() -> u32 {
    2
}

/// Gone.
#[cfg(any())]
#[tool]
fn gone() -> Missing {}

/// Gone, too.
#[tool]
#[cfg(any())]
fn gone_too(missing: Missing) {}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![
            add,
            #[cfg(any())]
            gone,
            #[cfg(any())]
            gone_too
        ])
        .build();
}
