//! A document that was read, and what a model or an application gets of it.

use mcp_core::{Content, Contents, Error, ResourceContents, Result};

use crate::media;
use crate::resources;

/// The most bytes of a text that one call gives, so that it fits into the budget of the tool.
const PART: usize = 48 * 1024;

/// What a document is when nothing else is known.
const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";

/// A document.
pub(crate) struct Document {
    key: String,
    mime_type: &'static str,
    body: Body,
}

enum Body {
    Text(String),
    Bytes(Vec<u8>),
}

impl Document {
    /// Text is what should be text, or of which nothing is known, and is UTF-8.
    pub(crate) fn new(key: &str, bytes: Vec<u8>) -> Self {
        let media = media::of(key);
        let (mime_type, body) = match media {
            Some(media) if !media.is_text => (media.mime_type, Body::Bytes(bytes)),
            _ => match String::from_utf8(bytes) {
                Ok(text) => (
                    media.map_or(TEXT, |media| media.mime_type),
                    Body::Text(text),
                ),
                Err(error) => (BYTES, Body::Bytes(error.into_bytes())),
            },
        };
        Self {
            key: key.to_owned(),
            mime_type,
            body,
        }
    }

    /// All of it, for an application.
    pub(crate) fn into_resource(self) -> ResourceContents {
        let contents = match self.body {
            Body::Text(text) => ResourceContents::text(text),
            Body::Bytes(bytes) => ResourceContents::binary(bytes),
        };
        contents.mime_type(self.mime_type)
    }

    /// What a model can take: text from a place on, a picture, or bytes that the application keeps for it.
    pub(crate) fn into_contents(self, offset: u64) -> Result<Contents> {
        let Body::Text(text) = &self.body else {
            return self.bytes_from(offset);
        };
        let Some((start, end)) = part(text, offset) else {
            return Err(Error::new(format!(
                "`offset` {offset} is beyond the end of `{}`, which has {} bytes",
                self.key,
                text.len()
            )));
        };
        let mut blocks = vec![Content::text(text.get(start..end).unwrap_or_default())];
        if end < text.len() {
            blocks.push(Content::text(format!(
                "[These are the bytes {start} to {end} of {}. The next part begins at `offset` {end}.]",
                text.len()
            )));
        }
        Ok(Contents::new(blocks))
    }

    fn bytes_from(self, offset: u64) -> Result<Contents> {
        if offset > 0 {
            let error = format!("`{}` is no text: leave `offset` out", self.key);
            return Err(Error::new(error));
        }
        let block = match self.body {
            Body::Bytes(bytes) if self.mime_type.starts_with("image/") => {
                Content::image(bytes, self.mime_type)
            }
            _ => Content::embedded(resources::uri(&self.key), self.into_resource()),
        };
        Ok(block.into())
    }
}

/// Where a part begins and ends: with whole characters, and with whole lines where they are not too long.
fn part(text: &str, offset: u64) -> Option<(usize, usize)> {
    let offset = usize::try_from(offset).ok()?;
    if offset > 0 && offset >= text.len() {
        return None;
    }
    let start = boundary(text, offset);
    let end = boundary(text, start.saturating_add(PART));
    if end == text.len() {
        return Some((start, end));
    }
    let line = text.get(start..end)?.rfind('\n');
    let whole = line.map(|at| start + at + 1);
    Some((
        start,
        whole
            .filter(|whole| *whole > start + PART / 2)
            .unwrap_or(end),
    ))
}

/// The last place at or before this one where a character begins, or the end.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All parts of a text, one after the other.
    fn parts(text: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut at = 0;
        while at < text.len() || parts.is_empty() {
            let (start, end) = part(text, at as u64).unwrap();
            assert_eq!(start, at);
            assert!(end - start <= PART);
            parts.push(&text[start..end]);
            at = end;
        }
        parts
    }

    #[test]
    fn a_text_of_n_bytes_is_one_part_and_of_n_plus_one_two() {
        assert_eq!(parts(""), [""]);
        let text = "x".repeat(PART);
        assert_eq!(parts(&text).len(), 1);
        assert_eq!(parts(&format!("{text}x")).len(), 2);
    }

    #[test]
    fn parts_are_whole_lines_or_whole_characters_and_together_the_text() {
        let lines = "0123456789\n".repeat(10_000);
        let found = parts(&lines);
        assert!(found.len() > 2);
        assert!(found.iter().all(|part| part.ends_with("9\n")));
        assert_eq!(found.concat(), lines);

        let line = format!("x{}", "ü€".repeat(30_000));
        assert_eq!(parts(&line).concat(), line);
    }

    #[test]
    fn a_part_begins_at_any_place_before_the_end() {
        assert_eq!(part("aü", 2), Some((1, 3)));
        assert_eq!(part("aü", 3), None);
        assert_eq!(part("", 0), Some((0, 0)));
        assert_eq!(part("", 1), None);
        assert_eq!(part("a", u64::MAX), None);
    }
}
