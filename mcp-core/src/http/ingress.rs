//! Which requests may come in at all, decided once and by name.

use std::net::IpAddr;

use http::header::{HOST, HeaderValue, ORIGIN};
use http::request::Parts;

use crate::refusal::{Refusal, Refused};
use crate::text;

/// From where requests may reach the server.
///
/// There is no default and no switch that turns the check off: a host names one of these. The check
/// keeps web pages from talking to a local server through the visitor's browser (DNS rebinding),
/// which is the most common hole in servers of this protocol. The protocol demands it of `Origin`
/// ([Streamable HTTP, 2026-07-28]); `Host` is checked as well, since it then names the page's
/// domain and not this server's.
///
/// A request that fails is answered 403 with a text that names the value seen and the setting to
/// change. So is one with two `Host` or two `Origin` headers, and one without any host. Names are
/// compared without regard to case, and otherwise character by character: no wildcards.
///
/// ```
/// # use mcp_core::http::{Endpoint, Ingress};
/// # use mcp_core::{Server, server_info};
/// # use tower_service::Service;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).build().unwrap();
/// let mut endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
/// # let empty = http_body_util::Empty::<&[u8]>::new();
/// let request = http::Request::post("/mcp").header("host", "evil.example").body(empty).unwrap();
/// assert_eq!(endpoint.call(request).await.unwrap().status(), 403);
/// # });
/// ```
///
/// [Streamable HTTP, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ingress {
    /// Programs on the same machine. `Host` and `Origin` have to name it: `localhost`, `127.0.0.1`
    /// or `[::1]`, with any port. Without a caller source, whoever gets in is the local caller.
    Loopback,
    /// The network. `Host` has to be one of `hosts` (with its port, unless it is the scheme's own),
    /// and `Origin`, which browsers send, one of `origins` (such as `https://app.example.com`).
    ///
    /// ```
    /// # use mcp_core::http::Ingress;
    /// let ingress = Ingress::Public {
    ///     hosts: vec!["mcp.example.com".to_owned()],
    ///     origins: vec!["https://app.example.com".to_owned()],
    /// };
    /// # let _ = ingress;
    /// ```
    Public {
        /// Names under which clients reach the server, as their `Host` header has them ([RFC 9110,
        /// section 7.2]). Without any, every request is refused.
        ///
        /// [RFC 9110, section 7.2]: https://www.rfc-editor.org/rfc/rfc9110#section-7.2
        hosts: Vec<String>,
        /// Web origins that may call it: scheme, host and port without a path, as browsers send
        /// them ([RFC 6454, section 6.2]). Without any, requests with an `Origin` are refused.
        ///
        /// [RFC 6454, section 6.2]: https://www.rfc-editor.org/rfc/rfc6454#section-6.2
        origins: Vec<String>,
    },
    /// A platform that checked the caller before it passed the request on, such as an API Gateway
    /// with an authorizer or AgentCore Runtime. It decides about hosts and origins, and nothing is
    /// checked here: make sure that nobody reaches the server past it.
    Platform,
}

impl Ingress {
    /// Says what makes this ingress refuse everybody, or somebody who is meant to be let in.
    pub(super) fn mistake(&self) -> Option<&'static str> {
        let Self::Public { hosts, origins } = self else {
            return None;
        };
        if hosts.is_empty() {
            return Some(
                "`Ingress::Public` without `hosts` lets nobody in; list the server's names",
            );
        }
        if !origins.iter().all(|origin| is_origin(origin)) {
            return Some(
                "an origin of `Ingress::Public` is not of the form `https://app.example.com`, \
                 without a path or a slash at the end",
            );
        }
        None
    }

    /// Checks `Host` and `Origin`.
    pub(super) fn check(&self, parts: &Parts) -> Result<(), Refused> {
        let (hosts, origins): (&[String], &[String]) = match self {
            Self::Platform => return Ok(()),
            Self::Loopback => (&[], &[]),
            Self::Public { hosts, origins } => (hosts, origins),
        };
        let loopback = matches!(self, Self::Loopback);

        let host = host(parts);
        let allowed = host.is_some_and(|host| {
            (loopback && is_loopback(host)) || hosts.iter().any(|known| same(known, host))
        });
        if !allowed {
            let seen = host.unwrap_or("none");
            let setting = if loopback {
                "this server takes requests for this machine only; to serve a network, give it an \
                 `Ingress::Public` that lists the host"
            } else {
                "add it to `hosts` of `Ingress::Public` (`MCP_HOSTS` in a container)"
            };
            let text = format!("the host `{}` is not served: {setting}", cut(seen));
            return Err(Refused::new(Refusal::HostNotListed, text));
        }
        let mut given = parts.headers.get_all(ORIGIN).iter();
        let Some(origin) = given.next() else {
            return Ok(());
        };
        let origin = origin.to_str().ok().filter(|_| given.next().is_none());
        let allowed = origin.is_some_and(|origin| {
            (loopback && origin_host(origin).is_some_and(is_loopback))
                || origins.iter().any(|known| same(known, origin))
        });
        if !allowed {
            let seen = origin.unwrap_or("unreadable");
            let setting = if loopback {
                "this server takes requests from pages of this machine only; to serve others, give \
                 it an `Ingress::Public` that lists the origin"
            } else {
                "add it to `origins` of `Ingress::Public` (`MCP_ORIGINS` in a container)"
            };
            let text = format!("the origin `{}` may not call: {setting}", cut(seen));
            return Err(Refused::new(Refusal::OriginNotListed, text));
        }
        Ok(())
    }
}

/// The host of the request: its only `Host` header, or the authority of its target in HTTP/2.
fn host(parts: &Parts) -> Option<&str> {
    let mut given = parts.headers.get_all(HOST).iter();
    match (given.next(), given.next()) {
        (Some(host), None) => HeaderValue::to_str(host).ok(),
        (None, _) => parts.uri.authority().map(http::uri::Authority::as_str),
        (Some(_), Some(_)) => None,
    }
}

/// The host part of `scheme://host[:port]`.
fn origin_host(origin: &str) -> Option<&str> {
    origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
}

/// Whether `host[:port]` names this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        // `[::1]` without a port ends in `1]`, which is no port.
        _ => host,
    };
    let address = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    same(name, "localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether a configured origin can be equal to one that a browser sends.
fn is_origin(origin: &str) -> bool {
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#']))
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Short enough for an error text.
fn cut(text: &str) -> &str {
    text::cut(text, 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ingress: &Ingress, headers: &[(&'static str, &str)]) -> Result<(), Refused> {
        let mut request = http::Request::builder().uri("/mcp");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        ingress.check(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn loopback_takes_names_of_this_machine_with_any_port() {
        for host in [
            "127.0.0.2:1",
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:8000",
            "[::1]",
            "[::1]:9",
        ] {
            assert_eq!(
                check(&Ingress::Loopback, &[("host", host)]),
                Ok(()),
                "{host}"
            );
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.nip.io:80",
            "",
            "[::2]",
        ] {
            assert!(
                check(&Ingress::Loopback, &[("host", host)]).is_err(),
                "{host}"
            );
        }
        assert!(check(&Ingress::Loopback, &[]).is_err());
        assert!(
            check(
                &Ingress::Loopback,
                &[("host", "localhost"), ("host", "evil")]
            )
            .is_err()
        );
    }

    #[test]
    fn loopback_takes_pages_of_this_machine() {
        let with = |origin| {
            check(
                &Ingress::Loopback,
                &[("host", "localhost"), ("origin", origin)],
            )
        };
        assert_eq!(with("http://localhost:5173"), Ok(()));
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost.evil.example",
            "localhost",
        ] {
            assert!(with(origin).is_err(), "{origin}");
        }
    }

    #[test]
    fn public_takes_what_it_lists_and_names_the_setting_otherwise() {
        let public = Ingress::Public {
            hosts: vec!["mcp.example.com".into()],
            origins: vec!["https://app.example.com".into()],
        };
        assert_eq!(check(&public, &[("host", "MCP.example.com")]), Ok(()));
        let no_host = check(&public, &[("host", "localhost")]).unwrap_err().text;
        assert!(
            no_host.contains("`localhost`") && no_host.contains("`hosts`"),
            "{no_host}"
        );
        let headers = [
            ("host", "mcp.example.com"),
            ("origin", "https://evil.example"),
        ];
        let no_origin = check(&public, &headers).unwrap_err().text;
        assert!(no_origin.contains("`origins`"), "{no_origin}");
    }
}
