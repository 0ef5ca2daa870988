//! Why the database did not answer.

use std::error::Error;
use std::fmt;

#[cfg(feature = "dynamodb")]
use super::dynamo::TableError;

/// A failure of the database, none of the caller's making.
#[derive(Debug)]
pub(crate) enum DbError {
    /// A statement was refused or failed.
    Sqlite(rusqlite::Error),
    /// The file was written by another version of this program, which this one can't read.
    Version(i64),
    /// A thread panicked while it held the connection.
    Poisoned,
    /// The table failed, or is not what it has to be.
    #[cfg(feature = "dynamodb")]
    Table(TableError),
    /// A table was named that this program can't open.
    #[cfg(not(feature = "dynamodb"))]
    NoFeature,
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "sales database: {error}"),
            Self::Version(found) => write!(
                f,
                "sales database: the file has the unknown schema version {found}"
            ),
            Self::Poisoned => f.write_str(
                "sales database: the connection was left in an unknown state by a panic",
            ),
            #[cfg(feature = "dynamodb")]
            Self::Table(error) => write!(f, "sales table: {error}"),
            #[cfg(not(feature = "dynamodb"))]
            Self::NoFeature => f.write_str(
                "sales table: this program was built without the feature `dynamodb`: build it with \
                 `--features dynamodb`, or leave `SALES_TABLE` unset to use the SQLite file",
            ),
        }
    }
}

impl Error for DbError {
    // The text above already says what the engine said, so the chain goes on after it.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Sqlite(error) => error.source(),
            Self::Version(_) | Self::Poisoned => None,
            #[cfg(feature = "dynamodb")]
            Self::Table(error) => error.source(),
            #[cfg(not(feature = "dynamodb"))]
            Self::NoFeature => None,
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

#[cfg(feature = "dynamodb")]
impl From<TableError> for DbError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}
