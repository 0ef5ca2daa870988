//! What is read of customers and their orders.

use super::TableError;
use super::days::months_before;
use super::items::{self, Item, Order, number_of, text_of};
use super::table::{Table, can_be_number};
use crate::records::{CustomerSales, CustomerSummary, MonthSales, OrderStatus, OrderSummary};

/// How many orders are looked at in one request for those with a status.
const STATUS_PAGE: i32 = 500;

impl Table {
    /// A customer.
    pub(super) async fn customer(&self, customer_id: &str) -> Result<Option<Item>, TableError> {
        if !can_be_number(customer_id) {
            return Ok(None);
        }
        self.get(items::CUSTOMERS, customer_id).await
    }

    pub(super) async fn customers_like(
        &self,
        start: &str,
        limit: u16,
    ) -> Result<Vec<String>, TableError> {
        let mut query = self.partition(items::CUSTOMERS).limit(limit.into());
        // All keys begin with nothing, but a condition may not ask for that.
        if !start.is_empty() {
            if !can_be_number(start) {
                return Ok(Vec::new());
            }
            query = query
                .key_condition_expression("pk = :pk AND begins_with(sk, :start)")
                .expression_attribute_values(":start", items::text(start));
        }
        let found = self.first(query, limit.into()).await?;
        found.iter().map(|item| text_of(item, "sk")).collect()
    }

    pub(super) async fn summary(
        &self,
        customer_id: &str,
    ) -> Result<Option<CustomerSummary>, TableError> {
        let Some(customer) = self.customer(customer_id).await? else {
            return Ok(None);
        };
        let query = self.partition(items::orders_pk(customer_id));
        let orders = self.first(query, usize::MAX).await?;
        let (count, total_cents) = worth(&orders)?;
        Ok(Some(CustomerSummary {
            customer_id: customer_id.to_owned(),
            name: text_of(&customer, "name")?,
            country: text_of(&customer, "country")?,
            orders: count,
            total_cents,
            // They come by day.
            last_order_on: orders
                .last()
                .map(|order| text_of(order, "placed_on"))
                .transpose()?,
        }))
    }

    pub(super) async fn total(
        &self,
        customer_id: &str,
        months: u32,
    ) -> Result<CustomerSales, TableError> {
        let attribute = "newest_day";
        let newest = text_of(&self.meta().await?, attribute)?;
        let since = months_before(&newest, months).ok_or(TableError::Item { attribute })?;
        let query = self
            .partition(items::orders_pk(customer_id))
            .key_condition_expression("pk = :pk AND sk > :since")
            .expression_attribute_values(":since", items::text(items::after_day(&since)));
        let (orders, total_cents) = worth(&self.first(query, usize::MAX).await?)?;
        Ok(CustomerSales {
            customer_id: customer_id.to_owned(),
            months,
            orders,
            total_cents,
        })
    }

    pub(super) async fn orders(
        &self,
        customer_id: &str,
        status: Option<OrderStatus>,
        after: Option<String>,
        limit: u16,
    ) -> Result<Vec<OrderSummary>, TableError> {
        let mut query = self
            .partition(items::orders_pk(customer_id))
            .scan_index_forward(false)
            .limit(limit.into());
        if let Some(after) = after {
            query = query
                .key_condition_expression("pk = :pk AND sk < :after")
                .expression_attribute_values(":after", items::text(after));
        }
        if let Some(status) = status {
            // The limit is one of orders looked at, with a filter.
            query = query
                .filter_expression("#status = :status")
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(":status", items::text(status.name()))
                .limit(STATUS_PAGE);
        }
        let found = self.first(query, limit.into()).await?;
        let found = found.iter().map(|item| Ok(Order::read(item)?.summary()));
        found.collect()
    }

    pub(super) async fn month(&self, month: &str) -> Result<MonthSales, TableError> {
        let found = self.first(self.by_month(month), usize::MAX).await?;
        let (orders, total_cents) = worth(&found)?;
        Ok(MonthSales {
            month: month.to_owned(),
            orders,
            total_cents,
        })
    }
}

/// How many orders there are, and what they are worth together.
fn worth(orders: &[Item]) -> Result<(u32, i64), TableError> {
    orders.iter().try_fold((0, 0), |(count, cents), order| {
        Ok((count + 1, cents + number_of(order, "net_cents")?))
    })
}
