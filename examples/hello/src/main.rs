//! The smallest server: one tool over standard input and output.

use mcp_core::{BuildError, HostError, Server, server_info, stdio, tool, tools};

/// Greets somebody by name.
#[tool(read_only)]
fn hello(
    /// Who to greet.
    name: &str,
) -> String {
    format!("Hello, {name}!")
}

fn server() -> Result<Server, BuildError> {
    Server::new(server_info!(), ()).tools(tools![hello]).build()
}

fn main() -> Result<(), HostError> {
    stdio::run(server()?)
}

#[cfg(test)]
mod tests {
    use mcp_core::assert_contract;
    use mcp_core::testing::Portability;

    #[test]
    fn the_contract_is_kept_and_every_vendor_takes_it() {
        let server = super::server().unwrap();
        assert_contract!(server);
        let report = Portability::of(&server);
        assert!(report.is_empty(), "{report}");
    }
}
