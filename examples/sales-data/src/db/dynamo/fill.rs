//! Filling a table with the example's data. Whoever deploys the server runs it, once.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::TableError;
use super::items::{self, Item, Order};
use super::table::Table;
use crate::db::data::lines;
use crate::records::OrderStatus;

/// How many items are written at once.
const AT_ONCE: usize = 16;

/// What the CSV files hold, as the table has it.
pub(super) struct Contents {
    customers: usize,
    orders: usize,
    /// The items, in any order.
    pub(super) items: Vec<Item>,
    /// Comes last: a table that has it is filled.
    pub(super) meta: Item,
}

/// Writes the data into a table, and says what was done.
///
/// Every item is written only where there is none, so this can be repeated after it broke off, and
/// never undoes what a server wrote.
pub(super) async fn fill(
    table: &Arc<Table>,
    customers: &str,
    orders: &str,
) -> Result<String, TableError> {
    match table.check().await {
        Ok(()) => return Ok(format!("`{}` was filled before", table.name())),
        Err(TableError::Unfilled { .. }) => {}
        Err(error) => return Err(error),
    }
    let contents = Contents::read(customers, orders)?;
    let mut writing = JoinSet::new();
    for item in contents.items {
        if writing.len() == AT_ONCE {
            one_of(&mut writing).await?;
        }
        let table = Arc::clone(table);
        writing.spawn(async move { table.put_new(item).await });
    }
    while !writing.is_empty() {
        one_of(&mut writing).await?;
    }
    table.put_new(contents.meta).await?;
    Ok(format!(
        "`{}` has {} customers and {} orders now",
        table.name(),
        contents.customers,
        contents.orders
    ))
}

/// Waits until one item is written.
async fn one_of(writing: &mut JoinSet<Result<bool, TableError>>) -> Result<(), TableError> {
    match writing.join_next().await {
        Some(written) => written.unwrap_or(Err(TableError::Panicked)).map(drop),
        None => Ok(()),
    }
}

impl Contents {
    pub(super) fn read(customers: &str, orders: &str) -> Result<Self, TableError> {
        let read = |line| customer(line).ok_or_else(|| bad(line));
        let mut items = lines(customers).map(read).collect::<Result<Vec<_>, _>>()?;
        let customers = items.len();

        let read = |line| order(line).ok_or_else(|| bad(line));
        let orders = lines(orders).map(read).collect::<Result<Vec<_>, _>>()?;
        items.extend(
            orders
                .iter()
                .flat_map(|(_, order)| [order.item(), order.place()]),
        );

        let last_number = orders.iter().map(|(number, _)| *number).max();
        let newest_day = orders
            .iter()
            .map(|(_, order)| order.placed_on.as_str())
            .max();
        Ok(Self {
            customers,
            orders: orders.len(),
            items,
            meta: items::meta(last_number.unwrap_or(0), newest_day.unwrap_or_default()),
        })
    }
}

fn bad(line: &str) -> TableError {
    TableError::Line(line.to_owned())
}

fn customer(line: &str) -> Option<Item> {
    match line.split(',').collect::<Vec<_>>().as_slice() {
        [id, name, country] => Some(items::customer(id, name, country)),
        _ => None,
    }
}

/// An order, with its number without the letter.
fn order(line: &str) -> Option<(i64, Order)> {
    let fields: Vec<_> = line.split(',').collect();
    let [
        order_id,
        customer_id,
        placed_on,
        status,
        amount,
        refunded,
        refunded_on,
    ] = fields.as_slice()
    else {
        return None;
    };
    let order = Order {
        id: (*order_id).to_owned(),
        customer_id: (*customer_id).to_owned(),
        placed_on: (*placed_on).to_owned(),
        status: OrderStatus::named(status)?,
        amount_cents: amount.parse().ok()?,
        refunded_cents: refunded.parse().ok()?,
        refunded_on: Some((*refunded_on).to_owned()).filter(|day| !day.is_empty()),
    };
    Some((order_id.strip_prefix("O-")?.parse().ok()?, order))
}
