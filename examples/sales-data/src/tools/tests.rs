//! The tools, called as the functions they are.

use std::collections::BTreeSet;

use mcp_core::{Error, Notifier, Result};

use super::{get_customer_sales, get_refund_status, list_orders, record_sale};
use crate::db::testing::TestDb;
use crate::records::{OrderStatus, OrderSummary, RefundState};

/// Has more orders than three pages of 20 hold, some of them on the same day.
const BUSY: &str = "C-1024";
/// Never ordered.
const QUIET: &str = "C-1040";

/// The lines of a CSV file, split into fields.
fn rows(csv: &str) -> impl Iterator<Item = Vec<&str>> {
    csv.lines().skip(1).map(|line| line.split(',').collect())
}

fn customers() -> impl Iterator<Item = &'static str> {
    rows(include_str!("../../data/customers.csv")).filter_map(|row| row.first().copied())
}

/// All pages of a customer's orders.
fn all_orders(
    db: &TestDb,
    customer: &str,
    status: Option<OrderStatus>,
    limit: u16,
) -> Result<Vec<OrderSummary>> {
    let mut orders = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = list_orders(customer, status, limit, cursor.as_deref(), db)?;
        assert!(page.items.len() <= usize::from(limit));
        orders.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(orders);
        }
    }
}

/// The text a refused call shows the model; empty when it was not refused.
fn refusal<T>(outcome: Result<T>) -> String {
    outcome
        .err()
        .map(|error: Error| error.public_text().unwrap_or_default().to_owned())
        .unwrap_or_default()
}

#[test]
fn pages_add_up_to_the_total_of_every_customer() -> Result<()> {
    let db = TestDb::new()?;
    for customer in customers() {
        let sales = get_customer_sales(customer, 120, &db)?;
        let orders = all_orders(&db, customer, None, 7)?;
        let sum: i64 = orders.iter().map(|order| order.amount_cents).sum();
        assert_eq!(sum, sales.total_cents, "{customer}");
        assert_eq!(orders.len(), usize::try_from(sales.orders)?, "{customer}");
    }
    Ok(())
}

#[test]
fn totals_match_the_data_and_shrink_with_the_months() -> Result<()> {
    let db = TestDb::new()?;
    let mut expected = 0;
    for row in rows(include_str!("../../data/orders.csv")) {
        let [_, customer, _, status, amount, refunded, _] = row.as_slice() else {
            continue;
        };
        if *customer == BUSY && *status != "cancelled" {
            expected += amount.parse::<i64>()? - refunded.parse::<i64>()?;
        }
    }
    assert_eq!(get_customer_sales(BUSY, 120, &db)?.total_cents, expected);

    let year = get_customer_sales(BUSY, 12, &db)?;
    assert!(0 < year.total_cents && year.total_cents < expected);
    let recent = all_orders(&db, BUSY, None, 200)?;
    let recent = recent
        .iter()
        .filter(|order| order.placed_on.as_str() > "2025-10-30")
        .count();
    assert_eq!(usize::try_from(year.orders)?, recent);
    Ok(())
}

#[test]
fn orders_come_newest_first_and_once() -> Result<()> {
    let db = TestDb::new()?;
    let orders = all_orders(&db, BUSY, None, 1)?;
    let keys: Vec<_> = orders
        .iter()
        .map(|order| (&order.placed_on, &order.order_id))
        .collect();
    assert!(keys.len() > 60);
    assert!(keys.is_sorted_by(|newer, older| newer > older));
    Ok(())
}

#[test]
fn a_status_keeps_only_its_orders() -> Result<()> {
    let db = TestDb::new()?;
    let all = all_orders(&db, BUSY, None, 200)?;
    let mut found = 0;
    for status in [
        OrderStatus::Paid,
        OrderStatus::Shipped,
        OrderStatus::Delivered,
        OrderStatus::Cancelled,
        OrderStatus::Refunded,
    ] {
        let orders = all_orders(&db, BUSY, Some(status), 10)?;
        assert!(orders.iter().all(|order| order.status == status));
        found += orders.len();
        if matches!(status, OrderStatus::Cancelled | OrderStatus::Refunded) {
            assert!(!orders.is_empty());
            assert!(orders.iter().all(|order| order.amount_cents == 0));
        }
    }
    assert_eq!(found, all.len());
    Ok(())
}

#[test]
fn a_page_holds_no_more_than_its_limit() -> Result<()> {
    let db = TestDb::new()?;
    let first = list_orders(BUSY, None, 20, None, &db)?;
    assert_eq!(first.items.len(), 20);
    assert!(first.next_cursor.is_some());

    // A last page that is exactly full says so.
    let total = all_orders(&db, BUSY, None, 200)?.len();
    let whole = list_orders(BUSY, None, u16::try_from(total)?, None, &db)?;
    assert_eq!(whole.items.len(), total);
    assert_eq!(whole.next_cursor, None);
    Ok(())
}

#[test]
fn a_bad_cursor_is_refused() -> Result<()> {
    let db = TestDb::new()?;
    for cursor in ["", "2", "2026-10-30", "2026-10-30/O-", "yesterday/O-20001"] {
        let text = refusal(list_orders(BUSY, None, 20, Some(cursor), &db));
        assert!(
            text.contains("`next_cursor`") && text.contains("unchanged"),
            "{cursor:?}: {text}"
        );
    }
    Ok(())
}

#[test]
fn an_unknown_customer_is_named() -> Result<()> {
    let db = TestDb::new()?;
    for text in [
        refusal(get_customer_sales("C-9", 12, &db)),
        refusal(list_orders("C-9", None, 20, None, &db)),
        refusal(record_sale("C-9", 100, &db, &Notifier::for_tests())),
    ] {
        assert!(
            text.contains("`C-9`") && text.contains("`C-1001`"),
            "{text}"
        );
    }
    Ok(())
}

#[test]
fn an_unknown_order_is_named() -> Result<()> {
    let db = TestDb::new()?;
    let text = refusal(get_refund_status("C-1001", &db));
    assert!(
        text.contains("`C-1001`") && text.contains("`O-20001`"),
        "{text}"
    );
    Ok(())
}

#[test]
fn a_customer_without_orders_has_sales_of_nothing() -> Result<()> {
    let db = TestDb::new()?;
    let sales = get_customer_sales(QUIET, 12, &db)?;
    assert_eq!((sales.orders, sales.total_cents), (0, 0));
    let page = list_orders(QUIET, None, 20, None, &db)?;
    assert!(page.items.is_empty() && page.next_cursor.is_none());
    Ok(())
}

#[test]
fn refunds_are_none_partial_or_full() -> Result<()> {
    let db = TestDb::new()?;
    let mut seen = BTreeSet::new();
    for row in rows(include_str!("../../data/orders.csv")) {
        let [id, _, _, _, amount, refunded, day] = row.as_slice() else {
            continue;
        };
        let (state, name) = match *refunded {
            "0" => (RefundState::None, "none"),
            some if some == *amount => (RefundState::Full, "full"),
            _ => (RefundState::Partial, "partial"),
        };
        seen.insert(name);
        let refund = get_refund_status(id, &db)?;
        assert_eq!(refund.state, state, "{id}");
        assert_eq!(refund.refunded_cents, refunded.parse::<i64>()?, "{id}");
        assert_eq!(
            refund.refunded_on.as_deref().unwrap_or_default(),
            *day,
            "{id}"
        );
    }
    assert_eq!(seen.len(), 3);
    Ok(())
}

#[test]
fn a_recorded_sale_leads_the_list_and_counts() -> Result<()> {
    let db = TestDb::new()?;
    let before = get_customer_sales(BUSY, 120, &db)?;
    let notifier = Notifier::for_tests();
    let first = record_sale(BUSY, 12_345, &db, &notifier)?;
    let second = record_sale(BUSY, 1, &db, &notifier)?;
    assert_ne!(first.order_id, second.order_id);
    assert!(first.placed_on.as_str() >= "2026-10-30");

    let page = list_orders(BUSY, Some(OrderStatus::Paid), 2, None, &db)?;
    let listed: Vec<_> = page
        .items
        .iter()
        .map(|order| (order.order_id.as_str(), order.amount_cents))
        .collect();
    assert_eq!(
        listed,
        [
            (second.order_id.as_str(), 1),
            (first.order_id.as_str(), 12_345)
        ]
    );

    let after = get_customer_sales(BUSY, 120, &db)?;
    assert_eq!(after.orders, before.orders + 2);
    assert_eq!(after.total_cents, before.total_cents + 12_346);
    assert_eq!(
        get_refund_status(&first.order_id, &db)?.state,
        RefundState::None
    );
    Ok(())
}
