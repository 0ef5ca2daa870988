//! How clients learn where to sign in: challenges, and the metadata that they point to.
//!
//! [RFC 9728] and [MCP authorization]. Every address is made from the public URL that is configured;
//! `Host` may be anything that is in between.
//!
//! [RFC 9728]: https://www.rfc-editor.org/rfc/rfc9728
//! [MCP authorization]: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE,
};
use http::request::Parts;
use http::{Method, Response, StatusCode, Uri};

use super::body::ReplyBody;
use super::ingress::is_loopback;
use super::response::{document, refuse};
use crate::encode::Answer;
use crate::json;
use crate::refusal::Refusal;
use crate::server::Server;

/// Where the metadata is, below any path.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Where clients of a server sign in, for a [`CallerSource`](super::CallerSource) to say.
///
/// ```
/// use mcp_core::http::SignIn;
///
/// let sign_in = SignIn::at(["https://id.example.com"]).scope_prefix("api://payroll/");
/// # let _ = sign_in;
/// ```
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    servers: Vec<String>,
    prefix: String,
    without_scopes: bool,
}

impl SignIn {
    /// At one of these authorization servers, by their issuer URLs. Example: [`SignIn`].
    pub fn at<I>(servers: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self {
            servers: servers.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// What clients write before the name of each scope that they ask for. Example: [`SignIn`].
    pub fn scope_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Where clients cannot ask for the scopes of the server, since they come from elsewhere, such as the
    /// groups of a user: clients are told of none, so that the authorization server refuses none.
    ///
    /// ```
    /// # use mcp_core::http::SignIn;
    /// let sign_in = SignIn::at(["https://id.example.com"]).without_scopes();
    /// # let _ = sign_in;
    /// ```
    pub fn without_scopes(mut self) -> Self {
        self.without_scopes = true;
        self
    }
}

/// What this endpoint tells clients about signing in.
#[derive(Default)]
pub(super) struct Guide {
    /// What is written before each scope; nothing where none is named.
    prefix: Option<String>,
    /// The scopes that a client asks for at first, as in a challenge.
    scopes: String,
    /// The address of the metadata, and the document.
    metadata: Option<(String, Bytes)>,
}

/// What is wrong with a public URL.
pub(super) const NOT_PUBLIC: &str = "a public URL has the form `https://mcp.example.com/mcp`, without a query; `http:` is for loopback \
     addresses";

impl Guide {
    /// Without a public URL, challenges name scopes alone.
    pub(super) fn new(server: &Server, public_url: Option<&str>) -> Result<Self, &'static str> {
        let source = server.0.access.source.as_ref();
        let sign_in = source.and_then(|source| source.sign_in());
        let sign_in = sign_in.unwrap_or_default();
        let prefix = (!sign_in.without_scopes).then_some(sign_in.prefix);
        let servers = sign_in.servers;
        let scopes = named(prefix.as_deref(), &server.0.catalogue.first_scopes());
        let metadata = match public_url {
            Some(url) => {
                let address = address(url)?;
                let document = metadata(url, &servers, &scopes);
                (!servers.is_empty()).then(|| (address, document.into()))
            }
            None => None,
        };
        Ok(Self {
            prefix,
            scopes: scopes.join(" "),
            metadata,
        })
    }

    /// Answers a request for the metadata; `None` when it is for something else.
    pub(super) fn answer(&self, parts: &Parts) -> Option<Response<ReplyBody>> {
        if parts.method != Method::GET || !is_metadata(parts.uri.path()) {
            return None;
        }
        let Some((_, document)) = &self.metadata else {
            let text = "this server does not say where to sign in: set `MCP_PUBLIC_URL` to the URL that \
                        clients use, and give the server a `caller_source` that knows where";
            return Some(refuse(StatusCode::NOT_FOUND, Refusal::SignInUnknown, text));
        };
        let mut response = Response::new(ReplyBody::whole(document.clone()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=300"),
        );
        // The same for everybody, so web pages may read it.
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        Some(response)
    }

    /// Refuses a request that comes without a valid token.
    pub(super) fn unauthorized(&self, token: Token) -> Response<ReplyBody> {
        let (refusal, text) = match token {
            Token::Missing => (
                Refusal::NoToken,
                "sign in: this server needs to know who calls",
            ),
            Token::Invalid => (
                Refusal::InvalidToken,
                "sign in again: the credentials of the request are not valid here",
            ),
        };
        let error = matches!(token, Token::Invalid).then_some("invalid_token");
        let mut response = refuse(StatusCode::UNAUTHORIZED, refusal, text);
        let challenge = self.challenge(error, &self.scopes);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        response
    }

    /// An answer that is known as a whole, with the challenge for the scopes that it asks for.
    pub(super) fn document(&self, answer: Answer) -> Response<ReplyBody> {
        let scopes = answer.challenge;
        let mut response = document(answer);
        if !scopes.is_empty() {
            let named = named(self.prefix.as_deref(), scopes);
            let lacks = response.status() == StatusCode::FORBIDDEN;
            let challenge = self.challenge(lacks.then_some("insufficient_scope"), &named.join(" "));
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    fn challenge(&self, error: Option<&str>, scopes: &str) -> HeaderValue {
        let metadata = self.metadata.as_ref().map(|(address, _)| &**address);
        let parameters = [
            ("error", error),
            ("resource_metadata", metadata),
            ("scope", Some(scopes).filter(|scopes| !scopes.is_empty())),
        ];
        let given = parameters
            .iter()
            .filter_map(|(name, value)| Some((name, (*value)?)));
        let written: Vec<String> = given
            .map(|(name, value)| format!(r#"{name}="{value}""#))
            .collect();
        let challenge = format!("Bearer {}", written.join(", "));
        let value = HeaderValue::from_str(challenge.trim_end());
        value.unwrap_or(const { HeaderValue::from_static("Bearer") })
    }
}

/// Scopes as clients ask for them.
fn named(prefix: Option<&str>, scopes: &[impl std::fmt::Display]) -> Vec<String> {
    let Some(prefix) = prefix else {
        return Vec::new();
    };
    let scopes = scopes.iter();
    scopes.map(|scope| format!("{prefix}{scope}")).collect()
}

/// Whether the metadata may be asked for at this path: below any stage, for any resource.
pub(super) fn is_metadata(path: &str) -> bool {
    let rest = path.split_once(WELL_KNOWN).map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a request without a caller had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Missing,
    Invalid,
}

/// Where the metadata of the resource at this URL is found.
///
/// The last part of the path follows the well-known part, as the RFC has it; what comes before stays in
/// front, since that is a stage or a mapping of a gateway, and nothing outside of it reaches us.
fn address(url: &str) -> Result<String, &'static str> {
    let uri: Uri = url.parse().map_err(|_| NOT_PUBLIC)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(NOT_PUBLIC);
    };
    let is_safe = scheme == "https" || (scheme == "http" && is_loopback(authority.as_str()));
    if !is_safe || uri.query().is_some() || url.contains(['#', '"', '\\']) {
        return Err(NOT_PUBLIC);
    }
    let path = uri.path().trim_end_matches('/');
    let (before, last) = path.rsplit_once('/').unwrap_or_default();
    let last = if last.is_empty() {
        String::new()
    } else {
        format!("/{last}")
    };
    Ok(format!("{scheme}://{authority}{before}{WELL_KNOWN}{last}"))
}

fn metadata(url: &str, servers: &[String], scopes: &[String]) -> Vec<u8> {
    let mut out = br#"{"resource":"#.to_vec();
    json::string(&mut out, url);
    out.extend_from_slice(br#","authorization_servers":"#);
    json::value(&mut out, servers);
    if !scopes.is_empty() {
        out.extend_from_slice(br#","scopes_supported":"#);
        json::value(&mut out, scopes);
    }
    out.extend_from_slice(br#","bearer_methods_supported":["header"]}"#);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_where_a_gateway_s_stage_lets_requests_through() {
        for (url, expected) in [
            (
                "https://a.example",
                "https://a.example/.well-known/oauth-protected-resource",
            ),
            (
                "https://a.example/",
                "https://a.example/.well-known/oauth-protected-resource",
            ),
            (
                "https://a.example/mcp",
                "https://a.example/.well-known/oauth-protected-resource/mcp",
            ),
            (
                "https://a.example/prod/mcp",
                "https://a.example/prod/.well-known/oauth-protected-resource/mcp",
            ),
            (
                "http://127.0.0.1:8000/mcp",
                "http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp",
            ),
        ] {
            assert_eq!(address(url).as_deref(), Ok(expected));
        }
        for url in [
            "a.example/mcp",
            "/mcp",
            "http://a.example/mcp",
            "https://a.example/mcp?x=1",
            "https://a.example/mcp#x",
            "",
        ] {
            assert_eq!(address(url), Err(NOT_PUBLIC), "{url}");
        }
    }
}
