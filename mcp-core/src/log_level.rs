//! How serious a message to the client is.

/// The severity of a message to the client: that of syslog ([RFC 5424, section 6.2.1]).
///
/// ```
/// use mcp_core::LogLevel;
///
/// assert!(LogLevel::Error > LogLevel::Info);
/// ```
///
/// [RFC 5424, section 6.2.1]: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Details for debugging.
    Debug,
    /// What happens.
    Info,
    /// Unusual, and no error.
    Notice,
    /// Something to look at.
    Warning,
    /// Something failed.
    Error,
    /// A part of the system failed.
    Critical,
    /// Somebody has to act at once.
    Alert,
    /// The system is unusable.
    Emergency,
}

impl LogLevel {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Debug, "debug"),
        (Self::Info, "info"),
        (Self::Notice, "notice"),
        (Self::Warning, "warning"),
        (Self::Error, "error"),
        (Self::Critical, "critical"),
        (Self::Alert, "alert"),
        (Self::Emergency, "emergency"),
    ];

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(level, _)| *level)
    }

    pub(crate) fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(level, _)| *level == self);
        found.map_or("info", |(_, name)| name)
    }

    /// What an atomic holds for it.
    pub(crate) const fn as_u8(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_u8(number: u8) -> Self {
        let found = Self::ALL.iter().find(|(level, _)| level.as_u8() == number);
        found.map_or(Self::Info, |(level, _)| *level)
    }
}

/// What servers name when a level is none of theirs.
pub(crate) const LEVELS: &str =
    "`debug`, `info`, `notice`, `warning`, `error`, `critical`, `alert` or `emergency`";
