//! Whose tokens are accepted, from the environment.
//!
//! | variable | what it holds |
//! | --- | --- |
//! | `PAYROLL_USER_POOL` | the user pool in Cognito, such as `eu-central-1_AbCdEf123` |
//! | `PAYROLL_CLIENTS` | its app clients that may call, separated by commas |
//! | `PAYROLL_RESOURCE_SERVER` | the identifier of its resource server, with the scopes `payroll:read`, `payroll:team` and `payroll:all`; without it scopes come from groups |
//! | `MCP_JWKS` | the pool's public keys as JSON, where nothing can be fetched |
//! | `PAYROLL_JWKS_URL` | where the keys are fetched from instead of the pool |

use std::env;

use mcp_core::HostError;
use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};

const POOL: &str = "PAYROLL_USER_POOL";
const CLIENTS: &str = "PAYROLL_CLIENTS";
const RESOURCE_SERVER: &str = "PAYROLL_RESOURCE_SERVER";
const JWKS: &str = "MCP_JWKS";
const JWKS_URL: &str = "PAYROLL_JWKS_URL";

pub(crate) fn from_env() -> Result<TokenVerifier, HostError> {
    let clients = required(CLIENTS)?;
    let pool = Issuer::cognito(&required(POOL)?).allowed_clients(clients.split(',').map(str::trim));
    let pool = match env::var(RESOURCE_SERVER) {
        // What a user agreed to stands in the token, and no group adds to it.
        Ok(identifier) => pool.resource_server(&identifier),
        Err(_) => pool
            .dedicated_clients()
            .grant("employees", ["payroll:read"])
            .grant("managers", ["payroll:read", "payroll:team"])
            .grant("directors", ["payroll:read", "payroll:team", "payroll:all"]),
    };
    let pool = match env::var(JWKS_URL) {
        _ if env::var_os(JWKS).is_some() => pool.keys(Jwks::from_env()?),
        Ok(url) => pool.jwks_url(url),
        Err(_) => pool,
    };
    Ok(TokenVerifier::new([pool])?)
}

fn required(name: &str) -> Result<String, HostError> {
    env::var(name).map_err(|_| HostError::new(format!("`{name}` is not set, see `identity.rs`")))
}
