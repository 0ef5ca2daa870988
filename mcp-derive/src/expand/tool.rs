//! What a tool says about itself.
//!
//! The whole definition, for `async fn total(customer: &str, #[arg(default = 12, range = 1..=60)]
//! months: u32, sales: &SalesDb) -> Result<Sales>`, reads, shortened:
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

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::arguments;
use super::call::on_result;
use super::definition::common_fields;
use super::parts::option;
use crate::attr::tool::ToolOptions;
use crate::attr::{Flag, is_on};
use crate::model::Function;
use crate::param::Param;

pub(super) fn spec(
    function: &Function<'_>,
    options: &ToolOptions,
    clients: &[&Param],
) -> TokenStream {
    let common = common_fields(function);
    let hints = hints(options);
    let single_use = is_on(options.single_use.as_ref());
    let budget = option(options.budget.as_ref().map(ToTokens::to_token_stream));
    let args = arguments::rows(clients);
    let output = on_result(function, "__schema");
    quote! {
        __mcp::ToolSpec {
            #common
            hints: #hints,
            single_use: #single_use,
            budget: #budget,
            args: #args,
            output: #output,
        }
    }
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
