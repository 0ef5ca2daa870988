//! A server that has much to say before its answers and beside them: changes, progress, log messages
//! and questions.

use std::sync::Barrier;
use std::time::Duration;

use mcp_core::{
    BuildError, Context, Error, Limits, LogLevel, Notifier, Progress, Sampling, Server, State,
    prompt, prompts, resource, resources, server_info, tool, tools,
};
use tokio::sync::Semaphore;

/// Every level, the least serious first.
pub const LEVELS: [(LogLevel, &str); 8] = [
    (LogLevel::Debug, "debug"),
    (LogLevel::Info, "info"),
    (LogLevel::Notice, "notice"),
    (LogLevel::Warning, "warning"),
    (LogLevel::Error, "error"),
    (LogLevel::Critical, "critical"),
    (LogLevel::Alert, "alert"),
    (LogLevel::Emergency, "emergency"),
];

/// Tells of a change of a list, or of a resource.
#[tool]
fn change(
    /// `tools`, `prompts`, `resources` or a URI.
    what: &str,
    notifier: &Notifier,
) {
    match what {
        "tools" => notifier.tools_changed(),
        "prompts" => notifier.prompts_changed(),
        "resources" => notifier.resources_changed(),
        uri => notifier.resource_updated(uri),
    }
}

/// Reports 1, 1, 0.5, no number and 2.5.
#[tool]
fn reports(cx: &Context) {
    for done in [1.0, 1.0, 0.5, f64::NAN, f64::INFINITY, 2.5] {
        cx.progress(Progress::new(done));
    }
}

/// Logs a text at every level.
#[tool]
async fn logs(
    /// What to log.
    text: &str,
    cx: &Context,
) -> &'static str {
    for (level, _) in LEVELS {
        cx.log(level, text);
        // Others come in between.
        tokio::task::yield_now().await;
    }
    "logged"
}

/// Reports and logs until it is cancelled.
#[tool]
async fn ticks(cx: &Context) {
    for count in 1_u32.. {
        cx.progress(Progress::new(count));
        cx.log(LogLevel::Info, count);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Reports and logs once for each of four calls of `lets_speak`, on a thread that nothing can stop.
#[tool(blocking)]
fn speaks_by_turns(cx: &Context, turns: &Turns) {
    for count in 1..=4 {
        turns.0.wait();
        cx.progress(Progress::new(count));
        cx.log(LogLevel::Info, count);
        turns.0.wait();
    }
}

/// Has `speaks_by_turns` speak, and holds everything else up until it has.
#[tool]
fn lets_speak(turns: &Turns) {
    turns.0.wait();
    turns.0.wait();
}

/// Goes on reporting when its time is up.
#[tool(blocking, timeout = "20ms")]
fn overruns(cx: &Context, overran: &Overran) {
    for count in 1_u32.. {
        let over = cx.is_cancelled();
        cx.progress(Progress::new(count));
        cx.log(LogLevel::Info, count);
        if over {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    overran.0.add_permits(1);
}

/// Waits for `overruns` to speak for the last time.
#[tool]
async fn awaits_the_last_word(overran: &Overran) -> &'static str {
    match overran.0.acquire().await {
        Ok(permit) => permit.forget(),
        Err(_) => return "closed",
    }
    "spoken"
}

/// Reports, logs, and ends in one of many ways.
#[tool(timeout = "50ms")]
async fn says(
    /// How: `fails`, `panics`, `hangs`, `large`, `form`, `sampling`, `roots`; else it returns this.
    ending: &str,
    cx: &Context,
) -> mcp_core::Result<String> {
    cx.progress(Progress::new(1).message(ending));
    cx.log(LogLevel::Info, ending);
    tokio::task::yield_now().await;
    Ok(match ending {
        "fails" => return Err(Error::new("as it was told")),
        "panics" => panic!("as it was told"),
        "hangs" => std::future::pending().await,
        "large" => "x".repeat(2000),
        "form" => format!("{:?}", cx.elicit::<Name>("name", "Who?").await?),
        "sampling" => {
            let sampled = cx.sample("name", Sampling::new(9).user("Who?")).await?;
            sampled.text().unwrap_or_default().to_owned()
        }
        "roots" => format!("{} roots", cx.list_roots("roots").await?.len()),
        other => other.to_owned(),
    })
}

/// A name.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code)] // only shown
struct Name {
    /// The name.
    name: String,
}

/// A note.
#[resource("a://{number}")]
fn note(number: u8) -> String {
    format!("note {number}")
}

/// The first words.
#[prompt]
fn greeting() -> &'static str {
    "Hello!"
}

/// Counts calls of `overruns` that have spoken after nobody waited for them any more.
struct Overran(Semaphore);

/// Where `speaks_by_turns` and `lets_speak` meet.
struct Turns(Barrier);

#[derive(State)]
struct Talk {
    overran: Overran,
    turns: Turns,
}

/// The server; a result of more than 1,000 bytes is too large for it.
///
/// # Errors
///
/// None, as long as its definitions are in order.
pub fn server() -> Result<Server, BuildError> {
    let mut limits = Limits::default();
    limits.result_bytes = 1000;
    let talk = Talk {
        overran: Overran(Semaphore::new(0)),
        turns: Turns(Barrier::new(2)),
    };
    let server = Server::new(server_info!(), talk)
        .limits(limits)
        .tools(tools![
            change,
            reports,
            logs,
            ticks,
            speaks_by_turns,
            lets_speak
        ])
        .tools(tools![overruns, awaits_the_last_word, says])
        .resources(resources![note])
        .prompts(prompts![greeting])
        .list_changes();
    server.build()
}
