//! The program that a user writes for Lambda: it compiles as printed, and a tool is at most 40
//! tokens more than the plain function.

use proc_macro2::{TokenStream, TokenTree};

/// The program, next to the database that its author would bring.
#[allow(dead_code)] // a `main` that nobody calls
mod program {
    struct SalesDb;

    impl SalesDb {
        #[allow(clippy::unused_async)] // as a driver would be
        async fn connect() -> std::io::Result<Self> {
            Ok(Self)
        }

        #[allow(clippy::unused_async)]
        async fn total(&self, who: &str, customer: &str, months: u32) -> std::io::Result<i64> {
            let sum = who.len() + customer.len();
            Ok(i64::try_from(sum).unwrap_or(i64::MAX) * i64::from(months))
        }
    }

    include!("design_program/program.rs");

    #[tokio::test]
    async fn the_function_is_still_a_function() {
        let who = Caller::for_tests("ann");
        let sales = get_customer_sales("C-17", 2, &SalesDb, &who).await.unwrap();
        assert_eq!(sales.total_cents, 14);
    }
}

#[test]
fn a_tool_is_at_most_40_tokens_more_than_the_plain_function() {
    let program = count(
        include_str!("design_program/program.rs"),
        &["Sales", "get_customer_sales"],
    );
    let plain = count(
        include_str!("design_program/plain.rs"),
        &["Sales", "get_customer_sales"],
    );
    let more = program - plain;
    println!("plain {plain}, as a tool {program}: {more} more");
    assert!(more <= 40, "{more} tokens more than the plain function");
    // Guards against a count of nothing.
    assert!(plain > 60);
}

/// The tokens of the named items, as the compiler's lexer counts them: `::` and `..=` are one each,
/// comments are none.
fn count(program: &str, items: &[&str]) -> usize {
    let file: syn::File = syn::parse_str(program).unwrap();
    let wanted = |ident: &syn::Ident| items.iter().any(|item| ident == item);
    file.items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Fn(function) if wanted(&function.sig.ident) => {
                Some(quote::ToTokens::to_token_stream(function))
            }
            syn::Item::Struct(structure) if wanted(&structure.ident) => {
                Some(quote::ToTokens::to_token_stream(structure))
            }
            _ => None,
        })
        .map(tokens)
        .sum()
}

fn tokens(stream: TokenStream) -> usize {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut total = 0;
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        index += 1;
        match tree {
            // A doc comment has become `#[doc = "..."]`.
            TokenTree::Punct(hash) if hash.as_char() == '#' && is_doc(trees.get(index)) => {
                index += 1;
            }
            // The first of a run that the lexer joins.
            TokenTree::Punct(punct) if punct.spacing() == proc_macro2::Spacing::Joint => {}
            TokenTree::Group(group) => total += 2 + tokens(group.stream()),
            TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => total += 1,
        }
    }
    total
}

fn is_doc(tree: Option<&TokenTree>) -> bool {
    match tree {
        Some(TokenTree::Group(group)) => group
            .stream()
            .into_iter()
            .next()
            .is_some_and(|first| first.to_string() == "doc"),
        _ => false,
    }
}
