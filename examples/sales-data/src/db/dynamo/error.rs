//! Why the table did not answer.

use std::error::Error;
use std::fmt;
use std::io;

/// A failure of the table or of the way to it, for the log and for whoever sets it up.
#[derive(Debug)]
pub(crate) enum TableError {
    /// `SALES_TABLE` is not set, empty or not text.
    Name,
    /// There is no such table.
    Missing { table: String, region: String },
    /// The table was not filled, or not to the end.
    Unfilled { table: String },
    /// The table was filled by another version of this program, which this one can't read.
    Version { table: String, found: i64 },
    /// A request was refused or failed.
    Request {
        operation: &'static str,
        error: Box<dyn Error + Send + Sync>,
    },
    /// An item lacks an attribute, or has one of another type.
    Item { attribute: &'static str },
    /// A line of the data cannot be read.
    Line(String),
    /// The clock shows a time that no date stands for.
    Clock,
    /// Others were faster, again and again.
    Contended,
    /// It took too long altogether.
    Slow,
    /// The thread that drives the client could not be started.
    Thread(io::Error),
    /// The thread that drives the client panicked.
    Panicked,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("`SALES_TABLE` has to name a table in Amazon DynamoDB"),
            Self::Missing { table, region } => write!(
                f,
                "there is no table `{table}` in the region `{region}`: correct `SALES_TABLE` or \
                 `AWS_REGION`, or create it with the keys `pk` and `sk` and an index `by_month` on \
                 `month`, all of them text, and run `sales-data fill`"
            ),
            Self::Unfilled { table } => write!(
                f,
                "`{table}` is not filled, or not to the end: run `sales-data fill` with \
                 `SALES_TABLE={table}`"
            ),
            Self::Version { table, found } => {
                write!(f, "`{table}` has the unknown version {found}")
            }
            Self::Request { operation, error } => write!(f, "{operation}: {error}"),
            Self::Item { attribute } => {
                write!(
                    f,
                    "an item has no `{attribute}`, or one that cannot be read"
                )
            }
            Self::Line(line) => write!(f, "the data has a line that cannot be read: {line:?}"),
            Self::Clock => f.write_str("the clock of this machine shows no date"),
            Self::Contended => f.write_str("others wrote the same item again and again"),
            Self::Slow => f.write_str("the table took too long to answer"),
            Self::Thread(error) => write!(f, "its thread could not be started: {error}"),
            Self::Panicked => f.write_str("its thread panicked"),
        }
    }
}

impl Error for TableError {
    // The text above already says what the first cause said, so the chain goes on after it.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Request { error, .. } => error.source(),
            Self::Thread(error) => error.source(),
            _ => None,
        }
    }
}
