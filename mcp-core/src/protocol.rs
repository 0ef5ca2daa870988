//! Names and numbers of the protocol revisions.

/// A published revision of the protocol, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Revision {
    V2024_11_05,
    V2025_03_26,
    V2025_06_18,
    V2025_11_25,
    V2026_07_28,
}

impl Revision {
    /// Every revision that is served, newest first: the order in which clients should prefer them.
    pub(crate) const ALL: [Self; 5] = [
        Self::V2026_07_28,
        Self::V2025_11_25,
        Self::V2025_06_18,
        Self::V2025_03_26,
        Self::V2024_11_05,
    ];

    /// What `initialize` offers to a client that asks for a revision we do not know.
    pub(crate) const LATEST_LEGACY: Self = Self::V2025_11_25;

    /// What an HTTP request without a version header speaks (transports, 2025-06-18 and later).
    #[cfg(feature = "http")]
    pub(crate) const HTTP_DEFAULT: Self = Self::V2025_03_26;

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::V2024_11_05 => "2024-11-05",
            Self::V2025_03_26 => "2025-03-26",
            Self::V2025_06_18 => "2025-06-18",
            Self::V2025_11_25 => "2025-11-25",
            Self::V2026_07_28 => "2026-07-28",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|revision| revision.as_str() == text)
    }

    /// Whether requests stand alone, each with its own version and capabilities in `_meta`.
    pub(crate) const fn is_modern(self) -> bool {
        matches!(self, Self::V2026_07_28)
    }

    /// Whether tools carry `annotations` and progress carries `message`.
    pub(crate) fn has_annotations(self) -> bool {
        self >= Self::V2025_03_26
    }

    /// Whether servers may carry `completions` in their capabilities.
    pub(crate) fn has_completions(self) -> bool {
        self >= Self::V2025_03_26
    }

    /// Whether things carry `icons`.
    pub(crate) fn has_icons(self) -> bool {
        self >= Self::V2025_11_25
    }

    /// Whether a message may be an array of messages.
    pub(crate) const fn has_batches(self) -> bool {
        matches!(self, Self::V2025_03_26)
    }

    /// Whether a client that lost a stream may take it up again.
    pub(crate) const fn has_polling(self) -> bool {
        matches!(self, Self::V2025_11_25)
    }

    /// Whether tools carry `title` and `outputSchema`, and results `structuredContent`.
    pub(crate) fn has_structured_content(self) -> bool {
        self >= Self::V2025_06_18
    }
}

/// Keys of `params._meta`.
pub(crate) mod meta {
    pub(crate) const PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
    pub(crate) const CLIENT_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
    pub(crate) const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";
    pub(crate) const PROGRESS_TOKEN: &str = "progressToken";
    pub(crate) const LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";
    pub(crate) const TRACEPARENT: &str = "traceparent";
    pub(crate) const TRACESTATE: &str = "tracestate";
    pub(crate) const SUBSCRIPTION_ID: &str = "io.modelcontextprotocol/subscriptionId";
}

/// Error codes of JSON-RPC 2.0 and of the protocol.
pub(crate) mod code {
    pub(crate) const PARSE: i32 = -32700;
    pub(crate) const INVALID_REQUEST: i32 = -32600;
    pub(crate) const METHOD_NOT_FOUND: i32 = -32601;
    pub(crate) const INVALID_PARAMS: i32 = -32602;
    pub(crate) const INTERNAL: i32 = -32603;
    /// Before 2026-07-28, which has `INVALID_PARAMS` for it.
    pub(crate) const RESOURCE_NOT_FOUND: i32 = -32002;
    #[cfg(feature = "http")]
    pub(crate) const HEADER_MISMATCH: i32 = -32020;
    pub(crate) const MISSING_CAPABILITY: i32 = -32021;
    pub(crate) const UNSUPPORTED_VERSION: i32 = -32022;
}

#[cfg(test)]
mod tests {
    use super::Revision;

    #[test]
    fn every_revision_parses_back() {
        for revision in Revision::ALL {
            assert_eq!(Revision::parse(revision.as_str()), Some(revision));
        }
        assert_eq!(Revision::parse("2026-07-29"), None);
    }
}
