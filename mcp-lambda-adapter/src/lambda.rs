//! The host: what an author says about it, and its loop.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lambda_runtime::layers::TracingLayer;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use mcp_core::{HostError, Refusal, Server};
use serde_json::value::RawValue;

use crate::door::Door;
use crate::function::Function;
use crate::lifecycle::{ColdStart, Hook, Hooks, Termination};
use crate::log::LogSettings;
use crate::settings::{Chosen, ResponseMode, Settings};

/// How long invocations may go on when the process is asked to end: less than Lambda leaves it.
const GRACE: Duration = Duration::from_millis(250);

/// A server as a Lambda function, for those who want something else than [`run`](crate::run) does.
///
/// What the code does not say, the environment can:
///
/// | method | variable | without either |
/// | --- | --- | --- |
/// | [`response_mode`](Self::response_mode) | `MCP_RESPONSE_MODE`: `buffered` or `stream` | `buffered` |
/// | [`public_url`](Self::public_url) | `MCP_PUBLIC_URL` | not known |
/// | [`base_path`](Self::base_path) | `MCP_BASE_PATH` | the path of the public URL, or every path |
/// | [`deadline_margin`](Self::deadline_margin) | `MCP_DEADLINE_MARGIN_MS` | 750 ms |
/// | [`max_reply_bytes`](Self::max_reply_bytes) | `MCP_MAX_REPLY_BYTES` | what the door carries |
/// | [`user_token_header`](Self::user_token_header) | `MCP_USER_TOKEN_HEADER` | `Authorization` |
/// | [`subscriptions`](Self::subscriptions) | `MCP_SUBSCRIPTION_SECONDS` | none |
/// | [`doors`](Self::doors) | `MCP_DOORS`, such as `http,invoke` | all |
///
/// ```no_run
/// use mcp_core::{Server, server_info};
/// use mcp_lambda_adapter::{Door, Lambda, ResponseMode};
///
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> Result<(), mcp_lambda_adapter::Error> {
///     let server = Server::new(server_info!(), ()).build()?;
///     Lambda::new(server)
///         .response_mode(ResponseMode::Stream)
///         .doors([Door::Http])
///         .run()
///         .await
/// }
/// ```
#[must_use = "nothing is served before `run`"]
pub struct Lambda {
    server: Server,
    chosen: Chosen,
    hooks: Hooks,
}

impl Lambda {
    /// Takes a server, with everything as the environment says. Example: [`Lambda`].
    pub fn new(server: Server) -> Self {
        Self {
            server,
            chosen: Chosen::default(),
            hooks: Hooks::default(),
        }
    }

    /// How replies to HTTP requests leave the function: it has to fit the front door, see
    /// [`ResponseMode`]. Example: [`Lambda`].
    pub fn response_mode(mut self, mode: ResponseMode) -> Self {
        self.chosen.mode = Some(mode);
        self
    }

    /// Where clients reach the server, such as `https://mcp.example.com/mcp`: `https` (or `http` on a
    /// loopback address), without a query. Its path is the base path, unless that is set. Clients are
    /// told by it where to sign in
    /// ([`Endpoint::public_url`](mcp_core::http::Endpoint::public_url)).
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::Lambda;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).public_url("https://mcp.example.com/mcp");
    /// # let _ = function;
    /// ```
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.chosen.public_url = Some(url.into());
        self
    }

    /// The one path that is served, with or without the stage of an API in front of it, and with or
    /// without a slash at its end; any other is answered 404. Without one, every path that reaches the
    /// function is served.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::Lambda;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).base_path("/mcp");
    /// # let _ = function;
    /// ```
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.chosen.base_path = Some(path.into());
        self
    }

    /// How long before the deadline of its invocation a call is stopped, so that its caller gets an
    /// answer. Never more than half of what is left; at most 15 minutes.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::Lambda;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).deadline_margin(Duration::from_secs(1));
    /// # let _ = function;
    /// ```
    pub fn deadline_margin(mut self, margin: Duration) -> Self {
        self.chosen.margin = Some(margin);
        self
    }

    /// The largest reply in bytes, more than 2,048. A buffered reply to HTTP is measured as it leaves the
    /// function, as JSON that holds it as a string; of a streamed one the answer alone is measured. It
    /// cannot be more than the door carries: 25 KB to an agent, 1 MB behind an Application Load
    /// Balancer, 6 MB through any other door, 200 MB streamed. A call whose result is larger gets an
    /// error that tells the model to narrow it.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::Lambda;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).max_reply_bytes(256 * 1024);
    /// # let _ = function;
    /// ```
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.chosen.max_reply = Some(bytes);
        self
    }

    /// The header in which a user's token comes where `Authorization` holds the signature of a request,
    /// as behind a Function URL with `AWS_IAM`. A signed request with it is on behalf of its user: the
    /// caller source of the server sees it as `Authorization`, with `Bearer` before it if it had no
    /// scheme, and who signed the request does not count. In requests that nobody signed it means nothing.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::Lambda;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).user_token_header("x-user-authorization");
    /// # let _ = function;
    /// ```
    pub fn user_token_header(mut self, name: impl Into<String>) -> Self {
        self.chosen.token_header = Some(name.into());
        self
    }

    /// Lets clients of 2026-07-28 subscribe to changes, for at most this long; they may ask again. An
    /// open subscription costs as much as a running call, so there are none unless this is set.
    ///
    /// It takes [`ResponseMode::Stream`], and ends in order before the invocation does. Each takes up a
    /// process of the function, unless processes take several invocations at a time, so the reserved
    /// concurrency of the function bounds how many there are. A process hears only of changes that it
    /// makes itself, or that you tell its [`Notifier`](mcp_core::Notifier) of.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::{Lambda, ResponseMode};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server)
    ///     .response_mode(ResponseMode::Stream)
    ///     .subscriptions(Duration::from_secs(60));
    /// # let _ = function;
    /// ```
    pub fn subscriptions(mut self, longest: Duration) -> Self {
        self.chosen.subscriptions = Some(longest);
        self
    }

    /// The doors that are open; any other refuses, in its own form. Example: [`Lambda`].
    pub fn doors(mut self, open: impl IntoIterator<Item = Door>) -> Self {
        self.chosen.doors = Some(open.into_iter().collect());
        self
    }

    /// What callers hold who come through [`Door::Invoke`], [`Door::Gateway`] or [`Door::Agent`], in the
    /// place of what was said before: without this, no scopes. For [`Door::Http`] it is an error: there a token says it.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::{Door, Lambda};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).scopes(Door::Gateway, ["sales:read"]);
    /// # let _ = function;
    /// ```
    pub fn scopes<I>(mut self, door: Door, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Box<str>>,
    {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.chosen.scopes.push((door, scopes));
        self
    }

    /// Runs before a snapshot of the process is taken (`SnapStart`), where connections are to be closed.
    ///
    /// The server itself keeps nothing that a snapshot would share: it draws random numbers when it
    /// needs them and opens no connections. Example: [`Lambda::after_restore`].
    pub fn before_snapshot<F, Fut>(mut self, hook: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), HostError>> + Send + 'static,
    {
        self.hooks.before_snapshot.push(boxed(hook));
        self
    }

    /// Runs in each copy of a snapshot before its first invocation, where connections are opened
    /// again and seeds drawn anew. An error ends the process.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_lambda_adapter::Lambda;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let function = Lambda::new(server).after_restore(|| async {
    ///     // reconnect
    ///     Ok(())
    /// });
    /// # let _ = function;
    /// ```
    pub fn after_restore<F, Fut>(mut self, hook: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), HostError>> + Send + 'static,
    {
        self.hooks.after_restore.push(boxed(hook));
        self
    }

    /// Serves invocations until Lambda ends the process; several at a time where Lambda sends them so.
    /// Example: [`Lambda`].
    ///
    /// # Errors
    ///
    /// When a setting is wrong, the process does not run on Lambda, or Lambda's runtime interface
    /// fails. The last happens as well when an invocation has a client context that the runtime library
    /// cannot read, such as one with anything but texts under `custom`: it ends then, and Lambda starts
    /// the process anew. A gateway target that passes headers or query parameters on
    /// (`metadataConfiguration`) has such a context: pass none.
    pub async fn run(self) -> Result<(), HostError> {
        let started = Instant::now();
        let Self {
            server,
            chosen,
            hooks,
        } = self;
        let settings = Settings::resolve(chosen)?;
        if settings.token_header.is_some() && !server.has_caller_source() {
            return Err(HostError::refused(
                Refusal::NoCallerSource,
                "`MCP_USER_TOKEN_HEADER` is set, and nobody reads the token: give the server a \
                 `caller_source`",
            ));
        }
        check_environment()?;
        let log = LogSettings::of_environment();
        mcp_core::log::ensure_as(log.form, log.least);
        log.warn();
        tracing::info!(mode = ?settings.mode, doors = %settings.doors, "serving Lambda events");
        if cfg!(panic = "abort") {
            tracing::warn!(
                "built with `panic = \"abort\"`: a panic in a tool ends the process and not the call; \
                 set `panic = \"unwind\"` in `[profile.release]`, which `cargo lambda build` honours"
            );
        }
        let termination = Termination::catch()?;
        let function = Arc::new(Function::new(server.clone(), settings)?);
        let cold_start = Arc::new(ColdStart::after(started.elapsed()));
        let handler = service_fn(move |event: LambdaEvent<Box<RawValue>>| {
            cold_start.note(&event.context);
            let function = Arc::clone(&function);
            async move { function.answer(event).await }
        });
        let serving = Runtime::new(handler)
            .register_snapstart_resource(Arc::new(hooks))
            .layer(TracingLayer::new())
            .run_concurrent();
        let mut serving = pin!(serving);
        let failed = |error: lambda_runtime::Error| HostError::new(error.to_string());
        tokio::select! {
            ended = &mut serving => return ended.map_err(failed),
            () = termination.asked() => {}
        }
        server.end_subscriptions();
        // What runs goes on as long as Lambda leaves time for it.
        match tokio::time::timeout(GRACE, serving).await {
            Ok(ended) => ended.map_err(failed),
            Err(_) => Ok(()),
        }
    }
}

fn boxed<F, Fut>(hook: F) -> Hook
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), HostError>> + Send + 'static,
{
    Box::new(move || Box::pin(hook()))
}

/// The runtime library panics without these.
fn check_environment() -> Result<(), HostError> {
    let needed = [
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
    ];
    for name in needed {
        if std::env::var_os(name).is_none() {
            let text = format!(
                "`{name}` is not set, so this is not AWS Lambda; to try the server on your own \
                 machine, serve it with `mcp_core::stdio` or `mcp_fargate_adapter`"
            );
            return Err(HostError::refused(Refusal::NotOnLambda, text));
        }
    }
    Ok(())
}

impl fmt::Debug for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lambda").finish_non_exhaustive()
    }
}
