use mcp_core::{Server, server_info, tools};

macro_rules! adder {
    ($name:ident, $number:ty, $result:ty) => {
        /// Adds.
        #[mcp_core::tool]
        pub fn $name(a: $number, b: Option<$number>, text: &str) -> $result {
            let _ = text;
            Ok(a + b.unwrap_or_default())
        }
    };
}

adder!(small, u32, mcp_core::Result<u32>);
adder!(large, u64, mcp_core::Result<u64>);

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![small, large])
        .build();
}
