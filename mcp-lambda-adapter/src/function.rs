//! The function: one event in, one reply out.

use std::convert::Infallible;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full};
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use mcp_core::http::{Deadline, Endpoint, ReplyBody};
use mcp_core::{HostError, Server};
use serde::Serialize;
use serde_json::value::RawValue;
use tower_service::Service as _;

use crate::event::{self, Unreadable};

/// Serves invocations until Lambda ends the process; several at a time where Lambda sends them so.
///
/// # Errors
///
/// When the process does not run on Lambda, or Lambda's runtime interface fails.
pub async fn run(server: Server) -> Result<(), HostError> {
    let needed = [
        "RUNTIME_API",
        "FUNCTION_NAME",
        "FUNCTION_MEMORY_SIZE",
        "FUNCTION_VERSION",
    ];
    for name in needed.map(|name| format!("AWS_LAMBDA_{name}")) {
        if std::env::var_os(&name).is_none() {
            return Err(HostError::new(format!(
                "`{name}` is not set, so this is not AWS Lambda; to try the server on your own \
                 machine, serve it with `mcp_core::stdio` or `mcp_fargate_adapter`"
            )));
        }
    }
    mcp_core::log::ensure();
    let endpoint = Endpoint::behind_platform(server).buffered();
    let function = service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let endpoint = endpoint.clone();
        async move {
            let deadline = deadline(event.context.deadline, SystemTime::now());
            Ok::<_, NeverFails>(answer(endpoint, event.payload.get(), deadline).await)
        }
    });
    lambda_runtime::run_concurrent(function)
        .await
        .map_err(|error| HostError::new(error.to_string()))
}

/// The function has an answer for every event: an error would be retried by some of its callers.
#[derive(Debug)]
enum NeverFails {}

impl From<NeverFails> for Diagnostic {
    fn from(never: NeverFails) -> Self {
        match never {}
    }
}

/// A reply in the payload format 2.0.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    status_code: u16,
    headers: Headers,
    /// Always there, even if empty: `cargo lambda watch` hangs without it.
    cookies: [(); 0],
    body: String,
    is_base64_encoded: bool,
}

/// Header names and values, written as an object.
#[derive(Debug)]
struct Headers(Vec<(String, String)>);

impl Serialize for Headers {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// What is left of an invocation after this much is kept for sending its reply.
const MARGIN: Duration = Duration::from_millis(750);

/// The longest invocation there is lasts 15 minutes; emulators make up times far beyond.
const PLAUSIBLE: Duration = Duration::from_secs(24 * 60 * 60);

/// When a call has to end, by the deadline in milliseconds since 1970; `None` for a deadline that
/// has passed or lies further ahead than any invocation lasts.
fn deadline(milliseconds: u64, now: SystemTime) -> Option<Deadline> {
    let deadline = UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))?;
    let left = deadline
        .duration_since(now)
        .ok()
        .filter(|left| *left < PLAUSIBLE)?;
    Some(Deadline(Instant::now() + left.saturating_sub(MARGIN)))
}

async fn answer(mut endpoint: Endpoint, event: &str, deadline: Option<Deadline>) -> Reply {
    let mut request = match event::to_request(event) {
        Ok(request) => request.map(|body| Full::new(Bytes::from(body))),
        Err(unreadable) => return refuse(&unreadable),
    };
    if let Some(deadline) = deadline {
        request.extensions_mut().insert(deadline);
    }
    let Ok(response): Result<Response<ReplyBody>, Infallible> = endpoint.call(request).await;
    let (parts, body) = response.into_parts();
    let Ok(body) = body.collect().await;
    let headers = parts
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    Reply {
        status_code: parts.status.as_u16(),
        headers: Headers(headers),
        cookies: [],
        body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        is_base64_encoded: false,
    }
}

fn refuse(unreadable: &Unreadable) -> Reply {
    let body = serde_json::json!({
        "jsonrpc": "2.0",
        "error": {"code": -32600, "message": unreadable.to_string()},
    });
    Reply {
        status_code: 400,
        headers: Headers(vec![(
            "content-type".to_owned(),
            "application/json".to_owned(),
        )]),
        cookies: [],
        body: body.to_string(),
        is_base64_encoded: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mcp_core::{Server, server_info, tool, tools};

    /// Never ends.
    #[tool]
    async fn hangs() -> String {
        std::future::pending().await
    }

    fn event() -> String {
        let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hangs"}}"#;
        serde_json::json!({
            "headers": {"content-type": "application/json"},
            "requestContext": {"http": {"method": "POST", "path": "/mcp"}},
            "body": body,
        })
        .to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_would_outlive_its_invocation_is_answered_before_the_deadline() {
        let server = Server::new(server_info!(), ())
            .anonymous()
            .tools(tools![hangs]);
        let endpoint = Endpoint::behind_platform(server.build().unwrap()).buffered();
        let now = SystemTime::now();
        let ends = now.duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(3);
        let deadline = deadline(u64::try_from(ends.as_millis()).unwrap(), now);
        let start = tokio::time::Instant::now();
        let reply = answer(endpoint, &event(), deadline).await;
        assert!(
            start.elapsed() < Duration::from_secs(3),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(reply.status_code, 200);
        assert!(reply.body.contains("did not finish"), "{}", reply.body);
    }

    #[test]
    fn deadlines_that_no_invocation_has_are_unknown() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        assert!(deadline(600_000, now).is_none());
        assert!(deadline(1_000_000_000 + 24 * 3_600_000, now).is_none());
        assert!(deadline(1_000_000_001, now).is_some());
        assert!(deadline(u64::MAX, now).is_none());
    }
}
