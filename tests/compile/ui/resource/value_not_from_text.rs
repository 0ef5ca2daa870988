use mcp_core::resource;

struct Region;

impl std::fmt::Display for Region {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

/// What was sold.
#[resource("sales://{region}")]
fn sales(region: Region) -> String {
    let _ = region;
    String::new()
}

fn main() {}
