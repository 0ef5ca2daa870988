use mcp_core::{Server, State, prompt, prompts, resource, resources, server_info};

/// Reads.
#[resource("a://{texts}")]
fn call(texts: u32, state: &App) -> String {
    let _ = state;
    texts.to_string()
}

/// Reads.
#[resource("b://{call}")]
async fn texts(call: u32, state: &App) -> String {
    let _ = state;
    call.to_string()
}

/// Reads.
#[resource("c://{uri}/{a0}")]
fn uri(a0: u32, uri: &str, state: &App) -> String {
    let _ = (state, uri);
    a0.to_string()
}

/// Asks.
#[prompt]
fn typed(#[arg(complete = completing)] typed: &str, state: &App) -> String {
    let _ = state;
    typed.to_owned()
}

fn completing(completing: &str) -> Vec<String> {
    vec![completing.to_owned()]
}

/// Asks.
#[prompt]
async fn a0(i0: u32, reply: Option<&str>, state: &App) -> String {
    let _ = (state, reply);
    i0.to_string()
}

#[derive(State)]
struct App;

fn main() {
    let _ = (call::uri(1), texts::uri(1), uri::uri(1, "a"));
    let _ = Server::new(server_info!(), App)
        .resources(resources![call, texts, uri])
        .prompts(prompts![typed, a0])
        .build();
}
