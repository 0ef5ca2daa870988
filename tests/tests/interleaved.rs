//! Many callers at once, all with the same ids, over real sockets: each gets its own answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mcp_core::{Caller, Context, Progress, Server, State, server_info, tool, tools};
use mcp_tests::Result;
use mcp_tests::message::call;
use mcp_tests::tokens::Tokens;
use mcp_tests::wire::{Connection, host};
use serde_json::{Value, json};

const CONNECTIONS: usize = 50;
const REQUESTS: usize = 200;
const CALLERS: usize = 7;

/// Takes its time and says what it was given and by whom.
#[tool]
async fn echo(
    /// What to say.
    text: &str,
    /// How often to let others go first.
    turns: u32,
    who: &Caller,
    running: &Running,
    cx: &Context,
) -> String {
    let _here = running.enter();
    for turn in 0..turns {
        cx.progress(Progress::new(turn).message(format!("{text} for {}", who.subject())));
        tokio::task::yield_now().await;
    }
    format!("{text} for {}", who.subject())
}

/// How many calls run, and how many did at most.
#[derive(Clone, Default)]
struct Running(Arc<(AtomicUsize, AtomicUsize)>);

struct Here(Running);

impl Running {
    fn enter(&self) -> Here {
        let (now, most) = &*self.0;
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        Here(self.clone())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(State)]
struct App {
    running: Running,
}

/// All requests of one connection, one after the other.
async fn converse(address: SocketAddr, number: usize) -> Result<usize> {
    let mut connection = Connection::open(address).await?;
    let caller = format!("caller-{}", number % CALLERS);
    let mut reports = 0;
    for request in 0..REQUESTS {
        let text = format!("{number}/{request}");
        let expected = format!("{text} for {caller}");
        // Some end at once; some wait, and some of these say so.
        let turns = [0, 1, 5, 40][request % 4];
        let mut message = call("echo", json!({"text": text, "turns": turns}));
        message = message.id(1).from_caller(&caller);
        let reporting = request % 3 == 0;
        if reporting {
            message = message.progress(text.as_str());
        }
        let messages = connection.messages(&message).await?;
        let (answer, said) = messages.split_last().ok_or("no answer")?;
        assert_eq!(
            (answer["id"].as_u64(), text_of(answer)),
            (Some(1), expected.as_str())
        );
        assert_eq!(said.len(), if reporting { turns } else { 0 });
        for report in said {
            assert_eq!(report["params"]["progressToken"], *text);
            assert_eq!(report["params"]["message"], *expected);
        }
        reports += said.len();
    }
    Ok(reports)
}

fn text_of(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"]
        .as_str()
        .unwrap_or_default()
}

// [RPC-3] [SSE-3]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_requests_of_one_id_get_their_own_answers() -> Result<()> {
    let running = Running::default();
    let app = App {
        running: running.clone(),
    };
    let server = Server::new(server_info!(), app).tools(tools![echo]);
    let address = host(server.caller_source(Tokens).build()?).await?;
    let mut conversations = tokio::task::JoinSet::new();
    for number in 0..CONNECTIONS {
        conversations.spawn(converse(address, number));
    }
    let mut reports = 0;
    while let Some(ended) = conversations.join_next().await {
        reports += ended??;
    }
    // Guards against conversations that never meet, and against calls that say nothing.
    let (now, most) = (&running.0.0, &running.0.1);
    assert_eq!(now.load(Ordering::SeqCst), 0);
    assert!(most.load(Ordering::SeqCst) > 1);
    assert!(reports > 10_000, "{reports}");
    Ok(())
}
