//! The end of a log.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::lines;

/// The most lines of a tail.
const MAX_LINES: usize = 200;

/// The most bytes of a file that are read for it: fewer than a model is given of one resource, since what is
/// cut there is the end (`Limits::result_tokens`, three bytes each).
const MAX_BYTES: u64 = 48 * 1024;

/// The last lines of a file, the unfinished one included. A file that shrinks meanwhile gives fewer.
pub(crate) fn of(mut file: &File) -> io::Result<String> {
    let start = file.metadata()?.len().saturating_sub(MAX_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    if start == 0 {
        return Ok(last(&bytes));
    }
    Ok(lines::after_first(&bytes).map_or_else(|| end_of_line(&bytes), last))
}

/// The last of some whole lines.
fn last(bytes: &[u8]) -> String {
    let mut kept: Vec<_> = lines::split(bytes).rev().take(MAX_LINES).collect();
    kept.reverse();
    let shown = kept
        .into_iter()
        .map(|line| lines::shown(&lines::text(line), 0) + "\n");
    shown.collect()
}

/// The end of a line that is longer than all that was read.
fn end_of_line(bytes: &[u8]) -> String {
    let text = lines::text(bytes);
    lines::shown(&text, text.len()) + "\n"
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write as _};

    use super::{MAX_BYTES, MAX_LINES, of};
    use crate::lines::{CUT, MAX_LINE};

    fn tail(contents: &[u8]) -> io::Result<String> {
        let mut file = tempfile::tempfile()?;
        file.write_all(contents)?;
        of(&file)
    }

    fn numbered(count: usize) -> String {
        let lines: Vec<_> = (1..=count).map(|number| format!("line {number}")).collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn a_short_file_is_its_own_tail() -> io::Result<()> {
        for whole in ["", "\n", "one\n", "one\n\nthree\n"] {
            assert_eq!(tail(whole.as_bytes())?, whole, "{whole:?}");
        }
        assert_eq!(tail(b"one\nunfinished")?, "one\nunfinished\n");
        Ok(())
    }

    #[test]
    fn n_lines_are_kept_and_of_n_plus_one_the_first_is_not() -> io::Result<()> {
        let lines = numbered(MAX_LINES);
        assert_eq!(tail(lines.as_bytes())?, lines);
        let lines = numbered(MAX_LINES + 1);
        assert_eq!(tail(lines.as_bytes())?, lines.replace("line 1\n", ""));
        Ok(())
    }

    #[test]
    fn of_much_text_only_whole_lines_are_kept() -> io::Result<()> {
        let line = format!("{}\n", "x".repeat(999));
        let tail = tail(line.repeat(100).as_bytes())?;
        let lines = usize::try_from(MAX_BYTES).unwrap_or_default() / line.len();
        assert_eq!(tail, line.repeat(lines));
        Ok(())
    }

    #[test]
    fn of_an_endless_line_the_end_is_shown() -> io::Result<()> {
        let line = "x".repeat(200_000);
        for end in ["", "\n"] {
            let tail = tail(format!("first\n{line}THE END{end}").as_bytes())?;
            assert!(
                tail.starts_with(CUT) && tail.ends_with("xTHE END\n"),
                "{tail}"
            );
            assert_eq!(tail.len(), CUT.len() + MAX_LINE + 1);
        }
        // One that was read whole shows its beginning.
        let tail = tail(format!("BEGIN{}", "x".repeat(2 * MAX_LINE)).as_bytes())?;
        assert!(
            tail.starts_with("BEGINx") && tail.ends_with(&format!("{CUT}\n")),
            "{tail}"
        );
        Ok(())
    }
}
