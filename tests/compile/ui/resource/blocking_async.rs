use mcp_core::resource;

/// What was sold.
#[resource("sales://all", blocking)]
async fn sales() -> String {
    String::new()
}

fn main() {}
