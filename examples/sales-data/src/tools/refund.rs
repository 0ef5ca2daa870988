//! Paying back, which a person has to approve and which happens once.
//!
//! The tool asks in the middle of its call. Depending on the client's revision it waits for the
//! answer, or its call ends and the function runs from its start when the answer comes. Three things
//! keep that from paying twice: what was looked at before the question is remembered
//! ([`Context::step`]), an answer counts once (`single_use`), and the refund is booked under the
//! name of the call ([`Context::idempotency_key`]), which stays the same.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use mcp_core::{Answer, Context, Error, Notifier, Result, tool};

use super::{query, unknown_order};
use crate::db::SalesDb;
use crate::records::{Approval, RefundStatus};
use crate::resources::customer_summary;

/// Pays back an order or a part of it, after the user approved it.
#[tool(destructive, single_use)]
pub(crate) async fn refund_order(
    /// Order number, such as `O-20001`.
    order_id: &str,
    /// How much to pay back in cents, at most what is left of the order.
    #[arg(range = 1..=100_000_000)]
    amount_cents: i64,
    cx: &Context,
    sales: &Arc<SalesDb>,
    notifier: &Notifier,
) -> Result<RefundStatus> {
    // Nobody is asked for what cannot be done.
    let possible = customer_of(sales, order_id, amount_cents);
    let customer_id = cx.step("customer", possible).await?;

    let question = format!("Refund {} for order {order_id}?", money(amount_cents));
    let answer = cx.elicit::<Approval>("approval", &question).await?;
    if !matches!(answer, Answer::Accepted(Approval { approve: true })) {
        return Err(Error::new(
            "the user did not approve the refund, and nothing was paid back",
        ));
    }

    let (call, order, notifier) = (cx.idempotency_key(), order_id.to_owned(), notifier.clone());
    let refund = query(sales, move |sales| {
        if !sales.pay_back(&call, &order, amount_cents)? {
            return Ok(None);
        }
        // Said here, so that it is said even if nobody waits for this call any more.
        notifier.resource_updated(&customer_summary::uri(&customer_id));
        sales.refund(&order)
    });
    refund.await?.ok_or_else(|| {
        Error::new(format!(
            "less is left of order `{order_id}` than when the user was asked, and nothing was paid \
             back: see `get_refund_status`"
        ))
    })
}

/// Whose order it is, if so much is left of it.
async fn customer_of(sales: &Arc<SalesDb>, order_id: &str, amount_cents: i64) -> Result<String> {
    let order = order_id.to_owned();
    let left = query(sales, move |sales| sales.left(&order)).await?;
    match left {
        None => Err(unknown_order(order_id)),
        Some(left) if left.cents < amount_cents => Err(Error::new(format!(
            "{} cents are left of order `{order_id}`: `amount_cents` can be at most that",
            left.cents
        ))),
        Some(left) => Ok(left.customer_id),
    }
}

/// An amount as people read it.
fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
