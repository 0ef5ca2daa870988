//! One collector for every mistake in one macro input.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// Collects mistakes so that all of them are reported at once.
///
/// Dropping one without [`Errors::finish`] would swallow what it holds; every entry point ends
/// by calling it.
#[derive(Default)]
pub(crate) struct Errors {
    all: Vec<syn::Error>,
    /// The compiler reports a mistake that would give errors in the expansion too.
    elsewhere: bool,
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

    /// Notes a mistake that the compiler reports in any case, in the function itself.
    pub(crate) fn reported_by_rustc(&mut self) {
        self.elsewhere = true;
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// Whether the compiler alone reports what is wrong.
    pub(crate) fn are_all_elsewhere(&self) -> bool {
        self.elsewhere && self.all.is_empty()
    }

    /// The reports as `compile_error!` items, or nothing when there was no mistake.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        let any = self.elsewhere || !self.all.is_empty();
        any.then(|| self.all.iter().map(syn::Error::to_compile_error).collect())
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

/// Tokens as somebody would write them, for a text.
pub(crate) fn written(tokens: TokenStream) -> String {
    let mut out = String::new();
    write(tokens, &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    let mut last: Option<TokenTree> = None;
    for token in tokens {
        // The second half of `..=` belongs to the first.
        let is_joined =
            matches!(&last, Some(TokenTree::Punct(first)) if first.spacing() == Spacing::Joint);
        if !is_joined && last.as_ref().is_some_and(|last| is_apart(last, &token)) {
            out.push(' ');
        }
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(punct)
                if is_joined && punct.as_char() == '>' && out.ends_with('-') =>
            {
                out.pop();
                out.push_str(" -> ");
            }
            other => out.push_str(&other.to_string()),
        }
        let ends_operator = is_joined
            && matches!(&token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Alone);
        last = (!ends_operator).then_some(token);
    }
}

/// Whether a space stands between two tokens.
fn is_apart(left: &TokenTree, right: &TokenTree) -> bool {
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
    let is_sign = |token: &TokenTree, signs: &str| {
        matches!(token, TokenTree::Punct(it)
            if it.spacing() == Spacing::Alone && signs.contains(it.as_char()))
    };
    (is_word(left) && is_word(right)) || is_sign(left, ",;+=") || is_sign(right, "+=")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{nearest, written};

    #[test]
    fn tokens_are_written_as_somebody_would() {
        for (tokens, text) in [
            (quote!(Vec<&str>), "Vec<&str>"),
            (quote!(&'a mut dyn Read), "&'a mut dyn Read"),
            (
                quote!(Box<dyn Fn(u8, u8) + Send>),
                "Box<dyn Fn(u8, u8) + Send>",
            ),
            (quote!(1..=60), "1..=60"),
            (quote!(&dyn Fn(u8) -> u8), "&dyn Fn(u8) -> u8"),
            (quote!(-0.5), "-0.5"),
            (quote!([u8; 3]), "[u8; 3]"),
            (quote!("a b"), "\"a b\""),
        ] {
            assert_eq!(written(tokens), text);
        }
    }

    #[test]
    fn a_typo_finds_its_key_and_nonsense_does_not() {
        let keys = ["read_only", "destructive", "title"];
        assert_eq!(nearest("readonly", &keys), Some("read_only"));
        assert_eq!(nearest("titel", &keys), Some("title"));
        assert_eq!(nearest("banana", &keys), None);
    }
}
