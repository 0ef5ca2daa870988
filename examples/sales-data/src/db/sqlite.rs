//! The sales in one `SQLite` file, filled at its first start.

mod fill;
mod refunds;
mod status;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};

use super::DbError;
use crate::cursor::Position;
use crate::records::{
    CustomerSales, CustomerSummary, MonthSales, OrderStatus, OrderSummary, RecordedSale,
};

/// How long to wait for another process that writes. Filling an empty file takes a fraction of it.
const BUSY: Duration = Duration::from_secs(10);

const HAS_CUSTOMER: &str = "SELECT EXISTS (SELECT 1 FROM customers WHERE id = :customer)";

const CUSTOMERS_LIKE: &str = "
    SELECT id FROM customers
    WHERE substr(id, 1, length(:start)) = :start
    ORDER BY id
    LIMIT :limit";

// Grouped, so that an unknown customer has no row instead of one without orders.
const SUMMARY: &str = "
    SELECT name, country, count(order_id), coalesce(sum(net_cents), 0), max(placed_on)
    FROM customers LEFT JOIN net_orders ON customer_id = id
    WHERE id = :customer
    GROUP BY id";

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

const MONTH: &str = "
    SELECT count(*), coalesce(sum(net_cents), 0)
    FROM net_orders
    WHERE placed_on BETWEEN :month || '-01' AND :month || '-31'";

const RECORD: &str = "
    INSERT INTO orders (order_id, customer_id, placed_on, status, amount_cents)
    SELECT 'O-' || (max(CAST(substr(order_id, 3) AS INTEGER)) + 1),
           :customer,
           max(max(placed_on), date('now')),
           :status,
           :amount
    FROM orders
    RETURNING order_id, placed_on, amount_cents";

/// The file behind one connection.
///
/// A query holds the lock for microseconds, so a pool of connections would buy nothing.
pub(super) struct Sqlite {
    connection: Mutex<Connection>,
}

impl Sqlite {
    /// Opens the database in `path`, creating and filling it when it is new.
    pub(super) fn open(path: &Path) -> Result<Self, DbError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        fill::fill_once(&mut connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    pub(super) fn has_customer(&self, customer_id: &str) -> Result<bool, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(HAS_CUSTOMER)?;
        Ok(statement.query_row(named_params! { ":customer": customer_id }, |row| row.get(0))?)
    }

    pub(super) fn customers_like(&self, start: &str, limit: u16) -> Result<Vec<String>, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(CUSTOMERS_LIKE)?;
        let parameters = named_params! { ":start": start, ":limit": limit };
        let customers = statement.query_map(parameters, |row| row.get(0))?;
        Ok(customers.collect::<Result<_, _>>()?)
    }

    pub(super) fn summary(&self, customer_id: &str) -> Result<Option<CustomerSummary>, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(SUMMARY)?;
        let summary = statement.query_row(named_params! { ":customer": customer_id }, |row| {
            Ok(CustomerSummary {
                customer_id: customer_id.to_owned(),
                name: row.get(0)?,
                country: row.get(1)?,
                orders: row.get(2)?,
                total_cents: row.get(3)?,
                last_order_on: row.get(4)?,
            })
        });
        Ok(summary.optional()?)
    }

    pub(super) fn total(&self, customer_id: &str, months: u32) -> Result<CustomerSales, DbError> {
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

    pub(super) fn orders(
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

    pub(super) fn month(&self, month: &str) -> Result<MonthSales, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(MONTH)?;
        let sales = statement.query_row(named_params! { ":month": month }, |row| {
            Ok(MonthSales {
                month: month.to_owned(),
                orders: row.get(0)?,
                total_cents: row.get(1)?,
            })
        })?;
        Ok(sales)
    }

    /// The transaction takes the write lock before it reads the highest number, so two processes
    /// never give out the same one.
    pub(super) fn record(
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
