use mcp_core::resource;

struct Region;

impl std::str::FromStr for Region {
    type Err = ();

    fn from_str(_: &str) -> Result<Self, ()> {
        Ok(Self)
    }
}

/// What was sold.
#[resource("sales://{region}")]
fn sales(region: Region) -> String {
    let _ = region;
    String::new()
}

fn main() {}
