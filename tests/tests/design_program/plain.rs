/// Net sales of one customer over a window of months.
struct Sales { customer_id: String, months: u32, total_cents: i64 }

/// Total sales for one customer.
async fn get_customer_sales(
    customer_id: &str,
    months: u32,
    sales: &SalesDb,
    who: &Caller,
) -> Result<Sales> {
    let total_cents = sales.total(who.subject(), customer_id, months).await?;
    Ok(Sales { customer_id: customer_id.into(), months, total_cents })
}
