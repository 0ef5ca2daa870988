//! Tools that say something before their result: progress, log messages, changes of lists.

use std::time::Duration;

use mcp_core::{Context, LogLevel, Notifier, Progress, tool};
use tokio::time::sleep;

/// Between two messages, so that they arrive one by one.
const PAUSE: Duration = Duration::from_millis(50);

/// Reports progress three times, if the client asked for progress.
#[tool(read_only)]
pub(crate) async fn test_tool_with_progress(cx: &Context) -> &'static str {
    cx.progress(Progress::new(0).of(100));
    sleep(PAUSE).await;
    cx.progress(Progress::new(50).of(100).message("half of it"));
    sleep(PAUSE).await;
    cx.progress(Progress::new(100).of(100));
    "Tool execution completed."
}

/// Sends three log messages.
#[tool(read_only)]
pub(crate) async fn test_tool_with_logging(cx: &Context) -> &'static str {
    cx.log(LogLevel::Info, "Tool execution started");
    sleep(PAUSE).await;
    cx.log(LogLevel::Info, "Tool processing data");
    sleep(PAUSE).await;
    cx.log(LogLevel::Info, "Tool execution completed");
    "Tool with logging executed successfully."
}

/// Sends one log message, which a client that did not ask for any does not get.
#[tool(read_only)]
pub(crate) fn test_logging_tool(cx: &Context) -> &'static str {
    cx.log(LogLevel::Info, "One message for those who want it");
    "Logged."
}

/// Lets the connection go in the middle of the call; the client comes back for the result.
#[tool(read_only)]
pub(crate) async fn test_reconnection(cx: &Context) -> &'static str {
    cx.disconnect(PAUSE);
    // The result is ready only after the client could see the end of its stream.
    sleep(2 * PAUSE).await;
    "Reconnection test completed successfully."
}

/// Tells clients that the list of tools changed.
#[tool(read_only)]
pub(crate) fn test_trigger_tool_change(notifier: &Notifier) -> &'static str {
    notifier.tools_changed();
    "Told everybody who listens for tools."
}

/// Tells clients that the list of prompts changed.
#[tool(read_only)]
pub(crate) fn test_trigger_prompt_change(notifier: &Notifier) -> &'static str {
    notifier.prompts_changed();
    "Told everybody who listens for prompts."
}
