//! What the instances of one server tell each other.

mod bridge;
mod event;
mod local;

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;

pub(crate) use bridge::Bridge;
pub(crate) use event::{Changes, ClientEvent};
pub use local::LocalBus;

/// Carries events between the instances of one server, so that a client may reach any of them: a
/// change that one notices is heard of on all, and an answer that reaches one gets to the other that
/// asked.
///
/// An event is a few bytes whose meaning is the server's own. It is carried at most once, to every
/// instance that listens, in the order in which one instance sent it; whether the sender hears it
/// too does not matter. Nothing has to be kept for instances that are not there. Whoever can
/// send events can pretend changes and answers of clients, so let nobody else near.
///
/// An implementation of your own has to pass `check_event_bus` of `testing`. [`LocalBus`] connects
/// servers of one process.
///
/// ```
/// use std::pin::Pin;
///
/// use mcp_core::{BusError, Events, EventBus, Heard, Server, server_info};
///
/// /// Carries nothing: what a server has that is alone.
/// struct Nowhere;
///
/// impl EventBus for Nowhere {
///     fn publish<'b>(
///         &'b self,
///         _: &'b [u8],
///     ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>> {
///         Box::pin(std::future::ready(Ok(())))
///     }
///
///     fn listen(&self) -> Box<dyn Events> {
///         Box::new(Nowhere)
///     }
/// }
///
/// impl Events for Nowhere {
///     fn next<'e>(&'e mut self) -> Pin<Box<dyn Future<Output = Heard> + Send + 'e>> {
///         Box::pin(std::future::pending())
///     }
/// }
///
/// assert!(Server::new(server_info!(), ()).event_bus(Nowhere).build().is_ok());
/// ```
pub trait EventBus: Send + Sync + 'static {
    /// Sends an event to every instance that listens. Returns once the bus has it. Example: the
    /// trait.
    ///
    /// # Errors
    ///
    /// When the bus cannot be reached, or does not take it within a time that the bus has for that.
    /// The event may have been carried all the same.
    #[allow(clippy::type_complexity)] // the shape of an asynchronous method of a trait object
    fn publish<'b>(
        &'b self,
        event: &'b [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>>;

    /// Listens from now on, and goes on listening when the bus was away for a while. Example: the
    /// trait.
    fn listen(&self) -> Box<dyn Events>;
}

/// What one instance hears. Dropped, it listens no more. Example: [`EventBus`].
pub trait Events: Send {
    /// The next thing. May be dropped while it waits, without anything being lost. Example:
    /// [`EventBus`].
    #[allow(clippy::type_complexity)] // the shape of an asynchronous method of a trait object
    fn next<'e>(&'e mut self) -> Pin<Box<dyn Future<Output = Heard> + Send + 'e>>;
}

/// What an instance hears. Example: [`EventBus`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// An event.
    Event(Vec<u8>),
    /// Events may have been missed here: the bus was away, or more came than the listener took. The
    /// server then takes everything for changed.
    Gap,
}

/// The bus did not take an event.
///
/// Its cause goes to the log, never to a client.
///
/// ```
/// let error = mcp_core::BusError::new("the bus is away");
/// assert_eq!(error.to_string(), "the bus is away");
/// ```
#[derive(Debug)]
pub struct BusError(Box<dyn StdError + Send + Sync>);

impl BusError {
    /// An error with this cause. Example: [`BusError`].
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for BusError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
