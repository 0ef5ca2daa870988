//! The first start: tables, and the rows of the CSV files under `data/`.

use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter};

use super::DbError;
use crate::db::data;

/// Schema version of a filled file; a new file has 0. Files of version 1 lack the table of refunds.
const VERSION: i64 = 2;

const SCHEMA: &str = include_str!("schema.sql");
const REFUNDS: &str = include_str!("refunds.sql");

/// Creates and fills the tables, unless that was done before.
///
/// Of two processes that start at once, one gets the write lock. The other waits for it, and only
/// then looks at the version, so it finds the work done.
pub(super) fn fill_once(connection: &mut Connection) -> Result<(), DbError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match transaction.pragma_query_value(None, "user_version", |row| row.get(0))? {
        VERSION => return Ok(()),
        1 => {}
        0 => fill(&transaction)?,
        found => return Err(DbError::Version(found)),
    }
    transaction.execute_batch(REFUNDS)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Creates the tables of version 1 and puts the data in.
fn fill(transaction: &Transaction<'_>) -> Result<(), DbError> {
    transaction.execute_batch(SCHEMA)?;
    insert(
        transaction,
        "INSERT INTO customers VALUES (?, ?, ?)",
        data::CUSTOMERS,
    )?;
    insert(
        transaction,
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''))",
        data::ORDERS,
    )
}

/// Inserts the lines of `csv`.
///
/// Every field goes in as text: the database turns it into the type of its column or refuses it,
/// and a line with a field too few or too many does not fit the statement.
fn insert(transaction: &Transaction<'_>, sql: &str, csv: &str) -> Result<(), DbError> {
    let mut statement = transaction.prepare(sql)?;
    for line in data::lines(csv) {
        statement.execute(params_from_iter(line.split(',')))?;
    }
    Ok(())
}
