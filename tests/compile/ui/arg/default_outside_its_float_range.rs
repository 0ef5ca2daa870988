use mcp_core::tool;

/// Scales.
#[tool]
fn scale(#[arg(default = 1.5, range = 0.0..=1.0)] factor: f64) -> f64 {
    factor
}

fn main() {}
