//! What the database promises whoever uses it. Both engines are held to each promise.

use std::collections::BTreeMap;
use std::thread;

use super::testing::{Kind, TestDb, count};
use super::{DbError, SalesDb, data};
use crate::cursor::Position;
use crate::records::{OrderStatus, RefundState};

/// Makes a test of each check for each engine. A check that is not in the list is dead code, which
/// the compiler reports.
macro_rules! on_both_engines {
    ($($check:ident)+) => {
        mod sqlite {
            use crate::db::{DbError, testing::Kind};

            $(
                #[test]
                fn $check() -> Result<(), DbError> {
                    super::$check(Kind::Sqlite)
                }
            )+
        }

        #[cfg(feature = "dynamodb")]
        mod dynamodb {
            use crate::db::{DbError, dynamo::testing::is_there, testing::Kind};

            $(
                #[test]
                fn $check() -> Result<(), DbError> {
                    if is_there() { super::$check(Kind::Dynamo) } else { Ok(()) }
                }
            )+
        }
    };
}

on_both_engines! {
    every_line_of_the_data_is_there
    what_was_recorded_is_there_for_another_process
    sales_recorded_at_once_never_share_a_number
    a_sale_is_never_older_than_the_newest_order
    a_month_back_from_the_31st_stays_in_the_month_before
    a_month_has_what_everybody_ordered_in_it
    a_refund_counts_in_every_sum
    all_that_is_left_is_paid_back_and_one_cent_more_is_not
    a_call_pays_back_once_whatever_process_it_reaches
    calls_at_once_pay_back_all_that_is_left_and_no_more
    a_cancelled_order_has_nothing_left
    an_order_is_never_refunded_before_it_was_placed
    a_status_is_found_however_far_back
    a_list_goes_on_after_a_place_where_no_order_is
    customers_are_found_by_their_beginning_up_to_the_limit
    nothing_is_found_under_a_number_that_nothing_has
}

/// Runs something at once in several processes, as far as the database can tell.
fn at_once<T: Send>(
    db: &TestDb,
    times: usize,
    run: impl Fn(usize, &SalesDb) -> Result<T, DbError> + Sync,
) -> Result<Vec<T>, DbError> {
    thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = (0..times)
            .map(|number| scope.spawn(move || run(number, &db.open()?)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Err(DbError::Poisoned)))
            .collect()
    })
}

/// What is left of an order, in cents.
fn left(sales: &SalesDb, order_id: &str) -> Result<Option<i64>, DbError> {
    Ok(sales.left(order_id)?.map(|left| left.cents))
}

fn every_line_of_the_data_is_there(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let mut expected: BTreeMap<&str, Vec<(&str, &str, i64)>> = BTreeMap::new();
    for line in data::lines(data::ORDERS) {
        let fields: Vec<_> = line.split(',').collect();
        let [amount, refunded] = [fields[4], fields[5]].map(|cents| cents.parse::<i64>().unwrap());
        let net = match fields[3] {
            "cancelled" => 0,
            _ => amount - refunded,
        };
        let orders = expected.entry(fields[1]).or_default();
        orders.push((fields[2], fields[0], net));
    }
    let customers = db.customers_like("", 1000)?;
    assert_eq!(customers.len(), count(data::CUSTOMERS));
    for customer in &customers {
        assert!(db.has_customer(customer)?);
        let mut expected = expected.remove(customer.as_str()).unwrap_or_default();
        expected.sort_unstable();
        let orders = db.orders(customer, None, None, 1000)?;
        let orders = orders.iter().rev().map(|order| {
            let (day, number) = (order.placed_on.as_str(), order.order_id.as_str());
            (day, number, order.amount_cents)
        });
        assert_eq!(orders.collect::<Vec<_>>(), expected, "{customer}");

        let summary = db.summary(customer)?.unwrap();
        assert_eq!(usize::try_from(summary.orders).unwrap(), expected.len());
        let cents = expected.iter().map(|(_, _, cents)| cents).sum::<i64>();
        assert_eq!(summary.total_cents, cents);
        let last = expected.last().map(|(day, _, _)| *day);
        assert_eq!(summary.last_order_on.as_deref(), last);
    }
    assert!(expected.is_empty(), "{expected:?}");
    Ok(())
}

fn what_was_recorded_is_there_for_another_process(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let sale = db.record("C-1040", 500)?;
    let again = db.open()?;
    assert!(again.refund(&sale.order_id)?.is_some());
    assert_eq!(again.summary("C-1040")?.unwrap().orders, 1);
    assert_eq!(again.total("C-1040", 1)?.total_cents, 500);
    Ok(())
}

fn sales_recorded_at_once_never_share_a_number(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let mut numbers = at_once(&db, 4, |_, sales| Ok(sales.record("C-1040", 500)?.order_id))?;
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 4);
    assert_eq!(db.summary("C-1040")?.unwrap().orders, 4);
    Ok(())
}

fn a_sale_is_never_older_than_the_newest_order(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::with_orders(kind, "O-99999,C-1001,9999-01-31,paid,1,0,")?;
    let sale = db.record("C-1002", 500)?;
    assert_eq!(
        (sale.order_id.as_str(), sale.placed_on.as_str()),
        ("O-100000", "9999-01-31")
    );
    Ok(())
}

fn a_month_back_from_the_31st_stays_in_the_month_before(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::with_orders(
        kind,
        "O-1,C-1001,2026-02-28,paid,1,0,\n\
         O-2,C-1001,2026-03-01,paid,10,0,\n\
         O-3,C-1001,2026-03-31,paid,100,0,",
    )?;
    assert_eq!(db.total("C-1001", 1)?.total_cents, 110);
    assert_eq!(db.total("C-1001", 2)?.total_cents, 111);
    // They are counted back from the newest order of anyone.
    assert_eq!(db.total("C-1002", 1)?.orders, 0);
    Ok(())
}

fn a_month_has_what_everybody_ordered_in_it(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::with_orders(
        kind,
        "O-1,C-1001,2026-02-28,paid,1,0,\n\
         O-2,C-1001,2026-03-01,delivered,100,30,2026-04-01\n\
         O-3,C-1002,2026-03-31,cancelled,1000,0,\n\
         O-4,C-1003,2026-03-31,refunded,500,500,2026-03-31\n\
         O-5,C-1001,2026-04-01,paid,10000,0,",
    )?;
    let month = db.month("2026-03")?;
    assert_eq!((month.orders, month.total_cents), (3, 70));
    assert_eq!(db.month("2025-03")?.orders, 0);
    Ok(())
}

fn a_refund_counts_in_every_sum(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::with_orders(
        kind,
        "O-1,C-1001,2026-03-01,shipped,100,0,\n\
         O-2,C-1001,2026-03-02,paid,1000,0,",
    )?;
    assert!(db.pay_back("a", "O-1", 30)?);
    assert_eq!(db.summary("C-1001")?.unwrap().total_cents, 1070);
    assert_eq!(db.total("C-1001", 1)?.total_cents, 1070);
    assert_eq!(db.month("2026-03")?.total_cents, 1070);
    let listed = db.orders("C-1001", Some(OrderStatus::Shipped), None, 10)?;
    assert_eq!(listed[0].amount_cents, 70);
    assert_eq!(db.refund("O-1")?.unwrap().state, RefundState::Partial);
    Ok(())
}

fn all_that_is_left_is_paid_back_and_one_cent_more_is_not(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let order = db.record("C-1001", 500)?.order_id;
    assert!(db.pay_back("a", &order, 200)?);
    assert!(!db.pay_back("b", &order, 301)?);
    assert_eq!(left(&db, &order)?, Some(300));
    assert!(db.pay_back("c", &order, 300)?);
    assert!(!db.pay_back("d", &order, 1)?);
    assert_eq!(left(&db, &order)?, Some(0));
    // What was booked stays booked, and is not booked again.
    assert!(db.pay_back("a", &order, 200)?);

    let refund = db.refund(&order)?.unwrap();
    assert_eq!(refund.refunded_cents, 500);
    assert_eq!(refund.state, RefundState::Full);
    let listed = db.orders("C-1001", Some(OrderStatus::Refunded), None, 1)?;
    assert_eq!(listed.first().map(|listed| &listed.order_id), Some(&order));
    Ok(())
}

fn a_call_pays_back_once_whatever_process_it_reaches(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let order = db.record("C-1001", 500)?.order_id;
    let paid = at_once(&db, 4, |_, sales| sales.pay_back("a", &order, 200))?;
    assert_eq!(paid, [true; 4]);
    assert_eq!(left(&db, &order)?, Some(300));
    Ok(())
}

fn calls_at_once_pay_back_all_that_is_left_and_no_more(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let order = db.record("C-1001", 500)?.order_id;
    let paid = at_once(&db, 8, |call, sales| {
        sales.pay_back(&call.to_string(), &order, 100)
    })?;
    assert_eq!(paid.into_iter().filter(|paid| *paid).count(), 5);
    assert_eq!(db.refund(&order)?.unwrap().refunded_cents, 500);
    Ok(())
}

fn a_cancelled_order_has_nothing_left(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::with_orders(kind, "O-1,C-1001,2026-01-31,cancelled,500,0,")?;
    assert_eq!(left(&db, "O-1")?, Some(0));
    assert!(!db.pay_back("a", "O-1", 1)?);
    assert!(!db.pay_back("b", "O-2", 1)?);
    Ok(())
}

fn an_order_is_never_refunded_before_it_was_placed(kind: Kind) -> Result<(), DbError> {
    let orders = "O-1,C-1001,9999-01-31,paid,500,0,\n\
                  O-2,C-1001,2026-01-31,paid,500,1,9999-02-01";
    let db = TestDb::with_orders(kind, orders)?;
    for (order, day) in [("O-1", "9999-01-31"), ("O-2", "9999-02-01")] {
        assert!(db.pay_back("a", order, 1)? && db.pay_back("b", order, 1)?);
        let refund = db.refund(order)?.unwrap();
        assert_eq!(refund.refunded_on.as_deref(), Some(day));
    }
    Ok(())
}

fn a_status_is_found_however_far_back(kind: Kind) -> Result<(), DbError> {
    let mut orders = String::new();
    for number in 10_000..11_200 {
        let status = match number {
            10_000 | 10_600 => "shipped",
            _ => "paid",
        };
        orders += &format!("O-{number},C-1001,2026-01-31,{status},1,0,\n");
    }
    let db = TestDb::with_orders(kind, &orders)?;
    let shipped = db.orders("C-1001", Some(OrderStatus::Shipped), None, 3)?;
    let shipped: Vec<_> = shipped.iter().map(|order| &order.order_id).collect();
    assert_eq!(shipped, ["O-10600", "O-10000"]);
    let one = db.orders("C-1001", Some(OrderStatus::Shipped), None, 1)?;
    assert_eq!(one.len(), 1);
    assert_eq!(db.total("C-1001", 1)?.orders, 1200);
    Ok(())
}

fn a_list_goes_on_after_a_place_where_no_order_is(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::with_orders(
        kind,
        "O-1,C-1001,2026-03-01,paid,1,0,\n\
         O-2,C-1001,2026-03-03,paid,1,0,\n\
         O-4,C-1001,2026-03-03,paid,1,0,",
    )?;
    for (placed_on, order_id, expected) in [
        ("2026-03-04", "O-1", 3),
        ("2026-03-03", "O-4", 2),
        ("2026-03-03", "O-3", 2),
        ("2026-03-03", "O-1", 1),
        ("2026-03-02", "O-9", 1),
        ("2026-03-01", "O-1", 0),
        ("0000-00-00", "O-9", 0),
    ] {
        let after = Position {
            placed_on,
            order_id,
        };
        let found = db.orders("C-1001", None, Some(after), 10)?;
        assert_eq!(found.len(), expected, "{after}");
    }
    Ok(())
}

fn customers_are_found_by_their_beginning_up_to_the_limit(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    assert_eq!(db.customers_like("C-100", 2)?, ["C-1001", "C-1002"]);
    assert_eq!(db.customers_like("C-1048", 2)?, ["C-1048"]);
    assert_eq!(db.customers_like("", 1)?, ["C-1001"]);
    for nobody in ["c-", "-1001", "C-1001 ", "C-10%", "C-100_", "\u{e9}"] {
        assert!(db.customers_like(nobody, 2)?.is_empty(), "{nobody}");
    }
    Ok(())
}

fn nothing_is_found_under_a_number_that_nothing_has(kind: Kind) -> Result<(), DbError> {
    let db = TestDb::of(kind)?;
    let long = "C".repeat(5000);
    for nobody in ["", "C-1", "C-1001#", "c-1001", "META", "O-20001", &long] {
        assert!(!db.has_customer(nobody)?, "{nobody}");
        assert!(db.summary(nobody)?.is_none(), "{nobody}");
    }
    for nothing in ["", "O-1", "O-20001#", "ORDER", "C-1001", &long] {
        assert!(db.refund(nothing)?.is_none(), "{nothing}");
        assert!(db.left(nothing)?.is_none(), "{nothing}");
        assert!(!db.pay_back("a", nothing, 1)?, "{nothing}");
    }
    assert!(db.customers_like(&long, 1)?.is_empty());
    Ok(())
}
