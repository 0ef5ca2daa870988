//! What clients can read, and subscribe to.

use mcp_core::{Error, Result, resource};

use crate::db::SalesDb;
use crate::records::CustomerSummary;
use crate::suggestions::customer_ids;

/// Who a customer is, and what they ordered so far. Changes with every sale and refund.
#[resource(
    "sales://customers/{customer_id}/summary",
    mime = "application/json",
    blocking
)]
pub(crate) fn customer_summary(
    /// Customer number, such as `C-1001`.
    #[arg(complete = customer_ids)]
    customer_id: &str,
    sales: &SalesDb,
) -> Result<CustomerSummary> {
    sales.summary(customer_id)?.ok_or_else(|| {
        Error::not_found(format!(
            "no customer `{customer_id}`: a customer number looks like `C-1001`"
        ))
    })
}

#[cfg(test)]
mod tests {
    use mcp_core::{HostError, Result};
    use serde_json::json;

    use super::customer_summary;
    use crate::db::testing::TestDb;
    use crate::testing::Desk;

    #[test]
    fn a_summary_has_everything_a_customer_ordered() -> Result<()> {
        let db = TestDb::new()?;
        let summary = customer_summary("C-1024", &db)?;
        let sales = db.total("C-1024", 1200)?;
        assert_eq!(summary.orders, sales.orders);
        assert_eq!(summary.total_cents, sales.total_cents);
        assert_eq!(summary.last_order_on.as_deref(), Some("2026-10-29"));

        let quiet = customer_summary("C-1040", &db)?;
        assert_eq!((quiet.orders, quiet.total_cents), (0, 0));
        assert_eq!(quiet.last_order_on, None);
        Ok(())
    }

    #[test]
    fn an_unknown_customer_is_not_found() -> Result<()> {
        let db = TestDb::new()?;
        let error = customer_summary("C-9", &db).map(|_| ()).err();
        assert!(format!("{error:?}").contains("not found: no customer `C-9`"));
        Ok(())
    }

    #[tokio::test]
    async fn whoever_subscribed_to_a_customer_hears_of_their_sales() -> Result<(), HostError> {
        for (customer, heard) in [("C-1001", 1), ("C-1002", 0)] {
            let desk = Desk::new()?;
            let sale = async {
                let arguments = json!({"customer_id": customer, "amount_cents": 1});
                let params = json!({"name": "record_sale", "arguments": arguments});
                desk.ask("tools/call", params).await;
            };
            let changes = desk.changes(&customer_summary::uri("C-1001"), sale).await;
            assert_eq!(changes, heard, "{customer}");
        }
        Ok(())
    }

    #[test]
    fn the_uri_of_a_summary_names_its_customer() {
        let uri = customer_summary::uri("C-1001");
        assert_eq!(uri, "sales://customers/C-1001/summary");
    }
}
