//! The program behind each of its doors: HTTP, and Lambda events with the claims that a gateway's
//! authorizer checked, or with a signature and the user's token in a header of its own.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mcp_tests::Result;
use mcp_tests::lambda::{Reply, RuntimeApi};
use mcp_tests::message::{self, Message};
use mcp_tests::process::Process;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_payroll");

/// Where clients think the server is.
pub(crate) const HOST: &str = "payroll.example.com";
pub(crate) const URL: &str = "https://payroll.example.com/mcp";

/// The header of a user's token where the signature has `Authorization`.
const TOKEN_HEADER: &str = "x-user-token";

/// How requests reach the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// As HTTP, to its own port.
    Http,
    /// As events of an HTTP API whose JWT authorizer checked the token.
    Authorizer,
    /// As events of a Function URL that checked a signature, with the token beside it.
    Signature,
}

/// The running program.
pub(crate) struct Door {
    pub(crate) way: Way,
    host: Host,
    _process: Process,
}

enum Host {
    Http(String),
    Lambda(RuntimeApi),
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u64,
    pub(crate) challenge: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn result(&self) -> &Value {
        assert_eq!(self.status, 200, "{self:?}");
        &self.body["result"]
    }

    /// The same where this name was used instead of another.
    pub(crate) fn with(&self, name: &str, other: &str) -> Self {
        let body = self.body.to_string().replace(name, other);
        Self {
            body: serde_json::from_str(&body).unwrap(),
            ..self.clone()
        }
    }
}

impl Door {
    pub(crate) async fn open(way: Way, environment: &[(&str, String)]) -> Result<Self> {
        let mut all = environment.to_vec();
        all.push(("MCP_PUBLIC_URL", URL.to_owned()));
        if way == Way::Http {
            all.push(("MCP_BIND", "127.0.0.1:0".to_owned()));
            let mut process = Process::start(Path::new(PROGRAM), &[], all)?;
            let host = Host::Http(process.address().await?);
            return Ok(Self {
                way,
                host,
                _process: process,
            });
        }
        let api = RuntimeApi::start().await?;
        all.extend(api.environment());
        if way == Way::Signature {
            all.push(("MCP_USER_TOKEN_HEADER", TOKEN_HEADER.to_owned()));
        }
        let process = Process::start(Path::new(PROGRAM), &[], all)?;
        Ok(Self {
            way,
            host: Host::Lambda(api),
            _process: process,
        })
    }

    /// Asks on behalf of whom the token names.
    pub(crate) async fn ask(
        &self,
        token: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Answer> {
        let message = message::modern(method, params).header("host", HOST);
        self.send("POST", "/mcp", token, &message).await
    }

    /// Calls a tool.
    pub(crate) async fn call(&self, token: &str, tool: &str, arguments: Value) -> Result<Answer> {
        let params = json!({"name": tool, "arguments": arguments});
        self.ask(Some(token), "tools/call", params).await
    }

    /// Gets a document.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        let message = message::json(Value::Null).header("host", HOST);
        self.send("GET", path, None, &message).await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        message: &Message,
    ) -> Result<Answer> {
        match &self.host {
            Host::Http(address) => {
                let url = format!("http://{address}{path}");
                let mut request = reqwest::Client::new().request(method.parse()?, url);
                for (name, value) in message.headers() {
                    request = request.header(name, value);
                }
                if let Some(token) = token {
                    request = request.header("authorization", format!("Bearer {token}"));
                }
                if method == "POST" {
                    request = request.body(message.line());
                }
                let response = request.send().await?;
                let challenge = response.headers().get("www-authenticate");
                Ok(Answer {
                    status: response.status().as_u16().into(),
                    challenge: challenge.map(|text| text.to_str().unwrap().to_owned()),
                    body: serde_json::from_str(&response.text().await?)?,
                })
            }
            Host::Lambda(api) => {
                let event = self.event(method, path, token, message);
                let reply = match api.invoke(&event).await? {
                    Reply::Response(reply) => reply,
                    Reply::Error(error) => return Err(error.to_string().into()),
                };
                let challenge = reply["headers"]["www-authenticate"].as_str();
                Ok(Answer {
                    status: reply["statusCode"].as_u64().ok_or("no status")?,
                    challenge: challenge.map(str::to_owned),
                    body: serde_json::from_str(reply["body"].as_str().ok_or("no body")?)?,
                })
            }
        }
    }

    /// An event in payload format 2.0, as the front door sends it when it let somebody in.
    fn event(&self, method: &str, path: &str, token: Option<&str>, message: &Message) -> Value {
        let headers = message.headers();
        let mut headers: Value = headers
            .map(|(name, value)| (name.to_owned(), json!(String::from_utf8_lossy(value))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let authorizer = match (token, self.way) {
            (None, _) => Value::Null,
            (Some(token), Way::Authorizer) => {
                headers["authorization"] = json!(format!("Bearer {token}"));
                authorizer(token)
            }
            (Some(token), _) => {
                headers["authorization"] = json!("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE");
                headers[TOKEN_HEADER] = json!(token);
                let role = "arn:aws:sts::123456789012:assumed-role/agent/session";
                json!({"iam": {"accessKey": "AKIAEXAMPLE", "userArn": role, "cognitoIdentity": null}})
            }
        };
        json!({
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": headers,
            "requestContext": {
                "authorizer": authorizer,
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1"},
                "requestId": "id",
                "stage": "$default",
            },
            "body": message.line(),
            "isBase64Encoded": false,
        })
    }

    /// Asks with claims that a gateway would have checked, and without the token that they are from.
    pub(crate) async fn claim(&self, token: &str) -> Result<Answer> {
        let Host::Lambda(api) = &self.host else {
            return Err("claims are in events".into());
        };
        let message = message::modern("tools/list", json!({})).header("host", HOST);
        let mut event = self.event("POST", "/mcp", None, &message);
        event["requestContext"]["authorizer"] = authorizer(token);
        let Reply::Response(reply) = api.invoke(&event).await? else {
            return Err("the function failed".into());
        };
        Ok(Answer {
            status: reply["statusCode"].as_u64().ok_or("no status")?,
            challenge: None,
            body: Value::Null,
        })
    }
}

/// What a JWT authorizer writes into an event: each claim as a text.
fn authorizer(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap_or_default();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let texts = claims.as_object().unwrap().iter().map(|(name, value)| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), json!(text))
    });
    json!({"jwt": {"claims": texts.collect::<serde_json::Map<_, _>>(), "scopes": null}})
}
