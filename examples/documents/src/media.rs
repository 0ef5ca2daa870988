//! What kind of document a key stands for, by its end.
//!
//! Not by what the bucket says: whoever writes objects can call a page of scripts an image.

/// Ends of keys and their media types, each with whether it is text.
const TYPES: [(&str, &str, bool); 16] = [
    ("csv", "text/csv", true),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        false,
    ),
    ("gif", "image/gif", false),
    ("html", "text/html", true),
    ("jpeg", "image/jpeg", false),
    ("jpg", "image/jpeg", false),
    ("json", "application/json", true),
    ("md", "text/markdown", true),
    ("pdf", "application/pdf", false),
    ("png", "image/png", false),
    ("txt", "text/plain", true),
    ("webp", "image/webp", false),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        false,
    ),
    ("xml", "application/xml", true),
    ("yaml", "application/yaml", true),
    ("zip", "application/zip", false),
];

/// What a key tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    /// The media type.
    pub mime_type: &'static str,
    /// Whether it is text.
    pub is_text: bool,
}

/// What is told by the end of a key, if it is known.
pub(crate) fn of(key: &str) -> Option<Media> {
    let (_, end) = key.rsplit_once('.')?;
    let known = |(name, ..): &&(&str, &str, bool)| name.eq_ignore_ascii_case(end);
    let &(_, mime_type, is_text) = TYPES.iter().find(known)?;
    Some(Media { mime_type, is_text })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_end_of_a_key_counts_in_any_case() {
        assert_eq!(of("a/b.tar.MD").unwrap().mime_type, "text/markdown");
        assert!(!of("photo.JPG").unwrap().is_text);
        for key in ["README", "a.md/README", "a.", "a.unknown"] {
            assert_eq!(of(key), None, "{key}");
        }
    }
}
