//! How large a message a host can carry back.

/// The largest message that a host can carry back, where that is less than what the server's own
/// [`Limits`](crate::Limits) allow.
///
/// A larger answer is not sent. A tool call gets a result with `isError` that tells the model to
/// narrow the call instead, any other request the error -32603. A host that has such a limit puts
/// it into the request's extensions (HTTP) or gives it to an
/// [`Invocation`](crate::Invocation::reply_limit).
///
/// ```
/// use mcp_core::ReplyLimit;
///
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(ReplyLimit::quoted(1024 * 1024));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyLimit {
    bytes: usize,
    quoted: bool,
}

impl ReplyLimit {
    /// For a host that sends the message as it is.
    ///
    /// ```
    /// # use mcp_core::ReplyLimit;
    /// assert_eq!(ReplyLimit::plain(100).bytes(), 100);
    /// ```
    pub const fn plain(bytes: usize) -> Self {
        Self {
            bytes,
            quoted: false,
        }
    }

    /// For a host that sends the message as a string inside another JSON document, where each
    /// quotation mark, backslash and line break takes two bytes, and any other control character
    /// six. Example: [`ReplyLimit`].
    pub const fn quoted(bytes: usize) -> Self {
        Self {
            bytes,
            quoted: true,
        }
    }

    /// The limit in bytes. Example: [`ReplyLimit::plain`].
    pub const fn bytes(self) -> usize {
        self.bytes
    }

    /// Whether so much can be carried.
    pub(crate) fn admits(self, parts: &[&[u8]]) -> bool {
        let plain: usize = parts.iter().map(|part| part.len()).sum();
        if !self.quoted {
            return plain <= self.bytes;
        }
        // Most messages are so short that counting is not worth it: no byte becomes more than six.
        plain <= self.bytes / 6
            || parts.iter().map(|part| quoted_len(part)).sum::<usize>() <= self.bytes
    }
}

/// The bytes that a text takes inside a JSON string, without its quotation marks.
fn quoted_len(text: &[u8]) -> usize {
    text.iter()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
            0..0x20 => 6,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_length_is_that_of_the_json_string() {
        let every: String = (0..0x250_u32).filter_map(char::from_u32).collect();
        let json = serde_json::to_string(&every).unwrap();
        assert_eq!(quoted_len(every.as_bytes()), json.len() - 2);
    }

    #[test]
    fn n_bytes_are_carried_and_n_plus_one_are_not() {
        let plain = ReplyLimit::plain(12);
        assert!(plain.admits(&[&[b'"'; 12]]) && !plain.admits(&[&[b'"'; 13]]));
        let quoted = ReplyLimit::quoted(12);
        assert!(quoted.admits(&[&[b'"'; 6]]) && !quoted.admits(&[&[b'"'; 4], &[b'"'; 3]]));
        assert!(quoted.admits(&[&[b'a'; 12]]) && !quoted.admits(&[&[b'a'; 13]]));
    }
}
