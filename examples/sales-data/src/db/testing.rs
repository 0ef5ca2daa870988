//! A database of its own for each test.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{DbError, SalesDb};

/// A path nobody else uses; the file there is removed at the end.
pub(crate) struct TestFile(PathBuf);

impl TestFile {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sales-data-test-{}-{number}.db", std::process::id());
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

/// A freshly filled database. The order of the fields closes it before its file goes.
pub(crate) struct TestDb {
    sales: Arc<SalesDb>,
    _file: TestFile,
}

impl TestDb {
    pub(crate) fn new() -> Result<Self, DbError> {
        let file = TestFile::new();
        Ok(Self {
            sales: Arc::new(SalesDb::open(file.path())?),
            _file: file,
        })
    }
}

impl Deref for TestDb {
    type Target = Arc<SalesDb>;

    fn deref(&self) -> &Arc<SalesDb> {
        &self.sales
    }
}
