//! A report that takes a while: it says how far it has come, and ends early when nobody wants it.

use std::sync::Arc;
use std::time::Duration;

use mcp_core::{Context, Progress, Result, tool};

use super::query;
use crate::db::SalesDb;
use crate::records::YearReport;

/// Stands for the work that a real report does for each month, so that there is time to cancel it.
const WORK: Duration = Duration::from_millis(50);

/// Net sales of one year, month by month. Takes about a second.
#[tool(read_only)]
pub(crate) async fn export_report(
    /// The year, such as 2025.
    #[arg(range = 2000..=2100)]
    year: u16,
    cx: &Context,
    sales: &Arc<SalesDb>,
) -> Result<YearReport> {
    let mut months = Vec::with_capacity(12);
    for number in 1..=12 {
        let name = format!("{year}-{number:02}");
        // A call that is cancelled is dropped where it waits: here, or below, between two months.
        let month = query(sales, move |sales| sales.month(&name)).await?;
        cx.progress(Progress::new(number).of(12).message(month.month.as_str()));
        months.push(month);
        tokio::time::sleep(WORK).await;
    }
    let total_cents = months.iter().map(|month| month.total_cents).sum();
    Ok(YearReport {
        year,
        months,
        total_cents,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use mcp_core::{Context, HostError, Result};
    use serde_json::json;

    use super::export_report;
    use crate::db::testing::TestDb;
    use crate::testing::Desk;

    #[tokio::test(start_paused = true)]
    async fn the_months_of_all_years_add_up_to_what_all_customers_ordered() -> Result<()> {
        let db = TestDb::new()?;
        let (mut orders, mut cents) = (0, 0);
        for year in 2022..=2026 {
            let report = export_report(year, &Context::for_tests(), &db).await?;
            assert_eq!(report.months.len(), 12);
            assert_eq!(report.months[1].month, format!("{year}-02"));
            orders += report.months.iter().map(|month| month.orders).sum::<u32>();
            cents += report.total_cents;
        }
        let (mut expected_orders, mut expected_cents) = (0, 0);
        for customer in db.customers_like("", 1000)? {
            let sales = db.total(&customer, 1200)?;
            expected_orders += sales.orders;
            expected_cents += sales.total_cents;
        }
        assert_eq!((orders, cents), (expected_orders, expected_cents));
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_hears_of_every_month() -> Result<(), HostError> {
        let params = json!({"name": "export_report", "arguments": {"year": 2025}});
        let sent = Desk::new()?.send("tools/call", params).await;
        assert_eq!(sent.len(), 13);
        assert_eq!(sent[11]["params"]["progress"], 12);
        assert_eq!(sent[11]["params"]["message"], "2025-12");
        assert_eq!(sent[12]["result"]["structuredContent"]["year"], 2025);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_report_that_nobody_wants_ends_between_two_months() -> Result<()> {
        let db = TestDb::new()?;
        let cx = Context::for_tests();
        let report = export_report(2025, &cx, &db);
        let patience = Duration::from_millis(75);
        let ended = tokio::time::timeout(patience, report).await;
        assert!(ended.is_err());
        // Nothing of it goes on in the background.
        assert_eq!(Arc::strong_count(&db), 1);
        Ok(())
    }
}
