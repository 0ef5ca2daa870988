//! The tool as the later stages see it: parameters sorted by where their values come from.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Type};

use crate::attr::arg::ArgOptions;
use crate::attr::tool::ToolOptions;
use crate::docs;
use crate::errors::Errors;
use crate::item::FnItem;

/// A `#[tool]` function, taken apart.
pub(crate) struct Tool<'a> {
    pub(crate) item: &'a FnItem,
    pub(crate) options: ToolOptions,
    pub(crate) params: Vec<Param>,
    /// The text for the model: the attribute's, else the doc comment's.
    pub(crate) description: Option<TokenStream>,
    /// The type after `->`, lifetimes made inferable; `()` without one.
    pub(crate) returns: TokenStream,
}

/// One parameter.
pub(crate) struct Param {
    /// The identifier as the function names it.
    pub(crate) ident: Ident,
    pub(crate) source: Source,
    pub(crate) options: ArgOptions,
    pub(crate) docs: Option<TokenStream>,
}

/// Where the value of a parameter comes from.
pub(crate) enum Source {
    /// `&str` or `Option<&str>`: text that borrows from the request.
    Text { optional: bool, span: Span },
    /// An owned type: decoded from the arguments of the call.
    Value(TokenStream),
    /// Any other reference: supplied by the server.
    Injected { ty: TokenStream, optional: bool },
}

impl Param {
    /// The name that the client sends.
    pub(crate) fn wire_name(&self) -> String {
        match &self.options.name {
            Some(name) => name.value(),
            None => self.ident.unraw().to_string(),
        }
    }

    pub(crate) fn is_client(&self) -> bool {
        !matches!(self.source, Source::Injected { .. })
    }
}

impl<'a> Tool<'a> {
    pub(crate) fn new(item: &'a FnItem, options: ToolOptions, errors: &mut Errors) -> Self {
        let params = item
            .sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Receiver(_) => None,
                FnArg::Typed(typed) => param(typed, errors),
            })
            .collect();
        let description = match &options.description {
            Some(expr) => Some(expr.to_token_stream()),
            None => docs::text(&item.attrs),
        };
        let returns = match &item.sig.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => infer_lifetimes(ty.to_token_stream()),
        };
        Self {
            item,
            options,
            params,
            description,
            returns,
        }
    }

    /// The name in `tools/list`.
    pub(crate) fn wire_name(&self) -> String {
        match &self.options.name {
            Some(name) => name.value(),
            None => self.item.sig.ident.unraw().to_string(),
        }
    }

    pub(crate) fn is_async(&self) -> bool {
        self.item.sig.asyncness.is_some()
    }

    pub(crate) fn is_blocking(&self) -> bool {
        self.options.blocking.as_ref().is_some_and(|flag| flag.on)
    }
}

fn param(typed: &syn::PatType, errors: &mut Errors) -> Option<Param> {
    for attr in &typed.attrs {
        if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
            errors.at(
                attr,
                "a parameter cannot be conditional, the schema of a tool is fixed\nhelp: put the \
                 `#[cfg]` on two versions of the function",
            );
        }
    }
    let options = ArgOptions::parse(&typed.attrs, errors);
    let ident = match &*typed.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => name.ident.clone(),
        Pat::Wild(wild) => {
            errors.at(
                wild,
                "the name of a parameter is what the model sees, `_` is none\nhelp: name it, and \
                 start its use in the body with `let _ =` if it is unused",
            );
            return None;
        }
        other => {
            errors.at(
                other,
                "an argument needs a name\nhelp: take one argument per value, or a struct",
            );
            return None;
        }
    };
    let docs = docs::text(&typed.attrs);
    Some(Param {
        ident,
        source: source(&typed.ty),
        options,
        docs,
    })
}

/// A reference to `str` is text from the client, any other reference is injected, everything
/// else is decoded from the client's arguments.
fn source(ty: &Type) -> Source {
    let (inner, optional) = match option_of(ty) {
        Some(inner) => (inner, true),
        None => (ty, false),
    };
    match ungroup(inner) {
        Type::Reference(reference) => match ungroup(&reference.elem) {
            Type::Path(path) if path.path.is_ident("str") => Source::Text {
                optional,
                span: reference.span(),
            },
            elem => Source::Injected {
                ty: infer_lifetimes(elem.to_token_stream()),
                optional,
            },
        },
        _ => Source::Value(infer_lifetimes(ty.to_token_stream())),
    }
}

/// `T` of `Option<T>`, by the last segment of the path.
pub(crate) fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungroup(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match (last.ident == "Option", arguments.args.first()) {
        (true, Some(GenericArgument::Type(inner))) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// The type inside invisible groups, which `macro_rules!` wraps around `$ty` fragments, and
/// inside parentheses.
pub(crate) fn ungroup(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungroup(&group.elem),
        Type::Paren(paren) => ungroup(&paren.elem),
        other => other,
    }
}

/// Replaces named lifetimes by `'_`: the expansion mentions these types outside the function
/// that declares the names.
fn infer_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(quote), Some(TokenTree::Ident(name)))
                if quote.as_char() == '\'' && name != "static" =>
            {
                let span = quote.span();
                tokens.next();
                out.extend(quote_spanned!(span=> '_));
            }
            (TokenTree::Group(group), _) => {
                let mut inner =
                    proc_macro2::Group::new(group.delimiter(), infer_lifetimes(group.stream()));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            _ => out.extend([token]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn sources_follow_ownership() {
        let text = |ty: Type| {
            matches!(
                source(&ty),
                Source::Text {
                    optional: false,
                    ..
                }
            )
        };
        assert!(text(parse_quote!(&str)));
        assert!(text(parse_quote!(&'a str)));
        assert!(matches!(
            source(&parse_quote!(Option<&str>)),
            Source::Text { optional: true, .. }
        ));
        assert!(matches!(source(&parse_quote!(u32)), Source::Value(_)));
        assert!(matches!(
            source(&parse_quote!(Option<u32>)),
            Source::Value(_)
        ));
        assert!(matches!(
            source(&parse_quote!(&SalesDb)),
            Source::Injected {
                optional: false,
                ..
            }
        ));
        assert!(matches!(
            source(&parse_quote!(std::option::Option<&Caller>)),
            Source::Injected { optional: true, .. }
        ));
    }

    #[test]
    fn named_lifetimes_become_inferred_and_static_stays() {
        let tokens = infer_lifetimes(quote!(Filter<'a, &'static str, (&'b u8,)>)).to_string();
        let expected = quote!(Filter<'_, &'static str, (&'_ u8,)>).to_string();
        assert_eq!(tokens, expected);
    }
}
