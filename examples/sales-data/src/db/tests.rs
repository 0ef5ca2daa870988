//! What the database promises whoever uses it, from several processes at once and over versions.

use std::thread;

use rusqlite::Connection;

use super::testing::TestFile;
use super::{DbError, SalesDb};
use crate::records::OrderStatus;

/// Rows of a table in the file.
fn count(file: &TestFile, table: &str) -> Result<usize, DbError> {
    let sql = format!("SELECT count(*) FROM {table}");
    Ok(Connection::open(file.path())?.query_row(&sql, [], |row| row.get(0))?)
}

/// Lines of a CSV file, without its heading.
fn lines(csv: &str) -> usize {
    csv.lines().skip(1).count()
}

#[test]
fn every_line_of_the_data_is_a_row() -> Result<(), DbError> {
    let file = TestFile::new();
    SalesDb::open(file.path())?;
    assert_eq!(
        count(&file, "customers")?,
        lines(include_str!("../../data/customers.csv"))
    );
    assert_eq!(
        count(&file, "orders")?,
        lines(include_str!("../../data/orders.csv"))
    );
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
    assert_eq!(
        count(&file, "orders")?,
        lines(include_str!("../../data/orders.csv")) + 4
    );
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
fn a_month_back_from_the_31st_stays_in_the_month_before() -> Result<(), DbError> {
    let file = TestFile::new();
    let sales = SalesDb::open(file.path())?;
    Connection::open(file.path())?.execute_batch(
        "DELETE FROM orders;
         INSERT INTO orders (order_id, customer_id, placed_on, status, amount_cents) VALUES
             ('O-1', 'C-1001', '2026-02-28', 'paid', 1),
             ('O-2', 'C-1001', '2026-03-01', 'paid', 10),
             ('O-3', 'C-1001', '2026-03-31', 'paid', 100);",
    )?;
    assert_eq!(sales.total("C-1001", 1)?.total_cents, 110);
    assert_eq!(sales.total("C-1001", 2)?.total_cents, 111);
    Ok(())
}

#[test]
fn a_sale_is_never_older_than_the_newest_order() -> Result<(), DbError> {
    let file = TestFile::new();
    let sales = SalesDb::open(file.path())?;
    Connection::open(file.path())?.execute(
        "INSERT INTO orders (order_id, customer_id, placed_on, status, amount_cents)
         VALUES ('O-99999', 'C-1001', '9999-01-31', 'paid', 1)",
        [],
    )?;
    let sale = sales.record("C-1002", 500)?;
    assert_eq!(
        (sale.order_id.as_str(), sale.placed_on.as_str()),
        ("O-100000", "9999-01-31")
    );
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

#[test]
fn all_that_is_left_is_paid_back_and_one_cent_more_is_not() -> Result<(), DbError> {
    let file = TestFile::new();
    let sales = SalesDb::open(file.path())?;
    let order = sales.record("C-1001", 500)?.order_id;
    let left = || Ok::<_, DbError>(sales.left(&order)?.map(|left| left.cents));
    assert!(sales.pay_back("a", &order, 200)?);
    assert!(!sales.pay_back("b", &order, 301)?);
    assert_eq!(left()?, Some(300));
    assert!(sales.pay_back("c", &order, 300)?);
    assert!(!sales.pay_back("d", &order, 1)?);
    assert_eq!(left()?, Some(0));

    let refund = sales.refund(&order)?;
    assert_eq!(refund.map(|refund| refund.refunded_cents), Some(500));
    let listed = sales.orders("C-1001", Some(OrderStatus::Refunded), None, 1)?;
    assert_eq!(listed.first().map(|listed| &listed.order_id), Some(&order));
    Ok(())
}

#[test]
fn a_call_pays_back_once_whatever_process_it_reaches() -> Result<(), DbError> {
    let file = TestFile::new();
    let sales = SalesDb::open(file.path())?;
    let order = sales.record("C-1001", 500)?.order_id;
    thread::scope(|scope| {
        let pay_back = || SalesDb::open(file.path())?.pay_back("a", &order, 200);
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(pay_back)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Err(DbError::Poisoned)))
            .try_for_each(|paid| paid.map(|paid| assert!(paid)))
    })?;
    assert_eq!(sales.left(&order)?.map(|left| left.cents), Some(300));
    Ok(())
}

#[test]
fn a_cancelled_order_has_nothing_left() -> Result<(), DbError> {
    let file = TestFile::new();
    let sales = SalesDb::open(file.path())?;
    Connection::open(file.path())?.execute(
        "INSERT INTO orders (order_id, customer_id, placed_on, status, amount_cents)
         VALUES ('O-1', 'C-1001', '2026-01-31', 'cancelled', 500)",
        [],
    )?;
    assert_eq!(sales.left("O-1")?.map(|left| left.cents), Some(0));
    assert!(!sales.pay_back("a", "O-1", 1)?);
    assert!(!sales.pay_back("b", "O-2", 1)?);
    Ok(())
}

#[test]
fn an_order_is_never_refunded_before_it_was_placed() -> Result<(), DbError> {
    let file = TestFile::new();
    let sales = SalesDb::open(file.path())?;
    Connection::open(file.path())?.execute(
        "INSERT INTO orders (order_id, customer_id, placed_on, status, amount_cents)
         VALUES ('O-99999', 'C-1001', '9999-01-31', 'paid', 500)",
        [],
    )?;
    assert!(sales.pay_back("a", "O-99999", 1)?);
    let refund = sales.refund("O-99999")?;
    let day = refund.and_then(|refund| refund.refunded_on);
    assert_eq!(day.as_deref(), Some("9999-01-31"));
    Ok(())
}
