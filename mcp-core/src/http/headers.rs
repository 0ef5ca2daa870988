//! The headers that the protocol reads.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

use crate::dispatch::{MirrorHeaders, Mirrored};

/// Reads the headers that repeat what the body says.
pub(super) fn mirrors(headers: &HeaderMap) -> MirrorHeaders<'_> {
    MirrorHeaders {
        version: single(headers, "mcp-protocol-version"),
        method: single(headers, "mcp-method"),
        name: match single(headers, "mcp-name") {
            Mirrored::Value(value) => decode(value),
            other => other,
        },
    }
}

/// The id of a session of an older revision.
pub(super) fn session(headers: &HeaderMap) -> Mirrored<'_> {
    single(headers, "mcp-session-id")
}

/// The header that repeats an argument of a tool; `name` is in lower case.
pub(crate) fn param_header<'a>(headers: &'a HeaderMap, name: &str) -> Mirrored<'a> {
    match single(headers, name) {
        Mirrored::Value(value) => decode(value),
        other => other,
    }
}

/// The value of a header that may occur once, without the white space around it.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Mirrored<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Mirrored::Missing,
        (Some(value), None) => match value.to_str() {
            Ok(text) => Mirrored::Value(Cow::Borrowed(text.trim_matches([' ', '\t']))),
            Err(_) => Mirrored::Malformed,
        },
        (Some(_), Some(_)) => Mirrored::Malformed,
    }
}

/// Values that a header cannot hold come as `=?base64?...?=`; anything else is literal.
fn decode(value: Cow<'_, str>) -> Mirrored<'_> {
    let encoded = value
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="));
    let Some(encoded) = encoded else {
        return Mirrored::Value(value);
    };
    let text = STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    text.map_or(Mirrored::Malformed, |text| {
        Mirrored::Value(Cow::Owned(text))
    })
}

/// Whether the body is declared as JSON. Parameters such as `charset` do not matter.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| essence(value).eq_ignore_ascii_case("application/json"))
}

/// Whether the client takes a stream of events. One that does not say gets plain JSON.
pub(crate) fn accepts_events(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value
                .split(',')
                .map(essence)
                .any(|media| media.eq_ignore_ascii_case("text/event-stream") || media == "*/*")
        })
}

fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn name(value: &str) -> Option<String> {
        match mirrors(&map(&[("mcp-name", value)])).name {
            Mirrored::Value(value) => Some(value.into_owned()),
            Mirrored::Missing | Mirrored::Malformed => None,
        }
    }

    // [HDR-2] [HDR-2b]
    #[test]
    fn names_are_decoded_strictly() {
        assert_eq!(name(" add "), Some("add".into()));
        assert_eq!(name("=?base64?w6k=?="), Some("é".into()));
        assert_eq!(name("=?base64?w6k?="), None);
        assert_eq!(name("=?base64?/w==?="), None);
        assert_eq!(name("=?BASE64?w6k=?="), Some("=?BASE64?w6k=?=".into()));
        assert_eq!(name("=?base64?w6k="), Some("=?base64?w6k=".into()));
    }

    #[test]
    fn a_header_given_twice_is_malformed() {
        let twice = map(&[("mcp-method", "ping"), ("mcp-method", "ping")]);
        assert!(matches!(mirrors(&twice).method, Mirrored::Malformed));
    }

    #[test]
    fn media_types_are_compared_by_essence() {
        assert!(is_json(&map(&[(
            "content-type",
            "Application/JSON; charset=utf-8"
        )])));
        assert!(!is_json(&map(&[("content-type", "text/plain")])));
        assert!(!is_json(&map(&[])));
        assert!(accepts_events(&map(&[(
            "accept",
            "application/json, text/event-stream;q=0.5"
        )])));
        assert!(!accepts_events(&map(&[("accept", "application/json")])));
        assert!(!accepts_events(&map(&[])));
    }
}
