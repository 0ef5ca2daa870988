//! What a table promises besides: it is filled before it is used, and a server only adds to it.

use super::TableError;
use super::items::{self, Order};
use super::testing::{TestTable, is_there};
use crate::db::DbError;
use crate::records::OrderStatus;

const CUSTOMERS: &str = "id,name,country\nC-1001,Bakery,France\nC-1002,Optics,Finland";
const ORDERS: &str = "heading\n\
    O-1,C-1001,2026-03-01,paid,100,0,\n\
    O-3,C-1002,2026-03-02,delivered,100,40,2026-03-03\n\
    O-2,C-1001,2026-03-31,paid,1000,0,";

/// As many of them as were written when filling broke off.
const SOME: &str = "heading\nO-1,C-1001,2026-03-01,paid,100,0,";

/// An order with the number that is given out next.
fn next() -> Order {
    Order {
        id: "O-4".to_owned(),
        customer_id: "C-1001".to_owned(),
        placed_on: "2026-03-31".to_owned(),
        status: OrderStatus::Paid,
        amount_cents: 5,
        refunded_cents: 0,
        refunded_on: None,
    }
}

/// The text of a failure.
fn text<T>(outcome: Result<T, TableError>) -> String {
    outcome
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn a_table_that_is_missing_is_named_with_what_to_do() {
    if !is_there() {
        return;
    }
    let table = TestTable::missing();
    for said in [text(table.open()), text(table.fill(CUSTOMERS, ORDERS))] {
        for part in ["no table", "`eu-central-1`", "`pk`", "`by_month`", "fill"] {
            assert!(said.contains(part), "{said}");
        }
    }
}

#[test]
fn a_table_is_filled_before_it_is_opened_and_filled_once() -> Result<(), DbError> {
    if !is_there() {
        return Ok(());
    }
    let table = TestTable::empty()?;
    let said = text(table.open());
    assert!(said.contains("sales-data fill"), "{said}");

    let said = table.fill(CUSTOMERS, ORDERS)?;
    assert!(said.contains("2 customers and 3 orders"), "{said}");
    let sales = table.open()?;
    assert_eq!(sales.summary("C-1001")?.unwrap().total_cents, 1100);
    let sale = sales.record("C-1002", 7)?;
    assert_eq!(sale.order_id, "O-4");

    let said = table.fill(CUSTOMERS, ORDERS)?;
    assert!(said.contains("filled before"), "{said}");
    assert_eq!(sales.summary("C-1002")?.unwrap().total_cents, 67);
    Ok(())
}

#[test]
fn filling_goes_on_where_it_broke_off_and_undoes_no_refund() -> Result<(), DbError> {
    if !is_there() {
        return Ok(());
    }
    let table = TestTable::filled(CUSTOMERS, SOME)?;
    let sales = table.open()?;
    assert!(sales.pay_back("a", "O-1", 30)?);
    table.break_off()?;
    assert!(text(table.open()).contains("not to the end"));

    table.fill(CUSTOMERS, ORDERS)?;
    let sales = table.open()?;
    assert_eq!(sales.refund("O-1")?.unwrap().refunded_cents, 30);
    assert!(sales.pay_back("a", "O-1", 30)?);
    assert_eq!(sales.left("O-1")?.unwrap().cents, 70);
    assert_eq!(sales.left("O-3")?.unwrap().cents, 60);
    Ok(())
}

#[test]
fn a_table_of_another_version_is_left_alone() -> Result<(), DbError> {
    if !is_there() {
        return Ok(());
    }
    let table = TestTable::empty()?;
    let mut meta = items::meta(1, "2026-03-01");
    meta.insert("version".to_owned(), items::number(7));
    table.put(vec![meta])?;
    for outcome in [
        table.open().map(drop),
        table.fill(CUSTOMERS, ORDERS).map(drop),
    ] {
        assert!(matches!(outcome, Err(TableError::Version { found: 7, .. })));
    }
    Ok(())
}

#[test]
fn a_number_that_is_taken_is_left_to_its_order() -> Result<(), DbError> {
    if !is_there() {
        return Ok(());
    }
    let table = TestTable::filled(CUSTOMERS, ORDERS)?;
    let taken = next();
    table.put(vec![taken.place(), taken.item()])?;
    let sales = table.open()?;
    assert_eq!(sales.record("C-1002", 7)?.order_id, "O-5");
    assert_eq!(sales.left("O-4")?.unwrap().customer_id, "C-1001");
    Ok(())
}

#[test]
fn a_place_without_its_order_is_no_order() -> Result<(), DbError> {
    if !is_there() {
        return Ok(());
    }
    let table = TestTable::filled(CUSTOMERS, ORDERS)?;
    let lost = next();
    table.put(vec![lost.place()])?;
    let sales = table.open()?;
    assert!(sales.refund("O-4")?.is_none());
    assert!(!sales.pay_back("a", "O-4", 1)?);
    assert_eq!(sales.summary("C-1001")?.unwrap().orders, 2);
    Ok(())
}
