//! The server under measurement, written with this SDK: `add`, and extra tools to fill its
//! catalogue.

use mcp_core::audit::Audit;
use mcp_core::{HostError, Metrics, Server, ServerBuilder, server_info, tool, tools};

/// Adds two numbers.
#[tool(read_only)]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {
    a + b
}

/// Defines one module of tools for each group, and the server that registers them.
macro_rules! serve {
    ($($group:ident from $least:literal { $($name:ident)* })*) => {
        $(mod $group {
            use mcp_core::tool;
            $(
                /// Adds two numbers.
                #[tool(read_only)]
                pub(super) fn $name(
                    /// First summand.
                    a: i64,
                    /// Second summand.
                    b: i64,
                ) -> i64 {
                    a + b
                }
            )*
        })*

        /// A server with `add` and the groups that `extra` tools are made of.
        #[allow(dead_code)] // not every program takes it as it is
        pub(crate) fn server(extra: usize) -> Result<Server, HostError> {
            Ok(builder(extra).build()?)
        }

        /// The same, for a program that has more to say about it. Nothing is written down of its calls.
        pub(crate) fn builder(extra: usize) -> ServerBuilder<()> {
            let mut server = Server::new(server_info!(), ())
                .tools(tools![add])
                .audit(Audit::off())
                .metrics(Metrics::off());
            $(
                if extra >= $least {
                    server = server.tools(tools![$($group::$name),*]);
                }
            )*
            server
        }
    };
}
with_extra_tools!(serve);
