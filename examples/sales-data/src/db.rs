//! The sales database behind one face: a `SQLite` file, or a table in Amazon `DynamoDB`.
//!
//! The tools do not know which. Both engines answer the same, `checks.rs` holds them to it.

mod data;
#[cfg(feature = "dynamodb")]
mod dynamo;
mod error;
mod sqlite;
mod status;

#[cfg(test)]
mod checks;
#[cfg(test)]
pub(crate) mod testing;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

#[cfg(feature = "dynamodb")]
use self::dynamo::Dynamo;
pub(crate) use self::error::DbError;
use self::sqlite::Sqlite;
use crate::cursor::Position;
use crate::records::{
    CustomerSales, CustomerSummary, MonthSales, OrderStatus, OrderSummary, RecordedSale,
    RefundStatus,
};

/// Names the table in Amazon `DynamoDB`.
const TABLE: &str = "SALES_TABLE";

/// What is left of an order.
pub(crate) struct Left {
    /// Whose order it is.
    pub customer_id: String,
    /// What could still be paid back, in cents.
    pub cents: i64,
}

/// The sales database. A method blocks its thread until the database has answered.
pub(crate) struct SalesDb(Engine);

/// Where the sales are.
enum Engine {
    /// In a file.
    Sqlite(Sqlite),
    /// In a table.
    #[cfg(feature = "dynamodb")]
    Dynamo(Dynamo),
}

/// Asks the engine that there is.
macro_rules! ask {
    ($db:expr, $engine:ident => $question:expr) => {
        match &$db.0 {
            Engine::Sqlite($engine) => $question,
            #[cfg(feature = "dynamodb")]
            Engine::Dynamo($engine) => Ok($question?),
        }
    };
}

impl SalesDb {
    /// Opens the table that `SALES_TABLE` names. Where it is not set, the file that `SALES_DB`
    /// names, by default `sales-data.db` in the directory for temporary files.
    pub(crate) fn from_env() -> Result<Self, DbError> {
        if let Some(table) = std::env::var_os(TABLE) {
            return Self::open_table(&table);
        }
        let path = std::env::var_os("SALES_DB")
            .map_or_else(|| std::env::temp_dir().join("sales-data.db"), PathBuf::from);
        Self::open(&path)
    }

    /// Opens the database in the file `path`, creating and filling it when it is new.
    pub(crate) fn open(path: &Path) -> Result<Self, DbError> {
        Ok(Self(Engine::Sqlite(Sqlite::open(path)?)))
    }

    #[cfg(feature = "dynamodb")]
    fn open_table(table: &OsStr) -> Result<Self, DbError> {
        Ok(Self(Engine::Dynamo(Dynamo::open(table)?)))
    }

    // Nothing else is opened in its place: whoever set the variable means the table.
    #[cfg(not(feature = "dynamodb"))]
    fn open_table(_: &OsStr) -> Result<Self, DbError> {
        Err(DbError::NoFeature)
    }

    /// Writes the example's data into the table that `SALES_TABLE` names, and says what was done.
    #[cfg(feature = "dynamodb")]
    pub(crate) fn fill_from_env() -> Result<String, DbError> {
        Ok(Dynamo::fill(&std::env::var_os(TABLE).unwrap_or_default())?)
    }

    /// Refused: without the feature there is no table to fill.
    #[cfg(not(feature = "dynamodb"))]
    pub(crate) fn fill_from_env() -> Result<String, DbError> {
        Err(DbError::NoFeature)
    }

    /// Whether there is such a customer.
    pub(crate) fn has_customer(&self, customer_id: &str) -> Result<bool, DbError> {
        ask!(self, engine => engine.has_customer(customer_id))
    }

    /// The first `limit` numbers of customers that begin like this.
    pub(crate) fn customers_like(&self, start: &str, limit: u16) -> Result<Vec<String>, DbError> {
        ask!(self, engine => engine.customers_like(start, limit))
    }

    /// Who a customer is and what they ordered, or `None` when there is no such customer.
    pub(crate) fn summary(&self, customer_id: &str) -> Result<Option<CustomerSummary>, DbError> {
        ask!(self, engine => engine.summary(customer_id))
    }

    /// What a customer ordered in the last `months`, counted back from the newest order of anyone.
    pub(crate) fn total(&self, customer_id: &str, months: u32) -> Result<CustomerSales, DbError> {
        ask!(self, engine => engine.total(customer_id, months))
    }

    /// At most `limit` orders of a customer, newest first, from just after a place in the list.
    pub(crate) fn orders(
        &self,
        customer_id: &str,
        status: Option<OrderStatus>,
        after: Option<Position<'_>>,
        limit: u16,
    ) -> Result<Vec<OrderSummary>, DbError> {
        ask!(self, engine => engine.orders(customer_id, status, after, limit))
    }

    /// What everybody ordered in a month, written as `2026-03`.
    pub(crate) fn month(&self, month: &str) -> Result<MonthSales, DbError> {
        ask!(self, engine => engine.month(month))
    }

    /// Adds a paid order, dated today or like the newest order, whichever is later. Two processes
    /// never give out the same number.
    pub(crate) fn record(
        &self,
        customer_id: &str,
        amount_cents: i64,
    ) -> Result<RecordedSale, DbError> {
        ask!(self, engine => engine.record(customer_id, amount_cents))
    }

    /// The refund of an order, or `None` when there is no such order.
    pub(crate) fn refund(&self, order_id: &str) -> Result<Option<RefundStatus>, DbError> {
        ask!(self, engine => engine.refund(order_id))
    }

    /// What is left of an order, or `None` when there is no such order.
    pub(crate) fn left(&self, order_id: &str) -> Result<Option<Left>, DbError> {
        ask!(self, engine => engine.left(order_id))
    }

    /// Pays back a part of an order, once per name of a call. False when it is more than is left.
    /// Two processes never pay back more than there was, and never twice for one call.
    pub(crate) fn pay_back(
        &self,
        call: &str,
        order_id: &str,
        amount_cents: i64,
    ) -> Result<bool, DbError> {
        ask!(self, engine => engine.pay_back(call, order_id, amount_cents))
    }
}
