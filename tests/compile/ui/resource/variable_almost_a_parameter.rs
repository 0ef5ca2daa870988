use mcp_core::resource;

/// What was sold.
#[resource("sales://{custmer_id}")]
fn sales(customer_id: &str) -> String {
    let _ = customer_id;
    String::new()
}

fn main() {}
