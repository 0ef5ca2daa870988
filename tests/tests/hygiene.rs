//! Tools mean the same wherever they are written: without the prelude (in this whole file), beside
//! items that are named like the prelude's or like the names inside the expansion, inside
//! functions, under `#[cfg]`, from `macro_rules!`, and through another path to `mcp_core`.
//!
//! Every case runs through a client as well, since code that compiles could still call the wrong
//! function.

#![no_implicit_prelude]
// The signatures are the subject, not what the bodies do with them.
#![allow(
    clippy::elidable_lifetime_names,
    clippy::needless_lifetimes,
    clippy::needless_pass_by_value,
    clippy::non_minimal_cfg,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unused_async
)]

use ::mcp_core::testing::Client;
use ::mcp_core::{BuildError, Caller, Server, server_info, tools};
use ::serde_json::{Value, json};
use ::std::convert::Into as _;
use ::std::string::String;

/// Runs a test; the attribute of tokio needs the prelude itself.
fn run(test: impl ::std::future::Future) {
    let runtime = ::tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(test);
}

/// The text of a result that must not be an error.
fn text(result: &Value) -> String {
    ::std::assert_ne!(result["isError"], true, "{result}");
    let text = result["content"][0]["text"].as_str().unwrap();
    text.into()
}

/// The client of a server that must build.
fn client(server: ::std::result::Result<Server, BuildError>) -> Client {
    Client::new(&server.unwrap())
}

/// Arguments and results.
///
/// The derive of schemars looks for `schemars` in scope, which is why its types stand apart.
mod types {
    use ::schemars;
    use ::std::convert::Into as _;

    /// An argument with fields.
    #[::core::prelude::v1::derive(::serde::Deserialize, ::schemars::JsonSchema)]
    pub(super) struct Filter {
        pub(super) label: ::std::string::String,
        pub(super) limit: ::std::option::Option<usize>,
    }

    /// A result with fields.
    #[::core::prelude::v1::derive(::serde::Serialize, ::schemars::JsonSchema)]
    pub(super) struct Found {
        pub(super) labels: ::std::vec::Vec<::std::string::String>,
    }

    /// A result that is no `std::result::Result`.
    #[::core::prelude::v1::derive(::serde::Serialize, ::schemars::JsonSchema)]
    pub(super) struct Verdict {
        pub(super) ok: bool,
    }

    /// A text that is no `std::string::String`.
    #[::core::prelude::v1::derive(::serde::Deserialize, ::schemars::JsonSchema)]
    pub(super) struct Word {
        pub(super) text: ::std::string::String,
    }
}

/// Every shape of a tool, with nothing in scope but what it names itself.
mod shapes {
    use ::std::borrow::ToOwned as _;
    use ::std::clone::Clone as _;
    use ::std::iter::Iterator as _;

    use super::types::{Filter, Found};

    /// What the tools borrow.
    pub(super) struct Stock {
        /// Pieces on the shelf.
        pub(super) pieces: u32,
    }

    /// The state of the server.
    #[::core::prelude::v1::derive(::mcp_core::State)]
    pub(super) struct App {
        /// A field.
        pub(super) stock: Stock,
        /// A field behind a pointer.
        pub(super) labels: ::std::sync::Arc<Labels>,
        /// A field that nothing borrows.
        #[state(skip)]
        pub(super) second_stock: Stock,
    }

    /// What the tools borrow through a pointer.
    pub(super) struct Labels(pub(super) ::std::vec::Vec<&'static str>);

    /// A result type of the user's own.
    type Answer<T> = ::std::result::Result<T, ::mcp_core::Error>;

    /// Nothing in, nothing out.
    #[::mcp_core::tool]
    pub(super) fn nothing() {}

    /// Text in, text out, borrowed all the way.
    #[::mcp_core::tool]
    pub(super) fn echo<'a>(
        /// Any text.
        #[arg(length = 1..=10)]
        text: &'a str,
    ) -> &'a str {
        text
    }

    /// Defaults of all kinds.
    #[::mcp_core::tool]
    pub(super) fn defaults(
        #[arg(default = 12, range = 1..=60)] months: u32,
        #[arg(default = "short")] style: &str,
        #[arg(default = "owned")] owner: ::std::string::String,
        #[arg(default)] ratio: f64,
        #[arg(default = ::std::vec::Vec::new(), length = ..=2)] tags: ::std::vec::Vec<u8>,
    ) -> ::std::string::String {
        ::std::format!("{months} {style} {owner} {ratio} {}", tags.len())
    }

    /// Arguments that may be left out.
    #[::mcp_core::tool]
    pub(super) fn optional(
        text: ::std::option::Option<&str>,
        #[arg(range = ..=9)] number: ::std::option::Option<i8>,
    ) -> ::std::string::String {
        ::std::format!("{text:?} {number:?}")
    }

    /// A struct in, a struct out, and the state.
    #[::mcp_core::tool]
    pub(super) async fn find(filter: Filter, labels: &Labels) -> Answer<Found> {
        let fits = |label: &&&'static str| label.starts_with(filter.label.as_str());
        let found = labels.0.iter().filter(fits).take(filter.limit.unwrap_or(9));
        let labels = found.map(|label| (*label).to_owned()).collect();
        ::std::result::Result::Ok(Found { labels })
    }

    /// Blocks its thread.
    #[::mcp_core::tool(blocking, timeout = "5s")]
    pub(super) fn count(add: u32, stock: &Stock, app: &App) -> Answer<u32> {
        if add == 0 {
            return ::std::result::Result::Err(::mcp_core::Error::new("add something"));
        }
        ::std::result::Result::Ok(stock.pieces + app.second_stock.pieces + add)
    }

    /// Everything that a request brings along.
    #[::mcp_core::tool]
    pub(super) async fn request(
        cx: &::mcp_core::Context,
        caller: &::mcp_core::Caller,
        again: ::std::option::Option<&::mcp_core::Caller>,
    ) -> ::std::string::String {
        cx.progress(::mcp_core::Progress::new(1));
        let again = again.map(::mcp_core::Caller::subject);
        ::std::format!("{} {again:?}", caller.subject().to_owned().clone())
    }
}

#[::core::prelude::v1::test]
fn tools_need_no_prelude() {
    run(async {
        let state = shapes::App {
            stock: shapes::Stock { pieces: 3 },
            labels: ::std::sync::Arc::new(shapes::Labels(::std::vec!["ab", "ac", "b"])),
            second_stock: shapes::Stock { pieces: 100 },
        };
        let client = client(
            Server::new(server_info!(), state)
                .tools(tools![
                    shapes::nothing,
                    shapes::echo,
                    shapes::defaults,
                    shapes::optional,
                    shapes::find,
                    shapes::count,
                    shapes::request,
                ])
                .build(),
        );
        let nothing = client.call("nothing", json!({})).await;
        ::std::assert_eq!(nothing["content"], json!([]), "{nothing}");
        let echo = client.call("echo", json!({"text": "hé"})).await;
        ::std::assert_eq!(text(&echo), "hé");
        let defaults = client.call("defaults", json!({})).await;
        ::std::assert_eq!(text(&defaults), "12 short owned 0 0");
        let optional = client.call("optional", json!({"text": "x"})).await;
        ::std::assert_eq!(text(&optional), r#"Some("x") None"#);
        let filter = json!({"filter": {"label": "a", "limit": 1}});
        let found = client.call("find", filter).await;
        ::std::assert_eq!(found["structuredContent"], json!({"labels": ["ab"]}));
        let count = client.call("count", json!({"add": 1})).await;
        ::std::assert_eq!(count["structuredContent"], 104);
        let refused = client.call("count", json!({"add": 0})).await;
        ::std::assert_eq!(refused["isError"], true, "{refused}");
        let request = client
            .as_caller(Caller::for_tests("ann"))
            .call("request", json!({}))
            .await;
        ::std::assert_eq!(text(&request), r#"ann Some("ann")"#);
    });
}

/// Every violation is still found: the getters are the right ones.
#[::core::prelude::v1::test]
fn bounds_need_no_prelude() {
    run(async {
        let client = client(
            Server::new(server_info!(), ())
                .tools(tools![shapes::echo, shapes::defaults, shapes::optional])
                .build(),
        );
        for (tool, arguments) in [
            ("echo", json!({"text": ""})),
            ("echo", json!({})),
            ("defaults", json!({"months": 61})),
            ("defaults", json!({"tags": [1, 2, 3]})),
            ("optional", json!({"number": 10})),
        ] {
            let result = client.call(tool, arguments).await;
            ::std::assert_eq!(result["isError"], true, "{result}");
        }
    });
}

/// Items named like those of the prelude, of the crates and of the expansion's own imports.
#[allow(nonstandard_style, dead_code, unused_macros)]
mod shadowed {
    use super::types::{Verdict as Result, Word as String};

    pub(super) struct Option;
    pub(super) struct Vec;
    pub(super) struct Box;
    pub(super) struct Duration;
    pub(super) struct Context;
    pub(super) struct Caller;
    pub(super) struct Error;
    pub(super) struct Args;
    pub(super) struct Bounds;
    pub(super) struct Call;
    pub(super) struct Outcome;
    pub(super) struct Returned;
    pub(super) struct Tool;
    pub(super) struct ToolDef;
    pub(super) struct ToolSpec;
    /// A constant, so that a pattern of this name would be refutable.
    pub(super) const None: u8 = 0;
    pub(super) fn Ok() {}
    pub(super) fn Err() {}
    pub(super) fn Some() {}
    pub(super) fn drop() {}
    pub(super) trait From {}
    pub(super) trait Into {}
    pub(super) trait Default {}
    pub(super) trait Send {}
    pub(super) trait Sync {}
    pub(super) trait Sized {}
    pub(super) trait Fn {}
    pub(super) trait FnOnce {}
    pub(super) trait Future {}
    pub(super) trait Inject {}
    pub(super) trait State {}
    pub(super) trait PlainReturn {}
    mod core {}
    mod std {}
    mod alloc {}
    mod mcp_core {}
    mod schemars {}
    mod serde {}
    macro_rules! concat {
        ($($any:tt)*) => {
            ::core::compile_error!("the wrong `concat!`")
        };
    }
    macro_rules! env {
        ($($any:tt)*) => {
            ::core::compile_error!("the wrong `env!`")
        };
    }

    /// The state of the server.
    #[::core::prelude::v1::derive(::mcp_core::State)]
    pub(super) struct App {
        pub(super) limit: u64,
        pub(super) words: ::std::boxed::Box<Words>,
    }

    /// What a tool borrows.
    pub(super) struct Words(pub(super) &'static str);

    /// The user's own types, by the names they have here.
    #[::mcp_core::tool]
    pub(super) fn own_types(string: String) -> Result {
        Result {
            ok: string.text == "x",
        }
    }

    #[doc = ::core::concat!("The description is", " an expression.")]
    ///
    /// And goes on.
    #[::mcp_core::tool(title = ::core::concat!("Every", " option"), read_only, open_world = false)]
    pub(super) async fn every_option(
        #[arg(default, range = ..=5)] number: u64,
        #[arg(default = "d", length = 1..)] text: &str,
        maybe: ::std::option::Option<&str>,
        limit: &u64,
        words: &Words,
        cx: &::mcp_core::Context,
        caller: ::std::option::Option<&::mcp_core::Caller>,
    ) -> ::mcp_core::Result<::std::string::String> {
        let _ = cx;
        let words = words.0;
        let caller = caller.is_some();
        ::std::result::Result::Ok(::std::format!(
            "{number} {text} {maybe:?} {limit} {words} {caller}"
        ))
    }

    /// A server, with the macros of the crate named in full.
    pub(super) fn server() -> ::std::result::Result<::mcp_core::Server, ::mcp_core::BuildError> {
        let state = App {
            limit: 7,
            words: ::std::boxed::Box::new(Words("w")),
        };
        ::mcp_core::Server::new(::mcp_core::server_info!(), state)
            .tools(::mcp_core::tools![own_types, every_option])
            .build()
    }
}

#[::core::prelude::v1::test]
fn names_of_the_prelude_may_be_taken() {
    run(async {
        let client = client(shadowed::server());
        let own = client
            .call("own_types", json!({"string": {"text": "x"}}))
            .await;
        ::std::assert_eq!(own["structuredContent"], json!({"ok": true}));
        let every = client.call("every_option", json!({"maybe": "m"})).await;
        ::std::assert_eq!(text(&every), r#"0 d Some("m") 7 w false"#);
        let tools = client.tools().await;
        let description = tools[1]["description"].as_str().unwrap();
        ::std::assert_eq!(
            description,
            "The description is an expression.\n\nAnd goes on."
        );
        ::std::assert_eq!(tools[1]["title"], "Every option");
    });
}

/// Tools named like what the expansion names, each with an argument and a borrowed value, so that
/// every local of the expansion is there.
mod named_like_locals {
    /// One tool per name.
    macro_rules! tools_named {
        ($($name:ident)*) => {
            $(
                /// Says its own name.
                #[::mcp_core::tool]
                pub(super) fn $name(
                    /// A number.
                    #[arg(default = 1, range = 0..)]
                    number: u8,
                    /// A text.
                    #[arg(length = ..=3)]
                    text: ::std::option::Option<&str>,
                    cx: &::mcp_core::Context,
                ) -> ::std::string::String {
                    let _ = (cx, text);
                    ::std::format!("{} {number}", ::core::stringify!($name))
                }
            )*

            /// A server of all of them.
            pub(super) fn server(
            ) -> ::std::result::Result<::mcp_core::Server, ::mcp_core::BuildError> {
                ::mcp_core::Server::new(::mcp_core::server_info!(), ())
                    .tools(::mcp_core::tools![$($name),*])
                    .build()
            }

            /// The names.
            pub(super) const NAMES: &[&str] = &[$(::core::stringify!($name)),*];
        };
    }

    tools_named! {
        call args mcp g it a0 a1 i0 i2 refusal list def spec output value text schema inject
        mcp_core core std alloc reply request later now within accepted refuse state number cx
    }
}

#[::core::prelude::v1::test]
fn names_of_the_expansion_may_be_taken() {
    run(async {
        let client = client(named_like_locals::server());
        for name in named_like_locals::NAMES {
            let result = client.call(name, json!({"number": 2})).await;
            ::std::assert_eq!(text(&result), ::std::format!("{name} 2"));
            // The function is still there, under the same name.
            let result = client.call(name, json!({"text": "long"})).await;
            ::std::assert_eq!(result["isError"], true, "{result}");
        }
    });
}

/// Parameters named like what the expansion names, among them two that hide the tool itself.
#[::mcp_core::tool]
fn parameters(call: u8, args: u8, a0: u8, i6: u8, g: u8, it: u8, parameters: u8) -> [u8; 7] {
    [call, args, a0, i6, g, it, parameters]
}

#[::core::prelude::v1::test]
fn parameters_may_have_any_name() {
    run(async {
        let client = client(
            Server::new(server_info!(), ())
                .tools(tools![parameters])
                .build(),
        );
        let arguments =
            json!({"call": 1, "args": 2, "a0": 3, "i6": 4, "g": 5, "it": 6, "parameters": 7});
        let result = client.call("parameters", arguments).await;
        ::std::assert_eq!(result["structuredContent"], json!([1, 2, 3, 4, 5, 6, 7]));
    });
}

/// Raw identifiers lose their `r#` on the way to the client.
#[::mcp_core::tool]
fn r#match(r#type: &str, mut r#in: u8) -> String {
    r#in += 1;
    ::std::format!("{type} {in}")
}

#[::core::prelude::v1::test]
fn raw_identifiers_are_plain_names() {
    run(async {
        let client = client(
            Server::new(server_info!(), ())
                .tools(tools![r#match])
                .build(),
        );
        let result = client.call("match", json!({"type": "t", "in": 1})).await;
        ::std::assert_eq!(text(&result), "t 2");
    });
}

/// A tool, its state and its types may all live in a function.
#[::core::prelude::v1::test]
fn tools_may_be_local_to_a_function() {
    run(async {
        use ::mcp_core as sdk;
        use ::schemars;

        #[::core::prelude::v1::derive(::mcp_core::State)]
        struct Local {
            step: u32,
        }

        #[::core::prelude::v1::derive(::serde::Serialize, ::schemars::JsonSchema)]
        struct Sum {
            sum: u32,
        }

        /// Adds the step.
        #[::mcp_core::tool]
        async fn add(to: u32, step: &u32) -> Sum {
            Sum { sum: to + step }
        }

        /// Adds the step twice, by a path that only this function knows.
        #[::mcp_core::tool(crate = sdk)]
        fn add_twice(to: u32, state: &Local) -> Sum {
            Sum {
                sum: to + 2 * state.step,
            }
        }

        let client = client(
            Server::new(server_info!(), Local { step: 5 })
                .tools(tools![add, add_twice])
                .build(),
        );
        let once = client.call("add", json!({"to": 1})).await;
        ::std::assert_eq!(once["structuredContent"], json!({"sum": 6}));
        let twice = client.call("add_twice", json!({"to": 1})).await;
        ::std::assert_eq!(twice["structuredContent"], json!({"sum": 11}));
    });
}

/// Conditional tools: what is cut away takes its marker and its definition along.
mod conditional {
    /// The condition stands above.
    #[cfg(all())]
    #[::mcp_core::tool]
    pub(super) fn on_above() {}

    /// The condition stands below.
    #[::mcp_core::tool]
    #[cfg(all())]
    pub(super) fn on_below() {}

    /// Names a type that is not there.
    #[cfg(any())]
    #[::mcp_core::tool]
    pub(super) fn off_above(missing: &Missing) {}

    /// Names a type that is not there.
    #[::mcp_core::tool]
    #[cfg(any())]
    pub(super) fn off_below(missing: &Missing) {}

    /// Only with a condition that does not hold.
    #[cfg_attr(any(), ::mcp_core::tool)]
    pub(super) fn plain(missing: &u8) -> u8 {
        *missing
    }

    /// One of two versions.
    #[::mcp_core::tool]
    #[cfg(debug_assertions)]
    pub(super) fn version() -> &'static str {
        "debug"
    }

    /// The other one.
    #[::mcp_core::tool]
    #[cfg(not(debug_assertions))]
    pub(super) fn version() -> &'static str {
        "release"
    }
}

#[::core::prelude::v1::test]
fn conditions_apply_to_the_whole_tool() {
    run(async {
        let client = client(
            Server::new(server_info!(), ())
                .tools(tools![
                    conditional::on_above,
                    conditional::on_below,
                    #[cfg(any())]
                    conditional::off_above,
                    #[cfg(any())]
                    conditional::off_below,
                    conditional::version,
                ])
                .build(),
        );
        ::std::assert_eq!(client.tools().await.len(), 3);
        let version = client.call("version", json!({})).await;
        let expected = if ::core::cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        };
        ::std::assert_eq!(text(&version), expected);
        ::std::assert_eq!(conditional::plain(&1), 1);
    });
}

/// Tools out of `macro_rules!`, every part of which is a fragment.
mod from_macros {
    /// What the tools borrow.
    pub(super) struct Factor(pub(super) i64);

    /// The state of the server.
    #[::core::prelude::v1::derive(::mcp_core::State)]
    pub(super) struct App {
        pub(super) factor: Factor,
    }

    /// One tool.
    macro_rules! tool {
        (
            $(#[$meta:meta])*
            $vis:vis fn $name:ident(
                $(from client $arg:ident: $ty:ty = $default:expr, at least $min:literal;)*
                from server $state:ident: $borrowed:ty
            ) -> $out:ty $body:block
        ) => {
            $(#[$meta])*
            #[::mcp_core::tool]
            $vis fn $name(
                $(
                    #[doc = ::core::concat!("The ", ::core::stringify!($arg))]
                    #[arg(default = $default, range = $min..)]
                    $arg: $ty,
                )*
                $state: $borrowed,
            ) -> $out $body
        };
    }

    tool! {
        /// Multiplies.
        pub(super) fn multiply(
            from client x: i64 = 2 + 2, at least -10;
            from client y: i64 = -3, at least -5;
            from server factor: &Factor
        ) -> ::mcp_core::Result<i64> {
            ::std::result::Result::Ok(x * y * factor.0)
        }
    }

    /// Wrappers of one type each.
    macro_rules! wrappers {
        ($($(#[doc = $doc:literal])* $name:ident: $ty:ty => $out:ty;)*) => {
            $(
                $(#[doc = $doc])*
                #[::mcp_core::tool]
                pub(super) async fn $name(value: $ty) -> $out {
                    ::std::convert::Into::into(value)
                }
            )*

            /// A server of all of them and of `multiply`.
            pub(super) fn server(
            ) -> ::std::result::Result<::mcp_core::Server, ::mcp_core::BuildError> {
                ::mcp_core::Server::new(::mcp_core::server_info!(), App { factor: Factor(10) })
                    .tools(::mcp_core::tools![multiply, $($name),*])
                    .build()
            }
        };
    }

    wrappers! {
        /// A number.
        number: u32 => u64;
        /// Borrowed text.
        text: &str => ::std::string::String;
        /// Text that may be left out.
        maybe_text: ::std::option::Option<&str> => ::std::option::Option<&str>;
        /// A number that may be left out.
        maybe_number: ::std::option::Option<u8> => ::std::option::Option<u8>;
    }

    /// A tool inside of a module out of a macro, with a fragment for the path of the crate.
    macro_rules! module {
        ($module:ident, $krate:ident) => {
            pub(super) mod $module {
                /// Where the crate is.
                pub(super) mod deps {
                    pub(in super::super) use ::mcp_core as $krate;
                }

                /// Gives one.
                #[::mcp_core::tool(crate = super::$module::deps::$krate)]
                pub(in super::super) fn one() -> u8 {
                    1
                }
            }
        };
    }

    module!(inner, sdk);
}

#[::core::prelude::v1::test]
fn macros_may_write_tools() {
    run(async {
        let client = client(from_macros::server());
        let tools = client.tools().await;
        ::std::assert_eq!(tools[0]["description"], "Multiplies.");
        let x = &tools[0]["inputSchema"]["properties"]["x"];
        ::std::assert_eq!(x["minimum"], -10);
        ::std::assert_eq!(x["description"], "The x");
        ::std::assert_eq!(tools[2]["description"], "Borrowed text.");
        for (tool, arguments, expected) in [
            ("multiply", json!({}), json!(-120)),
            ("multiply", json!({"x": 1, "y": 1}), json!(10)),
            ("number", json!({"value": 4}), json!(4)),
            ("maybe_text", json!({"value": "t"}), json!("t")),
            ("maybe_text", json!({}), json!(null)),
            ("maybe_number", json!({"value": 9}), json!(9)),
        ] {
            let result = client.call(tool, arguments).await;
            ::std::assert_eq!(result["structuredContent"], expected, "{tool}: {result}");
        }
        let result = client.call("text", json!({"value": "t"})).await;
        ::std::assert_eq!(text(&result), "t");
        let refused = client.call("multiply", json!({"y": -6})).await;
        ::std::assert_eq!(refused["isError"], true, "{refused}");
    });
}

/// `crate = ...`: paths of every kind lead to the same tool.
mod other_paths {
    /// Where the crate is, for the paths below.
    pub(super) mod deps {
        pub(in super::super) use ::mcp_core as sdk;
    }
    use deps::sdk as near;

    /// An absolute path.
    #[::mcp_core::tool(crate = ::mcp_core)]
    pub(super) fn absolute() -> u8 {
        1
    }

    /// A path from the root of the crate.
    #[::mcp_core::tool(crate = crate::other_paths::deps::sdk)]
    pub(super) fn from_root(
        #[arg(default = 1, range = 1..=3)] number: u8,
        cx: &near::Context,
    ) -> near::Result<u8> {
        let _ = cx;
        ::std::result::Result::Ok(number)
    }

    /// A relative path.
    #[::mcp_core::tool(crate = self::deps::sdk)]
    pub(super) async fn relative(#[arg(length = 1..)] text: &str) -> usize {
        text.len()
    }

    /// A name in scope, in quotes.
    #[::mcp_core::tool(crate = "near", blocking)]
    pub(super) fn quoted() -> u8 {
        1
    }

    /// The same through a module up.
    pub(super) mod below {
        /// A path from the parent.
        #[::mcp_core::tool(crate = super::near)]
        pub(in super::super) fn from_parent() -> u8 {
            1
        }
    }
}

#[::core::prelude::v1::test]
fn the_crate_may_have_another_path() {
    run(async {
        let client = client(
            Server::new(server_info!(), ())
                .tools(tools![
                    other_paths::absolute,
                    other_paths::from_root,
                    other_paths::relative,
                    other_paths::quoted,
                    other_paths::below::from_parent,
                    from_macros::inner::one,
                ])
                .build(),
        );
        for tool in client.tools().await {
            let name = tool["name"].as_str().unwrap();
            let arguments = if name == "relative" {
                json!({"text": "x"})
            } else {
                json!({})
            };
            let result = client.call(name, arguments).await;
            ::std::assert_eq!(result["structuredContent"], 1, "{name}: {result}");
        }
    });
}

/// Constants named like the locals of the expansion, which in a pattern would not be new bindings.
#[allow(nonstandard_style, dead_code)]
mod constants_like_locals {
    pub(super) const g: f64 = 9.81;
    pub(super) const generator: u8 = 0;
    pub(super) const it: u8 = 0;
    pub(super) const refusal: u8 = 0;
    pub(super) static call: u8 = 0;
    pub(super) static args: u8 = 0;
    pub(super) static a0: u8 = 0;
    pub(super) static i1: u8 = 0;

    /// The state of the server.
    #[::core::prelude::v1::derive(::mcp_core::State)]
    pub(super) struct App(pub(super) u8);

    /// Adds what the server has.
    #[::mcp_core::tool]
    pub(super) fn add(number: u8, more: &u8) -> u8 {
        number + more
    }
}

#[::core::prelude::v1::test]
fn constants_may_be_named_like_locals() {
    run(async {
        let client = client(
            Server::new(server_info!(), constants_like_locals::App(2))
                .tools(tools![constants_like_locals::add])
                .build(),
        );
        let result = client.call("add", json!({"number": 1})).await;
        ::std::assert_eq!(result["structuredContent"], 3, "{result}");
    });
}

/// Every option as a fragment, and a state whose fields are.
mod fragments {
    /// What the tool borrows.
    pub(super) struct Shelf(pub(super) u8);

    macro_rules! server {
        (
            $app:ident { $($field:ident: $held:ty = $init:expr),* }
            $name:ident $wire:literal $title:literal $description:expr;
            $flag:literal $scope:literal $timeout:literal $krate:path;
            $arg:literal $default:literal $range:expr;
            $borrowed:ty
        ) => {
            /// The state of the server.
            #[::core::prelude::v1::derive(::mcp_core::State)]
            pub(super) struct $app {
                $($field: $held),*
            }

            #[::mcp_core::tool(
                name = $wire, title = $title, description = $description, read_only = $flag,
                scopes($scope), timeout = $timeout, crate = $krate
            )]
            pub(super) async fn $name(
                #[arg(name = $arg, default = $default)] text: ::std::string::String,
                #[arg(range = $range, default = 1)] number: u8,
                shelf: $borrowed,
            ) -> ::std::string::String {
                ::std::format!("{text} {number} {}", shelf.0)
            }

            /// A server of the tool.
            pub(super) fn server(
            ) -> ::std::result::Result<::mcp_core::Server, ::mcp_core::BuildError> {
                ::mcp_core::Server::new(::mcp_core::server_info!(), $app { $($field: $init),* })
                    .tools(::mcp_core::tools![$name])
                    .build()
            }
        };
    }

    server! {
        App { shelf: ::std::sync::Arc<Shelf> = ::std::sync::Arc::new(Shelf(7)), other: u8 = 1 }
        tool "a_tool" "A tool" "Does it.";
        true "scope" "5s" ::mcp_core;
        "theText" "none" 1..=3;
        &Shelf
    }
}

#[::core::prelude::v1::test]
fn every_option_may_be_a_fragment() {
    run(async {
        let client = client(fragments::server()).as_caller(Caller::local("me"));
        let tools = client.tools().await;
        ::std::assert_eq!(tools[0]["title"], "A tool");
        ::std::assert_eq!(tools[0]["annotations"]["readOnlyHint"], true);
        let result = client.call("a_tool", json!({"theText": "t"})).await;
        ::std::assert_eq!(text(&result), "t 1 7");
    });
}
