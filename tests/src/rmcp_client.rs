//! Drives a server with rmcp's client, over stdio and over Streamable HTTP.
//!
//! rmcp is the official Rust SDK for MCP, so a conversation that succeeds here
//! is evidence that the server speaks the protocol and not merely our own
//! reading of it.
//!
//! A connection belongs to one of two eras, chosen by [`Era`] and never
//! negotiated between them: a [`Era::Modern`] client sends no `initialize`, a
//! [`Era::Legacy`] client sends no `server/discover`.
//!
//! ```no_run
//! # async fn example() -> mcp_tests::Result<()> {
//! use mcp_tests::rmcp_client::{Era, connect_http};
//!
//! let client = connect_http("http://127.0.0.1:3000/mcp", Era::Legacy("2025-06-18")).await?;
//! assert_eq!(client.negotiated_version()?, "2025-06-18");
//! let result = client.call("add", serde_json::json!({"a": 2, "b": 3})).await?;
//! assert_ne!(result.is_error, Some(true));
//! client.close().await?;
//! # Ok(())
//! # }
//! ```

use std::path::Path;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, Implementation,
    ProtocolVersion, ServerPeerInfo, Tool,
};
use rmcp::service::{QuitReason, RunningService};
use rmcp::transport::streamable_http_client::{
    StreamableHttpClientTransport, StreamableHttpClientTransportConfig,
};
use rmcp::transport::{IntoTransport, TokioChildProcess};
use rmcp::{ClientCacheConfig, ClientLifecycleMode, ClientServiceExt, RoleClient};
use serde_json::Value;

/// The error of every operation in this module.
///
/// It boxes rmcp's own error where there is one: a
/// [`ClientInitializeError`](rmcp::service::ClientInitializeError) from
/// connecting, a [`ServiceError`](rmcp::ServiceError) afterwards. A JSON-RPC
/// error of the server is a `ServiceError::McpError`, with its code.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// How long one operation may take.
///
/// rmcp waits without limit for an answer, so a server that never sends one
/// would hang the test instead of failing it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The protocol era a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// Revision 2026-07-28: `server/discover`, then self-contained requests
    /// which each carry the protocol version, client and capabilities in
    /// `_meta`. Connecting fails if the server does not support it.
    Modern,
    /// The `initialize` handshake, proposing the given protocol version.
    ///
    /// The server may answer with another version, so compare
    /// [`Client::negotiated_version`] where it matters.
    Legacy(&'static str),
}

impl Era {
    /// The configuration which makes rmcp's client propose this era's version.
    fn config(self) -> Result<ClientConfig, Error> {
        let version = match self {
            Self::Modern => ProtocolVersion::V_2026_07_28,
            // The type has no public constructor; deserializing also admits
            // versions that rmcp does not know.
            Self::Legacy(version) => serde_json::from_value(Value::from(version))?,
        };
        let mut config = ClientConfig::new(
            ClientCapabilities::default(),
            Implementation::new("rmcp-interop-test", env!("CARGO_PKG_VERSION")),
        );
        config.protocol_version = version;
        Ok(config)
    }

    /// The startup which pins rmcp's client to this era.
    fn lifecycle(self) -> ClientLifecycleMode {
        match self {
            Self::Modern => ClientLifecycleMode::Discover {
                preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            },
            Self::Legacy(_) => ClientLifecycleMode::Initialize,
        }
    }
}

/// A connected rmcp client.
///
/// End it with [`Client::close`]; dropping it leaves the clean-up to a
/// background task, which a finished test runtime may never run.
#[derive(Debug)]
pub struct Client {
    service: RunningService<RoleClient, ClientConfig>,
}

/// Starts `program` with `envs` added to its environment and connects to it
/// over its standard input and output.
///
/// The server's standard error is inherited, so its log shows up in the test's
/// output.
///
/// # Errors
///
/// If the program cannot be started, or if the server refuses the era or does
/// not answer in time.
pub async fn connect_stdio(
    program: &Path,
    envs: &[(&str, &str)],
    era: Era,
) -> Result<Client, Error> {
    let mut command = tokio::process::Command::new(program);
    command.envs(envs.iter().copied()).kill_on_drop(true);
    let transport = TokioChildProcess::new(command)
        .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
    connect(transport, era).await
}

/// Connects to the Streamable HTTP endpoint at `url`, which must be plain
/// `http`.
///
/// # Errors
///
/// If the endpoint cannot be reached, refuses the era or does not answer in
/// time.
pub async fn connect_http(url: &str, era: Era) -> Result<Client, Error> {
    // Like rmcp's own default client, but deaf to `HTTP_PROXY` and unwilling to
    // follow a redirect, which no server under test should send.
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()?;
    let config = StreamableHttpClientTransportConfig::with_uri(url);
    connect(
        StreamableHttpClientTransport::with_client(http, config),
        era,
    )
    .await
}

/// Runs the startup of `era` over `transport`.
async fn connect<T, E, A>(transport: T, era: Era) -> Result<Client, Error>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let startup = era
        .config()?
        .serve_with_lifecycle(transport, era.lifecycle());
    let service = in_time("connecting", startup).await?;
    // The cache would answer a repeated listing without asking the server, and
    // would hide an error behind an older answer.
    service
        .set_response_cache_config(ClientCacheConfig::disabled())
        .await;
    Ok(Client { service })
}

impl Client {
    /// The protocol version in use: the one selected from the server's
    /// discovery answer, or the one in its `initialize` answer.
    ///
    /// # Errors
    ///
    /// If rmcp has not recorded one, which a successful startup rules out.
    pub fn negotiated_version(&self) -> Result<String, Error> {
        Ok(self.server()?.protocol_version.to_string())
    }

    /// What the server said about itself at startup: its capabilities,
    /// instructions and, where it gave one, its name.
    ///
    /// # Errors
    ///
    /// If rmcp has not recorded it, which a successful startup rules out.
    pub fn server(&self) -> Result<ServerPeerInfo, Error> {
        let info = self.service.peer_info().ok_or("no server information")?;
        Ok(ServerPeerInfo::clone(&info))
    }

    /// Lists the tools, following the cursor to the last page.
    ///
    /// In the modern era over HTTP, rmcp silently leaves out a tool whose
    /// `x-mcp-header` annotations are invalid.
    ///
    /// # Errors
    ///
    /// If a page cannot be had.
    pub async fn tools(&self) -> Result<Vec<Tool>, Error> {
        in_time("tools/list", self.service.list_all_tools()).await
    }

    /// Calls the tool `name` with `arguments`, which must be an object, or
    /// null to send none.
    ///
    /// A failure reported by the tool is an answer, with `is_error` set.
    ///
    /// # Errors
    ///
    /// If the arguments are no object, or the server answers with a JSON-RPC
    /// error or not at all.
    pub async fn call(&self, name: &str, arguments: Value) -> Result<CallToolResult, Error> {
        let params = CallToolRequestParams::new(name.to_owned());
        let params = match arguments {
            Value::Null => params,
            Value::Object(arguments) => params.with_arguments(arguments),
            other => return Err(format!("arguments of {name} are no object: {other}").into()),
        };
        in_time("tools/call", self.service.call_tool(params)).await
    }

    /// Ends the connection and waits until that is done.
    ///
    /// Over stdio this closes the server's standard input and waits for it to
    /// exit, signalling it after three seconds and killing it after six. Over
    /// HTTP it deletes the session, if the server has opened one.
    ///
    /// # Errors
    ///
    /// If the client's task panicked or does not end in time.
    pub async fn close(self) -> Result<(), Error> {
        match in_time("closing", self.service.cancel()).await? {
            QuitReason::JoinError(error) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Awaits `operation`, failing with the name `what` after [`TIMEOUT`].
///
/// The error of the operation itself is passed on as it is, so that a test can
/// look into it with `downcast_ref`.
async fn in_time<T, E>(
    what: &str,
    operation: impl Future<Output = Result<T, E>>,
) -> Result<T, Error>
where
    E: Into<Error>,
{
    match tokio::time::timeout(TIMEOUT, operation).await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(format!("{what}: not done within {TIMEOUT:?}").into()),
    }
}
