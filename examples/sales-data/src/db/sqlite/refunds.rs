//! What was paid back of an order, and paying back.

use rusqlite::{OptionalExtension, TransactionBehavior, named_params};

use super::super::Left;
use super::{DbError, Sqlite};
use crate::records::{RefundState, RefundStatus};

const REFUND: &str =
    "SELECT amount_cents, refunded_cents, refunded_on FROM orders WHERE order_id = :order";

const LEFT: &str = "SELECT customer_id, net_cents FROM net_orders WHERE order_id = :order";

const IS_BOOKED: &str = "SELECT EXISTS (SELECT 1 FROM refunds WHERE call = :call)";

// What is left of an order is what it is worth, so a cancelled one has nothing left.
const PAY_BACK: &str = "
    UPDATE orders
    SET refunded_cents = refunded_cents + :amount,
        refunded_on = max(placed_on, coalesce(refunded_on, placed_on), date('now')),
        status = iif(refunded_cents + :amount = amount_cents, 'refunded', status)
    WHERE order_id = :order
      AND :amount <= (SELECT net_cents FROM net_orders WHERE order_id = :order)";

const BOOK: &str = "
    INSERT INTO refunds (call, order_id, amount_cents, booked_on)
    SELECT :call, order_id, :amount, refunded_on FROM orders WHERE order_id = :order";

impl Sqlite {
    pub(in crate::db) fn refund(&self, order_id: &str) -> Result<Option<RefundStatus>, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(REFUND)?;
        let refund = statement.query_row(named_params! { ":order": order_id }, |row| {
            let refunded_cents = row.get(1)?;
            Ok(RefundStatus {
                order_id: order_id.to_owned(),
                state: RefundState::of(row.get(0)?, refunded_cents),
                refunded_cents,
                refunded_on: row.get(2)?,
            })
        });
        Ok(refund.optional()?)
    }

    pub(in crate::db) fn left(&self, order_id: &str) -> Result<Option<Left>, DbError> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(LEFT)?;
        let left = statement.query_row(named_params! { ":order": order_id }, |row| {
            Ok(Left {
                customer_id: row.get(0)?,
                cents: row.get(1)?,
            })
        });
        Ok(left.optional()?)
    }

    /// The transaction takes the write lock before it looks, so two processes never pay back more
    /// than there was, and never twice for one call.
    pub(in crate::db) fn pay_back(
        &self,
        call: &str,
        order_id: &str,
        amount_cents: i64,
    ) -> Result<bool, DbError> {
        let mut connection = self.lock()?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let is_booked: bool = transaction
            .prepare_cached(IS_BOOKED)?
            .query_row(named_params! { ":call": call }, |row| row.get(0))?;
        if is_booked {
            return Ok(true);
        }
        let paid = transaction
            .prepare_cached(PAY_BACK)?
            .execute(named_params! { ":order": order_id, ":amount": amount_cents })?;
        if paid == 0 {
            return Ok(false);
        }
        transaction.prepare_cached(BOOK)?.execute(
            named_params! { ":call": call, ":order": order_id, ":amount": amount_cents },
        )?;
        transaction.commit()?;
        Ok(true)
    }
}
