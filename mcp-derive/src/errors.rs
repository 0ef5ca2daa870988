//! One collector for every mistake in one macro input.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects mistakes so that all of them are reported at once.
///
/// Dropping one without [`Errors::finish`] would swallow what it holds; every entry point ends
/// by calling it.
#[derive(Default)]
pub(crate) struct Errors {
    all: Vec<syn::Error>,
}

impl Errors {
    /// Reports `message` over all tokens of `spanned`.
    pub(crate) fn at(&mut self, spanned: impl ToTokens, message: impl std::fmt::Display) {
        self.all.push(syn::Error::new_spanned(spanned, message));
    }

    /// Takes over an error of the parser.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.all.push(error);
    }

    /// The reports as `compile_error!` items, or nothing when there was no mistake.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        (!self.all.is_empty()).then(|| self.all.iter().map(syn::Error::to_compile_error).collect())
    }
}

/// The known name closest to `given`, when it is close enough to be a typing mistake.
pub(crate) fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| (strsim::osa_distance(given, name), *name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_key_and_nonsense_does_not() {
        let keys = ["read_only", "destructive", "title"];
        assert_eq!(nearest("readonly", &keys), Some("read_only"));
        assert_eq!(nearest("titel", &keys), Some("title"));
        assert_eq!(nearest("banana", &keys), None);
    }
}
