/// Adds.
#[tool]
fn add() {}

fn main() {}
