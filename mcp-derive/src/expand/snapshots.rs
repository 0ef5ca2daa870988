//! What the macro writes, for a reader: one snapshot for each kind of tool.
//!
//! The last tests prove over the same expansions that nothing in them depends on what the user has
//! in scope: every name of the prelude comes through `__mcp`, every macro through `::core`, and
//! with `crate = ...` nothing looks for `mcp_core`.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// A macro input: the attribute's arguments and the item.
struct Input {
    name: &'static str,
    args: TokenStream,
    item: TokenStream,
}

impl Input {
    fn new(name: &'static str, args: TokenStream, item: TokenStream) -> Self {
        Self { name, args, item }
    }

    fn expand(&self) -> TokenStream {
        super::tool(self.args.clone(), &self.item)
    }

    /// The same with `crate = my::path`.
    fn expand_renamed(&self) -> TokenStream {
        let args = &self.args;
        let args = if args.is_empty() {
            quote!(crate = my::path)
        } else {
            quote!(#args, crate = my::path)
        };
        super::tool(args, &self.item)
    }
}

/// Every input. No body and no type of these says a name of the prelude, so that all such names in
/// the expansions are the macro's own.
fn inputs() -> Vec<Input> {
    [signatures(), attributes(), mistakes()]
        .into_iter()
        .flatten()
        .collect()
}

/// What the parameters and the result decide.
fn signatures() -> Vec<Input> {
    vec![
        Input::new(
            "plain",
            quote!(),
            quote! {
                /// Adds two numbers.
                ///
                /// Exactly.
                pub fn add(
                    /// First summand.
                    a: i64,
                    b: i64,
                ) -> i64 {
                    a + b
                }
            },
        ),
        Input::new(
            "nothing",
            quote!(),
            quote! {
                /// Does nothing.
                fn nothing() {}
            },
        ),
        Input::new(
            "asynchronous",
            quote!(),
            quote! {
                /// Total sales for one customer, in cents.
                pub(crate) async fn get_total<'a>(
                    sales: &'a SalesDb,
                    /// Customer number.
                    customer_id: &'a str,
                    /// How many months to look back.
                    #[arg(default = 12, range = 1..=60)]
                    months: u32,
                    #[arg(default = -1.5, range = ..=0.0)] growth: f64,
                    #[arg(default = Order::Newest)] order: Order,
                    #[arg(default)] filter: Filter<'a>,
                    caller: std::option::Option<&Caller>,
                    cx: &Context,
                ) -> sdk::Answer<Total<'a>> {
                    sales.total(customer_id, months).await
                }
            },
        ),
        Input::new(
            "blocking",
            quote!(blocking, timeout = "2m"),
            quote! {
                /// Reads the table.
                fn read(
                    #[arg(name = "tableName", default = "a \"b\"\n")] table: Text,
                    #[arg(length = ..=9)] mut columns: List<u8>,
                    db: &mut_free::Db,
                ) -> Answer {
                    db.read(table, columns)
                }
            },
        ),
        Input::new(
            "texts",
            quote!(),
            quote! {
                /// Searches.
                fn search(
                    #[arg(length = 1..=200)] query: &str,
                    #[arg(length = 2..)] language: std::option::Option<&str>,
                    #[arg(default = "all")] scope: &str,
                    #[arg(length = ..=5)] tags: std::option::Option<List<Text>>,
                ) -> Text {
                    query.into()
                }
            },
        ),
    ]
}

/// What attributes decide.
fn attributes() -> Vec<Input> {
    vec![
        Input::new(
            "attributes",
            quote! {
                name = "sales.delete",
                title = texts::TITLE,
                description = "Deletes a sale.",
                read_only = false,
                destructive,
                idempotent = true,
                open_world = false,
                scopes("sales:read", "sales:write"),
                timeout = "500ms",
            },
            quote! {
                #[inline]
                #[allow(clippy::needless_pass_by_value)]
                async fn delete(#[allow(unused)] r#type: Kind) {}
            },
        ),
        Input::new(
            "conditional",
            quote!(read_only),
            quote! {
                #[cfg(feature = "extra")]
                #[doc = ::core::concat!("Only ", "sometimes.")]
                #[doc = " At least."]
                #[cfg(unix)]
                fn sometimes() -> u8 {
                    0
                }
            },
        ),
    ]
}

/// What does not compile.
fn mistakes() -> Vec<Input> {
    vec![
        Input::new(
            "mistake",
            quote!(read_onyl, timeout = "5s"),
            quote! {
                #[cfg(unix)]
                pub fn mistaken(
                    /// A number.
                    #[arg(range = 1..9)]
                    number: u8,
                    db: &Db,
                ) -> u8 {
                    number
                }
            },
        ),
        Input::new(
            "method",
            quote!(),
            quote! {
                /// A method.
                fn method(&self, number: u8) -> u8 {
                    number
                }
            },
        ),
        Input::new(
            "declaration",
            quote!(),
            quote! {
                /// No body.
                fn declared(number: u8) -> u8;
            },
        ),
    ]
}

/// The expansion as rustfmt would write it.
fn pretty(expansion: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(expansion).unwrap())
}

#[test]
fn expansions() {
    for input in inputs() {
        insta::assert_snapshot!(input.name, pretty(input.expand()));
    }
}

/// Whatever is wrong, the function and its marker stay, so that one mistake is one error.
#[test]
fn a_mistake_keeps_the_function_and_the_marker() {
    let inputs = inputs();
    let mistake = inputs.iter().find(|input| input.name == "mistake").unwrap();
    let file: syn::File = syn::parse2(mistake.expand()).unwrap();
    let [function, marker, stub, reports @ ..] = file.items.as_slice() else {
        panic!("{} items", file.items.len());
    };
    assert!(matches!(function, syn::Item::Fn(it) if it.sig.ident == "mistaken"));
    assert!(matches!(marker, syn::Item::Enum(it) if it.ident == "mistaken"));
    let stub = quote!(#stub).to_string();
    assert!(stub.contains("__mcp :: ToolDef :: STUB"), "{stub}");
    // A typing mistake, a range without its end, no description, a limit on an inline function.
    assert_eq!(reports.len(), 4);
}

/// The flat sequence of all tokens, groups opened.
fn flat(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                out.push(format!("{:?}", group.delimiter()));
                flat(group.stream(), out);
                out.push("end".to_owned());
            }
            other => out.push(other.to_string()),
        }
    }
}

/// The tokens of every expansion, with the name of the input.
fn all_tokens(expand: impl Fn(&Input) -> TokenStream) -> Vec<(&'static str, Vec<String>)> {
    let tokens = |input: Input| {
        let mut out = Vec::new();
        flat(expand(&input), &mut out);
        (input.name, out)
    };
    inputs().into_iter().map(tokens).collect()
}

/// Whether the tokens before `at` end in `path`.
fn follows(tokens: &[String], at: usize, path: &[&str]) -> bool {
    let before = tokens.iter().take(at).rev();
    at >= path.len() && before.zip(path.iter().rev()).all(|(a, b)| a == b)
}

#[test]
fn names_of_the_prelude_come_from_the_crate() {
    let variants = ["Some", "None", "Ok", "Err"];
    let others = [
        "Option", "Result", "Box", "Vec", "String", "Default", "From", "Into", "Send", "Sync",
        "Iterator", "Clone", "Copy", "ToString", "ToOwned", "Fn", "FnOnce", "drop", "Duration",
    ];
    for (name, tokens) in all_tokens(Input::expand) {
        for (at, token) in tokens.iter().enumerate() {
            let token = token.as_str();
            if variants.contains(&token) {
                let qualified = follows(&tokens, at, &["__mcp", ":", ":"]);
                assert!(qualified, "`{token}` is bare in `{name}`");
            }
            if others.contains(&token) {
                let qualified = follows(&tokens, at, &[":", ":"]);
                assert!(qualified, "`{token}` is bare in `{name}`");
            }
        }
    }
}

#[test]
fn macros_are_named_from_the_root() {
    for (name, tokens) in all_tokens(Input::expand) {
        for (at, token) in tokens.iter().enumerate() {
            let next = |ahead: usize| tokens.get(at + ahead).map_or("", String::as_str);
            let is_macro = next(1) == "!" && matches!(next(2), "Parenthesis" | "Brace" | "Bracket");
            if is_macro && syn::parse_str::<syn::Ident>(token).is_ok() {
                let qualified = follows(&tokens, at, &[":", ":", "core", ":", ":"]);
                assert!(qualified, "`{token}!` is bare in `{name}`");
            }
        }
    }
}

#[test]
fn the_default_path_is_absolute_and_another_one_replaces_it() {
    for (name, tokens) in all_tokens(Input::expand) {
        for (at, token) in tokens.iter().enumerate() {
            if token == "mcp_core" {
                let absolute = follows(&tokens, at, &["use", ":", ":"]);
                assert!(absolute, "`mcp_core` is relative in `{name}`");
            }
        }
    }
    for (name, tokens) in all_tokens(Input::expand_renamed) {
        assert!(
            !tokens.iter().any(|token| token.contains("mcp_core")),
            "`{name}` looks for `mcp_core`"
        );
        let defines = tokens.iter().any(|token| token == "ToolDef");
        let path = ["use", "my", ":", ":", "path", ":", ":", "__private"];
        let found = tokens.windows(path.len()).any(|window| window == path);
        assert_eq!(defines, found, "`{name}`");
    }
}

/// Items share a namespace with those of the user, unlike locals; theirs is the double underscore.
#[test]
fn items_of_the_expansion_have_reserved_names() {
    for (name, tokens) in all_tokens(Input::expand) {
        for (at, token) in tokens.iter().enumerate() {
            if follows(&tokens, at, &["const"]) || follows(&tokens, at, &["as"]) {
                let reserved = token.starts_with("__") || token == "_" || token == "DEF";
                assert!(reserved, "`{token}` in `{name}`");
            }
        }
    }
}
