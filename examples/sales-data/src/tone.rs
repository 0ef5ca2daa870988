//! How a letter sounds.

use std::str::FromStr;

/// How a letter sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As to somebody one has not met.
    Formal,
    /// As to somebody one likes.
    Friendly,
    /// In a few lines.
    Brief,
}

impl Tone {
    /// All there are, in the order in which they are suggested.
    pub(crate) const ALL: [Self; 3] = [Self::Formal, Self::Friendly, Self::Brief];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Formal => "formal",
            Self::Friendly => "friendly",
            Self::Brief => "brief",
        }
    }
}

impl FromStr for Tone {
    type Err = UnknownTone;

    fn from_str(text: &str) -> Result<Self, UnknownTone> {
        let found = Self::ALL.into_iter().find(|tone| tone.name() == text);
        found.ok_or(UnknownTone)
    }
}

/// No tone has this name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownTone;

#[cfg(test)]
mod tests {
    use super::{Tone, UnknownTone};

    #[test]
    fn a_tone_is_read_by_its_name_and_nothing_else() {
        for tone in Tone::ALL {
            assert_eq!(tone.name().parse(), Ok(tone));
        }
        for text in ["", "Formal", "formal ", "rude"] {
            assert_eq!(text.parse::<Tone>(), Err(UnknownTone), "{text:?}");
        }
    }
}
