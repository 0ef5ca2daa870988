//! Text that has to be short, and names that are close to each other.

/// At most `limit` characters from the start of `text`.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    text.char_indices()
        .nth(limit)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

/// The known name closest to `given`, when it is close enough to be a mistake in it.
pub(crate) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
    // A key can be as long as a message; no name is.
    let given = fold(cut(given, 40));
    known
        .map(|name| (strsim::osa_distance(&given, &fold(name)), name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn n_characters_stay_and_n_plus_one_are_cut() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äöü");
    }
}
