use mcp_core::{Server, server_info, tool, tools};

mod own {
    pub type Result<T> = std::result::Result<T, std::io::Error>;
    pub type Outcome = std::result::Result<u32, mcp_core::Error>;
}

/// A.
#[tool]
fn a() -> mcp_core::Result<u32> {
    Ok(1)
}

/// B.
#[tool]
async fn b() -> own::Result<String> {
    Ok(String::new())
}

/// C.
#[tool]
fn c() -> own::Outcome {
    Ok(1)
}

/// D.
#[tool]
fn d() -> std::io::Result<()> {
    Ok(())
}

/// E.
#[tool]
async fn e() -> Result<Vec<u32>, std::num::ParseIntError> {
    Ok(vec!["5".parse()?])
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![a, b, c, d, e])
        .build();
}
