//! The function as the later stages see it: what its marker says, and its parameters sorted by where
//! their values come from.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, ReturnType};

use crate::attr::common::Common;
use crate::attr::is_on;
use crate::attr::options::{Options, Own};
use crate::docs;
use crate::errors::Errors;
use crate::item::FnItem;
use crate::kind::Kind;
use crate::param::{Param, infer_lifetimes, param};

/// A marked function, taken apart.
pub(crate) struct Function<'a> {
    pub(crate) item: &'a FnItem,
    pub(crate) place: Place,
    pub(crate) common: Common,
    pub(crate) own: Own,
    /// All parameters but `self`, in the order of the signature.
    pub(crate) params: Vec<Param>,
    /// The text for the client: the attribute's, else the doc comment's.
    pub(crate) description: Option<TokenStream>,
    /// The type after `->`, lifetimes made inferable; `()` without one.
    pub(crate) returns: TokenStream,
}

/// Where the function stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// By itself, for servers of any state that has what it borrows.
    Free,
    /// In an exposed `impl` block, for servers whose state is the type.
    Exposed,
}

impl<'a> Function<'a> {
    pub(crate) fn new(
        item: &'a FnItem,
        place: Place,
        options: Options,
        errors: &mut Errors,
    ) -> Self {
        let Options { common, own } = options;
        let params = item
            .sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Receiver(_) => None,
                FnArg::Typed(typed) => param(typed, errors),
            })
            .collect();
        let description = match &common.description {
            Some(expr) => Some(expr.to_token_stream()),
            None => docs::text(&item.attrs),
        };
        let returns = match &item.sig.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => infer_lifetimes(ty.to_token_stream()),
        };
        Self {
            item,
            place,
            common,
            own,
            params,
            description,
            returns,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.own.kind()
    }

    /// The name in the list that clients read.
    pub(crate) fn wire_name(&self) -> String {
        match &self.common.name {
            Some(name) => name.value(),
            None => self.item.sig.ident.unraw().to_string(),
        }
    }

    pub(crate) fn is_async(&self) -> bool {
        self.item.sig.asyncness.is_some()
    }

    pub(crate) fn is_blocking(&self) -> bool {
        is_on(self.common.blocking.as_ref())
    }

    /// The markers that stand beside the one that was read.
    pub(crate) fn other_markers(&self) -> impl Iterator<Item = (Kind, &Attribute)> {
        let markers = self.item.markers(self.common.krate.as_ref());
        // The attribute of a free function is gone when its macro runs, that of a method is not.
        let read = usize::from(self.place == Place::Exposed);
        markers.into_iter().skip(read)
    }

    /// The parameters whose values clients send, in the order in which clients are told of them:
    /// that of the template for a resource, else that of the signature.
    pub(crate) fn clients(&self) -> Vec<&Param> {
        let mut clients: Vec<&Param> = self.params.iter().filter(|it| it.is_client()).collect();
        if let Own::Resource(options) = &self.own {
            let variables = options.variables();
            clients.sort_by_key(|it| {
                let name = it.wire_name();
                variables.iter().position(|variable| *variable == name)
            });
        }
        clients
    }
}
