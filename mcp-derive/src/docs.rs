//! Doc comments as the text that a model reads.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The documentation of an item as one `&'static str` expression, or `None` without any.
///
/// Lines keep their paragraphs and lists; the space after `///` goes. `#[doc = include_str!(..)]`
/// and other macros stay expressions, evaluated by the compiler.
pub(crate) fn text(attrs: &[Attribute]) -> Option<TokenStream> {
    let values: Vec<&Expr> = attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"))
        .filter_map(|attr| match &attr.meta {
            Meta::NameValue(pair) => Some(&pair.value),
            Meta::Path(_) | Meta::List(_) => None,
        })
        .collect();
    let lines: Vec<&Expr> = values
        .iter()
        .copied()
        .filter(|value| matches!(value, Expr::Lit(_) | Expr::Macro(_)))
        .collect();
    if lines.len() < values.len() {
        // The compiler reports any other expression; that the text is missing is no second mistake.
        return Some(quote!(""));
    }
    let literal = |line: &Expr| match line {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    };
    if let Some(plain) = lines
        .iter()
        .map(|line| literal(line))
        .collect::<Option<Vec<_>>>()
    {
        let joined = join(&plain);
        return (!joined.is_empty()).then(|| joined.to_token_stream());
    }
    let parts = lines.iter().map(|line| match literal(line) {
        Some(text) => join(&[text]).to_token_stream(),
        None => line.to_token_stream(),
    });
    Some(quote!(::core::concat!(#(#parts, "\n"),*)))
}

/// Joins lines, takes the indentation common to all of them away, and trims the ends.
fn join(chunks: &[String]) -> String {
    let lines: Vec<&str> = chunks.iter().flat_map(|chunk| chunk.split('\n')).collect();
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let cut: Vec<&str> = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or("").trim_end())
        .collect();
    cut.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn paragraphs_and_code_keep_their_shape() {
        let item: syn::ItemFn = parse_quote! {
            /// First line.
            ///
            /// - a list
            ///   - nested
            fn f() {}
        };
        let literal: syn::LitStr = syn::parse2(text(&item.attrs).unwrap()).unwrap();
        assert_eq!(literal.value(), "First line.\n\n- a list\n  - nested");
    }

    #[test]
    fn no_documentation_is_none() {
        let item: syn::ItemFn = parse_quote!(
            #[inline]
            #[doc(hidden)]
            fn f() {}
        );
        assert!(text(&item.attrs).is_none());
        let blank: syn::ItemFn = parse_quote!(
            #[doc = " "]
            fn f() {}
        );
        assert!(text(&blank.attrs).is_none());
    }

    #[test]
    fn a_macro_stays_an_expression() {
        let item: syn::ItemFn = parse_quote!(
            #[doc = include_str!("a.md")]
            fn f() {}
        );
        assert!(
            text(&item.attrs)
                .unwrap()
                .to_string()
                .contains("include_str")
        );
    }
}
