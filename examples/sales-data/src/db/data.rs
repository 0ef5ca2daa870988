//! The example's data, in CSV files with a heading. No field holds a comma or a quote.

/// Customers: number, name, country.
pub(super) const CUSTOMERS: &str = include_str!("../../data/customers.csv");

/// Orders: number, customer, day, status, amount, refunded amount, day of the refund or nothing.
pub(super) const ORDERS: &str = include_str!("../../data/orders.csv");

/// The lines after the heading.
pub(super) fn lines(csv: &str) -> impl Iterator<Item = &str> {
    csv.lines().skip(1)
}
