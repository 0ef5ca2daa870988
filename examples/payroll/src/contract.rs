//! What callers can rely on: `contract.json`, and that every model vendor takes the tools.

use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};
use mcp_core::testing::{Portability, TestIssuer};
use mcp_core::{HostError, assert_contract};

use crate::employees::Employees;

#[test]
fn the_contract_is_kept_and_every_vendor_takes_the_tools() -> Result<(), HostError> {
    let pool = Issuer::cognito("eu-central-1_Example")
        .allowed_clients(["payroll-app"])
        .resource_server("https://payroll.example.com")
        .keys(Jwks::parse(
            &TestIssuer::new("https://issuer.example.com").jwks(),
        )?);
    let server = crate::server(Employees::read()?, TokenVerifier::new([pool])?)?;
    assert_contract!(server);
    let report = Portability::of(&server);
    assert!(report.is_empty(), "{report}");
    Ok(())
}
