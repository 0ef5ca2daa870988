//! What is known about a client of an older revision between its requests: what `initialize`
//! settled, and which log level it wants.

use std::sync::atomic::{AtomicU8, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::hub::Listener;
use crate::log_level::LogLevel;
use crate::protocol::Revision;

/// What a client can be asked for, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capabilities(pub(crate) u16);

impl Capabilities {
    pub(crate) const FORM: Self = Self(1);
    pub(crate) const URL: Self = Self(2);
    pub(crate) const SAMPLING: Self = Self(4);
    pub(crate) const ROOTS: Self = Self(8);

    /// Reads the object that a client sends. What is not known here is left out.
    pub(crate) fn parse(raw: &str) -> Self {
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(raw) else {
            return Self::default();
        };
        let mut found = Self::default();
        let is_object = serde_json::Value::is_object;
        let declared = |key| object.get(key).filter(|value| is_object(value));
        if let Some(elicitation) = declared("elicitation") {
            let has = |key| elicitation.get(key).is_some_and(is_object);
            // An empty object is the form of 2025-06-18, which knew nothing else.
            if has("form") || !has("url") {
                found = found.and(Self::FORM);
            }
            if has("url") {
                found = found.and(Self::URL);
            }
        }
        if declared("sampling").is_some() {
            found = found.and(Self::SAMPLING);
        }
        if declared("roots").is_some() {
            found = found.and(Self::ROOTS);
        }
        found
    }

    /// What counts in a revision: before 2025-06-18 nobody could be asked in a form, and before
    /// 2025-11-25 to open a page.
    pub(crate) fn in_revision(self, revision: Revision) -> Self {
        let elicitation = Self::FORM.and(Self::URL);
        if revision.has_icons() || self.0 & elicitation.0 == 0 {
            return self;
        }
        let others = Self(self.0 & !elicitation.0);
        if revision.has_structured_content() {
            // It knows forms alone, so what is inside the object says nothing.
            others.and(Self::FORM)
        } else {
            others
        }
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The object that says what is missing.
    pub(crate) const fn as_json(self) -> &'static str {
        match self {
            Self::URL => r#"{"elicitation":{"url":{}}}"#,
            Self::SAMPLING => r#"{"sampling":{}}"#,
            Self::ROOTS => r#"{"roots":{}}"#,
            _ => r#"{"elicitation":{"form":{}}}"#,
        }
    }
}

/// Tells clients of older revisions apart: the random part of a session's id, or zeros for the one
/// client on standard input.
pub(crate) type ClientKey = [u8; 16];

/// A client of an older revision, as one request knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LegacyClient {
    pub(crate) revision: Revision,
    pub(crate) capabilities: Capabilities,
    /// `None` for a client without a session: nothing can be sent to it beside a reply.
    pub(crate) key: Option<ClientKey>,
    pub(crate) log_level: LogLevel,
}

impl LegacyClient {
    /// A client of which nothing is known but the revision it speaks.
    pub(crate) fn unknown(revision: Revision) -> Self {
        Self {
            revision,
            capabilities: Capabilities::default(),
            key: None,
            log_level: DEFAULT_LOG_LEVEL,
        }
    }
}

/// What a client of an older revision gets until it says otherwise.
pub(crate) const DEFAULT_LOG_LEVEL: LogLevel = LogLevel::Info;

/// What a client of an older revision asked for, beside its requests.
#[derive(Debug)]
pub(crate) struct Wishes {
    log_level: AtomicU8,
    /// Ends the stream of changes that is open, when another takes its place.
    stream: Mutex<Option<oneshot::Sender<()>>>,
    /// Which changes it wants to hear of.
    pub(crate) listener: Arc<Listener>,
}

impl Wishes {
    pub(crate) fn new(listener: Arc<Listener>) -> Self {
        Self {
            log_level: AtomicU8::new(DEFAULT_LOG_LEVEL.as_u8()),
            stream: Mutex::default(),
            listener,
        }
    }

    /// Takes the place of the stream of changes that was open: a client that lost one opens another,
    /// and what comes must not go to the lost one. Resolves when this one is replaced in turn.
    pub(crate) fn take_stream(&self) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        *stream = Some(sender);
        receiver
    }

    pub(crate) fn log_level(&self) -> LogLevel {
        LogLevel::from_u8(self.log_level.load(Ordering::Relaxed))
    }

    pub(crate) fn set_log_level(&self, level: LogLevel) {
        self.log_level.store(level.as_u8(), Ordering::Relaxed);
    }
}

/// A connection on which `initialize` may settle a revision: standard input.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The place of the revision in [`Revision::ALL`] and one, or zero before `initialize`.
    revision: AtomicU8,
    capabilities: AtomicU16,
    pub(crate) wishes: Wishes,
}

impl Connection {
    pub(crate) fn new(listener: Arc<Listener>) -> Self {
        Self {
            revision: AtomicU8::new(0),
            capabilities: AtomicU16::new(0),
            wishes: Wishes::new(listener),
        }
    }

    /// Takes what `initialize` settled.
    pub(crate) fn settle(&self, revision: Revision, capabilities: Capabilities) {
        let place = Revision::ALL.iter().position(|known| *known == revision);
        let place = place.and_then(|place| u8::try_from(place + 1).ok());
        self.capabilities.store(capabilities.0, Ordering::Relaxed);
        self.revision.store(place.unwrap_or(0), Ordering::Release);
    }

    /// The client, once `initialize` settled its revision.
    pub(crate) fn legacy(&self) -> Option<LegacyClient> {
        let place = usize::from(self.revision.load(Ordering::Acquire)).checked_sub(1)?;
        Some(LegacyClient {
            revision: *Revision::ALL.get(place)?,
            capabilities: Capabilities(self.capabilities.load(Ordering::Relaxed)),
            key: Some(ClientKey::default()),
            log_level: self.wishes.log_level(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // [MRTR-3]
    #[test]
    fn an_empty_elicitation_means_forms() {
        let parse = Capabilities::parse;
        assert_eq!(parse(r#"{"elicitation":{}}"#), Capabilities::FORM);
        assert_eq!(parse(r#"{"elicitation":{"url":{}}}"#), Capabilities::URL);
        let both = parse(r#"{"elicitation":{"form":{},"url":{}},"other":1}"#);
        assert!(both.has(Capabilities::FORM) && both.has(Capabilities::URL));
        assert_eq!(
            parse(r#"{"roots":{"listChanged":true}}"#),
            Capabilities::ROOTS
        );
        for nothing in ["7", r#"{"elicitation":null,"sampling":false,"roots":[]}"#] {
            assert_eq!(parse(nothing), Capabilities::default());
        }
    }

    // [SREQ-1]
    #[test]
    fn a_revision_has_no_questions_that_came_with_a_later_one() {
        let all = Capabilities::parse(r#"{"elicitation":{"url":{}},"sampling":{}}"#);
        let form = Capabilities::FORM.and(Capabilities::SAMPLING);
        for (revision, found) in [
            (Revision::V2024_11_05, Capabilities::SAMPLING),
            (Revision::V2025_03_26, Capabilities::SAMPLING),
            (Revision::V2025_06_18, form),
            (Revision::V2025_11_25, all),
        ] {
            assert_eq!(all.in_revision(revision), found, "{revision:?}");
        }
        let sampling = Capabilities::SAMPLING;
        assert_eq!(sampling.in_revision(Revision::V2025_06_18), sampling);
    }
}
