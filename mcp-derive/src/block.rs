//! The annotated `impl` block, with the bodies of its functions left unread.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse, ParseStream};
use syn::token::Brace;
use syn::{Attribute, Generics, ImplItem, Path, Token, Type};

use crate::expand::half_typed_member;
use crate::item::FnItem;

/// An `impl` block.
pub(crate) struct Block {
    attrs: Vec<Attribute>,
    unsafety: Option<Token![unsafe]>,
    impl_token: Token![impl],
    pub(crate) generics: Generics,
    /// The trait and `for`, where it implements one.
    pub(crate) of_trait: Option<(Type, Token![for])>,
    pub(crate) self_ty: Type,
    braces: Brace,
    inner_attrs: Vec<Attribute>,
    members: Vec<Member>,
    /// What is wrong with the first member that does not parse.
    half_typed: Option<syn::Error>,
}

enum Member {
    Function(Box<FnItem>),
    Other(Box<ImplItem>),
    /// As it stands in an editor while somebody types.
    HalfTyped(TokenStream),
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let unsafety = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics: Generics = input.parse()?;
        let first: Type = input.parse()?;
        let (of_trait, self_ty) = match input.parse::<Option<Token![for]>>()? {
            Some(token) => (Some((first, token)), input.parse()?),
            None => (None, first),
        };
        generics.where_clause = input.parse()?;
        let content;
        let braces = syn::braced!(content in input);
        let inner_attrs = content.call(Attribute::parse_inner)?;
        let mut members = Vec::new();
        let mut half_typed = None;
        while !content.is_empty() {
            let ahead = content.fork();
            match ahead.parse() {
                Ok(member) => {
                    content.advance_to(&ahead);
                    members.push(member);
                }
                Err(error) => {
                    half_typed.get_or_insert(error);
                    members.push(Member::HalfTyped(one_member(&content)?));
                }
            }
        }
        Ok(Self {
            attrs,
            unsafety,
            impl_token,
            generics,
            of_trait,
            self_ty,
            braces,
            inner_attrs,
            members,
            half_typed,
        })
    }
}

/// The tokens of a member that does not parse: to the end of its block, or to its `;`.
fn one_member(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut out = TokenStream::new();
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let is_end = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        out.extend([token]);
        if is_end {
            break;
        }
    }
    Ok(out)
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if let Ok(function) = ahead.parse() {
            input.advance_to(&ahead);
            return Ok(Self::Function(Box::new(function)));
        }
        input.parse().map(Box::new).map(Self::Other)
    }
}

impl Block {
    pub(crate) fn functions(&self) -> impl Iterator<Item = &FnItem> {
        self.members.iter().filter_map(|member| match member {
            Member::Function(function) => Some(&**function),
            Member::Other(_) | Member::HalfTyped(_) => None,
        })
    }

    /// What is wrong with the first member that does not parse.
    pub(crate) fn half_typed(&self) -> Option<&syn::Error> {
        self.half_typed.as_ref()
    }

    pub(crate) fn cfgs(&self) -> Vec<&Attribute> {
        crate::item::cfgs(&self.attrs)
    }

    /// What a nested item cannot name: `Self`, and the parameters of the block.
    pub(crate) fn names_of_its_own(&self) -> Vec<String> {
        let types = self.generics.type_params().map(|param| &param.ident);
        let constants = self.generics.const_params().map(|param| &param.ident);
        let own = types.chain(constants).map(ToString::to_string);
        own.chain(["Self".to_owned()]).collect()
    }

    /// The block as written, its marked functions cleaned of what only the macro understands.
    pub(crate) fn cleaned(&self, krate: Option<&Path>) -> TokenStream {
        let Self {
            attrs,
            unsafety,
            impl_token,
            generics,
            self_ty,
            braces,
            inner_attrs,
            ..
        } = self;
        let of_trait = match &self.of_trait {
            Some((path, token)) => quote!(#path #token),
            None => TokenStream::new(),
        };
        let members = self.members.iter().map(|member| match member {
            Member::Function(it) if it.markers(krate).is_empty() => it.verbatim(),
            Member::Function(it) => it.cleaned(krate),
            Member::Other(other) => other.to_token_stream(),
            Member::HalfTyped(tokens) => half_typed_member(tokens, krate),
        });
        let where_clause = &generics.where_clause;
        let mut block = quote! {
            #(#attrs)*
            #unsafety #impl_token #generics #of_trait #self_ty #where_clause
        };
        // With the user's braces, what the compiler says of the block is at the user's block.
        braces.surround(&mut block, |inner| {
            inner.extend(quote!(#(#inner_attrs)* #(#members)*));
        });
        block
    }
}
