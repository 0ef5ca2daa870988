//! Lists over HTTP for a caller who is known, on one thread. The first argument is `open`, for 100 tools
//! without scopes, or `scoped`, for 100 that need a scope which the caller has and 100 that need another.

#[macro_use]
#[path = "shared/extra.rs"]
#[allow(dead_code)] // the number of tools on the command line
mod extra;
#[path = "shared/listen.rs"]
mod listen;
#[path = "shared/ours.rs"]
mod ours;

use std::pin::Pin;

use axum::http::request::Parts;
use mcp_core::http::{CallerSource, Unidentified};
use mcp_core::{Caller, HostError, Provenance, Server, server_info, tool, tools};

/// Knows who calls without looking, so that only the list makes a difference.
struct Known(Caller);

impl CallerSource for Known {
    fn identify<'r>(
        &'r self,
        _: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        Box::pin(std::future::ready(Ok(Some(self.0.clone()))))
    }
}

/// Adds two numbers.
#[tool(read_only, scopes("held"))]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {
    a + b
}

/// A module of tools that need a scope.
macro_rules! scoped {
    ($group:ident $scope:literal { $($name:ident)* }) => {
        mod $group {
            use mcp_core::tool;
            $(
                /// Adds two numbers.
                #[tool(read_only, scopes($scope))]
                pub(super) fn $name(
                    /// First summand.
                    a: i64,
                    /// Second summand.
                    b: i64,
                ) -> i64 {
                    a + b
                }
            )*
        }
    };
}

/// Defines the groups, the last of which the caller does not see, and a function that registers them.
macro_rules! serve {
    (
        $first:ident from $a:literal { $($one:ident)* }
        $second:ident from $b:literal { $($two:ident)* }
        $hidden:ident from $c:literal { $($three:ident)* }
    ) => {
        scoped!($first "held" { $($one)* });
        scoped!($second "held" { $($two)* });
        scoped!($hidden "missing" { $($three)* });

        fn scoped_tools() -> mcp_core::ServerBuilder<()> {
            Server::new(server_info!(), ())
                .tools(tools![add])
                .tools(tools![$($first::$one),*])
                .tools(tools![$($second::$two),*])
                .tools(tools![$($hidden::$three),*])
        }
    };
}
with_extra_tools!(serve);

fn main() -> Result<(), HostError> {
    let builder = match std::env::args().nth(1).as_deref() {
        Some("open") => ours::builder(99),
        Some("scoped") => scoped_tools(),
        _ => return Err(HostError::new("the first argument is `open` or `scoped`")),
    };
    let caller = Caller::new("ann", Provenance::Custom).with_scopes(["held"]);
    let server = builder.caller_source(Known(caller)).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        mcp_fargate_adapter::serve_on(listen::listen().await?, server).await?;
        Ok(())
    })
}
