//! A crate in which `mcp-core` is called `mcp`: proves that `#[tool(crate = mcp)]` and
//! `#[state(crate = mcp)]` reach everything through that path, and that `tools!` and `server_info!`
//! need no help.

use mcp::{BuildError, Caller, Context, Progress, Result, Server, State, server_info, tool, tools};

/// The state of the server.
#[derive(Debug, State)]
#[state(crate = mcp)]
struct App {
    greeting: Greeting,
}

/// How to greet.
#[derive(Debug)]
struct Greeting(&'static str);

/// Greets somebody by name.
#[tool(crate = mcp, read_only)]
fn greet(
    /// Who to greet.
    #[arg(length = 1..=20)]
    name: &str,
    /// How often.
    #[arg(default = 1, range = 1..=3)]
    times: u8,
    greeting: &Greeting,
) -> String {
    vec![format!("{}, {name}!", greeting.0); usize::from(times)].join(" ")
}

/// Says who calls, with the path in quotes.
#[tool(crate = "::mcp", timeout = "5s")]
async fn whoami(caller: Option<&Caller>, cx: &Context) -> Result<String> {
    cx.progress(Progress::new(1));
    std::future::ready(()).await;
    Ok(caller.map_or("nobody", Caller::subject).to_owned())
}

/// A server of both tools.
///
/// # Errors
///
/// When two tools have one name, which they do not.
pub fn server() -> std::result::Result<Server, BuildError> {
    let greeting = Greeting("Hello");
    Server::new(server_info!(), App { greeting })
        .tools(tools![greet, whoami])
        .build()
}
