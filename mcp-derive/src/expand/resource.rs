//! What a resource says about itself.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::definition::common_fields;
use super::parts::option;
use super::texts;
use crate::attr::resource::ResourceOptions;
use crate::model::Function;
use crate::param::Param;

pub(super) fn spec(
    function: &Function<'_>,
    options: &ResourceOptions,
    clients: &[&Param],
) -> TokenStream {
    let common = common_fields(function);
    let ResourceOptions {
        uri,
        mime,
        size,
        audience,
        priority,
        ..
    } = options;
    let mime = option(mime.as_ref().map(ToTokens::to_token_stream));
    // In braces, a size of the wrong type is an error by itself, not one of `Some`.
    let size = option(size.as_ref().map(|(_, size)| quote!({ #size })));
    let priority = option(priority.clone());
    let variables = texts::rows(clients);
    quote! {
        __mcp::ResourceSpec {
            uri: #uri,
            #common
            mime_type: #mime,
            size: #size,
            audience: &[#(#audience),*],
            priority: #priority,
            variables: #variables,
        }
    }
}
