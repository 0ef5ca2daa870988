//! The codes of refusals: why a server does not start, and why a request is not let in.

use std::borrow::Cow;
use std::fmt;

/// Declares the reasons, so that none is without a code or missing in the list of all.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why a server does not start, or why a request is refused before its method works, or instead
        /// of it. Each has a stable code, by which `docs/guide/troubleshooting.md` says what to change.
        ///
        /// An error of the start ends with the code in brackets. A request reads it in its JSON-RPC error
        /// as `data.reason`, except where the protocol says what `data` holds: an unsupported version
        /// (-32022), and a capability that the client lacks (-32021).
        ///
        /// ```
        /// use mcp_core::http::{Endpoint, Ingress};
        /// use mcp_core::{Refusal, Server, server_info};
        ///
        /// let server = Server::new(server_info!(), ()).build().unwrap();
        /// let error = Endpoint::new(server, Ingress::Platform).unwrap_err();
        /// assert_eq!(error.refusal(), Refusal::NoCallerSource);
        /// assert!(error.to_string().ends_with("[no-caller-source]"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Refusal {
            $($(#[$doc])* $name,)*
        }

        impl Refusal {
            /// All of them, those of the start first.
            ///
            /// ```
            /// # use mcp_core::Refusal;
            /// let codes: Vec<&str> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
            /// assert!(codes.contains(&"host-not-listed"));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its code: lower-case words with `-` between. A code keeps its meaning in all later
            /// releases.
            ///
            /// ```
            /// # use mcp_core::Refusal;
            /// assert_eq!(Refusal::BodyTooLarge.code(), "body-too-large");
            /// ```
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

refusals! {
    /// A limit, a time, a budget or a size of a page is zero or too large.
    LimitOutOfRange = "limit-out-of-range",
    /// A description or the instructions are longer than clients pass on.
    TextTooLong = "text-too-long",
    /// Two tools, prompts or resources have one name or URI.
    NameTaken = "name-taken",
    /// The name of a tool is not one that every client takes.
    ToolName = "tool-name",
    /// A setting names a tool that there is not.
    NoSuchTool = "no-such-tool",
    /// A registry of dynamic tools is full.
    RegistryFull = "registry-full",
    /// An argument or a result has a type that the published schema cannot describe.
    TypeWithoutSchema = "type-without-schema",
    /// A hand-written schema cannot be used.
    SchemaNotUsable = "schema-not-usable",
    /// The header of an argument cannot be one.
    ArgumentHeader = "argument-header",
    /// A secret argument would be shown.
    SecretShown = "secret-shown",
    /// A tool returns pages and takes no cursor, or the other way round.
    PageWithoutCursor = "page-without-cursor",
    /// The URI of a resource is no template.
    UriTemplate = "uri-template",
    /// A pattern of a redactor is none.
    RedactionPattern = "redaction-pattern",
    /// An icon is not at an `https:` or `data:` URL.
    IconUrl = "icon-url",
    /// What is said about metrics cannot be meant.
    MetricsSetting = "metrics-setting",
    /// The key for digests of the audit is too short.
    DigestKey = "digest-key",
    /// A tool is `single_use`, and nothing remembers what was used.
    NoSingleUseStore = "no-single-use-store",
    /// Nobody could ever hold a scope that something needs.
    ScopeNotGrantable = "scope-not-grantable",
    /// The server would serve a network, or read a token, and can tell of nobody who it is.
    NoCallerSource = "no-caller-source",
    /// The address can be reached from other machines, and nothing says who may call.
    NoIngress = "no-ingress",
    /// What is said about who may call cannot be meant.
    IngressSetting = "ingress-setting",
    /// The public URL is none.
    PublicUrl = "public-url",
    /// The address cannot be listened on.
    CannotListen = "cannot-listen",
    /// There is no issuer of tokens, or one is there twice.
    IssuerList = "issuer-list",
    /// Tokens of an issuer would be accepted that are meant for other servers.
    IssuerWithoutAudience = "issuer-without-audience",
    /// An issuer has no keys, or no address to fetch them from.
    IssuerWithoutKeys = "issuer-without-keys",
    /// The header that is said to hold the token cannot.
    TokenHeader = "token-header",
    /// The keys of an issuer cannot be read.
    KeySet = "key-set",
    /// The keys that seal what clients hold cannot be read.
    SealKeys = "seal-keys",
    /// The URL of Redis is missing or cannot be used.
    RedisUrl = "redis-url",
    /// A setting of the Lambda function cannot be meant.
    LambdaSetting = "lambda-setting",
    /// The process does not run on AWS Lambda.
    NotOnLambda = "not-on-lambda",

    /// 403: the `Host` of the request is not served.
    HostNotListed = "host-not-listed",
    /// 403: the `Origin` of the request may not call.
    OriginNotListed = "origin-not-listed",
    /// 401: the request says nothing of who calls.
    NoToken = "no-token",
    /// 401: what the request says of who calls is not valid here.
    InvalidToken = "invalid-token",
    /// 403, 401 for somebody anonymous: the caller lacks a scope and is asked to sign in for it.
    InsufficientScope = "insufficient-scope",
    /// 503: who calls cannot be checked at the moment.
    CallerUnverifiable = "caller-unverifiable",
    /// 500: the server itself failed.
    ServerFailed = "server-failed",
    /// 404: the server does not know where clients sign in.
    SignInUnknown = "sign-in-unknown",
    /// 403, or an error of the invocation: this way into the Lambda function is closed.
    DoorClosed = "door-closed",
    /// 404: nothing is served at this path.
    WrongPath = "wrong-path",
    /// 400: what a front door of Lambda made of the request is malformed.
    RequestUnreadable = "request-unreadable",
    /// 405: the endpoint does not take this HTTP method.
    MethodNotAllowed = "method-not-allowed",
    /// 406: a stream was asked for by somebody who does not accept one.
    StreamNotAccepted = "stream-not-accepted",
    /// 415: the message is not declared as JSON.
    ContentType = "content-type",
    /// 413: the message is larger than the server takes.
    BodyTooLarge = "body-too-large",
    /// 408: the message did not arrive in time.
    BodyTooSlow = "body-too-slow",
    /// 400: the message did not arrive whole.
    BodyIncomplete = "body-incomplete",
    /// 400: the message is no JSON-RPC message.
    MalformedMessage = "malformed-message",
    /// 400: several messages at once, where they may not be.
    Batch = "batch",
    /// 400: the request lacks what its revision demands of every request.
    RequestMetadata = "request-metadata",
    /// 400: a header differs from what the message says.
    HeaderMismatch = "header-mismatch",
    /// 404, 200 before 2026-07-28: the server has no such method.
    UnknownMethod = "unknown-method",
    /// 404: the session is unknown here or has ended.
    UnknownSession = "unknown-session",
    /// 400: an answer to a question that was not asked here.
    NothingAsked = "nothing-asked",
    /// 400: a reply that the client wants to take up again is not kept.
    ReplyNotKept = "reply-not-kept",
    /// 503: the server is at its limit of calls.
    ServerBusy = "server-busy",
    /// 429: the caller is at its limit of calls at the same time.
    CallerBusy = "caller-busy",
    /// 429: the tool is at its limit of calls.
    ToolBusy = "tool-busy",
    /// 429: the caller is at its limit of calls in a time, or an interceptor says so.
    RateLimited = "rate-limited",
    /// 503: a limit of subscriptions or streams is reached.
    TooManySubscriptions = "too-many-subscriptions",
    /// 503: the server remembers no more clients of older revisions.
    TooManyClients = "too-many-clients",
    /// 503: the server remembers no more ended sessions.
    TooManyEndedSessions = "too-many-ended-sessions",
    /// 503: the host is at its limit of connections.
    TooManyConnections = "too-many-connections",
    /// 503: the other instances cannot be told.
    BusAway = "bus-away",
    /// 503: nobody knows whether a state was used before.
    StoreAway = "store-away",
    /// 503, 200 after the call: the call cannot be recorded.
    NotRecorded = "not-recorded",
    /// 200: the host would not wait as long as the call takes.
    Deadline = "deadline",
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What the errors of starting hold: a text that says what to change, and the code at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) refusal: Refusal,
    pub(crate) text: Cow<'static, str>,
}

impl Refused {
    pub(crate) fn new(refusal: Refusal, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            refusal,
            text: text.into(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.text, self.refusal)
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn codes_are_short_words_and_no_two_are_alike() {
        for (index, refusal) in Refusal::ALL.iter().enumerate() {
            let code = refusal.code();
            let is_word =
                |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(code.len() <= 24 && code.split('-').all(is_word), "{code}");
            let others = Refusal::ALL.iter().skip(index + 1);
            assert!(
                others.into_iter().all(|other| other.code() != code),
                "{code}"
            );
        }
    }
}
