//! Functions are found wherever imports find them, and can be called like any other.

use mcp_core::{Server, server_info, tool, tools};

mod sales {
    use mcp_core::{Result, tool};

    pub mod deep {
        /// Adds.
        #[mcp_core::tool]
        pub(in crate::sales) fn add(a: u32) -> u32 {
            a
        }

        /// Sums.
        #[mcp_core::tool]
        pub fn sum(a: u32) -> u32 {
            super::deep::add(a)
        }
    }

    pub use deep::sum;

    /// Fails.
    #[tool]
    pub(crate) async fn fail() -> Result<u32> {
        Ok(deep::add(5))
    }

    pub(crate) fn count() -> usize {
        mcp_core::Server::new(mcp_core::server_info!(), ())
            .tools(mcp_core::tools![deep::add, self::fail])
            .build()
            .map_or(0, |_| 2)
    }
}

mod all {
    pub use super::sales::*;
}

use all::sum as total;

/// Calls the others.
#[tool]
async fn call() -> u32 {
    total(sales::fail().await.unwrap_or_default())
}

fn main() {
    let _ = sales::count();
    let _ = Server::new(server_info!(), ())
        .tools(tools![total, all::deep::sum, crate::sales::fail, call])
        .build();
}
