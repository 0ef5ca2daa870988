//! How much the macro adds to what its user wrote, in tokens: the compiler reads all of them, for
//! every tool of a server.

#![expect(
    clippy::print_stdout,
    reason = "the figures are what somebody who changes them reads"
)]

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::kind::Kind;

/// The tokens with those inside groups; the two delimiters of a group count.
fn tokens(stream: TokenStream) -> usize {
    stream
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 2 + tokens(group.stream()),
            _ => 1,
        })
        .sum()
}

/// What the expansion has and the function has not.
fn added(args: TokenStream, item: &TokenStream) -> usize {
    let expansion = crate::expand::marked(Kind::Tool, args, item);
    tokens(expansion) - tokens(item.clone())
}

/// The same for a tool with so many arguments, each with a text.
fn added_with(arguments: usize) -> usize {
    let names = (0..arguments).map(|index| format_ident!("argument_{index}"));
    let item = quote! {
        /// Adds numbers.
        fn add(#( #[doc = "A summand."] #names: i64 ),*) -> i64 {
            0
        }
    };
    added(quote!(read_only), &item)
}

#[test]
fn a_tool_and_each_of_its_arguments_add_a_bounded_number_of_tokens() {
    let [none, one, two, most] = [0, 1, 2, 16].map(added_with);
    let each = (most - one) / 15;
    println!("a tool adds {none} tokens, one with two arguments {two}, each argument {each}");
    assert!(none <= 370, "{none}");
    assert!(two <= 450, "{two}");
    assert!(each <= 40, "{each}");
}

#[test]
fn a_large_tool_adds_a_bounded_number_of_tokens() {
    let item = quote! {
        /// Total sales for one customer, in cents.
        ///
        /// Refunds are subtracted.
        pub async fn get_total(
            /// Customer number.
            #[arg(name = "customerId", length = 1..=20, header = "Customer")]
            customer: &str,
            /// How many months to look back.
            #[arg(default = 12, range = 1..=60)]
            months: u32,
            /// Only this region.
            region: Option<String>,
            sales: &SalesDb,
            caller: &Caller,
            cx: &Context,
        ) -> Result<Total> {
            sales.total(customer, months).await
        }
    };
    let args = quote!(
        title = "Total",
        read_only,
        scopes("sales:read"),
        timeout = "5s"
    );
    let size = added(args, &item);
    println!("a large tool adds {size} tokens");
    assert!(size <= 850, "{size}");
}
