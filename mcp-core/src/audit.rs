//! Who called what, when, and how it ended: one record per call, for those who have to account for it.
//!
#![doc = include_str!("../docs/audit.md")]

mod arguments;
mod file;
mod record;
mod stdout;

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub(crate) use arguments::{Digests, Noted, Secrets, note};
pub use file::AuditFile;
pub use record::{AuditEvent, AuditRecord, Outcome};
pub(crate) use record::{End, Runtime, hex, milliseconds};
pub(crate) use stdout::write_line;

use stdout::StandardOutput;

/// What is recorded of calls, and where it goes. Given to
/// [`ServerBuilder::audit`](crate::ServerBuilder::audit); without one, it is [`Audit::stdout`].
///
/// ```
/// use mcp_core::audit::Audit;
///
/// let nothing = Audit::off();
/// let lines = Audit::stdout().intents();
/// # let _ = (nothing, lines);
/// ```
pub struct Audit {
    pub(crate) sink: Option<Arc<dyn AuditSink>>,
    pub(crate) intents: bool,
    pub(crate) fail_closed: bool,
    pub(crate) digests: Digests,
    /// Whether the author asked for it: tests in memory are quiet otherwise.
    pub(crate) asked_for: bool,
}

impl Audit {
    /// One line of JSON per record on standard output; on standard error where a host needs standard
    /// output for the protocol ([`stdio`](crate#features)). Each line is written in one piece. Example:
    /// [`Audit`].
    pub fn stdout() -> Self {
        Self::to(StandardOutput)
    }

    /// Records go to `sink`. Example: [`AuditSink`].
    pub fn to(sink: impl AuditSink) -> Self {
        Self {
            sink: Some(Arc::new(sink)),
            intents: false,
            fail_closed: false,
            digests: Digests::default(),
            asked_for: true,
        }
    }

    /// No records. Example: [`Audit`].
    pub fn off() -> Self {
        Self {
            sink: None,
            ..Self::stdout()
        }
    }

    /// What a server has whose author says nothing.
    pub(crate) fn unsaid() -> Self {
        Self {
            asked_for: false,
            ..Self::stdout()
        }
    }

    /// Records the intent of every call of a tool that is not `read_only` before it runs, in a record of
    /// its own. The record of its end names the intent, so an intent without an end is a call that the
    /// process did not survive: it may have taken effect.
    ///
    /// The call waits until the sink has the intent; whether it runs where the sink fails is for
    /// [`Audit::fail_closed`] to say. Example: [the module](self).
    pub fn intents(mut self) -> Self {
        self.intents = true;
        self
    }

    /// Nothing goes unrecorded. A call whose intent cannot be recorded is refused before it runs, and the
    /// result of a call that cannot be recorded is withheld: its client reads that the call cannot be
    /// recorded, and nothing of its result.
    ///
    /// Without this a record that cannot be written is an error in the log, and the call goes on. Example:
    /// [the module](self).
    pub fn fail_closed(mut self) -> Self {
        self.fail_closed = true;
        self
    }

    /// Adds a digest to each argument in a record: HMAC-SHA256 ([RFC 2104]) under `key`, in hexadecimal, of
    /// the text of a string and of the JSON of anything else. Whoever has the key can find the calls that
    /// were about a value; without it the value cannot be found by trying, as it could from a plain hash.
    ///
    /// Feature `seal`.
    ///
    /// The key has to have at least 32 bytes, or [`build`](crate::ServerBuilder::build) refuses it. Keep it
    /// away from whoever reads the records.
    ///
    /// ```
    /// use mcp_core::audit::Audit;
    /// use mcp_core::{Server, server_info};
    ///
    /// let audited = |key: &[u8]| {
    ///     Server::new(server_info!(), ()).audit(Audit::stdout().digest_key(key)).build()
    /// };
    /// assert!(audited(&[7; 32]).is_ok());
    /// assert!(audited(&[7; 31]).is_err());
    /// ```
    ///
    /// [RFC 2104]: https://www.rfc-editor.org/rfc/rfc2104
    #[cfg(feature = "seal")]
    pub fn digest_key(mut self, key: &[u8]) -> Self {
        self.digests = Digests::keyed(key);
        self
    }
}

/// Says nothing of the key.
impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit")
            .field("on", &self.sink.is_some())
            .field("intents", &self.intents)
            .field("fail_closed", &self.fail_closed)
            .finish_non_exhaustive()
    }
}

/// Takes records: a file, a queue, a table that nobody can change.
///
/// Called once per record, on the thread of the call. What takes time belongs into the future that it
/// gives back; the reply waits for it. A record of a call whose client is gone is taken as well, and its
/// future finished in a task of its own. How long a sink may take is for the sink to limit.
///
/// ```
/// use std::sync::Arc;
///
/// use mcp_core::audit::{Audit, AuditError, AuditRecord, AuditSink, Written};
/// use mcp_core::{Server, server_info};
/// # struct Ledger;
/// # impl Ledger {
/// #     async fn append(&self, _: Vec<u8>) -> std::io::Result<()> { Ok(()) }
/// # }
///
/// struct ToLedger(Arc<Ledger>);
///
/// impl AuditSink for ToLedger {
///     fn record(&self, record: &AuditRecord<'_>) -> Written {
///         let ledger = Arc::clone(&self.0);
///         let json = record.to_json();
///         Written::later(async move {
///             ledger.append(json).await?;
///             Ok(())
///         })
///     }
/// }
///
/// let audit = Audit::to(ToLedger(Arc::new(Ledger))).intents().fail_closed();
/// assert!(Server::new(server_info!(), ()).audit(audit).build().is_ok());
/// ```
pub trait AuditSink: Send + Sync + 'static {
    /// Takes one record.
    ///
    /// # Errors
    ///
    /// [`Written`] says that the record is not kept. [`Audit::fail_closed`] decides what becomes of the
    /// call. A panic counts as such an error.
    fn record(&self, record: &AuditRecord<'_>) -> Written;
}

/// Whether a record is kept, or will be.
///
/// ```
/// use mcp_core::audit::{AuditError, Written};
///
/// let kept = Written::Now(Ok(()));
/// let lost = Written::Now(Err(AuditError::new("the disk is full")));
/// let soon = Written::later(async { Ok(()) });
/// # let _ = (kept, lost, soon);
/// ```
pub enum Written {
    /// It is known now.
    Now(Result<(), AuditError>),
    /// The future knows. It owns what it needs, since a call can end before it does.
    Later(Pin<Box<dyn Future<Output = Result<(), AuditError>> + Send>>),
}

impl Written {
    /// It is known when the future has finished. Example: [`Written`].
    pub fn later(future: impl Future<Output = Result<(), AuditError>> + Send + 'static) -> Self {
        Self::Later(Box::pin(future))
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(written) => f.debug_tuple("Now").field(written).finish(),
            Self::Later(_) => f.write_str("Later"),
        }
    }
}

/// Why a record is not kept.
///
/// Any [`std::error::Error`] becomes one through `?`. The text goes to the log and never to a client. Like
/// [`Error`](crate::Error), it is not itself a `std::error::Error`. Example: [`Written`].
pub struct AuditError(Box<dyn StdError + Send + Sync>);

impl AuditError {
    /// An error with this text. Example: [`Written`].
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for AuditError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
