//! What a tool returns when it fails.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use crate::builder::BuildError;
#[cfg(feature = "seal")]
use crate::client::Capabilities;
use crate::refusal::{Refusal, Refused};

/// The result of a tool. The error is [`Error`] unless another type is named.
///
/// ```
/// fn half(of: u32) -> mcp_core::Result<u32> {
///     if of % 2 == 1 {
///         return Err(mcp_core::Error::new("give an even number"));
///     }
///     Ok(of / 2)
/// }
///
/// assert_eq!(half(4).unwrap(), 2);
/// assert!(half(3).is_err());
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a tool failed: text for the model, or something that only the log may see.
///
/// Errors are private until made public. Any [`std::error::Error`] becomes a private one through
/// `?`; the model then reads a short text with an id, and the log has the cause under the same id,
/// once. Text reaches the model only when its author wrote it for the model. Either way the client
/// gets a result with `isError`, not a protocol error ([tools, 2026-07-28]).
///
/// ```
/// use mcp_core::{Error, Result};
///
/// fn quantity(text: &str) -> Result<u32> {
///     if text.is_empty() {
///         return Err(Error::new("give a quantity, such as `3`")); // for the model
///     }
///     Ok(text.parse()?) // the cause goes to the log only
/// }
///
/// assert_eq!(quantity("").unwrap_err().public_text(), Some("give a quantity, such as `3`"));
/// assert_eq!(quantity("x").unwrap_err().public_text(), None);
/// ```
///
/// Like the error type of `anyhow`, it is not itself a `std::error::Error`; that is what lets `?`
/// accept every type that is.
///
/// [tools, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/server/tools#error-handling
pub struct Error(Kind);

enum Kind {
    Public(Cow<'static, str>),
    NotFound(Cow<'static, str>),
    Private(Box<dyn StdError + Send + Sync>),
    /// The client cannot be asked for what the function needs.
    #[cfg(feature = "seal")]
    CannotAsk(Capabilities),
    /// The client answered something else than it was asked.
    #[cfg(feature = "seal")]
    BadAnswer(Cow<'static, str>),
    /// The client has been asked, and its answer comes with another request.
    #[cfg(feature = "seal")]
    Asked,
}

/// What the protocol has to know about an error.
pub(crate) enum Fault {
    /// The author's text.
    Public(Cow<'static, str>),
    /// The same, of something that does not exist.
    NotFound(Cow<'static, str>),
    /// A text that names the cause in the log.
    Private(Cow<'static, str>),
    /// What the client would have to declare.
    #[cfg(feature = "seal")]
    CannotAsk(Capabilities),
    /// What is wrong with an answer of the client.
    #[cfg(feature = "seal")]
    BadAnswer(Cow<'static, str>),
}

impl Error {
    /// An error whose text the model reads. Say what to change. At most 4,096 characters are sent,
    /// and the rest is cut. Example: [`Error`].
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::Public(text.into()))
    }

    /// Something that does not exist. As the error of a resource it becomes the protocol's "resource
    /// not found" ([resources, 2026-07-28]); elsewhere it is the same as [`Error::new`].
    ///
    /// ```
    /// use mcp_core::{Error, Result, resource};
    ///
    /// /// What one customer bought.
    /// #[resource("sales://customers/{customer_id}/summary")]
    /// fn customer_summary(customer_id: &str) -> Result<String> {
    ///     Err(Error::not_found(format!("no customer `{customer_id}`")))
    /// }
    /// # assert!(customer_summary("C-9").is_err());
    /// ```
    ///
    /// [resources, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/server/resources#error-handling
    pub fn not_found(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::NotFound(text.into()))
    }

    /// The client does not say that it can be asked for this.
    #[cfg(feature = "seal")]
    pub(crate) fn cannot_ask(missing: Capabilities) -> Self {
        Self(Kind::CannotAsk(missing))
    }

    /// The client answered something else than it was asked.
    #[cfg(feature = "seal")]
    pub(crate) fn bad_answer(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::BadAnswer(text.into()))
    }

    /// Whether the client keeps the call from going on, so that to ask it anything else is in vain.
    #[cfg(feature = "seal")]
    pub(crate) fn is_of_the_client(&self) -> bool {
        matches!(self.0, Kind::CannotAsk(_) | Kind::BadAnswer(_))
    }

    /// The answer comes with another request.
    #[cfg(feature = "seal")]
    pub(crate) fn asked() -> Self {
        Self(Kind::Asked)
    }

    /// Publishes the text of another error, for `.map_err(Error::public)`.
    ///
    /// Only for errors whose text was written for the caller: a driver's text can hold host names,
    /// statements or credentials. The causes of the error are not published. At most 4,096
    /// characters are sent, as with [`Error::new`].
    ///
    /// ```
    /// use mcp_core::Error;
    ///
    /// let error = "x".parse::<u32>().map_err(Error::public).unwrap_err();
    /// assert_eq!(error.public_text(), Some("invalid digit found in string"));
    /// ```
    #[allow(clippy::needless_pass_by_value)] // the shape that `map_err` calls
    pub fn public(error: impl fmt::Display) -> Self {
        Self(Kind::Public(Cow::Owned(error.to_string())))
    }

    /// Keeps an error private that `?` cannot take by itself: `anyhow::Error`, a boxed error, a
    /// `String`.
    ///
    /// ```
    /// use mcp_core::Error;
    ///
    /// let cause: Result<(), String> = Err("connection refused by 10.0.0.7".into());
    /// assert_eq!(cause.map_err(Error::private).unwrap_err().public_text(), None);
    /// ```
    pub fn private(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Kind::Private(error.into()))
    }

    /// The text that the model reads, before it is cut, or `None` for a private error. For unit
    /// tests. Example: [`Error`].
    pub fn public_text(&self) -> Option<&str> {
        match &self.0 {
            Kind::Public(text) | Kind::NotFound(text) => Some(text),
            Kind::Private(_) => None,
            #[cfg(feature = "seal")]
            Kind::BadAnswer(text) => Some(text),
            #[cfg(feature = "seal")]
            Kind::CannotAsk(_) | Kind::Asked => None,
        }
    }

    /// The text that the model reads, if there is one.
    pub(crate) fn text_mut(&mut self) -> Option<&mut String> {
        match &mut self.0 {
            Kind::Public(text) | Kind::NotFound(text) => Some(text.to_mut()),
            Kind::Private(_) => None,
            #[cfg(feature = "seal")]
            Kind::BadAnswer(text) => Some(text.to_mut()),
            #[cfg(feature = "seal")]
            Kind::CannotAsk(_) | Kind::Asked => None,
        }
    }

    /// What the client may know. A private cause goes to the log here, once, under the id that the
    /// text names.
    pub(crate) fn disclose(self, name: &str) -> Fault {
        let cause = match self.0 {
            Kind::Public(text) => return Fault::Public(text),
            Kind::NotFound(text) => return Fault::NotFound(text),
            #[cfg(feature = "seal")]
            Kind::CannotAsk(missing) => return Fault::CannotAsk(missing),
            #[cfg(feature = "seal")]
            Kind::BadAnswer(text) => return Fault::BadAnswer(text),
            Kind::Private(cause) => cause,
            #[cfg(feature = "seal")]
            Kind::Asked => "the function went on after it had asked the client".into(),
        };
        let id = ErrorId::random();
        tracing::error!(tool = name, %id, cause = %Chain(&*cause), "the tool failed");
        Fault::Private(Cow::Owned(format!(
            "The call failed for a reason that is not yours to fix; the server's log has it as \
             error {id}."
        )))
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::private(error)
    }
}

/// Shows everything, for tests and logs: never send it to a client.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Public(text) => write!(f, "public: {text}"),
            Kind::NotFound(text) => write!(f, "not found: {text}"),
            Kind::Private(cause) => write!(f, "private: {}", Chain(&**cause)),
            #[cfg(feature = "seal")]
            Kind::CannotAsk(missing) => {
                write!(f, "the client does not declare {}", missing.as_json())
            }
            #[cfg(feature = "seal")]
            Kind::BadAnswer(text) => write!(f, "answered wrongly: {text}"),
            #[cfg(feature = "seal")]
            Kind::Asked => f.write_str("the client was asked, its answer comes later"),
        }
    }
}

/// What the error type of a tool, a resource or a prompt has to be.
///
/// Every `std::error::Error` is one, and stays private; so is [`Error`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a tool, a resource or a prompt",
    label = "not an error that can be returned here",
    note = "return `mcp_core::Error`, or a type that implements `std::error::Error`",
    note = "text for the model is `Error::new(\"...\")` or `.map_err(Error::public)`; other types \
            become private with `.map_err(Error::private)`",
    note = "guide: docs/guide/state-and-errors.md"
)]
pub trait ToolFailure {
    /// Becomes what the engine handles.
    fn into_error(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Error>> ToolFailure for E {
    fn into_error(self) -> Error {
        self.into()
    }
}

/// Why a server could not be built or started, or why a host stopped.
///
/// Any [`std::error::Error`] becomes one through `?`, so that `main` needs no other error type.
/// What `main` prints for it is the text and its causes, on one line. Like [`Error`], it is not
/// itself a `std::error::Error`.
///
/// ```
/// fn main() -> Result<(), mcp_core::HostError> {
///     let port: u16 = "8000".parse()?;
///     assert_eq!(port, 8000);
///     Ok(())
/// }
/// ```
pub struct HostError(Box<dyn StdError + Send + Sync>);

impl HostError {
    /// An error with this text.
    ///
    /// ```
    /// let error = mcp_core::HostError::new("set `DATABASE_URL`");
    /// assert_eq!(error.to_string(), "set `DATABASE_URL`");
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// An error of a host that does not start, with the code that its text ends with.
    ///
    /// ```
    /// use mcp_core::{HostError, Refusal};
    ///
    /// let error = HostError::refused(Refusal::PublicUrl, "`MCP_PUBLIC_URL` is not a URL");
    /// assert_eq!(error.to_string(), "`MCP_PUBLIC_URL` is not a URL [public-url]");
    /// ```
    pub fn refused(refusal: Refusal, text: impl Into<String>) -> Self {
        Self(Box::new(Refused::new(refusal, text.into())))
    }

    /// Why the server does not start, where that has a code: errors of this project have one, those of
    /// the operating system, of libraries and of your own have none.
    ///
    /// ```
    /// use mcp_core::{HostError, Limits, Refusal, Server, server_info};
    ///
    /// fn server() -> Result<Server, HostError> {
    ///     let mut limits = Limits::default();
    ///     limits.in_flight = 0;
    ///     Ok(Server::new(server_info!(), ()).limits(limits).build()?)
    /// }
    /// assert_eq!(server().unwrap_err().refusal(), Some(Refusal::LimitOutOfRange));
    /// assert_eq!(HostError::new("no database").refusal(), None);
    /// ```
    pub fn refusal(&self) -> Option<Refusal> {
        let error = &*self.0;
        if let Some(error) = error.downcast_ref::<Refused>() {
            return Some(error.refusal);
        }
        if let Some(error) = error.downcast_ref::<BuildError>() {
            return Some(error.refusal());
        }
        #[cfg(feature = "http")]
        if let Some(error) = error.downcast_ref::<crate::http::EndpointError>() {
            return Some(error.refusal());
        }
        #[cfg(feature = "seal")]
        if let Some(error) = error.downcast_ref::<crate::seal::SealKeysError>() {
            return Some(error.refusal());
        }
        #[cfg(feature = "jwt")]
        if let Some(error) = error.downcast_ref::<crate::jwt::VerifierError>() {
            return Some(error.refusal());
        }
        #[cfg(feature = "jwt")]
        if let Some(error) = error.downcast_ref::<crate::jwt::JwksError>() {
            return Some(error.refusal());
        }
        None
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for HostError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Debug for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Chain(&*self.0))
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Chain(&*self.0))
    }
}

/// An error and its causes on one line.
struct Chain<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// Connects what the model reads with what the log has.
struct ErrorId(u64);

impl ErrorId {
    /// Random per process and call: the standard library seeds each state from the system. The clock
    /// tells processes apart that were copied, seed and all.
    fn random() -> Self {
        Self(RandomState::new().hash_one(SystemTime::now()))
    }
}

impl fmt::Display for ErrorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_cause_stays_out_of_the_text() {
        let cause = std::io::Error::other("postgres://admin:hunter2@db");
        let Fault::Private(text) = Error::from(cause).disclose("get") else {
            panic!("not private")
        };
        assert!(
            !text.contains("hunter2") && text.contains("error "),
            "{text}"
        );
    }

    #[test]
    fn debug_shows_the_whole_chain() {
        let inner = std::io::Error::other("inner");
        assert_eq!(format!("{:?}", Error::private(inner)), "private: inner");
        assert_eq!(format!("{:?}", Error::new("outer")), "public: outer");
    }
}
