//! The tools: plain functions that a test can call like any other.
//!
//! Owned parameters and texts come from the client, `&SalesDb` from the server. A query blocks the
//! thread it runs on, so these tools are `blocking`; those that ask the user or take a while are
//! `async`, in files of their own. `Error::new` holds a text for the model; what the database says
//! goes through `?` and stays private.

mod refund;
mod report;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mcp_core::{Error, Notifier, Result, tool};

use crate::cursor::Position;
use crate::db::{DbError, SalesDb};
use crate::records::{CustomerSales, OrderPage, OrderStatus, RecordedSale, RefundStatus};
use crate::resources::customer_summary;

pub(crate) use self::refund::refund_order;
pub(crate) use self::report::export_report;

/// Net sales of one customer over the last months, counted back from the newest order.
#[tool(read_only, blocking)]
pub(crate) fn get_customer_sales(
    /// Customer number, such as `C-1001`.
    customer_id: &str,
    /// How many months to look back.
    #[arg(default = 12, range = 1..=120)]
    months: u32,
    sales: &SalesDb,
) -> Result<CustomerSales> {
    known_customer(sales, customer_id)?;
    Ok(sales.total(customer_id, months)?)
}

/// Orders of one customer, newest first, in pages.
#[tool(read_only, blocking)]
pub(crate) fn list_orders(
    /// Customer number, such as `C-1001`.
    customer_id: &str,
    /// Only orders with this status; all orders when left out.
    status: Option<OrderStatus>,
    /// How many orders a page holds at most.
    #[arg(default = 20, range = 1..=200)]
    limit: u16,
    /// `next_cursor` of the page before, unchanged; the first page when left out.
    cursor: Option<&str>,
    sales: &SalesDb,
) -> Result<OrderPage> {
    let after = cursor
        .map(|text| Position::parse(text).ok_or_else(bad_cursor))
        .transpose()?;
    known_customer(sales, customer_id)?;

    // One order more than the page holds tells whether there is a next page.
    let mut items = sales.orders(customer_id, status, after, limit.saturating_add(1))?;
    let more = items.len() > usize::from(limit);
    items.truncate(limit.into());
    let next_cursor = items
        .last()
        .filter(|_| more)
        .map(|last| Position::after(last).to_string());
    Ok(OrderPage { items, next_cursor })
}

/// Whether an order was refunded, how much of it, and when.
#[tool(read_only, blocking)]
pub(crate) fn get_refund_status(
    /// Order number, such as `O-20001`.
    order_id: &str,
    sales: &SalesDb,
) -> Result<RefundStatus> {
    sales
        .refund(order_id)?
        .ok_or_else(|| unknown_order(order_id))
}

/// Records a new, paid order of a customer. Each call records another one.
#[tool(destructive = false, blocking)]
pub(crate) fn record_sale(
    /// Customer number, such as `C-1001`.
    customer_id: &str,
    /// Worth of the order in cents.
    #[arg(range = 1..=100_000_000)]
    amount_cents: i64,
    sales: &SalesDb,
    notifier: &Notifier,
) -> Result<RecordedSale> {
    known_customer(sales, customer_id)?;
    let sale = sales.record(customer_id, amount_cents)?;
    notifier.resource_updated(&customer_summary::uri(customer_id));
    Ok(sale)
}

/// Queries the database from an `async` tool.
///
/// On the pool for blocking work and not inline: a query takes microseconds, unless another process
/// writes to the file, and meanwhile this thread has other calls to serve.
async fn query<T, F>(sales: &Arc<SalesDb>, run: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&SalesDb) -> Result<T, DbError> + Send + 'static,
{
    let sales = Arc::clone(sales);
    Ok(tokio::task::spawn_blocking(move || run(&sales)).await??)
}

/// Refuses a customer the database does not have. Customers are never removed, so the answer keeps.
fn known_customer(sales: &SalesDb, customer_id: &str) -> Result<()> {
    if sales.has_customer(customer_id)? {
        Ok(())
    } else {
        Err(Error::new(format!(
            "no customer `{customer_id}`: a customer number looks like `C-1001`"
        )))
    }
}

fn unknown_order(order_id: &str) -> Error {
    Error::new(format!(
        "no order `{order_id}`: an order number looks like `O-20001`"
    ))
}

fn bad_cursor() -> Error {
    Error::new(
        "`cursor` is not one this tool gave out: pass `next_cursor` of the page before unchanged, \
         or leave `cursor` out to start with the newest order",
    )
}
