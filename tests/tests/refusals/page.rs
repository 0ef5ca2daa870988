//! The tables of the troubleshooting page.

use mcp_core::Refusal;

use crate::Seen;

/// The page, as it is read on a code forge.
pub(crate) struct Page(&'static str);

impl Page {
    pub(crate) fn read() -> Self {
        Self(include_str!("../../../docs/guide/troubleshooting.md"))
    }

    /// The cells of the row of a code after the first one.
    pub(crate) fn row(&self, refusal: Refusal) -> Result<Vec<&'static str>, String> {
        let begins = format!("| <a id=\"{refusal}\"></a>`{refusal}` | ");
        let mut rows = self.0.lines().filter_map(|line| line.strip_prefix(&begins));
        let row = rows
            .next()
            .ok_or(format!("the page does not list `{refusal}`"))?;
        if rows.next().is_some() {
            return Err(format!("the page lists `{refusal}` twice"));
        }
        Ok(row.trim_end_matches(" |").split(" | ").collect())
    }

    /// Whether the page has this code with this text, this status and something to do about it.
    pub(crate) fn lists(&self, seen: &Seen) -> Result<(), String> {
        let Seen { refusal, text, .. } = seen;
        let row = self.row(*refusal)?;
        let (statuses, texts) = match (seen.status, &row[..]) {
            (None, [texts, _]) => (None, texts),
            (Some(_), [statuses, texts, _]) => (Some(statuses), texts),
            _ => return Err(format!("the row of `{refusal}` has other cells")),
        };
        if let (Some(statuses), Some(status)) = (statuses, seen.status)
            && !statuses
                .split(", ")
                .any(|known| known == status.to_string())
        {
            return Err(format!(
                "`{refusal}` comes with status {status}, the page says {statuses}"
            ));
        }
        if !texts.split("<br>").any(|pattern| fits(pattern, text)) {
            return Err(format!("`{refusal}` says, and not the page: {text}"));
        }
        Ok(())
    }
}

/// Whether a text is as the page prints it, where `..` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split("..");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn two_dots_stand_for_anything() {
    for (pattern, text) in [
        ("a `..` b", "a `x` b"),
        ("a", "a"),
        ("..", "x"),
        ("a..b..", "axby"),
    ] {
        assert!(fits(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("a `..` b", "a `x` c"), ("a", "ab"), ("a..b..c", "ac")] {
        assert!(!fits(pattern, text), "{pattern} {text}");
    }
}
