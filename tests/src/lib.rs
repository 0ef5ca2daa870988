//! What the tests across the crates share: real clients, processes and a stand-in for Lambda.

pub mod lambda;
pub mod log;
pub mod process;
pub mod rmcp_client;

/// Any failure of a test's surroundings.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
