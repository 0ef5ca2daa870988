//! What several instances of the server need in common, if the environment names it.

use std::env;

use mcp_core::{HostError, SealKeys, ServerBuilder};

use crate::App;

/// Says where a Redis or Valkey is.
const REDIS_URL: &str = "MCP_REDIS_URL";

/// The server with what the environment names.
pub(crate) fn join(mut server: ServerBuilder<App>) -> Result<ServerBuilder<App>, HostError> {
    // Without any, a host that is alone, on standard input or a loopback address, makes a key.
    if let Some(keys) = SealKeys::from_env_if_set()? {
        server = server.seal_with(keys);
    }
    // Each instance notices by itself what changes in the directory. But a client of an older revision
    // may subscribe at one of them and listen at another, which have to tell each other then.
    if env::var_os(REDIS_URL).is_some() {
        server = hear_of_others(server)?;
    }
    Ok(server)
}

#[cfg(feature = "redis")]
fn hear_of_others(server: ServerBuilder<App>) -> Result<ServerBuilder<App>, HostError> {
    let redis = mcp_fargate_adapter::Redis::from_env()?;
    Ok(server.event_bus(redis.prefix("log-stream").bus()))
}

// Going on without would look as if it worked: whoever set the variable means it.
#[cfg(not(feature = "redis"))]
fn hear_of_others(_: ServerBuilder<App>) -> Result<ServerBuilder<App>, HostError> {
    Err(HostError::new(format!(
        "`{REDIS_URL}` is set, and this program was built without what it takes to use it: build it \
         with `--features redis`, or remove the variable"
    )))
}
