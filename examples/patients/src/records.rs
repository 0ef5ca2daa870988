//! The notes of a clinic, made up.

use schemars::JsonSchema;
use serde::Serialize;

/// A note.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Note {
    /// Its number, from 1 on.
    pub number: u64,
    /// Where it was written.
    pub ward: String,
    /// What was written.
    pub text: String,
}

/// All notes, oldest first.
pub(crate) struct Records {
    notes: Vec<Note>,
}

/// What a note can say. `{name}`, `{date}` and `{mrn}` are whose it is.
const TEXTS: [&str; 4] = [
    "{name} (MRN-{mrn}) was seen on {date}. No fever, plan unchanged.",
    "Called {name} at (415) 555-{last}; left word with the family. Follow-up in two weeks.",
    "Lab results of {date} sent to {mail}. Café au lait spots noted, naïve to treatment.",
    "Billing: card 4111 1111 1111 1111, SSN 078-05-1120 on file for {name}.",
];

const NAMES: [&str; 5] = [
    "Mary Smith",
    "José Núñez",
    "Ann O'Hara",
    "Zoë Krüger",
    "Li Wei",
];

const WARDS: [&str; 3] = ["cardiology", "oncology", "surgery"];

impl Records {
    /// As many notes as a small clinic has.
    pub(crate) fn example() -> Self {
        let take = |from: &[&str], number: u64| {
            let index = usize::try_from(number).unwrap_or_default() % from.len();
            from.get(index).copied().unwrap_or_default().to_owned()
        };
        let note = |number: u64| Note {
            number,
            ward: take(&WARDS, number),
            text: take(&TEXTS, number)
                .replace("{name}", &take(&NAMES, number / 4))
                .replace("{mail}", &format!("patient{number}@example.com"))
                .replace("{mrn}", &format!("{number:06}"))
                .replace("{last}", &format!("{:04}", number % 10_000))
                .replace("{date}", &format!("March {}, 2026", number % 28 + 1)),
        };
        Self {
            notes: (1..=2_000).map(note).collect(),
        }
    }

    /// The notes after this number.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.number > number)
    }

    /// The note of this number.
    pub(crate) fn note(&self, number: u64) -> Option<&Note> {
        self.notes.iter().find(|note| note.number == number)
    }
}
