//! What the environment says about where to listen and who may call.

use std::env;

use mcp_core::http::Ingress;
use mcp_core::{HostError, Refusal};

/// The address to listen on.
pub(crate) const BIND: &str = "MCP_BIND";

/// Where a server listens on a developer's machine.
pub(crate) const LOOPBACK: &str = "127.0.0.1:8000";

/// Where a container listens, as AgentCore Runtime wants it.
const CONTAINER: &str = "0.0.0.0:8000";

/// Set in every task of ECS ([task metadata]).
///
/// [task metadata]: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
const ECS: &str = "ECS_CONTAINER_METADATA_URI_V4";

/// The address where Lambda expects a web function to listen.
const LAMBDA: &str = "AWS_LAMBDA_HTTP_ENDPOINT";

/// Names that clients use, separated by commas.
const HOSTS: &str = "MCP_HOSTS";

/// Web origins that may call, separated by commas.
const ORIGINS: &str = "MCP_ORIGINS";

/// `platform`: what is in front checks who calls.
const INGRESS: &str = "MCP_INGRESS";

/// The URL that clients use.
const PUBLIC_URL: &str = "MCP_PUBLIC_URL";

/// The environment, or what a test puts in its place.
pub(crate) type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a variable of the process. One that is empty counts as not set.
pub(crate) fn read(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}

/// Where to listen.
pub(crate) fn bind(read: Read<'_>) -> String {
    if let Some(address) = read(BIND) {
        return address;
    }
    if let Some(port) = read("PORT") {
        return format!("0.0.0.0:{port}");
    }
    if let Some(address) = read(LAMBDA) {
        return address;
    }
    let inside = read(ECS).is_some();
    if inside { CONTAINER } else { LOOPBACK }.to_owned()
}

/// Where clients reach the server, if that is said.
pub(crate) fn public_url(read: Read<'_>) -> Option<String> {
    read(PUBLIC_URL)
}

/// From where requests may come, if that is said.
pub(crate) fn ingress(read: Read<'_>) -> Result<Option<Ingress>, HostError> {
    let list = |name: &str| {
        let text = read(name).unwrap_or_default();
        let items = text.split(',').map(str::trim);
        let items = items.filter(|item| !item.is_empty());
        items.map(str::to_owned).collect::<Vec<_>>()
    };
    let (hosts, origins) = (list(HOSTS), list(ORIGINS));
    let wrong = |text: &str| Err(HostError::refused(Refusal::IngressSetting, text));
    match read(INGRESS).as_deref() {
        None if !hosts.is_empty() => Ok(Some(Ingress::Public { hosts, origins })),
        None if !origins.is_empty() => wrong(
            "`MCP_ORIGINS` says which web pages may call, and `MCP_HOSTS` is missing, which says \
             under what names clients reach the server",
        ),
        None => Ok(None),
        Some("platform") if hosts.is_empty() && origins.is_empty() => Ok(Some(Ingress::Platform)),
        Some("platform") => wrong(
            "`MCP_INGRESS=platform` checks no host, so `MCP_HOSTS` and `MCP_ORIGINS` would mean \
             nothing: set one or the other",
        ),
        Some(_) => wrong("`MCP_INGRESS` can be `platform`; for anything else set `MCP_HOSTS`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        move |name| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        }
    }

    #[test]
    fn what_is_said_most_plainly_counts() {
        let all = [
            ("MCP_BIND", "127.0.0.1:1"),
            ("PORT", "2"),
            ("AWS_LAMBDA_HTTP_ENDPOINT", "127.0.0.1:3"),
            ("ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/x"),
        ];
        let expected = [
            "127.0.0.1:1",
            "0.0.0.0:2",
            "127.0.0.1:3",
            "0.0.0.0:8000",
            LOOPBACK,
        ];
        for (skipped, expected) in expected.into_iter().enumerate() {
            assert_eq!(bind(&with(&all[skipped..])), expected);
        }
    }

    #[test]
    fn hosts_and_origins_are_lists() {
        let said = with(&[
            ("MCP_HOSTS", "a.example, b.example:8443 ,"),
            ("MCP_ORIGINS", "https://c.example"),
        ]);
        let expected = Ingress::Public {
            hosts: vec!["a.example".to_owned(), "b.example:8443".to_owned()],
            origins: vec!["https://c.example".to_owned()],
        };
        assert_eq!(ingress(&said).unwrap(), Some(expected));
        assert_eq!(ingress(&with(&[])).unwrap(), None);
        let platform = with(&[("MCP_INGRESS", "platform")]);
        assert_eq!(ingress(&platform).unwrap(), Some(Ingress::Platform));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (pairs, name) in [
            (&[("MCP_ORIGINS", "https://a.example")][..], "`MCP_HOSTS`"),
            (&[("MCP_INGRESS", "off")], "`MCP_INGRESS`"),
            (
                &[("MCP_INGRESS", "platform"), ("MCP_HOSTS", "a")],
                "`MCP_HOSTS`",
            ),
        ] {
            let error = ingress(&with(pairs)).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
