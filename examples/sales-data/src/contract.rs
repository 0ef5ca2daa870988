//! What callers can rely on: `contract.json`, and that every model vendor takes the tools.

use mcp_core::HostError;
use mcp_core::assert_contract;
use mcp_core::testing::Portability;

use crate::testing::Desk;

#[test]
fn the_contract_is_kept_and_every_vendor_takes_the_tools() -> Result<(), HostError> {
    let desk = Desk::new()?;
    assert_contract!(desk.server);
    let report = Portability::of(&desk.server);
    assert!(report.is_empty(), "{report}");
    Ok(())
}
