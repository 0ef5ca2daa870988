//! What the items of the table look like.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::TableError;
use crate::records::{OrderStatus, OrderSummary};

/// An item: attributes by their name.
pub(super) type Item = HashMap<String, AttributeValue>;

/// Which layout a table has. It stands beside the last number, which is written last, so a table
/// that has it is filled.
pub(super) const VERSION: i64 = 1;

/// All customers.
pub(super) const CUSTOMERS: &str = "CUSTOMERS";

/// Of all orders, the last number and the newest day.
pub(super) const META: (&str, &str) = ("META", "ORDERS");

/// Between the day and the number in an order's sort key.
const DAY_END: char = '#';

/// Sorts after `DAY_END` and before whatever else a sort key goes on with.
const AFTER_DAY_END: char = '$';

/// The partition of a customer's orders.
pub(super) fn orders_pk(customer_id: &str) -> String {
    format!("CUSTOMER#{customer_id}")
}

/// Where in it an order stands: by day, then by number.
pub(super) fn order_sk(placed_on: &str, order_id: &str) -> String {
    format!("{placed_on}{DAY_END}{order_id}")
}

/// A place after all orders of a day, and before those of the next.
pub(super) fn after_day(day: &str) -> String {
    format!("{day}{AFTER_DAY_END}")
}

/// Where it is said where an order stands.
pub(super) fn place_key(order_id: &str) -> (String, &'static str) {
    (format!("ORDER#{order_id}"), "ORDER")
}

/// An item with its key and nothing else.
pub(super) fn key(pk: impl Into<String>, sk: impl Into<String>) -> Item {
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The text that an item has under a name.
pub(super) fn text_of(item: &Item, attribute: &'static str) -> Result<String, TableError> {
    let value = item.get(attribute).and_then(|value| value.as_s().ok());
    value.cloned().ok_or(TableError::Item { attribute })
}

/// The number that an item has under a name.
pub(super) fn number_of(item: &Item, attribute: &'static str) -> Result<i64, TableError> {
    let value = item.get(attribute).and_then(|value| value.as_n().ok());
    let value = value.and_then(|digits| digits.parse().ok());
    value.ok_or(TableError::Item { attribute })
}

/// A customer.
pub(super) fn customer(id: &str, name: &str, country: &str) -> Item {
    let mut item = key(CUSTOMERS, id);
    item.insert("name".to_owned(), text(name));
    item.insert("country".to_owned(), text(country));
    item
}

/// The last number that was given out, and the newest day.
pub(super) fn meta(last_number: i64, newest_day: &str) -> Item {
    let (pk, sk) = META;
    let mut item = key(pk, sk);
    item.insert("version".to_owned(), number(VERSION));
    item.insert("last_number".to_owned(), number(last_number));
    item.insert("newest_day".to_owned(), text(newest_day));
    item
}

/// An order.
pub(super) struct Order {
    pub(super) id: String,
    pub(super) customer_id: String,
    pub(super) placed_on: String,
    pub(super) status: OrderStatus,
    pub(super) amount_cents: i64,
    pub(super) refunded_cents: i64,
    pub(super) refunded_on: Option<String>,
}

impl Order {
    /// What the order is worth.
    ///
    /// It is stored too, since a condition cannot subtract and the index has nothing else.
    pub(super) fn net_cents(&self) -> i64 {
        match self.status {
            OrderStatus::Cancelled => 0,
            _ => self.amount_cents - self.refunded_cents,
        }
    }

    /// The key of the order.
    pub(super) fn key(&self) -> Item {
        key(
            orders_pk(&self.customer_id),
            order_sk(&self.placed_on, &self.id),
        )
    }

    /// The order as it is stored, with the refunds that are booked from now on.
    pub(super) fn item(&self) -> Item {
        let month = self.placed_on.get(..7).unwrap_or_default();
        let mut item = self.key();
        item.extend([
            ("order_id".to_owned(), text(&self.id)),
            ("customer_id".to_owned(), text(&self.customer_id)),
            ("placed_on".to_owned(), text(&self.placed_on)),
            ("month".to_owned(), text(month)),
            ("status".to_owned(), text(self.status.name())),
            ("amount_cents".to_owned(), number(self.amount_cents)),
            ("refunded_cents".to_owned(), number(self.refunded_cents)),
            ("net_cents".to_owned(), number(self.net_cents())),
            ("refunds".to_owned(), AttributeValue::M(Item::new())),
        ]);
        if let Some(day) = &self.refunded_on {
            item.insert("refunded_on".to_owned(), text(day));
        }
        item
    }

    /// Where to find the order by its number. Nothing in it ever changes.
    pub(super) fn place(&self) -> Item {
        let (pk, sk) = place_key(&self.id);
        let mut item = key(pk, sk);
        item.insert("customer_id".to_owned(), text(&self.customer_id));
        item.insert("placed_on".to_owned(), text(&self.placed_on));
        item
    }

    pub(super) fn read(item: &Item) -> Result<Self, TableError> {
        let status = text_of(item, "status")?;
        let attribute = "status";
        Ok(Self {
            id: text_of(item, "order_id")?,
            customer_id: text_of(item, "customer_id")?,
            placed_on: text_of(item, "placed_on")?,
            status: OrderStatus::named(&status).ok_or(TableError::Item { attribute })?,
            amount_cents: number_of(item, "amount_cents")?,
            refunded_cents: number_of(item, "refunded_cents")?,
            refunded_on: text_of(item, "refunded_on").ok(),
        })
    }

    /// The order in a list.
    pub(super) fn summary(self) -> OrderSummary {
        OrderSummary {
            amount_cents: self.net_cents(),
            order_id: self.id,
            placed_on: self.placed_on,
            status: self.status,
        }
    }
}
