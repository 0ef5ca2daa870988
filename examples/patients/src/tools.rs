//! What an agent can ask about notes.

use mcp_core::{Cursor, Error, Page, Result, tool};

use crate::records::{Note, Records};

/// The most notes that are looked up for one page; fewer fit.
const CHUNK: usize = 1_000;

/// All notes of a ward, oldest first, in pages.
#[tool(read_only, budget = 5_000)]
pub(crate) fn list_notes(
    /// `cardiology`, `oncology` or `surgery`.
    ward: &str,
    cursor: Option<Cursor>,
    records: &Records,
) -> Page<Note> {
    page(cursor, records, |note| note.ward == ward)
}

/// The notes in which a word occurs, oldest first, in pages.
#[tool(read_only, budget = 5_000)]
pub(crate) fn find_notes(
    /// The word, in any case.
    #[arg(length = 3..=40)]
    word: &str,
    cursor: Option<Cursor>,
    records: &Records,
) -> Page<Note> {
    let word = word.to_lowercase();
    page(cursor, records, |note| {
        note.text.to_lowercase().contains(&word)
    })
}

/// One note, as text.
#[tool(read_only)]
pub(crate) fn read_note(
    /// Its number.
    #[arg(audit)]
    number: u64,
    records: &Records,
) -> Result<String> {
    let note = records.note(number);
    let note = note.ok_or_else(|| Error::new(format!("there is no note {number}")))?;
    Ok(note.text.clone())
}

fn page(cursor: Option<Cursor>, records: &Records, wanted: impl Fn(&Note) -> bool) -> Page<Note> {
    let after = cursor.map_or(0, Cursor::into_position);
    let found = records.after(after).filter(|note| wanted(note));
    let notes: Vec<Note> = found.take(CHUNK).cloned().collect();
    let more = notes.len() == CHUNK;
    Page::keyed(notes, |note| note.number).more(more)
}
