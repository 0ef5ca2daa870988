//! The definition of one tool.
//!
//! For `async fn total(customer: &str, #[arg(default = 12, range = 1..=60)] months: u32,
//! sales: &SalesDb) -> Result<Sales>` it reads, shortened:
//!
//! ```text
//! const _: () = {
//!     use ::mcp_core::__private as __mcp;
//!     const __RANGE_1: __mcp::Bounds<<u32 as __mcp::Ranged>::Bound> = /* 1..=60 */;
//!     impl<__S: __mcp::Send + __mcp::Sync> __mcp::Tool<__S> for total where SalesDb: __mcp::Inject<__S> {
//!         const DEF: __mcp::ToolDef<__S> = __mcp::ToolDef {
//!             spec: __mcp::ToolSpec { name: "total", args: &[..], output: .., .. },
//!             call: |call| {
//!                 let sales = match call.inject::<SalesDb>() { Ok(it) => it, Err(no) => return no };
//!                 let mut args = call.arguments();
//!                 let customer = args.text(0);
//!                 let months = args.value_or::<u32>(1, || 12);
//!                 let months = args.within(1, months, &__RANGE_1, Ranged::number);
//!                 let (Some(customer), Some(months), true) = (customer, months, args.accepted())
//!                     else { return args.refuse() };
//!                 Outcome::later(async move {
//!                     let reply = Returned::<Result<Sales>>::__reply;
//!                     reply(Returned(total(&customer, months, sales).await), call.request())
//!                 })
//!             },
//!         };
//!     }
//! };
//! ```
//!
//! Locals carry mixed-site spans, so that a tool named `call` or `args` still means the user's
//! function; types and bounds carry the user's spans, so that a type error points at the user's
//! token.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit};

use crate::attr::arg::Bounds;
use crate::attr::tool::{Flag, ToolOptions};
use crate::model::{Param, Source, Tool};

/// The definition proper.
pub(crate) fn definition(tool: &Tool<'_>) -> TokenStream {
    let clients: Vec<&Param> = tool
        .params
        .iter()
        .filter(|param| param.is_client())
        .collect();
    let consts = clients
        .iter()
        .enumerate()
        .map(|(index, param)| bounds_consts(index, param));
    let args = clients
        .iter()
        .enumerate()
        .map(|(index, param)| arg(index, param));
    let spec = spec(tool, &quote!(&[#(#args),*]));
    let call = call(tool, &clients);
    let injected = tool.params.iter().filter_map(|param| match &param.source {
        Source::Injected { ty, .. } => Some(quote_spanned!(ty.span()=> #ty: __mcp::Inject<__S>)),
        Source::Text { .. } | Source::Value(_) => None,
    });
    implement(
        tool,
        &quote!(#(#consts)*),
        &quote!(#(#injected,)*),
        &quote!(__mcp::ToolDef { spec: #spec, call: #call }),
    )
}

/// A definition that type-checks for any state, for a tool whose real one has mistakes.
pub(crate) fn stub(tool: &Tool<'_>) -> TokenStream {
    implement(
        tool,
        &TokenStream::new(),
        &TokenStream::new(),
        &quote!(__mcp::ToolDef::STUB),
    )
}

fn implement(
    tool: &Tool<'_>,
    consts: &TokenStream,
    bounds: &TokenStream,
    def: &TokenStream,
) -> TokenStream {
    let cfgs = tool.item.cfgs();
    let marker = &tool.item.sig.ident;
    let krate = match &tool.options.krate {
        Some(path) => path.to_token_stream(),
        None => quote!(::mcp_core),
    };
    quote! {
        #(#cfgs)*
        #[allow(
            deprecated, unused_imports, unused_qualifications, clippy::default_numeric_fallback
        )]
        const _: () = {
            use #krate::__private as __mcp;
            use __mcp::PlainReturn as _;
            #consts
            #[automatically_derived]
            impl<__S: __mcp::Send + __mcp::Sync> __mcp::Tool<__S> for #marker
            where
                #bounds
            {
                const DEF: __mcp::ToolDef<__S> = #def;
            }
        };
    }
}

fn spec(tool: &Tool<'_>, args: &TokenStream) -> TokenStream {
    let name = tool.wire_name();
    let ToolOptions {
        title,
        scopes,
        timeout,
        ..
    } = &tool.options;
    let description = &tool.description;
    let title = option(title.as_ref().map(ToTokens::to_token_stream));
    let timeout = option(timeout.as_ref().map(|(_, limit)| {
        let millis = Literal::u64_suffixed(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
        quote!(__mcp::Duration::from_millis(#millis))
    }));
    let blocking = tool.is_blocking();
    let hints = hints(&tool.options);
    let output = on_result(tool, "__schema");
    quote! {
        __mcp::ToolSpec {
            name: #name,
            title: #title,
            description: #description,
            hints: #hints,
            scopes: &[#(#scopes),*],
            timeout: #timeout,
            blocking: #blocking,
            args: #args,
            output: #output,
        }
    }
}

/// `Returned::<R>::method`, from the first to the last token of `R`: a type that cannot be returned
/// is then one error over the whole type, however many methods need it.
fn on_result(tool: &Tool<'_>, method: &str) -> TokenStream {
    let returns = &tool.returns;
    let mut spans = returns.clone().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let start = quote_spanned!(first=> __mcp::Returned::<#returns>::);
    let method = Ident::new(method, last);
    quote!(#start #method)
}

fn hints(options: &ToolOptions) -> TokenStream {
    let hint = |flag: &Option<Flag>| option(flag.as_ref().map(|flag| flag.on.to_token_stream()));
    let read_only = hint(&options.read_only);
    let destructive = hint(&options.destructive);
    let idempotent = hint(&options.idempotent);
    let open_world = hint(&options.open_world);
    quote! {
        __mcp::Hints {
            read_only: #read_only,
            destructive: #destructive,
            idempotent: #idempotent,
            open_world: #open_world,
        }
    }
}

/// One row of the argument table.
fn arg(index: usize, param: &Param) -> TokenStream {
    let name = param.wire_name();
    let docs = match &param.docs {
        Some(docs) => docs.clone(),
        None => quote!(""),
    };
    let row = match &param.source {
        Source::Text { optional, span } => {
            let constructor = if *optional {
                quote!(optional_text)
            } else {
                quote!(text)
            };
            quote_spanned!(*span=> __mcp::Arg::#constructor(#name, #docs))
        }
        Source::Value(ty) => {
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
    quote!(#row #default #range #length)
}

/// The constants that hold the bounds, so that each literal occurs once in the expansion.
fn bounds_consts(index: usize, param: &Param) -> TokenStream {
    let limits = |bounds: &Bounds| {
        // In braces, a literal of the wrong type is an error by itself, not one of `Some`.
        let min = option(bounds.min.as_ref().map(|min| quote!({ #min })));
        let max = option(bounds.max.as_ref().map(|max| quote!({ #max })));
        quote_spanned!(bounds.key.span()=> __mcp::Bounds { min: #min, max: #max })
    };
    let ty = match &param.source {
        Source::Text { span, .. } => quote_spanned!(*span=> &'static str),
        Source::Value(ty) => ty.clone(),
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

/// The function pointer: inject, read the arguments, call, reply.
fn call(tool: &Tool<'_>, clients: &[&Param]) -> TokenStream {
    let call = local("call");
    let args = local("args");
    let it = local("it");
    let mutable = (!clients.is_empty()).then(|| quote!(mut));
    let injects = tool
        .params
        .iter()
        .enumerate()
        .filter_map(|(index, param)| match &param.source {
            Source::Injected { ty, optional } => {
                let slot = slot("i", index);
                let method = if *optional {
                    quote!(inject_optional)
                } else {
                    quote!(inject)
                };
                Some(quote! {
                    let #slot = match #call.#method::<#ty>() {
                        __mcp::Ok(#it) => #it,
                        __mcp::Err(#it) => return #it.into_outcome(),
                    };
                })
            }
            Source::Text { .. } | Source::Value(_) => None,
        });
    let getters = clients
        .iter()
        .enumerate()
        .map(|(index, param)| getter(index, param, &args));
    let slots: Vec<Ident> = (0..clients.len()).map(|index| slot("a", index)).collect();

    let mut next_client = 0;
    let values = tool.params.iter().enumerate().map(|(index, param)| {
        if !param.is_client() {
            return slot("i", index).to_token_stream();
        }
        let slot = slot("a", next_client);
        next_client += 1;
        match &param.source {
            Source::Text {
                optional: false, ..
            } => quote!(&*#slot),
            Source::Text { optional: true, .. } => quote!(__mcp::as_text(&#slot)),
            Source::Value(_) | Source::Injected { .. } => slot.to_token_stream(),
        }
    });
    let function = &tool.item.sig.ident;
    let invoke = quote!(#function(#(#values),*));
    let method = on_result(tool, "__reply");
    let reply = local("reply");
    let run = match &tool.item.sig.asyncness {
        Some(asyncness) => {
            let body = quote! {
                let #reply = #method;
                #reply(__mcp::Returned(#invoke.await), #call.request())
            };
            quote_spanned!(asyncness.span()=> __mcp::Outcome::later(async move { #body }))
        }
        None => quote! {
            let #reply = #method;
            __mcp::Outcome::now(#reply(__mcp::Returned(#invoke), #call.request()))
        },
    };
    quote! {
        |#call| {
            #(#injects)*
            let #mutable #args = #call.arguments();
            #(#getters)*
            let (#(__mcp::Some(#slots),)* true) = (#(#slots,)* #args.accepted()) else {
                return #args.refuse();
            };
            #run
        }
    }
}

/// Reads one argument into its slot; a failure is recorded in `args` and leaves `None`.
fn getter(index: usize, param: &Param, args: &Ident) -> TokenStream {
    let slot = slot("a", index);
    let at = Literal::usize_unsuffixed(index);
    let default = param
        .options
        .default
        .as_ref()
        .map(|default| match &default.value {
            Some(value) => value.to_token_stream(),
            None => quote_spanned!(default.key.span()=> __mcp::Default::default()),
        });
    let read = match (&param.source, default) {
        (Source::Text { optional: true, .. }, _) => quote!(#args.optional_text(#at)),
        (Source::Text { .. }, None) => quote!(#args.text(#at)),
        (Source::Text { .. }, Some(default)) => quote!(#args.text_or(#at, || #default)),
        (Source::Value(ty), None) => quote!(#args.value::<#ty>(#at)),
        (Source::Value(ty), Some(default)) => {
            let default = match &param.options.default {
                // A literal becomes whatever text type the parameter has.
                Some(options)
                    if matches!(
                        &options.value,
                        Some(Expr::Lit(ExprLit {
                            lit: Lit::Str(_),
                            ..
                        }))
                    ) =>
                {
                    quote_spanned!(default.span()=> __mcp::DefaultText::from_text(#default))
                }
                _ => default,
            };
            quote!(#args.value_or::<#ty>(#at, || #default))
        }
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
    quote! {
        let #slot = #read;
        #range
        #length
    }
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

fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(__mcp::Some(#tokens)),
        None => quote!(__mcp::None),
    }
}

fn local(name: &str) -> Ident {
    // Hygiene does not keep a user's `const call` or `static args` out of a pattern, the name does.
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

fn slot(kind: &str, index: usize) -> Ident {
    local(&format!("{kind}{index}"))
}
