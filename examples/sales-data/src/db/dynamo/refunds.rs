//! What was paid back of an order, and paying back.

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::Left;
use super::TableError;
use super::days::today;
use super::items::{self, Item, Order, text_of};
use super::table::{Table, can_be_number};
use crate::records::{OrderStatus, RefundState, RefundStatus};

/// How often a refund is tried anew, because another one of the same order was faster.
const ROUNDS: usize = 16;

/// What was seen of the order still holds, and the call is not booked.
const UNCHANGED: &str = "\
    refunded_cents = :seen_refunded AND net_cents = :seen_net \
    AND attribute_not_exists(refunds.#call)";

const BOOK: &str = "\
    SET refunded_cents = :refunded, net_cents = :net, refunded_on = :day, #status = :status, \
    refunds.#call = :refund";

impl Table {
    pub(super) async fn refund(&self, order_id: &str) -> Result<Option<RefundStatus>, TableError> {
        let Some(item) = self.order(order_id).await? else {
            return Ok(None);
        };
        let order = Order::read(&item)?;
        Ok(Some(RefundStatus {
            order_id: order.id,
            state: RefundState::of(order.amount_cents, order.refunded_cents),
            refunded_cents: order.refunded_cents,
            refunded_on: order.refunded_on,
        }))
    }

    pub(super) async fn left(&self, order_id: &str) -> Result<Option<Left>, TableError> {
        let Some(item) = self.order(order_id).await? else {
            return Ok(None);
        };
        let order = Order::read(&item)?;
        Ok(Some(Left {
            cents: order.net_cents(),
            customer_id: order.customer_id,
        }))
    }

    /// The sum and the booking are in the order's item, so one update changes both or neither. Its
    /// condition is what was seen before. When that no longer holds, this looks again: a call that
    /// is booked by now is done, whoever booked it.
    ///
    /// The bookings stay in the item. An item holds 400 KB, thousands of refunds of one order.
    pub(super) async fn pay_back(
        &self,
        call: &str,
        order_id: &str,
        amount_cents: i64,
    ) -> Result<bool, TableError> {
        for _ in 0..ROUNDS {
            let Some(item) = self.order(order_id).await? else {
                return Ok(false);
            };
            if is_booked(&item, call) {
                return Ok(true);
            }
            let order = Order::read(&item)?;
            if amount_cents > order.net_cents() {
                return Ok(false);
            }
            if self.book(call, order, amount_cents).await? {
                return Ok(true);
            }
        }
        Err(TableError::Contended)
    }

    /// Books a refund. False when the order is not as it was seen any more.
    async fn book(&self, call: &str, order: Order, amount_cents: i64) -> Result<bool, TableError> {
        let (key, seen_refunded, seen_net) = (order.key(), order.refunded_cents, order.net_cents());
        let refunded = order.refunded_cents + amount_cents;
        let day = order.placed_on.max(today()?);
        let day = order.refunded_on.map_or(day.clone(), |last| last.max(day));
        let status = if refunded == order.amount_cents {
            OrderStatus::Refunded
        } else {
            order.status
        };
        let refund = Item::from([
            ("amount_cents".to_owned(), items::number(amount_cents)),
            ("booked_on".to_owned(), items::text(&day)),
        ]);
        let booking = self
            .updating(key)
            .update_expression(BOOK)
            .condition_expression(UNCHANGED)
            .expression_attribute_names("#call", call)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":seen_refunded", items::number(seen_refunded))
            .expression_attribute_values(":seen_net", items::number(seen_net))
            .expression_attribute_values(":refunded", items::number(refunded))
            .expression_attribute_values(":net", items::number(seen_net - amount_cents))
            .expression_attribute_values(":day", items::text(&day))
            .expression_attribute_values(":status", items::text(status.name()))
            .expression_attribute_values(":refund", AttributeValue::M(refund));
        Ok(self.update(booking).await?.is_some())
    }

    /// The order with this number.
    async fn order(&self, order_id: &str) -> Result<Option<Item>, TableError> {
        if !can_be_number(order_id) {
            return Ok(None);
        }
        let (pk, sk) = items::place_key(order_id);
        let Some(place) = self.get(pk, sk).await? else {
            return Ok(None);
        };
        let customer = text_of(&place, "customer_id")?;
        let day = text_of(&place, "placed_on")?;
        let sk = items::order_sk(&day, order_id);
        self.get(items::orders_pk(&customer), sk).await
    }
}

fn is_booked(order: &Item, call: &str) -> bool {
    let refunds = order.get("refunds").and_then(|refunds| refunds.as_m().ok());
    refunds.is_some_and(|refunds| refunds.contains_key(call))
}
