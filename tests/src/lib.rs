//! What the tests across the crates share: real clients, processes and a stand-in for Lambda.

pub mod asker;
pub mod asking_server;
pub mod endpoint_client;
pub mod everything;
pub mod lambda;
pub mod ledger;
pub mod legacy_server;
pub mod log;
pub mod message;
pub mod planted;
pub mod process;
pub mod rmcp_client;
pub mod rounds;
pub mod stdio_client;
pub mod talk;
pub mod tokens;
pub mod wire;

/// Any failure of a test's surroundings.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
