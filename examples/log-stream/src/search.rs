//! Lines of a log that contain a text, from a place in the file backwards.
//!
//! A text and not a regular expression: whatever it is, it costs the same to look for, and takes no
//! crate. The file is read in windows, so that memory does not grow with it, and for one page only so
//! far, so that a page takes a bounded time.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::lines;
use crate::records::FoundLine;

/// How much of a file is in memory at a time. A longer line is searched in pieces of this size.
const WINDOW: u64 = 256 * 1024;

/// How many windows are read for one page.
const WINDOWS: u64 = 64;

/// What is looked for.
pub(crate) struct Wanted {
    text: String,
    ignore_case: bool,
}

impl Wanted {
    /// Lines with this text, in capital or small letters if `ignore_case`. That goes for A to Z: other
    /// letters can have another length in the other case, or several.
    pub(crate) fn new(text: &str, ignore_case: bool) -> Self {
        let text = if ignore_case {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        };
        Self { text, ignore_case }
    }

    /// Where it is in a line.
    fn place_in(&self, line: &str) -> Option<usize> {
        if self.ignore_case {
            line.to_ascii_lowercase().find(&self.text)
        } else {
            line.find(&self.text)
        }
    }
}

/// What a search found.
pub(crate) struct Found {
    /// The lines, newest first.
    pub lines: Vec<FoundLine>,
    /// How far it came: the lines before this place were not searched. 0 at the end.
    pub reached: u64,
}

/// The last `limit` lines before `end` that contain what is wanted, or fewer if they are far away.
///
/// Fails with `UnexpectedEof` if the file is shorter than `end`.
pub(crate) fn backwards(file: &File, end: u64, wanted: &Wanted, limit: usize) -> io::Result<Found> {
    let mut lines = Vec::new();
    let mut reached = end;
    for _ in 0..WINDOWS {
        if reached == 0 {
            break;
        }
        let start = reached.saturating_sub(WINDOW);
        let window = read(file, start, reached)?;
        let whole = match lines::after_first(&window) {
            Some(whole) if start > 0 => whole,
            _ => &window,
        };
        for line in lines::split(whole).rev() {
            reached = reached.saturating_sub(line.len().try_into().unwrap_or(u64::MAX));
            let text = lines::text(line);
            let Some(place) = wanted.place_in(&text) else {
                continue;
            };
            let line = lines::shown(&text, place);
            lines.push(FoundLine { at: reached, line });
            if lines.len() >= limit {
                return Ok(Found { lines, reached });
            }
        }
    }
    Ok(Found { lines, reached })
}

/// The bytes of a file between two places.
fn read(mut file: &File, start: u64, end: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
    let mut window = vec![0; length];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut window)?;
    Ok(window)
}
