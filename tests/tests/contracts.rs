//! What tools promise and what their calls keep, over a corpus of types: the published schemas, the
//! checks, and where both differ.

#[path = "contracts/beside_rmcp.rs"]
mod beside_rmcp;
#[path = "contracts/corpus.rs"]
mod corpus;
#[path = "contracts/exceptions.rs"]
mod exceptions;
#[path = "contracts/five_mistakes.rs"]
mod five_mistakes;
#[path = "contracts/generate.rs"]
mod generate;
#[path = "contracts/mutate.rs"]
mod mutate;
#[path = "contracts/names_and_bounds.rs"]
mod names_and_bounds;
#[path = "contracts/properties.rs"]
mod properties;
#[path = "contracts/results.rs"]
mod results;
#[path = "contracts/snapshots.rs"]
mod snapshots;
#[path = "contracts/two_sided.rs"]
mod two_sided;
#[path = "contracts/types.rs"]
mod types;
