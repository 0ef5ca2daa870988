//! Why the database did not answer.

use std::error::Error;
use std::fmt;

/// A failure of the database, none of the caller's making.
#[derive(Debug)]
pub(crate) enum DbError {
    /// A statement was refused or failed.
    Sqlite(rusqlite::Error),
    /// The file was written by another version of this program, which this one can't read.
    Version(i64),
    /// A thread panicked while it held the connection.
    Poisoned,
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
        }
    }
}

impl Error for DbError {
    // The text above already says what `SQLite` said, so the chain goes on after it.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Sqlite(error) => error.source(),
            Self::Version(_) | Self::Poisoned => None,
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}
