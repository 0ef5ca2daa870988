//! The host for a local process: one JSON-RPC message per line on standard input and output.
//!
//! Feature `stdio`.
//!
//! Nothing but protocol reaches standard output: when a server starts, what other code prints goes
//! to standard error instead. The caller is the server's local caller. The end of standard input
//! and SIGTERM end the server; calls in flight get five seconds to finish. A second SIGTERM ends it
//! at once. Example: [`run`].

mod input;
mod output;

use std::future::poll_fn;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::client;
use crate::context::Notifications;
use crate::dispatch::{self, Outlet, Transport};
use crate::encode::{self, Answer};
use crate::error::HostError;
use crate::jsonrpc;
use crate::methods;
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::server::Server;
use input::Input;
use output::Output;

/// How long calls in flight may take to finish after the end of input or SIGTERM.
const GRACE: Duration = Duration::from_secs(5);

/// Messages read ahead while a call keeps the thread busy.
const READ_AHEAD: usize = 32;

/// Serves until standard input ends, on a runtime of its own: `main` needs no async runtime and
/// the user's manifest names none.
///
/// ```no_run
/// use mcp_core::{HostError, Server, server_info, stdio, tool, tools};
///
/// /// Adds two numbers.
/// #[tool(read_only)]
/// fn add(
///     /// First summand.
///     a: i64,
///     /// Second summand.
///     b: i64,
/// ) -> i64 {
///     a + b
/// }
///
/// fn main() -> Result<(), HostError> {
///     stdio::run(Server::new(server_info!(), ()).tools(tools![add]).build()?)
/// }
/// ```
///
/// # Errors
///
/// When the runtime or the streams are not to be had.
pub fn run(server: Server) -> Result<(), HostError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let ended = runtime.block_on(serve(server));
    // A blocking call that was abandoned must not keep the process alive.
    runtime.shutdown_background();
    ended
}

/// Serves until standard input ends, on the runtime of the caller, whose timer has to be enabled: for a
/// program that has other work to do on it.
///
/// ```no_run
/// use mcp_core::{HostError, Server, server_info, stdio};
///
/// #[tokio::main]
/// async fn main() -> Result<(), HostError> {
///     let server = Server::new(server_info!(), ()).build()?;
///     let others = tokio::spawn(async { /* refresh a cache */ });
///     stdio::serve(server).await?;
///     others.abort();
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// When the streams are not to be had.
pub async fn serve(server: Server) -> Result<(), HostError> {
    crate::log::ensure();
    // Nobody else serves the client that started this process.
    server.single_process();
    let lists = server.changing_lists();
    let listener = server.0.notifier.0.listen(None, lists, []);
    let listener = listener.map_err(|_| {
        HostError::refused(
            Refusal::LimitOutOfRange,
            "the limit `subscriptions` leaves no room for this connection; raise it",
        )
    })?;
    let output = Arc::new(Output::claim()?);
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    input::start(sender, server.limits().line_bytes)?;
    if std::io::stdin().is_terminal() {
        tracing::info!(
            "waiting for messages of a client, one a line; clients start this program themselves"
        );
    }
    let connection = Connection {
        notifications: Arc::clone(&output) as Arc<dyn Notifications>,
        server,
        output,
        client: Arc::new(client::Connection::new(listener)),
        told_of_changes: false,
        calls: JoinSet::new(),
        pending: Vec::new(),
    };
    connection.serve(receiver).await;
    Ok(())
}

/// The one connection of the process.
struct Connection {
    server: Server,
    output: Arc<Output>,
    notifications: Arc<dyn Notifications>,
    /// What is known of the client.
    client: Arc<client::Connection>,
    /// Whether the client is told of changes beside its requests, as older revisions have it.
    told_of_changes: bool,
    /// Calls that had to wait; dropping the set cancels them.
    calls: JoinSet<()>,
    /// The ids of those calls, for `notifications/cancelled`.
    pending: Vec<(Box<str>, AbortHandle)>,
}

impl Connection {
    async fn serve(mut self, mut receiver: mpsc::Receiver<Input>) {
        while let Some(input) = receiver.recv().await {
            match input {
                Input::Line(line) => self.line(line).await,
                Input::NotText => self.refuse(code::PARSE, "the message is not valid UTF-8"),
                Input::TooLong => self.refuse(
                    code::INVALID_REQUEST,
                    "the message is longer than this server takes (`Limits::line_bytes`)",
                ),
                Input::End => break,
            }
            while self.calls.try_join_next().is_some() {}
            self.tell_of_changes();
            if self.output.is_closed() {
                return;
            }
        }
        // What waits for changes ends now; calls have some time to.
        self.server.end_subscriptions();
        let finish = async { while self.calls.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, finish).await;
    }

    fn refuse(&self, code: i32, message: &str) {
        self.output.answer(encode::error(None, code, message));
    }

    /// Answers a message at once if it can be, else lets it run beside the next ones.
    async fn line(&mut self, line: String) {
        let line = Arc::new(line);
        let mut answer = Box::pin(answer(
            self.server.clone(),
            Arc::clone(&line),
            Arc::clone(&self.client),
            Arc::clone(&self.notifications),
        ));
        match poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await {
            Poll::Ready(answer) => self.finish(answer).await,
            Poll::Pending => {
                let output = Arc::clone(&self.output);
                let call = self.calls.spawn(async move { output.answer(answer.await) });
                self.pending.retain(|(_, call)| !call.is_finished());
                let depth = self.server.limits().depth;
                if let Some(id) = jsonrpc::parse(&line, depth)
                    .ok()
                    .and_then(|message| message.id)
                {
                    self.pending.push((id.0.into(), call));
                }
            }
        }
    }

    async fn finish(&mut self, answer: Answer) {
        if let Some(id) = &answer.cancels {
            // Unknown and finished ids are no mistake: the two sides may cross.
            for (_, call) in self.pending.iter().filter(|(pending, _)| pending == id) {
                call.abort();
                // Until it is dropped it may still speak, and nothing may follow the cancellation.
                while !call.is_finished() {
                    tokio::task::yield_now().await;
                }
            }
        }
        self.output.answer(answer);
    }

    /// Begins to tell a client of an older revision of changes, once `initialize` settled that it is
    /// one.
    fn tell_of_changes(&mut self) {
        if self.told_of_changes || self.client.legacy().is_none() {
            return;
        }
        self.told_of_changes = true;
        let (client, output) = (Arc::clone(&self.client), Arc::clone(&self.output));
        self.calls.spawn(async move {
            methods::forward(&client.wishes.listener, &*output, None).await;
        });
    }
}

/// One message and its answer, owning all it needs.
#[allow(clippy::manual_async_fn)] // an `async fn` would keep each argument twice
fn answer(
    server: Server,
    line: Arc<String>,
    client: Arc<client::Connection>,
    notifications: Arc<dyn Notifications>,
) -> impl Future<Output = Answer> + Send {
    async move {
        let outlet = Outlet {
            is_test: false,
            deadline: None,
            reply_limit: None,
            notifications: Some(&notifications),
            transport: "stdio",
            platform: None,
            settled: &|_| {},
        };
        let caller = Some(&server.0.access.local);
        let transport = Transport::Connection(&client);
        dispatch::answer(&server, &line, transport, caller, &outlet).await
    }
}
