//! One definition: what the function says about itself, and the pointer that runs it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::call::call;
use super::parts::{duration, option};
use super::{arguments, prompt, resource, tool};
use crate::attr::is_on;
use crate::attr::options::Own;
use crate::kind::Kind;
use crate::model::Function;

/// A value of `ToolDef`, `ResourceDef` or `PromptDef`.
pub(super) struct Definition {
    /// Constants that the definition names.
    pub(super) consts: TokenStream,
    pub(super) def: TokenStream,
}

impl Definition {
    pub(super) fn new(function: &Function<'_>) -> Self {
        let clients = function.clients();
        let (consts, spec) = match &function.own {
            Own::Tool(options) => (
                arguments::consts(&clients),
                tool::spec(function, options, &clients),
            ),
            Own::Resource(options) => (
                TokenStream::new(),
                resource::spec(function, options, &clients),
            ),
            Own::Prompt => (TokenStream::new(), prompt::spec(function, &clients)),
        };
        let call = call(function, &clients);
        let names = Names::of(function.kind());
        let (def, run) = (names.def(), ident(names.run));
        Self {
            consts,
            def: quote!(__mcp::#def { spec: #spec, #run: #call }),
        }
    }

    /// The value as one expression.
    pub(super) fn expression(self) -> TokenStream {
        let Self { consts, def } = self;
        if consts.is_empty() {
            def
        } else {
            quote!({ #consts #def })
        }
    }
}

/// What the parts of a definition are called in `mcp_core`.
pub(super) struct Names {
    implemented: &'static str,
    def: &'static str,
    /// The field with the function pointer.
    run: &'static str,
    /// The method of a call that starts to read what the client sent.
    pub(super) read: &'static str,
    /// The method of a returned value that makes the reply.
    pub(super) reply: &'static str,
}

impl Names {
    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Tool => Self {
                implemented: "Tool",
                def: "ToolDef",
                run: "call",
                read: "arguments",
                reply: "__reply",
            },
            Kind::Resource => Self {
                implemented: "Resource",
                def: "ResourceDef",
                run: "read",
                read: "texts",
                reply: "__contents",
            },
            Kind::Prompt => Self {
                implemented: "Prompt",
                def: "PromptDef",
                run: "get",
                read: "texts",
                reply: "__messages",
            },
        }
    }

    /// The trait of the marker.
    pub(super) fn implemented(&self) -> Ident {
        ident(self.implemented)
    }

    /// The type of the definition.
    pub(super) fn def(&self) -> Ident {
        ident(self.def)
    }
}

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The fields that every spec has.
pub(super) fn common_fields(function: &Function<'_>) -> TokenStream {
    let name = function.wire_name();
    let common = &function.common;
    let (icons, scopes) = (&common.icons, &common.scopes);
    let description = &function.description;
    // In braces, a title of the wrong type is an error by itself, not one of `Some`.
    let title = option(common.title.as_ref().map(|title| quote!({ #title })));
    let timeout = option(common.timeout.as_ref().map(|(_, limit)| duration(*limit)));
    let blocking = function.is_blocking();
    let step_up = is_on(common.step_up.as_ref());
    quote! {
        name: #name,
        title: #title,
        description: #description,
        icons: &[#(#icons),*],
        scopes: &[#(#scopes),*],
        step_up: #step_up,
        timeout: #timeout,
        blocking: #blocking,
    }
}
