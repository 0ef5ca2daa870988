//! The sales in one table of Amazon `DynamoDB`.
//!
//! | `pk` | `sk` | what it is |
//! | --- | --- | --- |
//! | `CUSTOMERS` | `C-1001` | a customer |
//! | `CUSTOMER#C-1001` | `2026-10-30#O-20728` | an order of theirs |
//! | `ORDER#O-20728` | `ORDER` | where to find the order: whose it is, and its day |
//! | `META` | `ORDERS` | the last number that was given out, and the newest day |
//!
//! The index `by_month` has the orders once more, by the attribute `month`, with `net_cents`. It
//! lags behind by moments and serves the totals of a month alone. Everything else is read from the
//! table, strongly consistent, so that whoever wrote something finds it.
//!
//! An order is one item, and it is found by a second one that never changes. So a refund is one
//! conditional update, and no method needs a transaction or reads the whole table.

mod client;
mod days;
mod driver;
mod error;
mod fill;
mod items;
mod queries;
mod record;
mod refunds;
mod table;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use self::driver::Driver;
pub(super) use self::error::TableError;
use self::table::Table;
use super::{Left, data};
use crate::cursor::Position;
use crate::records::{
    CustomerSales, CustomerSummary, MonthSales, OrderStatus, OrderSummary, RecordedSale,
    RefundStatus,
};

/// How long a method takes at most. The requests that it makes end earlier each, see `client.rs`.
const METHOD: Duration = Duration::from_secs(8);

/// How long filling the table takes at most.
const FILLING: Duration = Duration::from_secs(300);

/// A table, and the thread that waits for it.
pub(super) struct Dynamo {
    driver: Driver,
    table: Arc<Table>,
}

impl Dynamo {
    /// Opens a table that `fill` has filled.
    pub(super) fn open(name: &OsStr) -> Result<Self, TableError> {
        let (driver, table) = connect(name)?;
        Self::open_with(driver, table)
    }

    // A server that cannot serve says so at its start, not at its first call.
    fn open_with(driver: Driver, table: Arc<Table>) -> Result<Self, TableError> {
        let opened = Self { driver, table };
        opened.ask(|table| async move { table.check().await })?;
        Ok(opened)
    }

    /// Writes the example's data into a table, and says what was done.
    pub(super) fn fill(name: &OsStr) -> Result<String, TableError> {
        let (driver, table) = connect(name)?;
        driver.wait(FILLING, async move {
            fill::fill(&table, data::CUSTOMERS, data::ORDERS).await
        })
    }

    pub(super) fn has_customer(&self, customer_id: &str) -> Result<bool, TableError> {
        let customer = customer_id.to_owned();
        self.ask(|table| async move { Ok(table.customer(&customer).await?.is_some()) })
    }

    pub(super) fn customers_like(
        &self,
        start: &str,
        limit: u16,
    ) -> Result<Vec<String>, TableError> {
        let start = start.to_owned();
        self.ask(move |table| async move { table.customers_like(&start, limit).await })
    }

    pub(super) fn summary(&self, customer_id: &str) -> Result<Option<CustomerSummary>, TableError> {
        let customer = customer_id.to_owned();
        self.ask(|table| async move { table.summary(&customer).await })
    }

    pub(super) fn total(
        &self,
        customer_id: &str,
        months: u32,
    ) -> Result<CustomerSales, TableError> {
        let customer = customer_id.to_owned();
        self.ask(move |table| async move { table.total(&customer, months).await })
    }

    pub(super) fn orders(
        &self,
        customer_id: &str,
        status: Option<OrderStatus>,
        after: Option<Position<'_>>,
        limit: u16,
    ) -> Result<Vec<OrderSummary>, TableError> {
        let customer = customer_id.to_owned();
        let after = after.map(|position| items::order_sk(position.placed_on, position.order_id));
        self.ask(move |table| async move { table.orders(&customer, status, after, limit).await })
    }

    pub(super) fn month(&self, month: &str) -> Result<MonthSales, TableError> {
        let month = month.to_owned();
        self.ask(|table| async move { table.month(&month).await })
    }

    pub(super) fn record(
        &self,
        customer_id: &str,
        amount_cents: i64,
    ) -> Result<RecordedSale, TableError> {
        let customer = customer_id.to_owned();
        self.ask(move |table| async move { table.record(&customer, amount_cents).await })
    }

    pub(super) fn refund(&self, order_id: &str) -> Result<Option<RefundStatus>, TableError> {
        let order = order_id.to_owned();
        self.ask(|table| async move { table.refund(&order).await })
    }

    pub(super) fn left(&self, order_id: &str) -> Result<Option<Left>, TableError> {
        let order = order_id.to_owned();
        self.ask(|table| async move { table.left(&order).await })
    }

    pub(super) fn pay_back(
        &self,
        call: &str,
        order_id: &str,
        amount_cents: i64,
    ) -> Result<bool, TableError> {
        let (call, order) = (call.to_owned(), order_id.to_owned());
        self.ask(move |table| async move { table.pay_back(&call, &order, amount_cents).await })
    }

    /// Asks the table, and blocks until it has answered.
    fn ask<T, W>(&self, work: impl FnOnce(Arc<Table>) -> W) -> Result<T, TableError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, TableError>> + Send + 'static,
    {
        self.driver.wait(METHOD, work(Arc::clone(&self.table)))
    }
}

/// A client of the table with this name, for the region, endpoint and credentials of the
/// environment.
fn connect(name: &OsStr) -> Result<(Driver, Arc<Table>), TableError> {
    let name = name.to_str().filter(|name| !name.is_empty());
    let name = name.ok_or(TableError::Name)?.to_owned();
    let driver = Driver::start()?;
    let table = driver.wait(METHOD, async move {
        Ok(Table::new(name, &client::settings().load().await))
    })?;
    Ok((driver, Arc::new(table)))
}
