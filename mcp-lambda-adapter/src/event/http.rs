//! HTTP requests inside events: of an API Gateway REST API (payload format 1.0), an HTTP API or a
//! Function URL (2.0), and an Application Load Balancer.
//!
//! Formats: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
//! and <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request, Uri};
use mcp_core::Caller;
use mcp_core::http::Endpoint;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::headers::Headers;
use crate::identity;

/// What is read of an event; everything else in it is ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HttpEvent<'a> {
    #[serde(borrow, default)]
    request_context: Option<RequestContext<'a>>,
    #[serde(borrow, default)]
    http_method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    path: Option<Cow<'a, str>>,
    #[serde(default)]
    headers: Option<Headers>,
    #[serde(default)]
    multi_value_headers: Option<Headers>,
    #[serde(borrow, default)]
    body: Option<Cow<'a, str>>,
    #[serde(default)]
    is_base64_encoded: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    #[serde(borrow, default)]
    http: Option<Http<'a>>,
    #[serde(default)]
    elb: Option<IgnoredAny>,
    #[serde(borrow, default)]
    stage: Option<Cow<'a, str>>,
    /// With the stage, which the path of the event lacks.
    #[serde(borrow, default)]
    path: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    authorizer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    identity: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    path: Cow<'a, str>,
}

/// What made an HTTP request an event, and takes the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integration {
    /// A REST API.
    V1,
    /// An HTTP API or a Function URL.
    V2,
    LoadBalancer,
}

/// A request that no HTTP server would take either.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) &'static str);

impl HttpEvent<'_> {
    /// Who sent it; `None` when it is no HTTP request.
    pub(crate) fn integration(&self) -> Option<Integration> {
        let context = self.request_context.as_ref()?;
        if context.http.is_some() {
            Some(Integration::V2)
        } else if context.elb.is_some() {
            Some(Integration::LoadBalancer)
        } else {
            self.http_method.as_ref().map(|_| Integration::V1)
        }
    }

    /// Whom the front door verified.
    pub(crate) fn caller(&self) -> Option<Caller> {
        let context = self.request_context.as_ref()?;
        match self.integration()? {
            Integration::V1 => identity::of_rest_api(context.authorizer, context.identity),
            Integration::V2 => identity::of_http_api(context.authorizer?),
            Integration::LoadBalancer => None,
        }
    }

    /// Whether the request is for this path, with or without the stage of its API in front.
    pub(crate) fn is_for(&self, base: &str) -> bool {
        let is_base = |path: &str| path.trim_end_matches('/') == base;
        let Some(context) = &self.request_context else {
            return false;
        };
        if let Some(http) = &context.http {
            let stage = context.stage.as_deref().unwrap_or_default();
            let path = &*http.path;
            let short = path
                .strip_prefix('/')
                .and_then(|path| path.strip_prefix(stage));
            let is_short = |path: &str| (path.is_empty() || path.starts_with('/')) && is_base(path);
            return is_base(path) || short.is_some_and(is_short);
        }
        let paths = [self.path.as_deref(), context.path.as_deref()];
        paths.into_iter().flatten().any(is_base)
    }

    /// Whether the request asks where to sign in.
    pub(crate) fn is_for_metadata(&self) -> bool {
        let context = self.request_context.as_ref();
        let http = context.and_then(|context| context.http.as_ref());
        let path = http.map(|http| &http.path).or(self.path.as_ref());
        path.is_some_and(|path| Endpoint::is_metadata(path))
    }

    /// The request.
    pub(crate) fn into_request(self) -> Result<Request<Vec<u8>>, Unreadable> {
        let http = self
            .request_context
            .as_ref()
            .and_then(|context| context.http.as_ref());
        let (method, path) = match http {
            Some(http) => (Some(&http.method), Some(&http.path)),
            None => (self.http_method.as_ref(), self.path.as_ref()),
        };
        let method = method.map_or(&b""[..], |method| method.as_bytes());
        let method = Method::from_bytes(method)
            .map_err(|_| Unreadable("the method of the request is malformed"))?;
        let uri = path.map_or("/", |path| &**path);
        let uri =
            Uri::try_from(uri).map_err(|_| Unreadable("the path of the request is malformed"))?;
        // Where both are given, the former lacks all but the last of several values.
        let headers = self
            .multi_value_headers
            .or(self.headers)
            .unwrap_or_default();
        if headers.malformed {
            return Err(Unreadable("a header of the request is malformed"));
        }
        let body = self.body.unwrap_or_default();
        let body = if self.is_base64_encoded == Some(true) {
            STANDARD
                .decode(&*body)
                .map_err(|_| Unreadable("the body is not valid Base64"))?
        } else {
            body.into_owned().into_bytes()
        };
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers.map;
        Ok(request)
    }
}
