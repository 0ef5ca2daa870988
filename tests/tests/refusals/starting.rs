//! What hosts refuse to start with, in the process of the test and as processes of their own.

use std::path::Path;

use mcp_core::{HostError, Refusal, Server, server_info};
use mcp_fargate_adapter::Host;
use mcp_lambda_adapter::{Door, Lambda};
use mcp_tests::Result;
use mcp_tests::process::Process;
use tokio::net::TcpListener;

use crate::{Seen, without_code};

fn server() -> Server {
    Server::new(server_info!(), ()).anonymous().build().unwrap()
}

/// The error of a host that must not serve.
async fn error(serving: impl Future<Output = std::result::Result<(), HostError>>) -> HostError {
    serving.await.expect_err("it serves")
}

pub(crate) async fn refusals() -> Result<Vec<Seen>> {
    let held = TcpListener::bind("127.0.0.1:0").await?;
    let taken = held.local_addr()?.to_string();
    let mut seen: Vec<Seen> = [
        (
            error(Host::new(server()).bind("0.0.0.0:0").serve()).await,
            "set `MCP_PUBLIC_URL`",
        ),
        (
            error(Host::new(server()).bind(&taken).serve()).await,
            "set `MCP_BIND`",
        ),
        (
            error(
                Host::new(server())
                    .bind("127.0.0.1:0")
                    .connections(0)
                    .serve(),
            )
            .await,
            "at least 1",
        ),
        (
            error(Lambda::new(server()).max_reply_bytes(1).run()).await,
            "2048 or less",
        ),
        (
            error(Lambda::new(server()).doors([]).run()).await,
            "no door open",
        ),
        (
            error(Lambda::new(server()).scopes(Door::Http, ["a"]).run()).await,
            "what their token says",
        ),
        (
            error(Lambda::new(server()).public_url("/mcp").run()).await,
            "https://mcp.example.com/mcp",
        ),
        (
            error(
                Lambda::new(server())
                    .user_token_header("authorization")
                    .run(),
            )
            .await,
            "name another header",
        ),
        (
            error(Lambda::new(server()).user_token_header("x-token").run()).await,
            "give the server a `caller_source`",
        ),
        (
            error(Lambda::new(server()).run()).await,
            "serve it with `mcp_core::stdio`",
        ),
    ]
    .map(|(error, change)| Seen::at_start(error, change))
    .into();
    #[cfg(feature = "redis")]
    seen.push(Seen::at_start(
        mcp_fargate_adapter::Redis::new("http://redis.example").unwrap_err(),
        "it begins with none of `redis://`",
    ));
    for (environment, refusal, change) in [
        (
            ("MCP_INGRESS", "off"),
            Refusal::IngressSetting,
            "set `MCP_HOSTS`",
        ),
        (
            ("MCP_ORIGINS", "https://a.example"),
            Refusal::IngressSetting,
            "`MCP_HOSTS` is missing",
        ),
        (
            ("MCP_METRICS", "on"),
            Refusal::MetricsSetting,
            "`emf` or `off`",
        ),
    ] {
        seen.push(of_process(environment, refusal, change).await?);
    }
    Ok(seen)
}

/// What the container host prints as its last words.
async fn of_process(
    environment: (&str, &str),
    refusal: Refusal,
    change: &'static str,
) -> Result<Seen> {
    let environment = [("MCP_BIND", "127.0.0.1:0"), environment];
    let program = Path::new(env!("CARGO_BIN_EXE_talkative"));
    let mut host = Process::start(program, &[], environment)?;
    assert_eq!(host.wait().await?, Some(1));
    let code = format!("[{refusal}]");
    let line = host
        .log_line(|line| line.ends_with(&code).then(|| line.to_owned()))
        .await?;
    let text = line.strip_prefix("Error: ").ok_or("no error")?;
    Ok(Seen {
        refusal,
        status: None,
        text: without_code(text, refusal),
        change,
    })
}
