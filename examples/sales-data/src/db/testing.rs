//! A database of its own for each test, with either engine.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::{Connection, params_from_iter};

#[cfg(feature = "dynamodb")]
use super::dynamo::testing::TestTable;
use super::{DbError, SalesDb, data};

/// What a test database is made of.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Sqlite,
    #[cfg(feature = "dynamodb")]
    Dynamo,
}

/// A path nobody else uses; the file there is removed at the end.
pub(crate) struct TestFile(PathBuf);

impl TestFile {
    pub(crate) fn new() -> Self {
        let name = format!("{}.db", unique_name());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        // A file that stays behind fails no test.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A name that no other test has, in this process or another one.
pub(super) fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("sales-data-test-{}-{number}", std::process::id())
}

/// A freshly filled database. The order of the fields closes it before its file goes.
pub(crate) struct TestDb {
    sales: Arc<SalesDb>,
    store: Store,
}

enum Store {
    File(TestFile),
    #[cfg(feature = "dynamodb")]
    Table(TestTable),
}

impl TestDb {
    /// With the example's data. A table where `SALES_TEST_DYNAMODB` says that there can be one, so
    /// that the tests of all tools run on either engine; a file elsewhere.
    pub(crate) fn new() -> Result<Self, DbError> {
        #[cfg(feature = "dynamodb")]
        if super::dynamo::testing::is_there() {
            return Self::of(Kind::Dynamo);
        }
        Self::of(Kind::Sqlite)
    }

    /// With the example's data.
    pub(crate) fn of(kind: Kind) -> Result<Self, DbError> {
        Self::create(kind, None)
    }

    /// With the example's customers and these orders alone, one on a line.
    pub(crate) fn with_orders(kind: Kind, orders: &str) -> Result<Self, DbError> {
        Self::create(kind, Some(orders))
    }

    fn create(kind: Kind, orders: Option<&str>) -> Result<Self, DbError> {
        let store = match kind {
            Kind::Sqlite => Store::File(file(orders)?),
            #[cfg(feature = "dynamodb")]
            Kind::Dynamo => {
                let csv = orders.map(|orders| format!("heading\n{orders}"));
                let csv = csv.as_deref().unwrap_or(data::ORDERS);
                Store::Table(TestTable::filled(data::CUSTOMERS, csv)?)
            }
        };
        Ok(Self {
            sales: Arc::new(store.open()?),
            store,
        })
    }

    /// Opens the database once more, as another process does.
    pub(crate) fn open(&self) -> Result<SalesDb, DbError> {
        self.store.open()
    }
}

impl Deref for TestDb {
    type Target = Arc<SalesDb>;

    fn deref(&self) -> &Arc<SalesDb> {
        &self.sales
    }
}

impl Store {
    fn open(&self) -> Result<SalesDb, DbError> {
        match self {
            Self::File(file) => SalesDb::open(file.path()),
            #[cfg(feature = "dynamodb")]
            Self::Table(table) => Ok(table.open()?),
        }
    }
}

/// A filled file; with these orders instead of the example's, if there are any.
fn file(orders: Option<&str>) -> Result<TestFile, DbError> {
    let file = TestFile::new();
    SalesDb::open(file.path())?;
    if let Some(orders) = orders {
        let mut connection = Connection::open(file.path())?;
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM orders", [])?;
        for line in orders.lines() {
            let sql = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''))";
            transaction.execute(sql, params_from_iter(line.split(',')))?;
        }
        transaction.commit()?;
    }
    Ok(file)
}

/// Lines of a CSV file, without its heading.
pub(super) fn count(csv: &str) -> usize {
    data::lines(csv).count()
}
