//! What the macro writes, for a reader: one snapshot for each kind of item.
//!
//! The last tests prove over the same expansions that nothing in them depends on what the user has
//! in scope: every name of the prelude comes through `__mcp`, every macro through `::core`, and
//! with `crate = ...` nothing looks for `mcp_core`.

mod inputs;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use inputs::{Input, inputs};

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

/// Nothing is reported twice, and nothing is silent: a server that uses such a function does not build.
#[test]
fn what_the_compiler_reports_becomes_a_constant_that_panics() {
    let inferred = quote! {
        /// Adds.
        fn add(numbers: Vec<_>) {}
    };
    let half_typed = quote! {
        /// Adds.
        fn add(numbers: ) {}
    };
    for item in [inferred, half_typed] {
        let out = crate::expand::marked(crate::kind::Kind::Tool, TokenStream::new(), &item);
        let out = out.to_string();
        assert!(!out.contains("compile_error"), "{out}");
        assert!(!out.contains("STUB"), "{out}");
        assert!(out.contains("= :: core :: panic !"), "{out}");
    }
}

/// No list misses a function that has two markers, and callers of `uri` find it.
#[test]
fn a_stub_has_all_that_is_named_elsewhere() {
    let expansion = |name| {
        let inputs = inputs();
        let input = inputs.iter().find(|input| input.name == name).unwrap();
        input.expand().to_string()
    };
    let twice = expansion("prompt_mistake");
    for stub in ["__mcp :: PromptDef :: STUB", "__mcp :: ToolDef :: STUB"] {
        assert!(twice.contains(stub), "{twice}");
    }
    let resource = expansion("resource_mistake");
    let signature = "fn uri (region : & str , year : u16) -> __mcp :: String";
    assert!(resource.contains(signature), "{resource}");
}

/// Whatever is wrong in a block, the block stays and exposes nothing, so that one mistake is one
/// error.
#[test]
fn a_mistake_keeps_the_block_and_empties_the_lists() {
    let inputs = inputs();
    let mistake = inputs
        .iter()
        .find(|input| input.name == "expose_mistake")
        .unwrap();
    let file: syn::File = syn::parse2(mistake.expand()).unwrap();
    let [block, exposed, reports @ ..] = file.items.as_slice() else {
        panic!("{} items", file.items.len());
    };
    assert!(matches!(block, syn::Item::Impl(it) if it.items.len() == 2));
    let exposed = quote!(#exposed).to_string();
    for has in ["fn row_uri", "> Desk < R >", "ToolDef < Self >] = & []"] {
        assert!(exposed.contains(has), "{has}: {exposed}");
    }
    assert_eq!(reports.len(), 1);
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
        let defines = tokens.iter().any(|token| token == "__mcp");
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
                let of_traits = ["DEF", "TOOLS", "RESOURCES", "PROMPTS"];
                let of_users = ["LIMIT", "N"];
                let reserved = token.starts_with("__")
                    || token == "_"
                    || of_traits.contains(&token.as_str())
                    || of_users.contains(&token.as_str());
                assert!(reserved, "`{token}` in `{name}`");
            }
        }
    }
}
