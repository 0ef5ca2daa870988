//! How the function answers: what the code says, and the environment where the code says nothing.

use std::env;
use std::time::Duration;

use http::{HeaderName, Uri};
use mcp_core::{HostError, Refusal};

use crate::door::{Door, Doors};

/// How replies to HTTP requests leave the function.
///
/// The function cannot see how its front door takes them, so this has to fit the door: a streamed
/// reply to a buffered integration is answered 502 by API Gateway, and a buffered reply to a
/// streaming one arrives as the raw JSON of the reply or not at all. Replies to other doors are
/// always buffered.
///
/// ```
/// use mcp_lambda_adapter::ResponseMode;
///
/// assert_eq!("stream".parse(), Ok(ResponseMode::Stream));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseMode {
    /// In one piece: an HTTP API, an ALB, a REST API or a Function URL in its default mode.
    #[default]
    Buffered,
    /// As a stream: a REST API with `responseTransferMode: STREAM`, or a Function URL with
    /// `InvokeMode: RESPONSE_STREAM` ([response streaming]).
    ///
    /// [response streaming]: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
    Stream,
}

impl std::str::FromStr for ResponseMode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "buffered" => Ok(Self::Buffered),
            "stream" => Ok(Self::Stream),
            _ => Err(UnknownMode),
        }
    }
}

/// Not the name of a response mode.
///
/// ```
/// use mcp_lambda_adapter::{ResponseMode, UnknownMode};
///
/// assert_eq!("streamed".parse::<ResponseMode>(), Err(UnknownMode));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMode;

impl std::fmt::Display for UnknownMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the response mode is `buffered` or `stream`")
    }
}

impl std::error::Error for UnknownMode {}

/// What a reply may have in one piece: 6 MB, the most that Lambda carries ([quotas]).
///
/// [quotas]: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const BUFFERED: usize = 6 * 1024 * 1024;

/// What a reply may have behind an Application Load Balancer: 1 MB ([functions as targets]).
///
/// [functions as targets]: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
const LOAD_BALANCER: usize = 1_000_000;

/// What a streamed reply may have: 200 MB.
const STREAMED: usize = 200_000_000;

/// What a reply to a Bedrock agent may have: 25 KB ([quotas of Bedrock]).
///
/// [quotas of Bedrock]: https://docs.aws.amazon.com/general/latest/gr/bedrock.html
const AGENT: usize = 25_000;

/// What the status and the headers of a buffered reply take beside its body, and more.
const ENVELOPE: usize = 2048;

/// So much of an invocation is kept for sending its reply.
const MARGIN: Duration = Duration::from_millis(750);

/// The longest margin that can be asked for: the longest invocation.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// What the code says.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) mode: Option<ResponseMode>,
    pub(crate) public_url: Option<String>,
    pub(crate) base_path: Option<String>,
    pub(crate) margin: Option<Duration>,
    pub(crate) max_reply: Option<usize>,
    pub(crate) token_header: Option<String>,
    pub(crate) subscriptions: Option<Duration>,
    pub(crate) doors: Option<Vec<Door>>,
    pub(crate) scopes: Vec<(Door, Vec<Box<str>>)>,
}

/// What holds for every invocation.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) mode: ResponseMode,
    /// Where clients reach the server.
    pub(crate) public_url: Option<String>,
    /// Without a slash at its end; `None` for every path.
    pub(crate) base_path: Option<String>,
    pub(crate) margin: Duration,
    max_reply: Option<usize>,
    pub(crate) token_header: Option<HeaderName>,
    pub(crate) subscriptions: Option<Duration>,
    pub(crate) doors: Doors,
}

impl Settings {
    /// Reads the environment and checks everything.
    pub(crate) fn resolve(chosen: Chosen) -> Result<Self, HostError> {
        Self::with(chosen, |name| match env::var(name) {
            Ok(text) => Ok(Some(text)),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(wrong(name, "is not valid UTF-8")),
        })
    }

    pub(crate) fn with(
        chosen: Chosen,
        read: impl Fn(&str) -> Result<Option<String>, HostError>,
    ) -> Result<Self, HostError> {
        let number = |name: &str| -> Result<Option<u32>, HostError> {
            let text = read(name)?;
            let number = text.map(|text| text.parse()).transpose();
            number.map_err(|_| wrong(name, "is not a whole number that is small enough"))
        };
        let mode = match chosen.mode {
            Some(mode) => Some(mode),
            None => parsed("MCP_RESPONSE_MODE", read("MCP_RESPONSE_MODE")?)?,
        };
        let margin = match chosen.margin {
            Some(margin) => Some(margin),
            None => number("MCP_DEADLINE_MARGIN_MS")?.map(|ms| Duration::from_millis(ms.into())),
        };
        let max_reply = match chosen.max_reply {
            Some(bytes) => Some(bytes),
            None => number("MCP_MAX_REPLY_BYTES")?.and_then(|bytes| usize::try_from(bytes).ok()),
        };
        let subscriptions = match chosen.subscriptions {
            Some(longest) => Some(longest),
            None => number("MCP_SUBSCRIPTION_SECONDS")?
                .map(|seconds| Duration::from_secs(seconds.into())),
        };
        let public_url = chosen
            .public_url
            .map_or_else(|| read("MCP_PUBLIC_URL"), given)?;
        let base_path = chosen
            .base_path
            .map_or_else(|| read("MCP_BASE_PATH"), given)?;
        let token_header = chosen
            .token_header
            .map_or_else(|| read("MCP_USER_TOKEN_HEADER"), given)?;
        let open = match chosen.doors {
            Some(doors) => Some(doors),
            None => named_doors(read("MCP_DOORS")?)?,
        };

        let public_path = public_url.as_deref().map(path_of).transpose()?;
        if base_path
            .as_ref()
            .is_some_and(|path| !path.starts_with('/'))
        {
            return Err(wrong("MCP_BASE_PATH", "does not begin with `/`"));
        }

        let mut doors = Doors::all();
        for (door, scopes) in chosen.scopes {
            if door == Door::Http {
                return Err(HostError::refused(
                    Refusal::LambdaSetting,
                    "callers through `Door::Http` hold what their token says: no scopes can be granted \
                     to the door",
                ));
            }
            doors.grant(door, scopes);
        }
        if let Some(open) = open {
            if open.is_empty() {
                return Err(wrong(
                    "MCP_DOORS",
                    "leaves no door open, so nobody could call",
                ));
            }
            doors.keep(&open);
        }
        let settings = Self {
            mode: mode.unwrap_or_default(),
            public_url,
            base_path: base_path
                .or(public_path)
                .map(|path| path.trim_end_matches('/').to_owned()),
            margin: margin.unwrap_or(MARGIN),
            max_reply,
            token_header: token_header.as_deref().map(header).transpose()?,
            subscriptions: subscriptions.filter(|longest| !longest.is_zero()),
            doors,
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), HostError> {
        if self.margin > LONGEST {
            return Err(wrong("MCP_DEADLINE_MARGIN_MS", "is longer than 15 minutes"));
        }
        if self.max_reply.is_some_and(|bytes| bytes <= ENVELOPE) {
            let text = format!("is {ENVELOPE} or less, which holds no reply");
            return Err(wrong("MCP_MAX_REPLY_BYTES", &text));
        }
        if self.subscriptions.is_some() && self.mode != ResponseMode::Stream {
            let text = "is set, and a buffered reply cannot tell of changes: set \
                        `MCP_RESPONSE_MODE` to `stream` if the front door streams";
            return Err(wrong("MCP_SUBSCRIPTION_SECONDS", text));
        }
        Ok(())
    }

    /// What the body of a buffered HTTP reply may have, as a JSON string.
    pub(crate) fn body_limit(&self, behind_load_balancer: bool) -> usize {
        let door = if behind_load_balancer {
            LOAD_BALANCER
        } else {
            BUFFERED
        };
        self.at_most(door) - ENVELOPE
    }

    /// What a reply to an invocation may have.
    pub(crate) fn reply_limit(&self) -> usize {
        self.at_most(BUFFERED)
    }

    /// What a reply to an agent may have.
    pub(crate) fn agent_limit(&self) -> usize {
        self.at_most(AGENT)
    }

    /// What the body of a streamed reply may have.
    pub(crate) fn stream_limit(&self) -> usize {
        self.at_most(STREAMED)
    }

    fn at_most(&self, bytes: usize) -> usize {
        self.max_reply.map_or(bytes, |max| max.min(bytes))
    }
}

#[allow(clippy::unnecessary_wraps)] // stands where the environment is read otherwise
fn given(text: String) -> Result<Option<String>, HostError> {
    Ok(Some(text))
}

fn wrong(name: &str, why: &str) -> HostError {
    let refusal = match name {
        "MCP_PUBLIC_URL" => Refusal::PublicUrl,
        "MCP_USER_TOKEN_HEADER" => Refusal::TokenHeader,
        _ => Refusal::LambdaSetting,
    };
    HostError::refused(refusal, format!("`{name}` {why}"))
}

fn parsed<T>(name: &str, text: Option<String>) -> Result<Option<T>, HostError>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let parsed = text.map(|text| text.parse()).transpose();
    parsed.map_err(|error: T::Err| wrong(name, &format!("is not one of its values: {error}")))
}

/// `http,invoke`: at least one.
fn named_doors(text: Option<String>) -> Result<Option<Vec<Door>>, HostError> {
    let Some(text) = text else { return Ok(None) };
    let mut doors = Vec::new();
    for name in text.split(',') {
        doors.extend(parsed::<Door>("MCP_DOORS", Some(name.trim().to_owned()))?);
    }
    Ok(Some(doors))
}

/// The path of an address that clients use.
fn path_of(url: &str) -> Result<String, HostError> {
    let uri: Uri = url
        .parse()
        .map_err(|_| wrong("MCP_PUBLIC_URL", "is not a URL"))?;
    let is_safe = match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) => true,
        // A stand-in for a front door, on a developer's machine.
        (Some("http"), Some(host)) => matches!(host, "localhost" | "127.0.0.1" | "[::1]"),
        _ => false,
    };
    if !is_safe || uri.query().is_some() {
        let text = "is not of the form `https://mcp.example.com/mcp`";
        return Err(wrong("MCP_PUBLIC_URL", text));
    }
    Ok(uri.path().to_owned())
}

fn header(name: &str) -> Result<HeaderName, HostError> {
    let header = name.parse::<HeaderName>();
    let header =
        header.map_err(|_| wrong("MCP_USER_TOKEN_HEADER", "is not the name of a header"))?;
    if header == http::header::AUTHORIZATION {
        let text = "is `authorization`, where the signature is: name another header";
        return Err(wrong("MCP_USER_TOKEN_HEADER", text));
    }
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let read = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        };
        Settings::with(Chosen::default(), read).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_word_replies_are_buffered_and_all_doors_open() {
        let settings = with(&[]).unwrap();
        assert_eq!(settings.mode, ResponseMode::Buffered);
        assert_eq!(settings.base_path, None);
        assert_eq!(settings.margin, MARGIN);
        assert_eq!(settings.subscriptions, None);
        assert_eq!(settings.doors.to_string(), "http,invoke,gateway,agent");
        assert_eq!(settings.body_limit(true), 1_000_000 - 2048);
        assert_eq!(settings.body_limit(false), 6 * 1024 * 1024 - 2048);
        assert_eq!(settings.reply_limit(), 6 * 1024 * 1024);
        assert_eq!(settings.agent_limit(), 25_000);
        assert_eq!(settings.stream_limit(), 200_000_000);
    }

    #[test]
    fn the_environment_is_read() {
        let settings = with(&[
            ("MCP_RESPONSE_MODE", "stream"),
            ("MCP_PUBLIC_URL", "https://x.example/prod/mcp/"),
            ("MCP_DEADLINE_MARGIN_MS", "100"),
            ("MCP_MAX_REPLY_BYTES", "3000"),
            ("MCP_USER_TOKEN_HEADER", "X-User-Token"),
            ("MCP_SUBSCRIPTION_SECONDS", "60"),
            ("MCP_DOORS", "http, agent"),
        ]);
        let settings = settings.unwrap();
        assert_eq!(settings.mode, ResponseMode::Stream);
        assert_eq!(settings.base_path.as_deref(), Some("/prod/mcp"));
        assert_eq!(settings.margin, Duration::from_millis(100));
        assert_eq!(settings.reply_limit(), 3000);
        assert_eq!(settings.body_limit(false), 952);
        assert_eq!(
            settings.token_header.as_ref().map(HeaderName::as_str),
            Some("x-user-token")
        );
        assert_eq!(settings.subscriptions, Some(Duration::from_secs(60)));
        assert_eq!(settings.doors.to_string(), "http,agent");
    }

    #[test]
    fn the_code_counts_more_than_the_environment() {
        let chosen = Chosen {
            mode: Some(ResponseMode::Buffered),
            base_path: Some("/a/".to_owned()),
            doors: Some(vec![Door::Http]),
            ..Chosen::default()
        };
        let read = |name: &str| {
            Ok(match name {
                "MCP_RESPONSE_MODE" => Some("stream".to_owned()),
                "MCP_BASE_PATH" => Some("/b".to_owned()),
                "MCP_DOORS" => Some("invoke".to_owned()),
                _ => None,
            })
        };
        let settings = Settings::with(chosen, read).unwrap();
        assert_eq!(settings.mode, ResponseMode::Buffered);
        assert_eq!(settings.base_path.as_deref(), Some("/a"));
        assert_eq!(settings.doors.to_string(), "http");
    }

    #[test]
    fn a_public_url_is_checked_even_where_its_path_does_not_count() {
        let text = with(&[("MCP_BASE_PATH", "/a"), ("MCP_PUBLIC_URL", "x.example")]).unwrap_err();
        assert!(text.contains("MCP_PUBLIC_URL"), "{text}");
    }

    #[test]
    fn no_door_at_all_is_a_mistake() {
        let chosen = Chosen {
            doors: Some(Vec::new()),
            ..Chosen::default()
        };
        let error = Settings::with(chosen, |_| Ok(None)).unwrap_err();
        assert!(error.to_string().contains("no door open"), "{error}");
    }

    #[test]
    fn each_mistake_names_its_variable() {
        for (name, value) in [
            ("MCP_RESPONSE_MODE", "streaming"),
            ("MCP_PUBLIC_URL", "http://x.example/mcp"),
            ("MCP_PUBLIC_URL", "/mcp"),
            ("MCP_BASE_PATH", "mcp"),
            ("MCP_BASE_PATH", ""),
            ("MCP_DEADLINE_MARGIN_MS", "900001"),
            ("MCP_DEADLINE_MARGIN_MS", "-1"),
            ("MCP_MAX_REPLY_BYTES", "2048"),
            ("MCP_USER_TOKEN_HEADER", "Authorization"),
            ("MCP_USER_TOKEN_HEADER", "a b"),
            ("MCP_SUBSCRIPTION_SECONDS", "60"),
            ("MCP_DOORS", "window"),
            ("MCP_DOORS", ""),
        ] {
            let text = with(&[(name, value)]).unwrap_err();
            assert!(
                text.contains(&format!("`{name}`")),
                "{name}={value}: {text}"
            );
        }
    }
}
