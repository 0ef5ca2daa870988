//! The attribute macros of `mcp-core`.
//!
//! Use them through their re-exports in `mcp_core`, where they are documented; the code that they
//! emit names paths under `mcp_core::__private` and nothing else.
//!
//! Every macro runs through the same stages, one module each: syntax to typed options (`attr`,
//! `item`), options to a model (`model`), rules that only report (`check`), model to tokens
//! (`expand`).

// Library code has no panics: every failure is a value with a text that says what to change.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod attr;
mod check;
mod docs;
mod errors;
mod expand;
mod item;
mod list;
mod model;
mod state;

use proc_macro::TokenStream;

// Documented where users meet it: on the re-export in `mcp_core`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn tool(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::tool(args.into(), &item.into()).into()
}

// The macro `tools!` of `mcp_core`, which documents it, after `$crate;`.
#[allow(missing_docs)]
#[proc_macro]
pub fn tools(list: TokenStream) -> TokenStream {
    list::tools(list.into()).into()
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
        let out = crate::expand::tool(quote!(), &item).to_string();
        assert!(out.contains("compile_error"), "{out}");
        assert!(out.contains("struct Sales ;"), "{out}");
    }
}
