//! Recording a sale.

use aws_sdk_dynamodb::types::ReturnValue;

use super::TableError;
use super::days::today;
use super::items::{self, Order, number_of, text_of};
use super::table::Table;
use crate::records::{OrderStatus, RecordedSale};

/// How often a number that turns out to be taken is left behind for the next one.
const NUMBERS: usize = 8;

impl Table {
    /// A number belongs to whoever counted it up. The place comes before the order: when this ends
    /// in between, a number is missing and everything that is there can be found.
    ///
    /// That the customer is there is for the caller to see to; customers are never removed.
    pub(super) async fn record(
        &self,
        customer_id: &str,
        amount_cents: i64,
    ) -> Result<RecordedSale, TableError> {
        for _ in 0..NUMBERS {
            let (number, placed_on) = self.next_number().await?;
            let order = Order {
                id: format!("O-{number}"),
                customer_id: customer_id.to_owned(),
                placed_on,
                status: OrderStatus::Paid,
                amount_cents,
                refunded_cents: 0,
                refunded_on: None,
            };
            // Taken, if an earlier try of this request arrived after all.
            if !self.put_new(order.place()).await? {
                continue;
            }
            // The same here means that the order is there, and perhaps refunded by now.
            self.put_new(order.item()).await?;
            return Ok(RecordedSale {
                order_id: order.id,
                placed_on: order.placed_on,
                amount_cents,
            });
        }
        Err(TableError::Contended)
    }

    /// A number that nobody else gets, and the day for its order: today or the newest day,
    /// whichever is later. Both in one update, so a higher number never has an earlier day.
    async fn next_number(&self) -> Result<(i64, String), TableError> {
        let today = today()?;
        // Only the first sale of a day moves the day. When another one gets ahead of it, the day
        // has moved.
        for first_of_day in [false, true, false] {
            let (condition, update) = if first_of_day {
                (
                    "newest_day < :today",
                    "SET last_number = last_number + :one, newest_day = :today",
                )
            } else {
                (
                    "newest_day >= :today",
                    "SET last_number = last_number + :one",
                )
            };
            let (pk, sk) = items::META;
            let counting = self
                .updating(items::key(pk, sk))
                .update_expression(update)
                .condition_expression(condition)
                .expression_attribute_values(":one", items::number(1))
                .expression_attribute_values(":today", items::text(&today))
                .return_values(ReturnValue::AllNew);
            if let Some(meta) = self.update(counting).await? {
                return Ok((
                    number_of(&meta, "last_number")?,
                    text_of(&meta, "newest_day")?,
                ));
            }
        }
        // There is no day at all.
        Err(self.unfilled())
    }
}
