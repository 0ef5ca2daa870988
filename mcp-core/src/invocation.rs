//! Single messages, for a host that has neither connections nor HTTP.

use std::time::Instant;

use crate::caller::Caller;
use crate::dispatch::{self, Outlet, Transport};
use crate::encode;
use crate::limits::Limits;
use crate::observe;
use crate::platform::PlatformRequest;
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::reply_limit::ReplyLimit;
use crate::server::Server;

/// One JSON-RPC message that came alone, such as the event of a function that is invoked with it.
///
/// What a server says before its answer is dropped, and nothing is remembered: a client of an older
/// revision is taken to speak 2025-11-25, cannot be asked anything and hears of no changes, and
/// messages come one at a time, not in batches. The limits of the server apply,
/// [`Limits::body_bytes`](crate::Limits::body_bytes) among them. Calls that wait or block need a
/// tokio runtime with timers.
///
/// ```
/// use mcp_core::{Caller, Invocation, Provenance, Server, server_info};
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = Server::new(server_info!(), ()).build().unwrap();
/// let ann = Caller::new("ann", Provenance::Platform);
/// let message = r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#;
/// let answer = Invocation::new(message).caller(&ann).answer(&server).await;
/// assert_eq!(answer.unwrap(), br#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    message: &'a str,
    caller: Option<&'a Caller>,
    deadline: Option<Instant>,
    reply_limit: Option<ReplyLimit>,
    platform: Option<&'a PlatformRequest>,
}

impl<'a> Invocation<'a> {
    /// A message from somebody unknown, who is refused unless the server says
    /// [`anonymous`](crate::ServerBuilder::anonymous). Example: [`Invocation`].
    pub fn new(message: &'a str) -> Self {
        Self {
            message,
            caller: None,
            deadline: None,
            reply_limit: None,
            platform: None,
        }
    }

    /// The message comes from this caller. Example: [`Invocation`].
    pub fn caller(self, caller: &'a Caller) -> Self {
        Self {
            caller: Some(caller),
            ..self
        }
    }

    /// When the host stops waiting for the answer. A call is stopped then.
    ///
    /// ```
    /// # use std::time::{Duration, Instant};
    /// # use mcp_core::Invocation;
    /// let soon = Instant::now() + Duration::from_secs(3);
    /// let invocation = Invocation::new("{}").deadline(soon);
    /// # let _ = invocation;
    /// ```
    pub fn deadline(self, deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// The largest answer that the host can carry.
    ///
    /// ```
    /// # use mcp_core::{Invocation, ReplyLimit};
    /// let invocation = Invocation::new("{}").reply_limit(ReplyLimit::plain(6 * 1024 * 1024));
    /// # let _ = invocation;
    /// ```
    pub fn reply_limit(self, limit: ReplyLimit) -> Self {
        Self {
            reply_limit: Some(limit),
            ..self
        }
    }

    /// What the platform says of the request: it is recorded with it.
    ///
    /// ```
    /// # use mcp_core::{Invocation, PlatformRequest};
    /// let request = PlatformRequest::new("lambda", "8f507cfc-xmpl-4697-b07a-ac58fc914c95");
    /// let invocation = Invocation::new("{}").platform_request(&request);
    /// # let _ = invocation;
    /// ```
    pub fn platform_request(self, request: &'a PlatformRequest) -> Self {
        Self {
            platform: Some(request),
            ..self
        }
    }

    /// The answer; `None` for a message that has none, such as a notification. Example:
    /// [`Invocation`].
    pub async fn answer(self, server: &Server) -> Option<Vec<u8>> {
        if self.caller.is_none() && !server.0.access.anonymous {
            observe::turned_away(server, INVOKE, self.platform, "unidentified").await;
            let text = "sign in: this server needs to know who calls";
            let refusal = Refusal::NoToken;
            return encode::refusal(None, refusal, code::INVALID_REQUEST, text).body;
        }
        if let Some(text) = too_long(self.message, server.limits()) {
            let refusal = Refusal::BodyTooLarge;
            return encode::refusal(None, refusal, code::INVALID_REQUEST, &text).body;
        }
        let outlet = Outlet {
            is_test: false,
            deadline: self.deadline,
            reply_limit: self.reply_limit,
            notifications: None,
            transport: INVOKE,
            platform: self.platform,
            settled: &|_| {},
        };
        let answer =
            dispatch::answer(server, self.message, Transport::Alone, self.caller, &outlet).await;
        answer.body
    }
}

/// How a message came that came alone.
const INVOKE: &str = "invoke";

fn too_long(message: &str, limits: &Limits) -> Option<String> {
    let limit = limits.body_bytes;
    let fits = u32::try_from(message.len()).is_ok_and(|length| length <= limit);
    (!fits).then(|| format!("the message is larger than {limit} bytes (`Limits::body_bytes`)"))
}
