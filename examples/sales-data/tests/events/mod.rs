//! The program as a Lambda function, asked through events of an API Gateway HTTP API.

use std::path::Path;

use mcp_tests::Result;
use mcp_tests::lambda::{Reply, RuntimeApi};
use mcp_tests::process::Process;
use mcp_tests::rmcp_client::Era;
use serde_json::{Value, json};

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_sales-data");

/// A running function.
pub(crate) struct Function {
    api: RuntimeApi,
    process: Process,
}

impl Function {
    pub(crate) async fn start(
        environment: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Self> {
        let api = RuntimeApi::start().await?;
        let environment = api.environment().into_iter().chain(environment);
        let process = Process::start(Path::new(PROGRAM), &[], environment)?;
        Ok(Self { api, process })
    }

    /// What it has written to its log so far.
    #[allow(dead_code, reason = "not all tests look")]
    pub(crate) fn log(&self) -> Vec<String> {
        self.process.log()
    }

    /// The proxy response to an event.
    pub(crate) async fn invoke(&self, event: &Value) -> Result<Value> {
        match self.api.invoke(event).await? {
            Reply::Response(reply) => Ok(reply),
            Reply::Error(error) => Err(format!("the function failed: {error}").into()),
        }
    }

    /// The JSON-RPC response to a request.
    pub(crate) async fn ask(&self, era: Era, method: &str, params: Value) -> Result<Value> {
        let reply = self.invoke(&event(era, method, params)).await?;
        assert_eq!(reply["headers"]["content-type"], "application/json");
        Ok(serde_json::from_str(
            reply["body"].as_str().ok_or("no body")?,
        )?)
    }
}

/// A request as an event of an API Gateway HTTP API with a JWT authorizer.
pub(crate) fn event(era: Era, method: &str, mut params: Value) -> Value {
    let mut headers = json!({
        "content-type": "application/json; charset=utf-8",
        "accept": "application/json, text/event-stream",
        "host": "abc.execute-api.eu-central-1.amazonaws.com",
    });
    match era {
        Era::Modern => {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
            });
            headers["mcp-protocol-version"] = json!("2026-07-28");
            headers["mcp-method"] = json!(method);
            if let Some(name) = params.get("name").or_else(|| params.get("uri")) {
                headers["mcp-name"] = name.clone();
            }
        }
        Era::Legacy(version) => headers["mcp-protocol-version"] = json!(version),
    }
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/mcp",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "authorizer": {"jwt": {"claims": {"sub": "ann", "exp": "1"}, "scopes": null}},
            "http": {"method": "POST", "path": "/mcp", "protocol": "HTTP/1.1"},
            "requestId": "id",
            "stage": "$default",
        },
        "body": body.to_string(),
        "isBase64Encoded": false,
    })
}
