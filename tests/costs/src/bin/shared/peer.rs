//! The same server written with the macros of rmcp: `add`, and extra tools to fill its catalogue.
//!
//! The router is built once and shared. The default of `#[tool_handler]` builds it again for every
//! call, which would flatter the SDK in the comparison.

use std::sync::Arc;

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{Json, ServerHandler, schemars, tool, tool_handler, tool_router};

/// The arguments of every tool.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Summands {
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
}

/// The server.
#[derive(Clone)]
pub(crate) struct Peer {
    tool_router: Arc<ToolRouter<Self>>,
}

#[tool_router(router = first)]
impl Peer {
    /// Adds two numbers.
    #[tool(annotations(read_only_hint = true))]
    fn add(Parameters(Summands { a, b }): Parameters<Summands>) -> Json<i64> {
        Json(a + b)
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Peer {}

/// Defines one router for each group, and the server that is made of them.
macro_rules! serve {
    ($($group:ident from $least:literal { $($name:ident)* })*) => {
        $(
            #[tool_router(router = $group)]
            impl Peer {
                $(
                    /// Adds two numbers.
                    #[tool(annotations(read_only_hint = true))]
                    fn $name(Parameters(Summands { a, b }): Parameters<Summands>) -> Json<i64> {
                        Json(a + b)
                    }
                )*
            }
        )*

        impl Peer {
            /// A server with `add` and the groups that `extra` tools are made of.
            pub(crate) fn new(extra: usize) -> Self {
                let mut router = Self::first();
                $(
                    if extra >= $least {
                        router += Self::$group();
                    }
                )*
                Self { tool_router: Arc::new(router) }
            }
        }
    };
}
with_extra_tools!(serve);
