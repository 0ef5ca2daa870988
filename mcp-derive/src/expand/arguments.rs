//! Arguments of a tool: the rows of its table, and how each is read.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit};

use super::parts::{default_value, docs, option, slot};
use crate::attr::arg::{Bounds, Function, Items};
use crate::attr::is_on;
use crate::param::{Param, Source};

/// The rows of the table.
pub(super) fn rows(clients: &[&Param]) -> TokenStream {
    let rows = clients.iter().enumerate();
    let rows = rows.map(|(index, param)| row(index, param));
    quote!(&[#(#rows),*])
}

fn row(index: usize, param: &Param) -> TokenStream {
    let name = param.wire_name();
    let docs = docs(param);
    let ty = &param.ty;
    let row = match &param.source {
        Source::Text { optional, span } => {
            let constructor = if *optional {
                quote!(optional_text)
            } else {
                quote!(text)
            };
            quote_spanned!(*span=> __mcp::Arg::#constructor(#name, #docs))
        }
        Source::Value { .. } => {
            quote_spanned!(ty.span()=> __mcp::Arg::value::<#ty>(#name, #docs))
        }
        Source::Injected { .. } => return TokenStream::new(),
    };
    let default = param.options.default.as_ref().map(|default| {
        let shown = option(
            default
                .value
                .as_ref()
                .and_then(json_literal)
                .map(|json| quote!(#json)),
        );
        quote!(.default(#shown))
    });
    let range = param.options.range.as_ref().map(|range| {
        let bounds = range_const(index, &range.key);
        quote_spanned!(range.key.span()=> .range(|| #bounds.to_schema()))
    });
    let length = param.options.length.as_ref().map(|length| {
        let bounds = length_const(index, &length.key);
        quote!(.length(#bounds))
    });
    let pattern = param.options.pattern.as_ref().map(|pattern| {
        let text = &pattern.text;
        quote!(.pattern(#text))
    });
    let items = param.options.items.as_ref().map(|of| items(ty, of));
    let header = param.options.header.as_ref().map(|header| {
        let name = &header.name;
        quote!(.header(#name))
    });
    let audit = audit(param);
    quote!(#row #default #range #length #pattern #items #header #audit)
}

/// Says that audit records show the value.
pub(super) fn audit(param: &Param) -> Option<TokenStream> {
    is_on(param.options.audit.as_ref()).then(|| quote!(.audit()))
}

/// What each item of a list has to be.
fn items(ty: &TokenStream, items: &Items) -> TokenStream {
    let range = items.range.as_ref().map(|range| {
        let limits = limits(range);
        quote_spanned! {range.key.span()=>
            .range(|| {
                const __ITEMS: __mcp::Bounds<
                    <<#ty as __mcp::Listed>::Item as __mcp::Ranged>::Bound
                > = #limits;
                __ITEMS.to_schema()
            })
        }
    });
    let length = items.length.as_ref().map(|length| {
        let limits = limits(length);
        quote!(.length(#limits))
    });
    let pattern = items.pattern.as_ref().map(|pattern| {
        let text = &pattern.text;
        quote!(.pattern(#text))
    });
    quote_spanned!(items.key.span()=> .items(__mcp::Items::NEW #range #length #pattern))
}

fn limits(bounds: &Bounds) -> TokenStream {
    // In braces, a literal of the wrong type is an error by itself, not one of `Some`.
    let min = option(bounds.min.as_ref().map(|min| quote!({ #min })));
    let max = option(bounds.max.as_ref().map(|max| quote!({ #max })));
    quote_spanned!(bounds.key.span()=> __mcp::Bounds { min: #min, max: #max })
}

/// The constants of all arguments.
pub(super) fn consts(clients: &[&Param]) -> TokenStream {
    let clients = clients.iter().enumerate();
    clients
        .map(|(index, param)| bounds_consts(index, param))
        .collect()
}

/// The constants that hold the bounds, so that each literal occurs once in the expansion.
fn bounds_consts(index: usize, param: &Param) -> TokenStream {
    let ty = match &param.source {
        Source::Text { span, .. } => quote_spanned!(*span=> &'static str),
        Source::Value { .. } => param.ty.clone(),
        Source::Injected { .. } => return TokenStream::new(),
    };
    let range = param.options.range.as_ref().map(|bounds| {
        let name = range_const(index, &bounds.key);
        let limits = limits(bounds);
        quote_spanned! {bounds.key.span()=>
            const #name: __mcp::Bounds<<#ty as __mcp::Ranged>::Bound> = #limits;
        }
    });
    let length = param.options.length.as_ref().map(|bounds| {
        let name = length_const(index, &bounds.key);
        let limits = limits(bounds);
        quote_spanned! {bounds.key.span()=>
            const #name: __mcp::Bounds<u32> = #limits;
        }
    });
    quote!(#range #length)
}

fn range_const(index: usize, key: &Ident) -> Ident {
    format_ident!("__RANGE_{index}", span = key.span())
}

fn length_const(index: usize, key: &Ident) -> Ident {
    format_ident!("__LENGTH_{index}", span = key.span())
}

/// Reads one argument into its slot; a failure is recorded in `args` and leaves `None`.
pub(super) fn getter(index: usize, param: &Param, args: &Ident) -> TokenStream {
    let slot = slot("a", index);
    let at = Literal::usize_unsuffixed(index);
    let ty = &param.ty;
    let read = match (&param.source, default_value(param)) {
        (Source::Text { optional: true, .. }, _) => quote!(#args.optional_text(#at)),
        (Source::Text { .. }, None) => quote!(#args.text(#at)),
        (Source::Text { .. }, Some(default)) => quote!(#args.text_or(#at, || #default)),
        (Source::Value { .. }, None) => quote!(#args.value::<#ty>(#at)),
        (Source::Value { .. }, Some(default)) => quote!(#args.value_or::<#ty>(#at, || #default)),
        (Source::Injected { .. }, _) => return TokenStream::new(),
    };
    let range = param.options.range.as_ref().map(|range| {
        let bounds = range_const(index, &range.key);
        let number = quote_spanned!(range.key.span()=> __mcp::Ranged::number);
        checked(
            &slot,
            &range.key,
            &quote!(#args.within),
            &quote!(#at),
            &bounds,
            &number,
        )
    });
    let length = param.options.length.as_ref().map(|length| {
        let bounds = length_const(index, &length.key);
        let number = quote_spanned!(length.key.span()=> __mcp::Measured::length);
        checked(
            &slot,
            &length.key,
            &quote!(#args.measured),
            &quote!(#at),
            &bounds,
            &number,
        )
    });
    let check = param
        .options
        .check
        .as_ref()
        .map(|check| own_check(&slot, param, check, args, &at));
    quote! {
        let #slot = #read;
        #range
        #length
        #check
    }
}

/// Passes a slot through the user's own check, which sees no value that was left out.
fn own_check(
    slot: &Ident,
    param: &Param,
    check: &Function,
    args: &Ident,
    at: &Literal,
) -> TokenStream {
    let path = &check.path;
    let span = Span::mixed_site().located_at(path.span());
    // At the path, so that a function for another type is an error there.
    let it = Ident::new("__it", span);
    let call = match &param.source {
        Source::Text { optional: true, .. } | Source::Value { inner: Some(_) } => {
            let text = matches!(&param.source, Source::Text { .. });
            let value = if text { quote!(&**#it) } else { quote!(#it) };
            quote_spanned! {span=>
                match #it {
                    __mcp::Some(#it) => #path(#value),
                    __mcp::None => __mcp::Ok(()),
                }
            }
        }
        Source::Text { .. } => quote_spanned!(span=> #path(&**#it)),
        _ => quote_spanned!(span=> #path(#it)),
    };
    quote_spanned!(span=> let #slot = #args.checked(#at, #slot, |#it| #call);)
}

/// Passes a slot through a check. What does not have what the check needs is an error at the key.
fn checked(
    slot: &Ident,
    key: &Ident,
    method: &TokenStream,
    at: &TokenStream,
    bounds: &Ident,
    number: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site().located_at(key.span());
    let mut value = slot.clone();
    value.set_span(span);
    quote_spanned!(span=> let #slot = #method(#at, #value, &#bounds, #number);)
}

/// The JSON text of a literal default, to be shown in the schema.
fn json_literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(quote_json(&text.value())),
            Lit::Int(int) => Some(int.base10_digits().to_owned()),
            Lit::Float(float) => Some(float.base10_digits().to_owned()),
            Lit::Bool(bool) => Some(bool.value.to_string()),
            _ => None,
        },
        Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Neg(_),
            expr,
            ..
        }) => json_literal(expr).map(|digits| format!("-{digits}")),
        Expr::Group(group) => json_literal(&group.expr),
        _ => None,
    }
}

fn quote_json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
