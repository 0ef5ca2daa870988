//! What an editor sees while somebody types: whatever is missing, the function and its marker are
//! in the expansion, so that completion goes on and the name is no error elsewhere.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::kind::Kind;

/// The tokens with one less: each of them in turn, inside groups too.
fn with_one_less(tokens: &TokenStream) -> Vec<TokenStream> {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut out = Vec::new();
    for (at, token) in all.iter().enumerate() {
        let around = |middle: Option<TokenTree>| -> TokenStream {
            let before = all.iter().take(at).cloned();
            before
                .chain(middle)
                .chain(all.iter().skip(at + 1).cloned())
                .collect()
        };
        out.push(around(None));
        if let TokenTree::Group(group) = token {
            for inner in with_one_less(&group.stream()) {
                let group = Group::new(group.delimiter(), inner);
                out.push(around(Some(TokenTree::Group(group))));
            }
        }
    }
    out
}

/// The tokens up to each of them: of a group, up to each of its own, and nothing after it. An
/// editor closes what is open.
fn up_to_each(tokens: &TokenStream) -> Vec<TokenStream> {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut out = Vec::new();
    for (at, token) in all.iter().enumerate() {
        let before: TokenStream = all.iter().take(at).cloned().collect();
        if let TokenTree::Group(group) = token {
            for inner in up_to_each(&group.stream()) {
                let group = TokenTree::Group(Group::new(group.delimiter(), inner));
                out.push(quote!(#before #group));
            }
        }
        out.push(quote!(#before #token));
    }
    out
}

/// The tokens in a row, groups opened.
fn flat(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                out.push(
                    match group.delimiter() {
                        Delimiter::Parenthesis => "(",
                        Delimiter::Brace => "{",
                        Delimiter::Bracket => "[",
                        Delimiter::None => "",
                    }
                    .to_owned(),
                );
                flat(group.stream(), out);
                out.push("end".to_owned());
            }
            other => out.push(other.to_string()),
        }
    }
}

fn has(tokens: &[String], row: &[&str]) -> bool {
    tokens.windows(row.len()).any(|window| window == row)
}

/// Whether the function, and its marker where it has one, survive; and whether an attribute that
/// plain Rust does not know is left anywhere.
fn check(input: &TokenStream, expansion: TokenStream, name: &str, marker: bool) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    flat(input.clone(), &mut before);
    flat(expansion, &mut after);
    if !has(&before, &["fn", name]) {
        return;
    }
    let text = after.join(" ");
    assert!(has(&after, &["fn", name]), "{input}\n{text}");
    assert!(!marker || has(&after, &["enum", name]), "{input}\n{text}");
    // Where the parentheses of the parameters are gone, nothing tells what they were, and what is no
    // block stays as it is.
    let has_parameters = before.iter().any(|token| token == "(");
    if has_parameters && after.iter().any(|token| token == "__mcp") {
        assert!(!has(&after, &["#", "[", "arg"]), "{input}\n{text}");
    }
}

fn functions() -> Vec<(Kind, TokenStream, TokenStream)> {
    vec![
        (
            Kind::Tool,
            quote!(
                name = "get_total",
                read_only,
                scopes("sales:read"),
                timeout = "5s"
            ),
            quote! {
                /// Total sales.
                #[cfg(unix)]
                pub(crate) async fn total<'a>(
                    /// Customer number.
                    #[arg(name = "customerId", length = 1..=20)]
                    customer: &'a str,
                    #[arg(default = 12, range = 1..=60)] mut months: u32,
                    other: Option<Vec<u8>>,
                    sales: &SalesDb,
                ) -> Result<Total<'a>> {
                    sales.total(customer, months).await
                }
            },
        ),
        (
            Kind::Resource,
            quote!(
                "sales://{total}/{year}",
                mime = "text/plain",
                audience("user")
            ),
            quote! {
                /// What was sold.
                fn total(
                    #[arg(name = "total", complete = totals)] it: &str,
                    year: u16,
                ) -> String {
                    it.to_owned()
                }
            },
        ),
        (
            Kind::Prompt,
            quote!(title = "Total"),
            quote! {
                /// Drafts a letter.
                fn total(
                    /// To whom.
                    #[arg(default = "all")]
                    to: &str,
                ) -> String {
                    to.to_owned()
                }
            },
        ),
    ]
}

#[test]
fn a_token_less_leaves_the_function_and_its_marker() {
    let mut inputs = 0;
    for (kind, args, item) in functions() {
        for item in with_one_less(&item) {
            let out = crate::expand::marked(kind, args.clone(), &item);
            check(&item, out, "total", true);
            inputs += 1;
        }
        for args in with_one_less(&args) {
            let out = crate::expand::marked(kind, args, &item);
            check(&item, out, "total", true);
            inputs += 1;
        }
    }
    // Guards against a walk over nothing.
    assert!(inputs > 150, "{inputs}");
}

#[test]
fn what_is_typed_so_far_is_the_function_and_its_marker() {
    let mut inputs = 0;
    for (kind, args, item) in functions() {
        for item in up_to_each(&item) {
            let out = crate::expand::marked(kind, args.clone(), &item);
            check(&item, out, "total", true);
            inputs += 1;
        }
        for args in up_to_each(&args) {
            let out = crate::expand::marked(kind, args, &item);
            check(&item, out, "total", true);
            inputs += 1;
        }
    }
    assert!(inputs > 150, "{inputs}");
}

/// In a block there is no marker, and the other functions are still there too.
#[test]
fn half_a_member_leaves_the_block() {
    let member = quote! {
        /// Adds.
        #[tool(read_only)]
        pub async fn total(
            &self,
            /// What to add.
            #[arg(range = 1..=9)]
            number: u32,
            db: &Db,
        ) -> Result<u32> {
            Ok(self.limit + number)
        }
    };
    let mut inputs = 0;
    for member in with_one_less(&member)
        .into_iter()
        .chain(up_to_each(&member))
    {
        let block = quote! {
            impl Desk {
                /// Begins.
                #[tool]
                fn begin(&self, #[arg(default)] number: u32) {}

                #member
            }
        };
        let out = crate::expand::expose(TokenStream::new(), &block);
        check(&block, out.clone(), "begin", false);
        check(&block, out, "total", false);
        inputs += 1;
    }
    assert!(inputs > 100, "{inputs}");
}

/// A body is never read, so that whatever stands in it reaches the compiler as it was typed.
#[test]
fn half_a_body_stays_as_it_is() {
    let item = quote! {
        /// Adds.
        fn total(a: u32) -> u32 {
            let b = a. ;
            match a { 1 =>
        , } a.
        }
    };
    let out = crate::expand::marked(Kind::Tool, TokenStream::new(), &item);
    let mut tokens = Vec::new();
    flat(out, &mut tokens);
    assert!(
        has(&tokens, &["let", "b", "=", "a", ".", ";"]),
        "{tokens:?}"
    );
    assert!(!has(&tokens, &["compile_error"]), "{tokens:?}");
}
