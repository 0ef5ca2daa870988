#![no_implicit_prelude]

/// The state.
#[derive(::mcp_core::State)]
struct App {
    count: u32,
    total: ::std::boxed::Box<u64>,
}

/// Adds.
#[::mcp_core::tool(title = "Add", timeout = "30s", scopes("sales:read"), read_only)]
async fn add(
    #[arg(default = "a", length = 1..=5)] text: &str,
    #[arg(default = "b")] other: ::std::string::String,
    #[arg(default, range = 0..=5)] number: u32,
    perhaps: ::std::option::Option<u32>,
    who: ::std::option::Option<&::mcp_core::Caller>,
    count: &u32,
    total: &u64,
) -> ::std::result::Result<u32, ::std::io::Error> {
    let _ = (text, other, who, total, perhaps);
    ::std::result::Result::Ok(number + *count)
}

fn main() {
    let app = App {
        count: 1,
        total: ::std::boxed::Box::new(2),
    };
    let info = ::mcp_core::server_info!();
    let _ = ::mcp_core::Server::new(info, app)
        .tools(::mcp_core::tools![add])
        .build();
}
