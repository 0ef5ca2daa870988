//! Where a page of lines ends, as text that the client hands back.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

/// How much is remembered of the beginning of a file, and of what comes just before a place in it.
const REMEMBERED: u64 = 256;

/// A place in a file: lines before it were not searched yet.
///
/// Written as `81920-9f86d081884c7d65`: the place in bytes, and a fingerprint of what the file begins
/// with and of what comes just before the place. Both stay as they are while the file grows, whatever
/// instance reads it, and even under another name; in a file that was truncated or took the place of
/// a rotated one, something else stands there. Inodes would not tell: they are used again, and kept
/// by a truncation.
///
/// The text is neither sealed nor signed, because it carries no secret and grants nothing: whoever
/// forges one names another place in a file that they may search anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// In bytes from the beginning of the file.
    pub at: u64,
    fingerprint: u64,
}

impl Position {
    /// A place in this file.
    pub(crate) fn in_file(file: &File, at: u64) -> io::Result<Self> {
        let mut hash = Fnv::new();
        hash.read(file, 0, at.min(REMEMBERED))?;
        hash.read(file, at.saturating_sub(REMEMBERED), at.min(REMEMBERED))?;
        let fingerprint = hash.0;
        Ok(Self { at, fingerprint })
    }

    /// Reads what [`Display`](fmt::Display) wrote; anything else is `None`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (at, fingerprint) = text.split_once('-')?;
        let position = Self {
            at: at.parse().ok()?,
            fingerprint: u64::from_str_radix(fingerprint, 16).ok()?,
        };
        // Numbers can be written in more than one way.
        (position.to_string() == text).then_some(position)
    }

    /// Whether the place is one of this file.
    pub(crate) fn is_in(self, file: &File) -> io::Result<bool> {
        Ok(self.at <= file.metadata()?.len() && Self::in_file(file, self.at)? == self)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.at, self.fingerprint)
    }
}

/// FNV-1a, which gives the same in every build. That of the standard library does not promise to.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Takes in `length` bytes of a file, or as many as there are.
    fn read(&mut self, mut file: &File, start: u64, length: u64) -> io::Result<()> {
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{self, Write as _};

    use super::Position;

    fn file(contents: &str) -> io::Result<File> {
        let mut file = tempfile::tempfile()?;
        file.write_all(contents.as_bytes())?;
        Ok(file)
    }

    #[test]
    fn reads_what_it_wrote() -> io::Result<()> {
        let file = file(&"x".repeat(1000))?;
        for at in [0, 1, 1000] {
            let position = Position::in_file(&file, at)?;
            assert_eq!(Position::parse(&position.to_string()), Some(position));
        }
        Ok(())
    }

    #[test]
    fn refuses_anything_else() {
        for text in [
            "",
            "-",
            "81920",
            "81920-",
            "81920-9f86d081884c7d6",
            "81920-9F86D081884C7D65",
            "+81920-9f86d081884c7d65",
            "081920-9f86d081884c7d65",
            "81920-9f86d081884c7d65 ",
            "81920-9f86d081884c7d65-",
            "18446744073709551616-9f86d081884c7d65",
        ] {
            assert_eq!(Position::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_place_stays_in_a_file_that_grows_and_in_no_other() -> io::Result<()> {
        let contents = "0123456789".repeat(100);
        let mut grown = file(&contents)?;
        for at in [1, 300, 1000] {
            let position = Position::in_file(&grown, at)?;
            grown.write_all(b"more")?;
            assert!(position.is_in(&grown)?, "{at}");

            let other = file(&contents.replacen('0', "1", 1))?;
            assert!(!position.is_in(&other)?, "{at}");
            let shorter = file(contents.get(..usize::try_from(at).unwrap() - 1).unwrap())?;
            assert!(!position.is_in(&shorter)?, "{at}");
        }
        let position = Position::in_file(&grown, 900)?;
        let middle = format!("{}x{}", &contents[..800], &contents[801..]);
        assert!(!position.is_in(&file(&middle)?)?);
        Ok(())
    }
}
