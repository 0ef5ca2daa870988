//! What is refused before there is a server or an endpoint.

#![allow(clippy::unused_async)] // what is built is never called

use std::pin::Pin;

use http::request::Parts;
use mcp_core::audit::Audit;
use mcp_core::http::{CallerSource, Endpoint, Ingress, Unidentified};
use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};
use mcp_core::redact::Patterns;
use mcp_core::{
    BuildError, Caller, Contents, DynamicTool, DynamicTools, HostError, Icon, Limits, Metrics,
    Page, SealKeys, Secret, Server, ServerBuilder, resource, resources, server_info, tool, tools,
};

use crate::Seen;

/// First.
#[tool]
fn first() {}

/// Also first.
#[tool(name = "first")]
fn second() {}

/// Lists issues.
#[tool(name = "issues.list")]
fn list_issues() {}

/// A folder in a folder.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Folder {
    inside: Vec<Folder>,
}

/// Lists everything.
#[tool]
fn tree() -> Folder {
    Folder { inside: Vec::new() }
}

/// A number with a point, under a name that hides it.
type Share = f64;

/// Splits something.
#[tool]
fn split(#[arg(header = "Share")] share: Share) -> f64 {
    share
}

/// Signs in.
#[tool]
fn sign_in(#[arg(audit)] password: Secret<String>) -> bool {
    drop(password);
    true
}

/// Rows without end.
#[tool]
fn rows() -> Page<u32> {
    Page::all(0..3, None)
}

/// Pays once.
#[tool(single_use)]
async fn pay() {}

/// For few.
#[tool(scopes("vault:open"))]
fn open_vault() {}

/// At a URI of more than 1,024 characters.
#[resource(
    "deep://\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)]
fn deep() -> &'static str {
    ""
}

/// Whose callers hold no scope.
struct Powerless;

impl CallerSource for Powerless {
    fn identify<'r>(
        &'r self,
        _: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn can_grant(&self, _: &str) -> bool {
        false
    }
}

fn server() -> ServerBuilder<()> {
    Server::new(server_info!(), ())
}

fn dynamic(name: &str, schema: &str) -> Result<DynamicTool, BuildError> {
    DynamicTool::new(name, schema, |_| {
        Box::pin(async { Ok(Contents::default()) })
    })
}

fn oidc() -> Issuer {
    Issuer::oidc("https://id.example.com")
}

const JWKS: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
    "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

pub(crate) fn refusals() -> Vec<Seen> {
    let mut seen = of_builder();
    seen.extend(of_identity());
    seen.extend(of_endpoint());
    seen
}

/// The error of something that must not work.
fn error<T, E: Into<HostError>>(result: Result<T, E>) -> HostError {
    match result {
        Ok(_) => panic!("nothing is refused"),
        Err(error) => error.into(),
    }
}

fn of_builder() -> Vec<Seen> {
    let mut limits = Limits::default();
    limits.in_flight = 0;
    let none_left = || {
        let tools = DynamicTools::new();
        for number in 0..1000 {
            tools.add(dynamic(&format!("t{number}"), r#"{"type":"object"}"#)?)?;
        }
        tools.add(dynamic("one_more", r#"{"type":"object"}"#)?)
    };
    let icon = Icon::new("http://example.com/a.png");
    [
        (error(server().limits(limits).build()), "make it at least 1"),
        (error(server().page_size(0).build()), "`page_size`"),
        (
            error(server().instructions("x".repeat(2049)).build()),
            "shorten it",
        ),
        (
            error(server().tools(tools![first, second]).build()),
            "rename one",
        ),
        (
            error(server().tools(tools![list_issues]).build()),
            "`protocol_names()`",
        ),
        (
            error(server().tool_concurrency("exprot", 2).build()),
            "name one that is in",
        ),
        (error(none_left()), "remove some first"),
        (
            error(server().tools(tools![tree]).build()),
            "use a depth-limited copy",
        ),
        (error(dynamic("ping", "[]")), "has to be a JSON object"),
        (
            error(server().tools(tools![split]).build()),
            "only text, whole numbers and booleans",
        ),
        (
            error(server().tools(tools![sign_in]).build()),
            "remove `audit`",
        ),
        (
            error(server().tools(tools![rows]).build()),
            "`cursor: Option<Cursor>`",
        ),
        (
            error(server().resources(resources![deep]).build()),
            "shorten it",
        ),
        (
            error(Patterns::all().pattern("any", "x*")),
            "ask for one character at least",
        ),
        (
            error(Server::new(server_info!().icon(icon), ()).build()),
            "`https:` or `data:`",
        ),
        (
            error(server().metrics(Metrics::emf("")).build()),
            "1 to 255 characters",
        ),
        (
            error(server().audit(Audit::stdout().digest_key(&[7; 31])).build()),
            "at least 32 bytes",
        ),
        (
            error(server().tools(tools![pay]).build()),
            "give the server a `single_use_store`",
        ),
        (
            error(
                server()
                    .tools(tools![open_vault])
                    .caller_source(Powerless)
                    .build(),
            ),
            "grant it to a group, or name another scope",
        ),
    ]
    .map(|(error, change)| Seen::at_start(error, change))
    .into()
}

fn of_identity() -> Vec<Seen> {
    let twice = [
        oidc().allowed_audience(["a"]),
        oidc().allowed_audience(["a"]),
    ];
    let jwks = Jwks::parse(JWKS).unwrap();
    let twice = twice.map(|issuer| issuer.keys(jwks.clone()));
    let one = oidc().allowed_audience(["a"]).keys(jwks);
    let plain = oidc()
        .allowed_audience(["a"])
        .jwks_url("http://id.example.com/jwks");
    [
        (error(TokenVerifier::new([])), "name at least one"),
        (error(TokenVerifier::new(twice)), "leave one out"),
        (error(TokenVerifier::new([oidc()])), "`allowed_audience`"),
        (
            error(TokenVerifier::new([oidc().allowed_audience(["a"])])),
            "give it `keys`",
        ),
        (
            error(TokenVerifier::new([plain])),
            "has to be an `https:` URL",
        ),
        (
            error(TokenVerifier::new([one]).unwrap().token_header("a b")),
            "use letters, digits and `-`",
        ),
        (error(Jwks::parse("{}")), "`jwks_uri`"),
        (
            error(Jwks::from_file("no/such/jwks.json")),
            "check the path",
        ),
        (
            error(SealKeys::parse("k1:c2VjcmV0")),
            "openssl rand -base64 32",
        ),
        (error(SealKeys::parse("")), "openssl rand -base64 32"),
    ]
    .map(|(error, change)| Seen::at_start(error, change))
    .into()
}

fn of_endpoint() -> Vec<Seen> {
    let public = |hosts: &[&str], origins: &[&str]| {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Ingress::Public {
            hosts: texts(hosts),
            origins: texts(origins),
        }
    };
    let open = || server().anonymous().build().unwrap();
    let closed = server().build().unwrap();
    [
        (
            error(Endpoint::new(closed, Ingress::Platform)),
            "give it a `caller_source`",
        ),
        (
            error(Endpoint::new(open(), public(&[], &[]))),
            "list the server's names",
        ),
        (
            error(Endpoint::new(open(), public(&["a"], &["https://a/"]))),
            "of the form `https://app.example.com`",
        ),
        (
            error(Endpoint::behind_platform(open()).public_url("mcp.example.com")),
            "`https://mcp.example.com/mcp`",
        ),
    ]
    .map(|(error, change)| Seen::at_start(error, change))
    .into()
}
