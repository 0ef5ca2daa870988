//! Questions as the client gets them.

use serde_json::{Map, Value};

use super::resumed::Resumed;
use crate::error::{Error, Result};
use crate::json;
use crate::protocol::Revision;
use crate::seal;

/// One question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(super) key: String,
    method: &'static str,
    /// An object, as JSON.
    params: Option<String>,
}

impl Question {
    pub(super) fn new(key: &str, method: &'static str, params: Option<&Value>) -> Self {
        let params = params.map(|params| {
            let mut out = Vec::new();
            json::sorted(&mut out, params);
            String::from_utf8(out).unwrap_or_default()
        });
        Self {
            key: key.to_owned(),
            method,
            params,
        }
    }

    /// Whether an answer to one is an answer to the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.method == other.method && self.params == other.params
    }

    /// Tells questions apart without repeating them.
    pub(super) fn fingerprint(&self) -> String {
        let params = self.params.as_deref().unwrap_or_default();
        let digest = seal::digest(&[self.method.as_bytes(), params.as_bytes()]);
        let (start, _) = digest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        format!("{:016x}", u64::from_be_bytes(*start))
    }

    /// The request for a client of an older revision.
    pub(super) fn request(&self, id: &str) -> Vec<u8> {
        let mut out = br#"{"jsonrpc":"2.0","id":"#.to_vec();
        out.extend_from_slice(id.as_bytes());
        out.push(b',');
        self.write(&mut out);
        out.push(b'}');
        out
    }

    /// `"method":..,"params":..`
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#""method":"#);
        json::string(out, self.method);
        if let Some(params) = &self.params {
            out.extend_from_slice(br#","params":"#);
            out.extend_from_slice(params.as_bytes());
        }
    }
}

/// "Will you open this page?"
pub(super) fn url(key: &str, message: &str, url: &str, revision: Revision) -> Result<Question> {
    if !is_page(url) {
        return Err(Error::private(
            "the page of a question has to be at an `https:` URL, or at an `http:` URL of \
             `localhost`; characters that a URL cannot have are percent-encoded",
        ));
    }
    let mut params = serde_json::json!({"mode": "url", "message": message, "url": url});
    // One revision names each such question.
    if revision == Revision::V2025_11_25
        && let (Some(params), Ok(id)) = (params.as_object_mut(), seal::random::<16>())
    {
        let id = format!("{:032x}", u128::from_be_bytes(id));
        params.insert("elicitationId".to_owned(), id.into());
    }
    Ok(Question::new(key, "elicitation/create", Some(&params)))
}

/// Whether a URL is one that a user can be sent to: with a host, and encrypted unless it stays on the
/// machine.
fn is_page(url: &str) -> bool {
    let (local, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (false, rest),
        (None, Some(rest)) => (true, rest),
        (None, None) => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        // A colon inside of brackets belongs to an address.
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    !host.is_empty()
        && (!local || host == "localhost")
        && port.bytes().all(|byte| byte.is_ascii_digit())
        // What may stand in a URL (RFC 3986), but for the sign before a name that looks like a host.
        && !authority.contains('@')
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

/// Everything that a round ends with: what is asked, and what has to be known when the answers come.
pub(crate) struct Questions {
    pub(super) asked: Vec<Question>,
    /// Fingerprints of the questions that have their answers, by key.
    pub(super) answered: Map<String, Value>,
    /// Results of the steps that were taken in this round.
    pub(super) steps: Map<String, Value>,
    pub(super) before: Resumed,
}

impl Questions {
    /// The questions by key, without braces.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for (index, question) in self.asked.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            json::string(out, &question.key);
            out.extend_from_slice(b":{");
            question.write(out);
            out.push(b'}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // [ELI-4]
    #[test]
    fn a_page_has_a_host_and_is_encrypted_or_local() {
        for page in [
            "https://example.com",
            "https://example.com:8443/connect?flow=7&to=%C3%A9#top",
            "https://[2001:db8::1]:8443/",
            "http://localhost",
            "http://localhost:3000/connect",
        ] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "",
            "not a url",
            "/relative",
            "https:/example.com",
            "https://",
            "https://?q",
            "https://:443",
            "https://example.com:port/",
            "https://example.com@evil.example/",
            "https://example.com/a b",
            "https://example.com/\n",
            "https://example.com/é",
            "https://example.com/<script>",
            "http://example.com",
            "http://localhost.evil.example/",
            "ftp://example.com",
            "javascript:alert(1)",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }
}
