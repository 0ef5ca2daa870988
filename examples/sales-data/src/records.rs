//! What the tools take and answer. The doc comments are the descriptions the model reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderStatus {
    /// Paid, not yet sent.
    Paid,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// Called off before it was sent; counts 0.
    Cancelled,
    /// Paid back in full.
    Refunded,
}

/// Net sales of one customer.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CustomerSales {
    /// Customer number.
    pub customer_id: String,
    /// How many months the figures cover.
    pub months: u32,
    /// Orders placed in these months, cancelled ones included.
    pub orders: u32,
    /// Sum of these orders in cents, net of refunds.
    pub total_cents: i64,
}

/// One order in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OrderSummary {
    /// Order number.
    pub order_id: String,
    /// Day of the order, as `YYYY-MM-DD`.
    pub placed_on: String,
    /// Where the order stands.
    pub status: OrderStatus,
    /// Worth of the order in cents, net of refunds; 0 when cancelled.
    pub amount_cents: i64,
}

/// One page of a customer's orders, newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OrderPage {
    /// The orders of this page.
    pub items: Vec<OrderSummary>,
    /// Pass it as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// How much of an order was paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefundState {
    /// Nothing.
    None,
    /// Some of it.
    Partial,
    /// All of it.
    Full,
}

impl RefundState {
    /// The state of an order of `amount_cents` once `refunded_cents` went back.
    pub(crate) const fn of(amount_cents: i64, refunded_cents: i64) -> Self {
        if refunded_cents == 0 {
            Self::None
        } else if refunded_cents < amount_cents {
            Self::Partial
        } else {
            Self::Full
        }
    }
}

/// The refund of one order.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RefundStatus {
    /// Order number.
    pub order_id: String,
    /// How much of the order was paid back.
    pub state: RefundState,
    /// Amount paid back in cents.
    pub refunded_cents: i64,
    /// Day of the refund, as `YYYY-MM-DD`; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded_on: Option<String>,
}

/// An order that was just recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RecordedSale {
    /// Number the order was given.
    pub order_id: String,
    /// Day of the order, as `YYYY-MM-DD`.
    pub placed_on: String,
    /// Worth of the order in cents.
    pub amount_cents: i64,
}

/// Who one customer is, and what they ordered so far.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CustomerSummary {
    /// Customer number.
    pub customer_id: String,
    /// Name of the company.
    pub name: String,
    /// Where it is.
    pub country: String,
    /// Orders of all time, cancelled ones included.
    pub orders: u32,
    /// Sum of these orders in cents, net of refunds.
    pub total_cents: i64,
    /// Day of the last order, as `YYYY-MM-DD`; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_order_on: Option<String>,
}

/// Net sales of one month.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MonthSales {
    /// The month, as `YYYY-MM`.
    pub month: String,
    /// Orders placed in it, cancelled ones included.
    pub orders: u32,
    /// Sum of these orders in cents, net of refunds.
    pub total_cents: i64,
}

/// Net sales of one year.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct YearReport {
    /// The year.
    pub year: u16,
    /// Its twelve months, in order.
    pub months: Vec<MonthSales>,
    /// Sum of the months in cents.
    pub total_cents: i64,
}

/// What the user is asked before money goes back.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Approval {
    /// Whether to refund this amount.
    pub approve: bool,
}
