//! The event of an API Gateway HTTP API or a Function URL (payload format 2.0), as an HTTP request.
//!
//! Format: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request};
use mcp_core::http::PlatformCaller;
use serde::Deserialize;

use crate::identity::{self, Authorizer};

/// What is read of the event; everything else in it is ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, default)]
    headers: Option<BTreeMap<Cow<'a, str>, Cow<'a, str>>>,
    #[serde(borrow)]
    request_context: RequestContext<'a>,
    #[serde(borrow, default)]
    body: Option<Cow<'a, str>>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
struct RequestContext<'a> {
    #[serde(borrow)]
    http: Http<'a>,
    #[serde(borrow, default)]
    authorizer: Option<Authorizer<'a>>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    path: Cow<'a, str>,
}

/// Why an event is not answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Not an event of this shape.
    Shape,
    /// A request that no HTTP server would take either.
    Request(&'static str),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => {
                "this function answers events of an API Gateway HTTP API or a Function URL \
                 (payload format 2.0); check what invokes it"
            }
            Self::Request(why) => why,
        })
    }
}

/// Reads an event.
pub(crate) fn to_request(event: &str) -> Result<Request<Vec<u8>>, Unreadable> {
    let event: Event<'_> = serde_json::from_str(event).map_err(|_| Unreadable::Shape)?;
    let Http { method, path } = &event.request_context.http;
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Unreadable::Request("the method of the request is malformed"))?;
    let mut request = Request::builder().method(method).uri(&**path);
    for (name, value) in event.headers.iter().flatten() {
        request = request.header(&**name, &**value);
    }
    if let Some(caller) = event
        .request_context
        .authorizer
        .as_ref()
        .and_then(identity::caller)
    {
        request = request.extension(PlatformCaller(caller));
    }
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        STANDARD
            .decode(&*body)
            .map_err(|_| Unreadable::Request("the body is not valid Base64"))?
    } else {
        body.into_owned().into_bytes()
    };
    request
        .body(body)
        .map_err(|_| Unreadable::Request("the path or a header of the request is malformed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(rest: &str) -> String {
        format!(
            r#"{{"version":"2.0","rawPath":"/mcp","httpMethod":"GET","headers":{{"x":"1"}},
                "requestContext":{{"stage":"$default","http":{{"method":"POST","path":"/mcp"}}}}{rest}}}"#
        )
    }

    #[test]
    fn the_method_is_that_of_the_request_context() {
        let request = to_request(&event(r#","body":"{}""#)).unwrap();
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.headers()["x"], "1");
        assert_eq!(request.body(), b"{}");
    }

    #[test]
    fn a_body_is_decoded_or_refused() {
        let request = to_request(&event(r#","body":"e30=","isBase64Encoded":true"#)).unwrap();
        assert_eq!(request.body(), b"{}");
        let broken = to_request(&event(r#","body":"e3","isBase64Encoded":true"#)).unwrap_err();
        assert_eq!(broken, Unreadable::Request("the body is not valid Base64"));
    }

    #[test]
    fn missing_headers_and_bodies_are_empty() {
        let text = r#"{"headers":null,"requestContext":{"http":{"method":"GET","path":"/"}}}"#;
        let request = to_request(text).unwrap();
        assert!(request.headers().is_empty() && request.body().is_empty());
    }

    #[test]
    fn other_events_are_told_apart() {
        for text in [
            "{}",
            "[]",
            r#"{"Records":[]}"#,
            r#"{"requestContext":{"elb":{}}}"#,
        ] {
            assert_eq!(to_request(text).unwrap_err(), Unreadable::Shape, "{text}");
        }
    }
}
