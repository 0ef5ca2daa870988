//! The three things that a function can be marked as.

use std::fmt;

use syn::{Attribute, Path};

/// What the marker of a function says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Tool,
    Resource,
    Prompt,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Tool, Self::Resource, Self::Prompt];

    /// The name of the marker.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Resource => "resource",
            Self::Prompt => "prompt",
        }
    }

    /// What a value that the client sends is called.
    pub(crate) fn input(self) -> &'static str {
        match self {
            Self::Tool | Self::Prompt => "argument",
            Self::Resource => "variable",
        }
    }

    /// The kind that an attribute marks, by name or through the crate, as `#[mcp_core::tool]` or
    /// under the path that `crate = ...` gives it.
    pub(crate) fn of(attr: &Attribute, krate: Option<&Path>) -> Option<Self> {
        let mut names: Vec<String> = names(attr.path());
        let last = names.pop()?;
        let ours = match names.as_slice() {
            [] => true,
            [krate] if krate == "mcp_core" => true,
            path => krate.is_some_and(|krate| self::names(krate) == path),
        };
        Self::ALL
            .into_iter()
            .find(|kind| ours && last == kind.word())
    }
}

fn names(path: &Path) -> Vec<String> {
    let segments = path.segments.iter();
    segments.map(|segment| segment.ident.to_string()).collect()
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn markers_are_found_by_name_and_by_path() {
        let of = |attr: &Attribute| Kind::of(attr, None);
        assert_eq!(of(&parse_quote!(#[tool])), Some(Kind::Tool));
        assert_eq!(of(&parse_quote!(#[resource("a:b")])), Some(Kind::Resource));
        assert_eq!(of(&parse_quote!(#[mcp_core::prompt])), Some(Kind::Prompt));
        assert_eq!(of(&parse_quote!(#[::mcp_core::tool])), Some(Kind::Tool));
        assert_eq!(of(&parse_quote!(#[other::tool])), None);
        assert_eq!(of(&parse_quote!(#[inline])), None);
    }

    #[test]
    fn another_path_counts_when_it_is_given() {
        let attr: Attribute = parse_quote!(#[my::sdk::tool]);
        assert_eq!(Kind::of(&attr, None), None);
        let krate: Path = parse_quote!(my::sdk);
        assert_eq!(Kind::of(&attr, Some(&krate)), Some(Kind::Tool));
    }
}
