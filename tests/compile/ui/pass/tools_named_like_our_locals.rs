use mcp_core::{Server, State, server_info, tool, tools};

/// Adds.
#[tool]
fn call(args: u32, state: &App) -> u32 {
    let _ = state;
    args
}

/// Adds.
#[tool]
async fn args(call: u32, state: &App) -> u32 {
    let _ = state;
    call
}

/// Adds.
#[tool]
fn mcp(a0: u32, state: &App) -> u32 {
    let _ = state;
    a0
}

/// Adds.
#[tool]
async fn a0(mcp: u32, state: &App) -> u32 {
    let _ = state;
    mcp
}

/// Adds.
#[tool]
fn i0(it: u32, state: &App) -> u32 {
    let _ = state;
    it
}

/// Adds.
#[tool]
fn request(refusal: u32, state: &App) -> u32 {
    let _ = state;
    refusal
}

/// Adds.
#[tool]
fn g(g: u32, state: &App) -> u32 {
    let _ = state;
    g
}

/// Adds.
#[tool]
fn reply(schema: u32, state: &App) -> u32 {
    let _ = state;
    schema
}

/// Adds.
#[tool]
fn spec(def: u32, state: &App) -> u32 {
    let _ = state;
    def
}

#[derive(State)]
struct App;

fn main() {
    let _ = Server::new(server_info!(), App)
        .tools(tools![call, args, mcp, a0, i0, request, g, reply, spec])
        .build();
}
