//! A function that does not parse, as it stands in an editor while somebody types.
//!
//! What is there stays: the function, less what plain Rust does not accept on parameters, and its
//! marker. Completion goes on working inside it, and its name is no error elsewhere.
//!
//! The compiler has read the function before its macro does, and has reported what is wrong. Should
//! it know more of the language than `syn`, the definition is an error once a server uses it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Path, Visibility};

use super::{marker, parts};
use crate::attr::options::{Markup, Options};
use crate::errors::Errors;
use crate::item::{cfgs, says};
use crate::kind::Kind;

/// A function by itself.
pub(super) fn function(
    kind: Kind,
    args: TokenStream,
    input: &TokenStream,
    error: syn::Error,
) -> TokenStream {
    let mut errors = Errors::default();
    let span = Span::call_site();
    let options = Options::parse(Markup { kind, args, span }, &mut errors);
    let krate = options.common.krate.as_ref();
    let head = Head::new(input);
    let item = head.cleaned(krate);
    let Some(name) = head.name.as_ref().filter(|_| !head.is_method()) else {
        errors.push(error);
        let reports = errors.finish();
        return quote!(#item #reports);
    };
    let reports = errors.finish();
    let cfgs = cfgs(&head.attrs);
    let marker = marker::ty(&head.vis, name, &cfgs);
    let stub = marker::unread(name, kind, &error.to_string());
    let stub = parts::block(&cfgs, krate, &stub);
    quote!(#item #marker #stub #reports)
}

/// A function in a block.
pub(crate) fn member(input: &TokenStream, krate: Option<&Path>) -> TokenStream {
    Head::new(input).cleaned(krate)
}

/// What can be read of a function: all that stands before its signature, and its name.
struct Head {
    attrs: Vec<Attribute>,
    vis: Visibility,
    /// Everything after these.
    rest: TokenStream,
    name: Option<Ident>,
}

impl Head {
    fn new(input: &TokenStream) -> Self {
        let parse = |input: ParseStream<'_>| {
            Ok(Self {
                attrs: input.call(Attribute::parse_outer)?,
                vis: input.parse()?,
                rest: input.parse()?,
                name: None,
            })
        };
        let mut head = parse.parse2(input.clone()).unwrap_or_else(|_| Self {
            attrs: Vec::new(),
            vis: Visibility::Inherited,
            rest: input.clone(),
            name: None,
        });
        let mut tokens = head.rest.clone().into_iter();
        let found = tokens.any(|token| is_fn(&token));
        head.name = match tokens.next() {
            Some(TokenTree::Ident(name)) if found => Some(name),
            _ => None,
        };
        head
    }

    /// What cannot have items beside it, as far as its tokens tell.
    fn is_method(&self) -> bool {
        let last = self.rest.clone().into_iter().last();
        let ends_without_body =
            last.is_some_and(|last| matches!(last, TokenTree::Punct(it) if it.as_char() == ';'));
        ends_without_body || says(&self.rest, &["self".to_owned(), "Self".to_owned()])
    }

    /// The tokens as they are, without markers, and without documentation and `#[arg]` on
    /// parameters: those are the first parentheses after the name.
    fn cleaned(&self, krate: Option<&Path>) -> TokenStream {
        let attrs = self
            .attrs
            .iter()
            .filter(|attr| Kind::of(attr, krate).is_none() && !attr.path().is_ident("arg"));
        let vis = &self.vis;
        let (mut after_fn, mut after_parameters) = (self.name.is_none(), false);
        let rest = self.rest.clone().into_iter().map(|token| match token {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Parenthesis && after_fn && !after_parameters =>
            {
                after_parameters = true;
                without_attributes(group).into_token_stream()
            }
            other => {
                after_fn |= is_fn(&other);
                other.into_token_stream()
            }
        });
        quote!(#(#attrs)* #vis #(#rest)*)
    }
}

fn is_fn(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "fn")
}

/// Parameters without `#[arg]` and documentation.
///
/// A group without either stays the same: what the compiler says of it once more is then at the
/// same place, and it says it once.
fn without_attributes(parameters: Group) -> Group {
    let mut out = TokenStream::new();
    let mut is_changed = false;
    let mut tokens = parameters.stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_hash = matches!(&token, TokenTree::Punct(hash) if hash.as_char() == '#');
        let is_ours = |group: &Group| {
            let first = group.stream().into_iter().next();
            group.delimiter() == Delimiter::Bracket
                && matches!(first, Some(TokenTree::Ident(word)) if word == "arg" || word == "doc")
        };
        match tokens.peek() {
            Some(TokenTree::Group(group)) if is_hash && is_ours(group) => {
                tokens.next();
                is_changed = true;
            }
            _ => out.extend([token]),
        }
    }
    if !is_changed {
        return parameters;
    }
    let mut changed = Group::new(Delimiter::Parenthesis, out);
    changed.set_span(parameters.span());
    changed
}
