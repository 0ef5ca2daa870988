//! The shop that the servers of this comparison speak for. `shop.py` is the same for those in Python.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was sold, by whom and to whom.
#[derive(Debug)]
pub struct Ledger(Mutex<Vec<Sale>>);

#[derive(Debug)]
struct Sale {
    seller: String,
    customer: String,
    months_ago: u32,
    cents: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        let sale = |seller: &str, customer: &str, months_ago, cents| Sale {
            seller: seller.to_owned(),
            customer: customer.to_owned(),
            months_ago,
            cents,
        };
        Self(Mutex::new(vec![
            sale("alice", "C-1", 1, 1_000),
            sale("alice", "C-1", 20, 500),
            sale("bob", "C-2", 3, 7_000),
        ]))
    }
}

impl Ledger {
    /// What a seller sold to a customer in so many months; nothing if they have no such customer.
    pub fn total(&self, seller: &str, customer: &str, months: u32) -> Option<u64> {
        let sales = self.sales();
        let mut theirs = sales
            .iter()
            .filter(|sale| sale.seller == seller && sale.customer == customer)
            .peekable();
        theirs.peek()?;
        Some(
            theirs
                .filter(|sale| sale.months_ago < months)
                .map(|sale| sale.cents)
                .sum(),
        )
    }

    /// Keeps a sale of today.
    pub fn record(&self, seller: &str, customer: &str, cents: u64) {
        self.sales().push(Sale {
            seller: seller.to_owned(),
            customer: customer.to_owned(),
            months_ago: 0,
            cents,
        });
    }

    fn sales(&self) -> MutexGuard<'_, Vec<Sale>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Orders that were not paid back yet, with their amounts.
#[derive(Debug)]
pub struct Orders(Mutex<Vec<(&'static str, u64)>>);

impl Default for Orders {
    fn default() -> Self {
        Self(Mutex::new(vec![("O-1", 4_200), ("O-2", 900)]))
    }
}

impl Orders {
    /// Pays an order back and says how much that was; nothing if there is no such order to pay back.
    pub fn pay_back(&self, order: &str) -> Option<u64> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|(name, _)| *name == order)?;
        Some(open.swap_remove(at).1)
    }
}
