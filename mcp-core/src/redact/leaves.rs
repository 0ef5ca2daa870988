//! The texts and numbers in a JSON document, found and replaced without touching the rest of it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::json;
use crate::jsonrpc;

/// Something in a document that can tell what it must not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Where it stands in the document, quotes included.
    at: Range<usize>,
    /// The object whose key it is.
    key_of: Option<usize>,
    /// What it says.
    pub(super) text: String,
}

/// Texts, numbers and those keys that are not known. The document came from a JSON writer.
pub(super) fn find(document: &str, known: &HashSet<String>) -> Vec<Leaf> {
    let bytes = document.as_bytes();
    let mut leaves = Vec::new();
    // The containers around a place: the number of an object, or `None` for an array.
    let mut around: Vec<Option<usize>> = Vec::new();
    let mut objects = 0;
    let mut is_key = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' => {
                around.push(Some(objects));
                objects += 1;
                is_key = true;
            }
            b'[' => {
                around.push(None);
                is_key = false;
            }
            b'}' | b']' => {
                around.pop();
                is_key = false;
            }
            b':' => is_key = false,
            b',' => is_key = around.last().is_some_and(Option::is_some),
            b'"' => {
                at = end_of_string(bytes, at);
                let raw = document.get(start..at).unwrap_or_default();
                let text = jsonrpc::text(raw).unwrap_or_default();
                let key_of = is_key.then(|| around.last().copied().flatten()).flatten();
                if text.is_empty() || key_of.is_some() && known.contains(&*text) {
                    continue;
                }
                leaves.push(Leaf {
                    at: start..at,
                    key_of,
                    text: text.into_owned(),
                });
            }
            b'-' | b'0'..=b'9' => {
                while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = bytes.get(at) {
                    at += 1;
                }
                leaves.push(Leaf {
                    at: start..at,
                    key_of: None,
                    text: document.get(start..at).unwrap_or_default().to_owned(),
                });
            }
            // `true`, `false`, `null`, spaces.
            _ => {}
        }
    }
    leaves
}

/// The place after the quote that ends the string.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'"' => break,
            _ => {}
        }
    }
    at.min(bytes.len())
}

/// The document with other texts in the places of its leaves; `None` if all are the same. A number with
/// another text is text from then on. Keys of one object stay different from each other.
pub(super) fn replace(document: &str, leaves: &[Leaf], texts: &[String]) -> Option<Vec<u8>> {
    if leaves.iter().map(|leaf| &leaf.text).eq(texts) {
        return None;
    }
    let mut out = Vec::with_capacity(document.len());
    let mut end = 0;
    let mut same: HashMap<(usize, &str), usize> = HashMap::new();
    for (leaf, text) in leaves.iter().zip(texts) {
        if leaf.text == *text {
            continue;
        }
        let before = document.get(end..leaf.at.start).unwrap_or_default();
        out.extend_from_slice(before.as_bytes());
        end = leaf.at.end;
        let count = leaf.key_of.map_or(1, |object| {
            let count = same.entry((object, text)).or_default();
            *count += 1;
            *count
        });
        if count == 1 {
            json::string(&mut out, text);
        } else {
            json::string(&mut out, &format!("{text} {count}"));
        }
    }
    out.extend_from_slice(document.get(end..).unwrap_or_default().as_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str) -> Vec<String> {
        let known = HashSet::from(["known".to_owned()]);
        find(document, &known)
            .into_iter()
            .map(|leaf| leaf.text)
            .collect()
    }

    #[test]
    fn texts_numbers_and_unknown_keys_are_found_at_every_depth() {
        let document =
            r#"{"known":["a",{"ä \"b":-1.5e+3}],"n":null,"deep":[[["known"]],true],"e":""}"#;
        let expected = ["a", "ä \"b", "-1.5e+3", "n", "deep", "known", "e"];
        assert_eq!(found(document), expected);
        assert_eq!(found(r#""only text \\""#), ["only text \\"]);
        assert_eq!(found("4111111111111111"), ["4111111111111111"]);
        assert_eq!(
            found(r#"{"a": {"known": 1}, "known" : 2}"#),
            ["a", "1", "2"]
        );
    }

    #[test]
    fn only_what_changed_is_written_anew() {
        let document = r#"{"b" : [1.50, "x","\u0041"], "c":7}"#;
        let leaves = find(document, &HashSet::new());
        let mut texts: Vec<String> = leaves.iter().map(|leaf| leaf.text.clone()).collect();
        assert_eq!(replace(document, &leaves, &texts), None);
        let last = texts.last_mut().unwrap();
        "\"7\"".clone_into(last);
        let replaced = replace(document, &leaves, &texts).unwrap();
        let expected = r#"{"b" : [1.50, "x","\u0041"], "c":"\"7\""}"#;
        assert_eq!(String::from_utf8(replaced).unwrap(), expected);
    }

    #[test]
    fn keys_that_become_the_same_stay_apart() {
        let document = r#"{"a@b.c":{"a@b.c":1},"d@e.f":2,"g":"a@b.c"}"#;
        let leaves = find(document, &HashSet::new());
        let mark = |leaf: &Leaf| {
            let hidden = leaf.text.contains('@');
            if hidden {
                "[X]".to_owned()
            } else {
                leaf.text.clone()
            }
        };
        let texts: Vec<String> = leaves.iter().map(mark).collect();
        let replaced = replace(document, &leaves, &texts).unwrap();
        let expected = r#"{"[X]":{"[X]":1},"[X] 2":2,"g":"[X]"}"#;
        assert_eq!(String::from_utf8(replaced).unwrap(), expected);
    }
}
