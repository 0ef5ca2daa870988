//! What a call says to its client before its result: progress and log messages.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_core::Serialize;

use super::progress::Progress;
use crate::json;
use crate::log_level::LogLevel;
use crate::output;
use crate::protocol::Revision;
use crate::result_policy;

/// Where notifications of one request go.
pub(crate) trait Notifications: Send + Sync {
    /// Takes one complete JSON-RPC message. May drop it when the client does not keep up.
    fn send(&self, message: Vec<u8>);

    /// Takes a message that ends with what a function says: the beginning, and that as JSON.
    fn say(&self, mut head: Vec<u8>, told: &[u8]) {
        head.extend_from_slice(told);
        head.extend_from_slice(b"}}");
        self.send(head);
    }

    /// Takes a message that must not be lost. Whoever sends it bounds how many there are.
    fn deliver(&self, message: Vec<u8>) {
        self.send(message);
    }

    /// Lets go of the connection for a while, where the client can take the reply up again.
    fn disconnect(&self, _retry: Duration) {}
}

/// The voice of one call. It falls silent when the request has been answered, since nothing may
/// follow the answer.
pub(crate) struct Voice {
    pub(super) notifications: Option<Arc<dyn Notifications>>,
    pub(super) revision: Revision,
    /// The client's token as raw JSON, so that its type is kept.
    pub(super) progress_token: Option<Box<str>>,
    /// The least serious level that the client wants; `None` for no messages at all.
    pub(super) log_level: Option<LogLevel>,
    /// Who speaks: the name of the tool.
    pub(super) logger: Box<str>,
    /// The tokens of one thing said, three bytes each; `None` where something else sees to it.
    pub(super) tokens: Option<u32>,
    said: Mutex<Said>,
}

/// What was said so far.
struct Said {
    progress: f64,
    /// Whether the request has been answered.
    over: bool,
}

/// Dropped when a request is answered while its function may still run: what it says from then on
/// goes nowhere.
pub(crate) struct Silence(pub(super) Option<Arc<Voice>>);

impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(voice) = &self.0 {
            voice.said().over = true;
        }
    }
}

impl Voice {
    pub(super) fn new(
        notifications: Option<&Arc<dyn Notifications>>,
        revision: Revision,
        progress_token: Option<&str>,
        log_level: Option<LogLevel>,
        logger: &str,
        tokens: Option<u32>,
    ) -> Self {
        Self {
            notifications: notifications.map(Arc::clone),
            revision,
            progress_token: progress_token.map(Into::into),
            log_level,
            logger: logger.into(),
            tokens,
            said: Mutex::new(Said {
                progress: f64::NEG_INFINITY,
                over: false,
            }),
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody waits for the call any more.
    pub(super) fn is_over(&self) -> bool {
        self.said().over
    }

    pub(super) fn progress(&self, progress: &Progress) {
        let (Some(token), Some(notifications)) = (&self.progress_token, &self.notifications) else {
            return;
        };
        let Progress {
            done,
            total,
            message,
        } = progress;
        // Held while sending, so that reports of concurrent tasks stay in order.
        let mut said = self.said();
        if said.over || !done.is_finite() || said.progress >= *done {
            return;
        }
        said.progress = *done;
        let mut out = Vec::with_capacity(160);
        out.extend_from_slice(
            br#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"#,
        );
        out.extend_from_slice(token.as_bytes());
        out.extend_from_slice(br#","progress":"#);
        number(&mut out, *done);
        if let Some(total) = total.filter(|total| total.is_finite()) {
            out.extend_from_slice(br#","total":"#);
            number(&mut out, total);
        }
        if let Some(message) = message
            && self.revision.has_annotations()
        {
            out.extend_from_slice(br#","message":"#);
            let mut told = Vec::with_capacity(message.len() + 2);
            json::string(&mut told, message);
            return notifications.say(out, &self.limited(told));
        }
        out.extend_from_slice(b"}}");
        notifications.send(out);
    }

    pub(super) fn log(&self, level: LogLevel, data: &impl Serialize) {
        let wanted = self.log_level.is_some_and(|least| level >= least);
        let Some(notifications) = self.notifications.as_ref().filter(|_| wanted) else {
            return;
        };
        let Ok(data) = serde_json::to_vec(data) else {
            tracing::debug!("a log message could not be written as JSON and was not sent");
            return;
        };
        let said = self.said();
        if said.over {
            return;
        }
        let mut out = Vec::with_capacity(data.len() + 120);
        out.extend_from_slice(
            br#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"#,
        );
        json::string(&mut out, level.as_str());
        out.extend_from_slice(br#","logger":"#);
        json::string(&mut out, &self.logger);
        out.extend_from_slice(br#","data":"#);
        notifications.say(out, &self.limited(output::on_one_line(data)));
        drop(said);
    }

    /// What is said, within the budget of a result.
    fn limited(&self, told: Vec<u8>) -> Vec<u8> {
        match self.tokens {
            Some(tokens) => result_policy::within(told, tokens),
            None => told,
        }
    }

    pub(super) fn disconnect(&self, retry: Duration) {
        if let Some(notifications) = &self.notifications {
            notifications.disconnect(retry);
        }
    }
}

/// Whole numbers without a fraction: `3`, not `3.0`.
fn number(out: &mut Vec<u8>, number: f64) {
    let text = format!("{number}");
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Sent(Mutex<Vec<String>>);

    impl Notifications for Sent {
        fn send(&self, message: Vec<u8>) {
            self.0
                .lock()
                .unwrap()
                .push(String::from_utf8(message).unwrap());
        }
    }

    fn said(
        token: Option<&str>,
        level: Option<LogLevel>,
        revision: Revision,
        speak: impl Fn(&Arc<Voice>),
    ) -> Vec<String> {
        let sent = Arc::new(Sent::default());
        let sink: Arc<dyn Notifications> = sent.clone();
        let voice = Arc::new(Voice::new(
            Some(&sink),
            revision,
            token,
            level,
            "copy",
            Some(100),
        ));
        speak(&voice);
        sent.0.lock().unwrap().clone()
    }

    fn reports(token: Option<&str>, revision: Revision) -> Vec<String> {
        said(token, None, revision, |voice| {
            voice.progress(&Progress::new(1).of(4).message("one"));
            voice.progress(&Progress::new(1));
            voice.progress(&Progress::new(0.5));
            voice.progress(&Progress::new(f64::NAN));
            voice.progress(&Progress::new(2.5));
        })
    }

    // [PROG-1] [PROG-1b] [PROG-1d]
    #[test]
    fn progress_strictly_increases_and_keeps_the_token_type() {
        let sent = reports(Some("\"t\""), Revision::V2026_07_28);
        assert_eq!(sent.len(), 2, "{sent:?}");
        assert!(sent[0].contains(r#""progressToken":"t","progress":1,"total":4,"message":"one""#));
        assert!(sent[1].contains(r#""progress":2.5}"#));
    }

    // [PROG-1]
    #[test]
    fn the_first_revision_gets_no_message_and_no_token_gets_nothing() {
        assert!(!reports(Some("1"), Revision::V2024_11_05)[0].contains("message"));
        assert!(reports(None, Revision::V2026_07_28).is_empty());
    }

    // [LOG-1]
    #[test]
    fn messages_below_the_wanted_level_are_not_sent_nor_any_without_one() {
        let speak = |voice: &Arc<Voice>| {
            voice.log(LogLevel::Info, &"starting");
            voice.log(LogLevel::Warning, &serde_json::json!({"left": 3}));
        };
        let modern = Revision::V2026_07_28;
        assert!(said(None, None, modern, speak).is_empty());
        assert_eq!(said(None, Some(LogLevel::Info), modern, speak).len(), 2);
        let sent = said(None, Some(LogLevel::Warning), modern, speak);
        assert_eq!(
            sent,
            [
                r#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"warning","logger":"copy","data":{"left":3}}}"#
            ]
        );
    }

    // [PROG-1c]
    #[test]
    fn nothing_follows_the_answer() {
        let sent = said(
            Some("1"),
            Some(LogLevel::Debug),
            Revision::V2026_07_28,
            |voice| {
                drop(Silence(Some(Arc::clone(voice))));
                voice.progress(&Progress::new(1));
                voice.log(LogLevel::Error, &"late");
                assert!(voice.is_over());
            },
        );
        assert!(sent.is_empty());
    }
}
