//! A sink for audit records that keeps them, fails when it is told to, and takes its time when it is told to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mcp_core::audit::{AuditError, AuditRecord, AuditSink, Written};
use serde_json::Value;
use tokio::sync::Semaphore;

/// The sink; its clones are one.
#[derive(Clone, Debug)]
pub struct Ledger(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    records: Mutex<Vec<Value>>,
    fails: AtomicBool,
    panics: AtomicBool,
    /// A record is kept once it has a permit of it.
    gate: Semaphore,
    slow: bool,
}

impl Ledger {
    /// One that keeps each record at once.
    pub fn new() -> Self {
        Self::with(false)
    }

    /// One that keeps a record when [`Ledger::release`] lets it.
    pub fn slow() -> Self {
        Self::with(true)
    }

    fn with(slow: bool) -> Self {
        Self(Arc::new(Inner {
            records: Mutex::default(),
            fails: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            gate: Semaphore::new(0),
            slow,
        }))
    }

    /// From now on nothing is kept.
    pub fn fail(&self) {
        self.0.fails.store(true, Ordering::SeqCst);
    }

    /// From now on it panics.
    pub fn panic(&self) {
        self.0.panics.store(true, Ordering::SeqCst);
    }

    /// Lets so many records be kept.
    pub fn release(&self, records: usize) {
        self.0.gate.add_permits(records);
    }

    /// What was kept since the last time that somebody asked.
    ///
    /// # Panics
    ///
    /// When a record is no JSON on one line.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.records())
    }

    /// The one record that was kept since then.
    ///
    /// # Panics
    ///
    /// When there is another number of them.
    pub fn one(&self) -> Value {
        let records = self.take();
        let [record] = &records[..] else {
            panic!("not one record: {records:#?}");
        };
        record.clone()
    }

    fn records(&self) -> std::sync::MutexGuard<'_, Vec<Value>> {
        self.0
            .records
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl AuditSink for Ledger {
    fn record(&self, record: &AuditRecord<'_>) -> Written {
        assert!(!self.0.panics.load(Ordering::SeqCst), "the ledger panics");
        if self.0.fails.load(Ordering::SeqCst) {
            return Written::Now(Err(AuditError::new("the ledger is closed")));
        }
        let json = record.to_json();
        assert!(!json.contains(&b'\n'), "a record has several lines");
        let parsed = serde_json::from_slice(&json).expect("a record is no JSON");
        if !self.0.slow {
            self.records().push(parsed);
            return Written::Now(Ok(()));
        }
        let ledger = self.clone();
        Written::later(async move {
            ledger.0.gate.acquire().await?.forget();
            ledger.records().push(parsed);
            Ok(())
        })
    }
}
