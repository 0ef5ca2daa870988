use mcp_core::{Server, server_info, tool, tools};

mod sales {
    /// Adds.
    #[mcp_core::tool]
    pub fn add(a: u32, b: u32) -> u32 {
        a + b
    }

    /// Doubles.
    #[mcp_core::tool]
    pub async fn double(a: u32) -> u32 {
        add(a, a)
    }

    pub(crate) mod inner {
        /// Halves.
        #[mcp_core::tool]
        pub(in crate::sales) fn halve(a: u32) -> u32 {
            a / 2
        }

        /// Halves twice.
        #[mcp_core::tool]
        pub(crate) fn quarter(a: u32) -> u32 {
            halve(halve(a))
        }
    }

    pub(crate) use inner::quarter as fourth;
}

use sales::{add, double};

/// Adds three.
#[tool]
fn add_three(a: u32, b: u32, c: u32) -> u32 {
    add(add(a, b), c)
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![
            add,
            double,
            sales::fourth,
            sales::inner::quarter,
            add_three
        ])
        .build();
}
