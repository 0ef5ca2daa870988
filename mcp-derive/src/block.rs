//! The annotated `impl` block, with the bodies of its functions left unread.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, ImplItem, Path, Token, Type};

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
    inner_attrs: Vec<Attribute>,
    members: Vec<Member>,
}

enum Member {
    Function(Box<FnItem>),
    Other(Box<ImplItem>),
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
        syn::braced!(content in input);
        let inner_attrs = content.call(Attribute::parse_inner)?;
        let mut members = Vec::new();
        while !content.is_empty() {
            members.push(content.parse()?);
        }
        Ok(Self {
            attrs,
            unsafety,
            impl_token,
            generics,
            of_trait,
            self_ty,
            inner_attrs,
            members,
        })
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.fork().parse::<FnItem>().is_ok() {
            return input.parse().map(Box::new).map(Self::Function);
        }
        input.parse().map(Box::new).map(Self::Other)
    }
}

impl Block {
    pub(crate) fn functions(&self) -> impl Iterator<Item = &FnItem> {
        self.members.iter().filter_map(|member| match member {
            Member::Function(function) => Some(&**function),
            Member::Other(_) => None,
        })
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
        });
        let where_clause = &generics.where_clause;
        quote! {
            #(#attrs)*
            #unsafety #impl_token #generics #of_trait #self_ty #where_clause {
                #(#inner_attrs)*
                #(#members)*
            }
        }
    }
}
