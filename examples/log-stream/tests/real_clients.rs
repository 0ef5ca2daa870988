//! The program as its users run it, and the client of the official SDK: who subscribes to a log hears
//! of a line that is appended to it, whichever host serves it and whichever revision is spoken.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use mcp_tests::Result;
use mcp_tests::process::Process;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation, ProtocolVersion,
    ReadResourceRequestParams, ResourceUpdatedNotificationParam, ServerNotification,
    SubscribeRequestParams, SubscriptionFilter,
};
use rmcp::service::{NotificationContext, Peer, RunningService};
use rmcp::transport::streamable_http_client::{
    StreamableHttpClientTransport, StreamableHttpClientTransportConfig,
};
use rmcp::transport::{IntoTransport, TokioChildProcess};
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt as _, RoleClient};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const PROGRAM: &str = env!("CARGO_BIN_EXE_log-stream");

/// Nothing waits longer than this for what a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client that passes on what it hears.
struct Listener {
    config: ClientConfig,
    heard: mpsc::UnboundedSender<String>,
}

impl ClientHandler for Listener {
    fn get_info(&self) -> ClientConfig {
        self.config.clone()
    }

    async fn on_resource_updated(
        &self,
        params: ResourceUpdatedNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        let _ = self.heard.send(params.uri);
    }
}

struct Client {
    service: RunningService<RoleClient, Listener>,
    heard: mpsc::UnboundedReceiver<String>,
}

async fn connect<T, E, A>(transport: T, version: ProtocolVersion) -> Result<Client>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let startup = if version == ProtocolVersion::V_2026_07_28 {
        ClientLifecycleMode::Discover {
            preferred_versions: vec![version.clone()],
        }
    } else {
        ClientLifecycleMode::Initialize
    };
    let about = Implementation::new("test", "1");
    let mut config = ClientConfig::new(ClientCapabilities::default(), about);
    config.protocol_version = version;
    let (sender, heard) = mpsc::unbounded_channel();
    let listener = Listener {
        config,
        heard: sender,
    };
    let service = listener.serve_with_lifecycle(transport, startup).await?;
    Ok(Client { service, heard })
}

/// Subscribes, appends a line, and reads it once it is told of.
async fn check(mut client: Client, directory: &Path) -> Result<()> {
    let listed = call(&client.service, "list_logs", json!({})).await?;
    let uri = listed["logs"][0]["uri"]
        .as_str()
        .ok_or("no log is listed")?
        .to_owned();
    let modern = client
        .service
        .peer_info()
        .ok_or("no handshake")?
        .protocol_version
        == ProtocolVersion::V_2026_07_28;
    let mut subscription = None;
    if modern {
        let wanted = SubscriptionFilter::builder()
            .resource_subscriptions([uri.clone()])
            .build();
        subscription = Some(client.service.listen(wanted).await?);
    } else {
        #[allow(deprecated)] // in the revision that this is not
        client
            .service
            .subscribe(SubscribeRequestParams::new(uri.clone()))
            .await?;
    }

    let line = format!("a line for {uri}, modern: {modern}");
    let mut file = File::options()
        .append(true)
        .open(directory.join("app.log"))?;
    writeln!(file, "{line}")?;
    let updated = match &mut subscription {
        Some(subscription) => match subscription.next().await?.ok_or("it ended")? {
            ServerNotification::ResourceUpdatedNotification(updated) => updated.params.uri,
            other => return Err(format!("not an update: {other:?}").into()),
        },
        None => client.heard.recv().await.ok_or("the client is gone")?,
    };
    assert_eq!(updated, uri);

    let read = client
        .service
        .read_resource(ReadResourceRequestParams::new(uri))
        .await?;
    let read = serde_json::to_value(read)?;
    let tail = read["contents"][0]["text"].as_str().unwrap_or_default();
    assert!(tail.ends_with(&format!("{line}\n")), "{tail}");
    let arguments =
        json!({"name": "app.log", "pattern": "A LINE", "ignore_case": true, "limit": 1});
    let found = call(&client.service, "search_logs", arguments).await?;
    assert_eq!(found["lines"][0]["line"], line, "{found}");
    if let Some(mut subscription) = subscription {
        subscription.cancel().await?;
    }
    client.service.cancel().await?;
    Ok(())
}

async fn call(client: &Peer<RoleClient>, tool: &'static str, arguments: Value) -> Result<Value> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    let params = CallToolRequestParams::new(tool).with_arguments(arguments);
    let called = client.call_tool(params).await?;
    Ok(called.structured_content.ok_or("no structured content")?)
}

fn directory() -> Result<tempfile::TempDir> {
    let directory = tempfile::tempdir()?;
    fs::write(directory.path().join("app.log"), "started\n")?;
    Ok(directory)
}

const VERSIONS: [ProtocolVersion; 2] =
    [ProtocolVersion::V_2026_07_28, ProtocolVersion::V_2025_11_25];

#[tokio::test]
async fn over_http_which_is_the_default() -> Result<()> {
    let directory = directory()?;
    let path = directory.path().display().to_string();
    let environment = [("LOG_DIR", path.as_str()), ("MCP_BIND", "127.0.0.1:0")];
    let mut server = Process::start(Path::new(PROGRAM), &[], environment)?;
    let url = format!("http://{}/mcp", server.address().await?);
    for version in VERSIONS {
        // Deaf to proxies of the environment.
        let http = reqwest::Client::builder().no_proxy().build()?;
        let config = StreamableHttpClientTransportConfig::with_uri(url.as_str());
        let transport = StreamableHttpClientTransport::with_client(http, config);
        let client = connect(transport, version).await?;
        tokio::time::timeout(PATIENCE, check(client, directory.path())).await??;
    }
    Ok(())
}

#[tokio::test]
async fn over_stdio() -> Result<()> {
    let directory = directory()?;
    for version in VERSIONS {
        let mut command = tokio::process::Command::new(PROGRAM);
        command
            .arg("stdio")
            .env("LOG_DIR", directory.path())
            .kill_on_drop(true);
        let client = connect(TokioChildProcess::new(command)?, version).await?;
        tokio::time::timeout(PATIENCE, check(client, directory.path())).await??;
    }
    Ok(())
}

#[test]
fn a_program_that_cannot_serve_says_what_to_change() -> Result<()> {
    let directory = directory()?;
    for (arguments, variables, code, named) in [
        (&[][..], &[][..], 1, "`LOG_DIR`"),
        (
            &["stdio"],
            &[("LOG_DIR", "/no/such/directory")],
            1,
            "`/no/such/directory`",
        ),
        (&[], &[("LOG_POLL_SECONDS", "0")], 1, "`LOG_POLL_SECONDS`"),
        // Refused by one build for the feature that it lacks, by the other for the URL.
        (&[], &[("MCP_REDIS_URL", "nowhere")], 1, "`MCP_REDIS_URL`"),
        (&["http"], &[], 2, "usage: log-stream [stdio]"),
    ] {
        let mut command = Command::new(PROGRAM);
        command.env_remove("LOG_DIR");
        if !variables.is_empty() {
            command.env("LOG_DIR", directory.path());
        }
        let ended = command
            .args(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(named), "{said}");
    }
    Ok(())
}
