//! Texts in pieces that a service takes, and what it found in a piece back in the texts.

use std::ops::Range;

/// What a service is asked about at a time: parts of one text or of several.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) text: String,
    parts: Vec<Part>,
}

/// A part of a text, and where it stands in a chunk, in bytes.
#[derive(Clone, Debug)]
struct Part {
    /// Which text it is of.
    text: usize,
    of_text: Range<usize>,
    in_chunk: usize,
}

/// A place in one of the texts, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) text: usize,
    pub(crate) at: Range<usize>,
}

/// Between two parts, so that nothing reads over the border.
const BORDER: &str = "\n\n";

/// Chunks of at most `limit` bytes which together are all the texts. A text that is longer is cut between
/// words where there are any, and each of its parts begins `overlap` bytes before the end of the one before,
/// so that a name of at most that length stands in one of them as a whole.
pub(crate) fn of(texts: &[String], limit: usize, overlap: usize) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        for of_text in parts(text, limit, overlap) {
            let Some(part) = text
                .get(of_text.clone())
                .filter(|part| !part.trim().is_empty())
            else {
                continue;
            };
            let room = |chunk: &&mut Chunk| chunk.text.len() + BORDER.len() + part.len() <= limit;
            let chunk = match chunks.last_mut().filter(room) {
                Some(chunk) => {
                    chunk.text.push_str(BORDER);
                    chunk
                }
                None => {
                    chunks.push(Chunk {
                        text: String::new(),
                        parts: Vec::new(),
                    });
                    let Some(chunk) = chunks.last_mut() else {
                        continue;
                    };
                    chunk
                }
            };
            chunk.parts.push(Part {
                text: index,
                of_text,
                in_chunk: chunk.text.len(),
            });
            chunk.text.push_str(part);
        }
    }
    chunks
}

/// Where to cut a text.
fn parts(text: &str, limit: usize, overlap: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    while text.len() - start > limit {
        let most = boundary(text, start + limit);
        // Not so early that the next part would begin where this one does.
        let least = boundary(text, start + limit / 2).max(start + overlap + 4);
        let window = text.get(least..most).unwrap_or_default();
        let end = window
            .rfind(char::is_whitespace)
            .map_or(most, |at| least + at);
        parts.push(start..end);
        start = boundary(text, end - overlap);
    }
    parts.push(start..text.len());
    parts
}

/// The last place up to `at` where a character begins.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Chunk {
    /// Where something lies that a service found from one character to another, counted in code points.
    /// `None` if there is no such place.
    pub(crate) fn locate(&self, characters: Range<usize>) -> Option<Vec<Found>> {
        let begin = self.byte(characters.start)?;
        let end = self.byte(characters.end)?;
        if begin >= end {
            return None;
        }
        let found = self.parts.iter().filter_map(|part| {
            let length = part.of_text.len();
            let from = begin.max(part.in_chunk) - part.in_chunk;
            let to = end.min(part.in_chunk + length).checked_sub(part.in_chunk)?;
            (from < to).then(|| Found {
                text: part.text,
                at: part.of_text.start + from..part.of_text.start + to,
            })
        });
        Some(found.collect())
    }

    /// The place of a code point in bytes. The one after the last is the end.
    fn byte(&self, character: usize) -> Option<usize> {
        let places = self.text.char_indices().map(|(at, _)| at);
        places.chain([self.text.len()]).nth(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a word lies, as a service would say it, in code points.
    fn characters(chunk: &Chunk, word: &str) -> Option<Range<usize>> {
        let at = chunk.text.find(word)?;
        let start = chunk.text[..at].chars().count();
        Some(start..start + word.chars().count())
    }

    #[test]
    fn every_name_is_whole_in_a_chunk_wherever_the_cuts_fall() {
        for before in 0..300 {
            let text = format!("{}José Núñez{}", "é ".repeat(before), " 😀".repeat(90));
            let texts = [text.clone()];
            let chunks = of(&texts, 100, 20);
            assert!(chunks.iter().all(|chunk| chunk.text.len() <= 100));
            let found: Vec<Found> = chunks
                .iter()
                .filter_map(|chunk| chunk.locate(characters(chunk, "José Núñez")?))
                .flatten()
                .collect();
            assert!(!found.is_empty(), "{before}");
            for Found { at, .. } in found {
                assert_eq!(&text[at], "José Núñez", "{before}");
            }
        }
    }

    #[test]
    fn all_of_a_text_is_in_its_chunks() {
        for text in [
            "x".repeat(1000),
            "x é ".repeat(300),
            "😀".repeat(250),
            " ".repeat(300),
        ] {
            let parts = parts(&text, 100, 20);
            assert_eq!((parts[0].start, parts.last().unwrap().end), (0, text.len()));
            for pair in parts.windows(2) {
                assert!(pair[1].start <= pair[0].end && pair[1].start > pair[0].start);
                assert!(pair[0].end - pair[1].start <= 20 + 3);
            }
        }
    }

    #[test]
    fn n_bytes_are_one_chunk_and_n_plus_one_are_two() {
        for (length, count) in [(99, 1), (100, 1), (101, 2)] {
            assert_eq!(of(&["x".repeat(length)], 100, 20).len(), count);
        }
        let short = |count| vec!["x".repeat(24); count];
        assert_eq!(of(&short(3), 76, 20).len(), 1);
        assert_eq!(of(&short(3), 75, 20).len(), 2);
    }

    #[test]
    fn short_texts_share_a_chunk_and_are_told_apart() {
        let texts = [
            "Ann".to_owned(),
            String::new(),
            "for Bob".to_owned(),
            "  ".to_owned(),
        ];
        let chunks = of(&texts, 100, 20);
        assert_eq!(chunks.len(), 1);
        let found = chunks[0]
            .locate(characters(&chunks[0], "Bob").unwrap())
            .unwrap();
        assert_eq!(found, [Found { text: 2, at: 4..7 }]);
        // Over the border, as no service should say it: both sides.
        let all = chunks[0].locate(0..chunks[0].text.chars().count()).unwrap();
        assert_eq!(
            all,
            [Found { text: 0, at: 0..3 }, Found { text: 2, at: 0..7 }]
        );
    }

    #[test]
    fn a_place_that_is_none_is_not_found() {
        let chunks = of(&["größe".to_owned()], 100, 20);
        assert_eq!(chunks[0].locate(2..5).unwrap()[0].at, 2..7);
        for wrong in [0..6, 6..7, 3..3] {
            assert_eq!(chunks[0].locate(wrong), None);
        }
    }
}
