//! What a file promises besides: it is filled once, and is understood over versions.

use std::thread;

use rusqlite::Connection;

use crate::db::testing::{self, TestFile};
use crate::db::{DbError, SalesDb, data};

/// Rows of a table in the file.
fn count(file: &TestFile, table: &str) -> Result<usize, DbError> {
    let sql = format!("SELECT count(*) FROM {table}");
    Ok(Connection::open(file.path())?.query_row(&sql, [], |row| row.get(0))?)
}

#[test]
fn every_line_of_the_data_is_a_row() -> Result<(), DbError> {
    let file = TestFile::new();
    SalesDb::open(file.path())?;
    assert_eq!(count(&file, "customers")?, testing::count(data::CUSTOMERS));
    assert_eq!(count(&file, "orders")?, testing::count(data::ORDERS));
    Ok(())
}

#[test]
fn a_second_open_keeps_what_was_recorded() -> Result<(), DbError> {
    let file = TestFile::new();
    let sale = SalesDb::open(file.path())?.record("C-1001", 500)?;
    let filled = count(&file, "orders")?;
    let again = SalesDb::open(file.path())?;
    assert_eq!(count(&file, "orders")?, filled);
    assert!(again.refund(&sale.order_id)?.is_some());
    Ok(())
}

#[test]
fn opens_at_once_fill_the_file_once_and_never_share_a_number() -> Result<(), DbError> {
    let file = TestFile::new();
    let mut numbers = thread::scope(|scope| {
        let open_and_record = || SalesDb::open(file.path())?.record("C-1001", 500);
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(open_and_record)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Err(DbError::Poisoned)))
            .map(|sale| sale.map(|sale| sale.order_id))
            .collect::<Result<Vec<_>, _>>()
    })?;
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 4);
    assert_eq!(count(&file, "orders")?, testing::count(data::ORDERS) + 4);
    Ok(())
}

#[test]
fn a_file_of_another_version_is_left_alone() -> Result<(), DbError> {
    let file = TestFile::new();
    Connection::open(file.path())?.pragma_update(None, "user_version", 7)?;
    assert!(matches!(
        SalesDb::open(file.path()),
        Err(DbError::Version(7))
    ));
    assert_eq!(count(&file, "sqlite_schema")?, 0);
    Ok(())
}

#[test]
fn a_file_of_the_version_before_keeps_its_orders_and_takes_refunds() -> Result<(), DbError> {
    let file = TestFile::new();
    SalesDb::open(file.path())?.record("C-1001", 500)?;
    let orders = count(&file, "orders")?;
    Connection::open(file.path())?.execute_batch(
        "DROP TABLE refunds;
         PRAGMA user_version = 1;",
    )?;
    assert!(SalesDb::open(file.path())?.pay_back("a", "O-20001", 1)?);
    assert_eq!(count(&file, "orders")?, orders);
    assert_eq!(count(&file, "refunds")?, 1);
    Ok(())
}
