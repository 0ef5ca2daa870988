CREATE TABLE customers (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    country TEXT NOT NULL
) STRICT;

-- Days are ISO dates, so they compare as text.
CREATE TABLE orders (
    order_id       TEXT PRIMARY KEY,
    customer_id    TEXT NOT NULL REFERENCES customers,
    placed_on      TEXT NOT NULL CHECK (placed_on IS date(placed_on)),
    status         TEXT NOT NULL CHECK (status IN ('paid', 'shipped', 'delivered', 'cancelled', 'refunded')),
    amount_cents   INTEGER NOT NULL CHECK (amount_cents > 0),
    refunded_cents INTEGER NOT NULL DEFAULT 0 CHECK (refunded_cents BETWEEN 0 AND amount_cents),
    refunded_on    TEXT CHECK (refunded_on IS date(refunded_on)),
    CHECK ((refunded_on IS NULL) = (refunded_cents = 0))
) STRICT;

CREATE INDEX orders_of_customer ON orders (customer_id, placed_on, order_id);
CREATE INDEX orders_by_day ON orders (placed_on);

-- What an order is worth. Lists and totals both read it here, so they always agree.
CREATE VIEW net_orders AS
SELECT order_id,
       customer_id,
       placed_on,
       status,
       CASE status WHEN 'cancelled' THEN 0 ELSE amount_cents - refunded_cents END AS net_cents
FROM orders;
