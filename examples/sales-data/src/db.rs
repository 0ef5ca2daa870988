//! The sales database: one `SQLite` file, filled at its first start.

mod error;
mod fill;
mod status;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};

pub(crate) use self::error::DbError;
use crate::cursor::Position;
use crate::records::{
    CustomerSales, OrderStatus, OrderSummary, RecordedSale, RefundState, RefundStatus,
};

/// How long to wait for another process that writes. Filling an empty file takes a fraction of it.
const BUSY: Duration = Duration::from_secs(10);

const HAS_CUSTOMER: &str = "SELECT EXISTS (SELECT 1 FROM customers WHERE id = :customer)";

// `floor` keeps a month back from the 31st inside the month before.
const TOTAL: &str = "
    SELECT count(*), coalesce(sum(net_cents), 0)
    FROM net_orders
    WHERE customer_id = :customer
      AND placed_on > (
          SELECT date(max(placed_on), '-' || :months || ' months', 'floor') FROM orders
      )";

const ORDERS: &str = "
    SELECT order_id, placed_on, status, net_cents
    FROM net_orders
    WHERE customer_id = :customer
      AND (:status IS NULL OR status = :status)
      AND (:day IS NULL OR (placed_on, order_id) < (:day, :order))
    ORDER BY placed_on DESC, order_id DESC
    LIMIT :limit";

const REFUND: &str =
    "SELECT amount_cents, refunded_cents, refunded_on FROM orders WHERE order_id = :order";

const RECORD: &str = "
    INSERT INTO orders (order_id, customer_id, placed_on, status, amount_cents)
    SELECT 'O-' || (max(CAST(substr(order_id, 3) AS INTEGER)) + 1),
           :customer,
           max(max(placed_on), date('now')),
           :status,
           :amount
    FROM orders
    RETURNING order_id, placed_on, amount_cents";

/// The sales database behind one connection.
///
/// A query holds the lock for microseconds, so a pool of connections would buy nothing.
pub(crate) struct SalesDb {
    connection: Mutex<Connection>,
}

impl SalesDb {
    /// Opens the file that `SALES_DB` names, by default `sales-data.db` in the directory for
    /// temporary files.
    pub(crate) fn from_env() -> Result<Self, DbError> {
        let path = std::env::var_os("SALES_DB")
            .map_or_else(|| std::env::temp_dir().join("sales-data.db"), PathBuf::from);
        Self::open(&path)
    }

    /// Opens the database in `path`, creating and filling it when it is new.
    pub(crate) fn open(path: &Path) -> Result<Self, DbError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        fill::fill_once(&mut connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Whether there is such a customer.
    pub(crate) fn has_customer(&self, customer_id: &str) -> Result<bool, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(HAS_CUSTOMER)?;
        Ok(statement.query_row(named_params! { ":customer": customer_id }, |row| row.get(0))?)
    }

    /// What a customer ordered in the last `months`, counted back from the newest order of anyone.
    pub(crate) fn total(&self, customer_id: &str, months: u32) -> Result<CustomerSales, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(TOTAL)?;
        let sales = statement.query_row(
            named_params! { ":customer": customer_id, ":months": months },
            |row| {
                Ok(CustomerSales {
                    customer_id: customer_id.to_owned(),
                    months,
                    orders: row.get(0)?,
                    total_cents: row.get(1)?,
                })
            },
        )?;
        Ok(sales)
    }

    /// At most `limit` orders of a customer, newest first, from just after a place in the list.
    pub(crate) fn orders(
        &self,
        customer_id: &str,
        status: Option<OrderStatus>,
        after: Option<Position<'_>>,
        limit: u16,
    ) -> Result<Vec<OrderSummary>, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(ORDERS)?;
        let parameters = named_params! {
            ":customer": customer_id,
            ":status": status,
            ":day": after.map(|position| position.placed_on),
            ":order": after.map(|position| position.order_id),
            ":limit": limit,
        };
        let orders = statement.query_map(parameters, |row| {
            Ok(OrderSummary {
                order_id: row.get(0)?,
                placed_on: row.get(1)?,
                status: row.get(2)?,
                amount_cents: row.get(3)?,
            })
        })?;
        Ok(orders.collect::<Result<_, _>>()?)
    }

    /// The refund of an order, or `None` when there is no such order.
    pub(crate) fn refund(&self, order_id: &str) -> Result<Option<RefundStatus>, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(REFUND)?;
        let refund = statement.query_row(named_params! { ":order": order_id }, |row| {
            let refunded_cents = row.get(1)?;
            Ok(RefundStatus {
                order_id: order_id.to_owned(),
                state: RefundState::of(row.get(0)?, refunded_cents),
                refunded_cents,
                refunded_on: row.get(2)?,
            })
        });
        Ok(refund.optional()?)
    }

    /// Adds a paid order, dated today or like the newest order, whichever is later.
    ///
    /// The transaction takes the write lock before it reads the highest number, so two processes
    /// never give out the same one.
    pub(crate) fn record(
        &self,
        customer_id: &str,
        amount_cents: i64,
    ) -> Result<RecordedSale, DbError> {
        let mut connection = self.lock()?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let parameters = named_params! {
            ":customer": customer_id,
            ":status": OrderStatus::Paid,
            ":amount": amount_cents,
        };
        let sale = transaction
            .prepare_cached(RECORD)?
            .query_row(parameters, |row| {
                Ok(RecordedSale {
                    order_id: row.get(0)?,
                    placed_on: row.get(1)?,
                    amount_cents: row.get(2)?,
                })
            })?;
        transaction.commit()?;
        Ok(sale)
    }

    fn lock(&self) -> Result<MutexGuard<'_, Connection>, DbError> {
        self.connection.lock().map_err(|_| DbError::Poisoned)
    }
}
