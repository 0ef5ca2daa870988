//! What callers can rely on: `contract.json`, and that every model vendor takes the tools.

use mcp_core::testing::Portability;
use mcp_core::{HostError, assert_contract};

use crate::documents::{Documents, Source};
use crate::embedded::Embedded;

#[test]
fn the_contract_is_kept_and_every_vendor_takes_the_tools() -> Result<(), HostError> {
    let server = crate::server(Documents::new("", Source::Embedded(Embedded::example()))?)?;
    assert_contract!(server);
    let report = Portability::of(&server);
    assert!(report.is_empty(), "{report}");
    Ok(())
}
