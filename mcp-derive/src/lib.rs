//! The attribute macros of `mcp-core`.
//!
//! Use them through their re-exports in `mcp_core`, where they are documented; the code that they
//! emit names paths under `mcp_core::__private` and nothing else.
//!
//! Every macro runs through the same stages, one module each: syntax to typed options (`attr`,
//! `item`, `block`, `template`), options to a model (`model`, `param`), rules that only report
//! (`check`), model to tokens (`expand`). What tools, resources and prompts have in common is
//! written once; `kind` tells them apart.

// Library code has no panics: every failure is a value with a text that says what to change.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod attr;
mod block;
mod check;
mod docs;
mod errors;
mod expand;
mod item;
mod kind;
mod list;
mod model;
mod param;
mod state;
mod template;

use proc_macro::TokenStream;

use kind::Kind;

// Documented where users meet it: on the re-export in `mcp_core`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn tool(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::marked(Kind::Tool, args.into(), &item.into()).into()
}

// Documented where users meet it: on the re-export in `mcp_core`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn resource(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::marked(Kind::Resource, args.into(), &item.into()).into()
}

// Documented where users meet it: on the re-export in `mcp_core`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn prompt(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::marked(Kind::Prompt, args.into(), &item.into()).into()
}

// Documented where users meet it: on the re-export in `mcp_core`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn expose(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::expose(args.into(), &item.into()).into()
}

// The macro `tools!` of `mcp_core`, which documents it, after `$crate;`.
#[allow(missing_docs)]
#[proc_macro]
pub fn tools(list: TokenStream) -> TokenStream {
    list::list(Kind::Tool, list.into()).into()
}

// The macro `resources!` of `mcp_core`, which documents it, after `$crate;`.
#[allow(missing_docs)]
#[proc_macro]
pub fn resources(list: TokenStream) -> TokenStream {
    list::list(Kind::Resource, list.into()).into()
}

// The macro `prompts!` of `mcp_core`, which documents it, after `$crate;`.
#[allow(missing_docs)]
#[proc_macro]
pub fn prompts(list: TokenStream) -> TokenStream {
    list::list(Kind::Prompt, list.into()).into()
}

// Documented where users meet it: on the re-export in `mcp_core`.
#[allow(missing_docs)]
#[proc_macro_derive(State, attributes(state))]
pub fn derive_state(item: TokenStream) -> TokenStream {
    state::derive(item.into()).into()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn a_struct_is_refused_and_kept() {
        let item = quote!(
            struct Sales;
        );
        let out = crate::expand::marked(crate::Kind::Tool, quote!(), &item).to_string();
        assert!(out.contains("compile_error"), "{out}");
        assert!(out.contains("struct Sales ;"), "{out}");
    }
}
