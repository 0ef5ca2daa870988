//! The description of a server, and what is checked before the first request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::caller::Caller;
use crate::catalogue::{Catalogue, ToolEntry};
#[cfg(feature = "http")]
use crate::http::CallerSource;
use crate::limits::{LONGEST, Limits};
use crate::server::{Access, Server, StateHandlers};
use crate::server_info::ServerInfo;
use crate::texts::Texts;
use crate::tool::{For, ToolDef};

/// Describes a server. Made by [`Server::new`].
///
/// ```
/// use mcp_core::{Caller, Limits, Server, server_info, tool, tools};
///
/// /// Tells the time.
/// #[tool(scopes("clock:read"))]
/// fn now() -> String {
///     "noon".to_owned()
/// }
///
/// let mut limits = Limits::default();
/// limits.in_flight = 16;
/// let server = Server::new(server_info!(), ())
///     .tools(tools![now])
///     .instructions("Times are in UTC.")
///     .limits(limits)
///     .anonymous()
///     .local_caller(Caller::local("ann").with_scopes(["clock:read"]))
///     .build()
///     .unwrap();
/// assert_eq!(server.limits().in_flight, 16);
/// ```
pub struct ServerBuilder<S: 'static> {
    info: ServerInfo,
    state: S,
    instructions: Option<String>,
    tools: Vec<&'static ToolDef<S>>,
    limits: Limits,
    anonymous: bool,
    local: Caller,
    #[cfg(feature = "http")]
    source: Option<Arc<dyn CallerSource>>,
}

impl<S: Send + Sync> ServerBuilder<S> {
    pub(crate) fn start(info: ServerInfo, state: S) -> Self {
        Self {
            info,
            state,
            instructions: None,
            tools: Vec::new(),
            limits: Limits::default(),
            anonymous: false,
            local: Caller::local("local"),
            #[cfg(feature = "http")]
            source: None,
        }
    }

    /// Adds tools, listed in the order written. Takes what [`tools!`](crate::tools) makes, and may
    /// be called several times. Without any, the server has no method `tools/list`. Example:
    /// [`ServerBuilder`].
    pub fn tools<const N: usize>(
        mut self,
        list: impl FnOnce(For<S>) -> [&'static ToolDef<S>; N],
    ) -> Self {
        self.tools.extend(list(For::new()));
        self
    }

    /// How to use the server as a whole, for the model. At most 2,048 characters: clients cut
    /// longer ones silently ([Claude Code] at 2 KB, as it does descriptions of tools). White space
    /// around the text is left out. Example: [`ServerBuilder`].
    ///
    /// [Claude Code]: https://code.claude.com/docs/en/mcp
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.instructions = Some(text.into());
        self
    }

    /// Replaces the default [`Limits`]. [`ServerBuilder::build`] checks them. Example:
    /// [`ServerBuilder`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Admits callers that nobody identified, on every host.
    ///
    /// Without this, a request without a caller is answered 401 with `WWW-Authenticate: Bearer`
    /// ([RFC 6750, section 3]). Tools that take `&Caller` or need scopes stay out of an anonymous
    /// caller's reach either way. On standard input, and on a loopback address without a caller
    /// source, the local caller still is the caller.
    ///
    /// ```
    /// # use mcp_core::http::{Endpoint, Ingress};
    /// # use mcp_core::{Server, server_info};
    /// let closed = Server::new(server_info!(), ()).build().unwrap();
    /// let open = Server::new(server_info!(), ()).anonymous().build().unwrap();
    /// assert!(Endpoint::new(closed, Ingress::Platform).is_err());
    /// assert!(Endpoint::new(open, Ingress::Platform).is_ok());
    /// ```
    ///
    /// [RFC 6750, section 3]: https://www.rfc-editor.org/rfc/rfc6750#section-3
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Who calls through standard input and, without a caller source, through a loopback address.
    /// By default the subject `local` with every scope. Example: [`ServerBuilder`].
    pub fn local_caller(mut self, caller: Caller) -> Self {
        self.local = caller;
        self
    }

    /// Identifies the callers of HTTP requests, on every ingress; the local caller then is the
    /// caller on standard input only. A second source replaces the first. Example:
    /// [`CallerSource`].
    #[cfg(feature = "http")]
    pub fn caller_source(mut self, source: impl CallerSource) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Checks everything that can be checked before the first request.
    ///
    /// # Errors
    ///
    /// Two tools of one name, a description or instructions beyond 2,048 characters, an argument
    /// or result type that contains itself, a limit of zero or beyond 24 hours, a tool's `timeout`
    /// included. The error names the first of them. Example: [`BuildError`].
    pub fn build(self) -> Result<Server, BuildError> {
        check_limits(&self.limits)?;
        if let Some(text) = &self.instructions {
            check_text("the instructions have", text)?;
        }
        let mut entries: Vec<ToolEntry> = Vec::with_capacity(self.tools.len());
        for tool in &self.tools {
            let spec = &tool.spec;
            if entries.iter().any(|entry| entry.spec.name == spec.name) {
                return Err(BuildError(format!(
                    "two tools are named `{}`; rename one, or give it `#[tool(name = \"...\")]`",
                    spec.name
                )));
            }
            check_text(
                &format!("the description of the tool `{}` has", spec.name),
                spec.description,
            )?;
            if let Some(limit) = spec.timeout {
                check_duration(&format!("the timeout of the tool `{}`", spec.name), limit)?;
            }
            let entry = ToolEntry::new(spec).map_err(|_| {
                BuildError(format!(
                    "the tool `{}` takes or returns a type that contains itself, which model \
                     vendors refuse; use a depth-limited copy of the type, or JSON in a string",
                    spec.name
                ))
            })?;
            entries.push(entry);
        }
        let catalogue = Catalogue::new(entries, self.limits.cached_lists);
        let guidance = self.instructions.as_deref();
        let texts = Texts::new(&self.info, guidance, self.anonymous, &catalogue);
        let access = Access {
            anonymous: self.anonymous,
            local: self.local,
            #[cfg(feature = "http")]
            source: self.source,
        };
        let handlers = StateHandlers {
            state: self.state,
            tools: self.tools.into(),
        };
        Ok(Server::assemble(
            catalogue,
            self.limits,
            access,
            texts,
            Arc::new(handlers),
        ))
    }
}

impl<S> fmt::Debug for ServerBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// Longest text that clients pass on to a model in full, in characters.
const MAX_TEXT: usize = 2048;

fn check_text(what: &str, text: &str) -> Result<(), BuildError> {
    let length = text.trim().chars().count();
    if length > MAX_TEXT {
        return Err(BuildError(format!(
            "{what} {length} characters, and clients cut what is beyond {MAX_TEXT}; shorten it"
        )));
    }
    Ok(())
}

fn check_duration(what: &str, duration: Duration) -> Result<(), BuildError> {
    if duration.is_zero() || duration > LONGEST {
        return Err(BuildError(format!(
            "{what} has to be above zero and at most 24 hours"
        )));
    }
    Ok(())
}

fn check_limits(limits: &Limits) -> Result<(), BuildError> {
    let counts = [
        ("body_bytes", limits.body_bytes),
        ("line_bytes", limits.line_bytes),
        ("depth", u32::from(limits.depth)),
        ("arguments", u32::from(limits.arguments)),
        ("in_flight", limits.in_flight),
        ("result_bytes", limits.result_bytes),
    ];
    if let Some((name, _)) = counts.iter().find(|(_, count)| *count == 0) {
        return Err(BuildError(format!(
            "the limit `{name}` is zero and would refuse everything"
        )));
    }
    check_duration("the limit `call_timeout`", limits.call_timeout)?;
    check_duration("the limit `body_time`", limits.body_time)?;
    check_duration("the limit `write_stall`", limits.write_stall)
}

/// Why [`ServerBuilder::build`] refused, in words that say what to change.
///
/// ```
/// # use mcp_core::{Server, server_info, tool, tools};
/// /// Tells the time.
/// #[tool]
/// fn now() -> String {
///     "noon".to_owned()
/// }
///
/// let error = Server::new(server_info!(), ()).tools(tools![now, now]).build().unwrap_err();
/// assert!(error.to_string().starts_with("two tools are named `now`"));
/// ```
#[derive(Debug)]
pub struct BuildError(String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}
