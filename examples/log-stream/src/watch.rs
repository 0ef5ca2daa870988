//! Notices what changes in the directory, and tells the clients.
//!
//! What the system reports is only taken for a reason to look again: what changed is found by comparing
//! the directory with how it was. So reports may be lost, repeated or come in any order, a rotation
//! needs no rule of its own, and where nothing is reported, it is enough to look now and then.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mcp_core::{HostError, Notifier};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;

use crate::dir::{LogDir, LogFile};
use crate::resources::log_tail;

/// Says how often to look when nothing is reported, in seconds.
const INTERVAL: &str = "LOG_POLL_SECONDS";

/// How long to rest between two looks. A file that grows all the time is told of twice a second.
const REST: Duration = Duration::from_millis(500);

/// Somebody who watches a directory.
pub(crate) struct Watch {
    logs: Arc<LogDir>,
    /// How the directory was at the last look.
    seen: BTreeMap<String, LogFile>,
    interval: Duration,
    /// Marked when something was reported. Marks are one until somebody looks.
    reported: Arc<Notify>,
    /// Reports until it is dropped.
    _watcher: RecommendedWatcher,
}

/// What `LOG_POLL_SECONDS` says, by default 10 seconds.
pub(crate) fn interval_from_env() -> Result<Duration, HostError> {
    interval(std::env::var_os(INTERVAL).as_deref())
}

fn interval(text: Option<&OsStr>) -> Result<Duration, HostError> {
    let Some(text) = text else {
        return Ok(Duration::from_secs(10));
    };
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    let seconds = seconds.filter(|seconds| (1..=3600).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| {
        HostError::new(format!(
            "`{INTERVAL}` is `{}`: set it to a number of seconds from 1 to 3600",
            text.display()
        ))
    })
}

impl Watch {
    /// Looks for the first time. What changes from now on is told once [`run`](Self::run) runs.
    pub(crate) fn start(logs: Arc<LogDir>, interval: Duration) -> Result<Self, HostError> {
        let reported = Arc::new(Notify::new());
        let mark = Arc::clone(&reported);
        let report = move |event: notify::Result<Event>| {
            // To look is an access too, and would be a reason to look again.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                mark.notify_one();
            }
        };
        let mut watcher = notify::recommended_watcher(report)?;
        watcher.watch(logs.path(), RecursiveMode::NonRecursive)?;
        Ok(Self {
            // After the watcher began, so that nothing is missed in between.
            seen: logs.logs()?.files,
            logs,
            interval,
            reported,
            _watcher: watcher,
        })
    }

    /// Looks and tells, for ever.
    pub(crate) async fn run(mut self, notifier: Notifier) {
        loop {
            let reported = self.reported.notified();
            // Too late is no error: it is time to look.
            let _ = tokio::time::timeout(self.interval, reported).await;
            let now = self.look().await;
            tell(&self.seen, &now, &notifier);
            self.seen = now;
            tokio::time::sleep(REST).await;
        }
    }

    /// How the directory is now. One that cannot be read has no logs, until it can.
    async fn look(&self) -> BTreeMap<String, LogFile> {
        let logs = Arc::clone(&self.logs);
        let looked = tokio::task::spawn_blocking(move || logs.logs()).await;
        match looked.unwrap_or_else(|panic| Err(io::Error::other(panic))) {
            Ok(now) => now.files,
            Err(error) => {
                tracing::warn!(%error, "cannot read the directory of the logs");
                BTreeMap::new()
            }
        }
    }
}

/// Tells of the differences between two looks. Who subscribed to a log hears of everything that makes
/// its tail another: that it has grown, was truncated or replaced, that it went and that it came.
fn tell(before: &BTreeMap<String, LogFile>, now: &BTreeMap<String, LogFile>, notifier: &Notifier) {
    let names: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    for name in names {
        if before.get(name) != now.get(name) {
            notifier.resource_updated(&log_tail::uri(name));
        }
    }
    if !before.keys().eq(now.keys()) {
        notifier.resources_changed();
    }
}
