//! What a prompt says about itself.

use proc_macro2::TokenStream;
use quote::quote;

use super::definition::common_fields;
use super::texts;
use crate::model::Function;
use crate::param::Param;

pub(super) fn spec(function: &Function<'_>, clients: &[&Param]) -> TokenStream {
    let common = common_fields(function);
    let args = texts::rows(clients);
    quote!(__mcp::PromptSpec { #common args: #args })
}
