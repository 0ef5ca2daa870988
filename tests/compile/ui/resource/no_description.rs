use mcp_core::resource;

#[resource("sales://all")]
fn sales() -> String {
    String::new()
}

fn main() {}
