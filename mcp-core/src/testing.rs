//! An in-memory client, for tests of a server as its callers see it. Example: [`Client`].
//!
//! Feature `testing`.

mod bus_contract;
mod changes;
mod contract;
#[cfg(feature = "jwt")]
mod issuer;
mod portability;
mod published;
mod single_use_contract;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::client::Connection;
use crate::context::Notifications;
use crate::dispatch::{self, Outlet, Transport};
use crate::encode::Answer;
use crate::hub::Listener;
use crate::observe;
use crate::protocol::{Revision, meta};
use crate::server::Server;

pub use bus_contract::check_event_bus;
pub use contract::{ContractError, check_contract, write_contract};
#[cfg(feature = "jwt")]
pub use issuer::TestIssuer;
pub use portability::{Finding, Portability, Vendor};
pub use single_use_contract::check_single_use;

/// Speaks with a server without a transport, in revision 2026-07-28 or, after
/// [`Client::speaking`], in an older one.
///
/// Each result is checked against the output schema of its tool. One that does not fit becomes a
/// result with `isError` that says what is wrong with it.
///
/// Limits of the server apply, those of the transports (bytes of a body or line, queued
/// notifications) do not. Calls that wait or block need a tokio runtime with timers. Causes of
/// private errors go to the log if the test has one ([`log::ensure`](crate::log::ensure)).
///
/// ```
/// use mcp_core::testing::Client;
/// use mcp_core::{Server, server_info, tool, tools};
///
/// /// Adds two numbers.
/// #[tool]
/// fn add(
///     /// First summand.
///     a: i64,
///     /// Second summand.
///     b: i64,
/// ) -> i64 {
///     a + b
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// # runtime.block_on(async {
/// let server = Server::new(server_info!(), ()).tools(tools![add]).build().unwrap();
/// let client = Client::new(&server);
/// let result = client.call("add", serde_json::json!({"a": 1, "b": 2})).await;
/// assert_eq!(result["structuredContent"], 3);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    server: Server,
    caller: Option<Caller>,
    /// What `initialize` asks for; without it, 2026-07-28.
    legacy: Option<Box<str>>,
}

#[derive(Default)]
struct Collected(Mutex<Vec<Vec<u8>>>);

impl Notifications for Collected {
    fn send(&self, message: Vec<u8>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
    }
}

impl Client {
    /// A client of an anonymous caller, which is admitted whether or not the server says
    /// `anonymous()`. Example: [`Client`].
    pub fn new(server: &Server) -> Self {
        Self {
            server: server.clone(),
            caller: None,
            legacy: None,
        }
    }

    /// The same client, speaking another revision of the protocol. One before 2026-07-28 is settled by
    /// an `initialize` before each message; of one that the server does not know, it makes 2025-11-25.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, testing::Client, tool, tools};
    /// # use serde_json::json;
    /// /// Counts letters.
    /// #[tool]
    /// fn count(word: &str) -> usize {
    ///     word.chars().count()
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).tools(tools![count]).build().unwrap();
    /// let older = Client::new(&server).speaking("2025-11-25");
    /// let result = older.call("count", json!({"word": "four"})).await;
    /// // Older revisions know no results but objects.
    /// assert_eq!(result["structuredContent"], json!({"result": 4}));
    /// # });
    /// ```
    pub fn speaking(mut self, revision: &str) -> Self {
        let is_modern = revision == Revision::V2026_07_28.as_str();
        self.legacy = (!is_modern).then(|| revision.into());
        self
    }

    /// The same client, on behalf of `caller`.
    ///
    /// ```
    /// # use mcp_core::{Caller, Server, server_info, testing::Client, tool, tools};
    /// /// Says who calls.
    /// #[tool(scopes("me:read"))]
    /// fn whoami(caller: &Caller) -> String {
    ///     caller.subject().to_owned()
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).tools(tools![whoami]).build().unwrap();
    /// let nobody = Client::new(&server);
    /// let ann = nobody.clone().as_caller(Caller::for_tests("ann").with_scopes(["me:read"]));
    /// assert_eq!(nobody.tools().await.len(), 0);
    /// let result = ann.call("whoami", serde_json::json!({})).await;
    /// assert_eq!(result["content"][0]["text"], "ann");
    /// # });
    /// ```
    pub fn as_caller(mut self, caller: Caller) -> Self {
        self.caller = Some(caller);
        self
    }

    /// Calls a tool. Gives the `result` of the answer; a protocol error comes as
    /// `{"error": {..}}`. What the tool reports before its result is dropped.
    ///
    /// ```
    /// # use mcp_core::{Error, Result, Server, server_info, testing::Client, tool, tools};
    /// # use serde_json::json;
    /// /// Always fails.
    /// #[tool]
    /// fn fail() -> Result<()> {
    ///     Err(Error::new("ask for less"))
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).tools(tools![fail]).build().unwrap();
    /// let client = Client::new(&server);
    /// assert_eq!(client.call("fail", json!({})).await["isError"], true);
    /// assert_eq!(client.call("no_such_tool", json!({})).await["error"]["code"], -32602);
    /// # });
    /// ```
    pub async fn call(&self, name: &str, arguments: Value) -> Value {
        self.request("tools/call", json!({"name": name, "arguments": arguments}))
            .await
    }

    /// The tools that the caller sees, as `tools/list` describes them; none when the server has
    /// none.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, testing::Client, tool, tools};
    /// # /// Tells the time.
    /// # #[tool]
    /// # fn now() {}
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).tools(tools![now]).build().unwrap();
    /// let tools = Client::new(&server).tools().await;
    /// assert_eq!(tools[0]["name"], "now");
    /// # });
    /// ```
    pub async fn tools(&self) -> Vec<Value> {
        match self
            .request("tools/list", json!({}))
            .await
            .get_mut("tools")
            .map(Value::take)
        {
            Some(Value::Array(tools)) => tools,
            _ => Vec::new(),
        }
    }

    /// Sends any request. Gives `result`, or `{"error": {..}}`.
    ///
    /// `params` should be an object; on 2026-07-28 its `_meta` is replaced by what that revision
    /// wants of every request. For a `_meta` of your own, use [`Client::send`].
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, testing::Client};
    /// # use serde_json::json;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let client = Client::new(&server);
    /// let found = client.request("server/discover", json!({})).await;
    /// assert_eq!(found["supportedVersions"][0], "2026-07-28");
    /// assert_eq!(client.request("no/such", json!({})).await["error"]["code"], -32601);
    /// # });
    /// ```
    pub async fn request(&self, method: &str, mut params: Value) -> Value {
        if self.legacy.is_none()
            && let Some(params) = params.as_object_mut()
        {
            params.insert(
                "_meta".to_owned(),
                json!({
                    meta::PROTOCOL_VERSION: Revision::V2026_07_28.as_str(),
                    meta::CLIENT_CAPABILITIES: {},
                }),
            );
        }
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut answers = self.send(&message.to_string()).await;
        let Some(mut answer) = answers.pop() else {
            return Value::Null;
        };
        match answer.get_mut("result") {
            Some(result) => result.take(),
            None => json!({"error": answer.get_mut("error").map(Value::take)}),
        }
    }

    /// Sends one message as it stands. Gives the notifications and the answer, in order; nothing
    /// for a notification.
    ///
    /// Each message stands alone: what `initialize` settles is forgotten. A request with neither
    /// of the keys of 2026-07-28 in `_meta` is an error unless it is `initialize` or `ping`, or the
    /// client is [speaking](Client::speaking) an older revision.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, testing::Client};
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let client = Client::new(&server);
    /// let answers = client.send(r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#).await;
    /// assert_eq!(answers, [serde_json::json!({"jsonrpc": "2.0", "id": 1, "result": {}})]);
    /// # });
    /// ```
    pub async fn send(&self, message: &str) -> Vec<Value> {
        let collected = Arc::new(Collected::default());
        let notifications: Arc<dyn Notifications> = collected.clone();
        let answer = self.answer(message, Some(&notifications)).await;
        let mut messages =
            std::mem::take(&mut *collected.0.lock().unwrap_or_else(PoisonError::into_inner));
        messages.extend(answer.body);
        messages
            .iter()
            .map(|bytes| serde_json::from_slice(bytes).unwrap_or_default())
            .collect()
    }

    /// Sends one message and gives the bytes of the answer, for measurements. Empty for a
    /// notification; progress is not collected, and results are not checked.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, testing::Client};
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let client = Client::new(&server);
    /// let answer = client.send_raw(r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#).await;
    /// assert_eq!(answer, br#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
    /// # });
    /// ```
    pub async fn send_raw(&self, message: &str) -> Vec<u8> {
        let answer = self.answer(message, None).await;
        answer.body.unwrap_or_default()
    }

    /// Sends one message on a connection of its own, of which nothing is remembered.
    async fn answer(
        &self,
        message: &str,
        notifications: Option<&Arc<dyn Notifications>>,
    ) -> Answer {
        let outlet = Outlet {
            // Who takes the bytes alone measures what a host would do.
            is_test: notifications.is_some(),
            deadline: None,
            reply_limit: None,
            notifications,
            transport: observe::TEST,
            platform: None,
            settled: &|_| {},
        };
        let connection = Connection::new(Listener::deaf());
        let transport = Transport::Connection(&connection);
        let (server, caller) = (&self.server, self.caller.as_ref());
        if let Some(revision) = &self.legacy {
            let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
                "protocolVersion": revision,
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "0"},
            }});
            dispatch::answer(server, &hello.to_string(), transport, caller, &outlet).await;
        }
        let mut answer = std::pin::pin!(dispatch::answer(
            server, message, transport, caller, &outlet
        ));
        poll_fn(|cx| answer.as_mut().poll(cx)).await
    }
}
