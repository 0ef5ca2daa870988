-- The refunds that were booked by this program, by the name of the call, so that none is booked
-- twice. What an order had been refunded before is in `orders` alone, and `orders` has the sum.
CREATE TABLE refunds (
    call         TEXT PRIMARY KEY,
    order_id     TEXT NOT NULL REFERENCES orders,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    booked_on    TEXT NOT NULL CHECK (booked_on IS date(booked_on))
) STRICT;
