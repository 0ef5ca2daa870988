//! What the macros write is silent under every lint of rustc and clippy, whatever a crate denies.
//! Here are tools and states; resources, prompts and blocks are in `lints/kinds.rs`.
//!
//! This file compiles, or it does not: `cargo clippy -p mcp-tests --test lints -- -D warnings` is
//! the test. The lints that rustc leaves to crates ("allowed by default") are denied one by one.

// All groups of rustc.
#![deny(
    warnings,
    unused,
    nonstandard_style,
    future_incompatible,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    keyword_idents,
    let_underscore,
    refining_impl_trait
)]
// What rustc allows by default.
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    impl_trait_redundant_captures,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unstable_features,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
// All groups of clippy. None of the exceptions is there for what the macros write.
#![deny(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::cargo,
    clippy::restriction
)]
#![allow(
    clippy::blanket_clippy_restriction_lints,
    reason = "all restrictions together are what this file is about"
)]
#![allow(
    clippy::multiple_crate_versions,
    reason = "about the dependencies of the workspace"
)]
#![allow(
    clippy::implicit_return,
    clippy::pub_with_shorthand,
    clippy::redundant_pub_crate,
    clippy::separated_literal_suffix,
    reason = "contradict other lints"
)]
#![allow(
    clippy::absolute_paths,
    clippy::arbitrary_source_item_ordering,
    clippy::missing_inline_in_public_items,
    clippy::must_use_candidate,
    clippy::question_mark_used,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::tests_outside_test_module,
    reason = "matters of taste, which the functions below decide and not the macros"
)]

#[path = "lints/kinds.rs"]
pub mod kinds;

use std::sync::Arc;

use mcp_core::testing::Client;
use mcp_core::{
    BuildError, Caller, Context, Progress, Result, Server, State, server_info, tool, tools,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A field of the state that everybody may name.
#[derive(Debug)]
#[non_exhaustive]
pub struct Stock {
    /// Pieces on the shelf.
    pub pieces: u32,
}

/// A trait behind a pointer.
trait Clock: Send + Sync + core::fmt::Debug {
    /// The time.
    fn now(&self) -> u64;
}

/// A clock that stands still.
#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> u64 {
        7
    }
}

/// A field of the state that stays in this file.
#[derive(Debug)]
struct Limit(u32);

/// A state that everybody may name.
#[derive(Debug, State)]
#[non_exhaustive]
pub struct PublicState {
    /// A field behind a pointer.
    pub stock: Arc<Stock>,
    /// A field that no tool borrows.
    #[state(skip)]
    pub skipped: Vec<u8>,
}

/// A state of this file, with fields of all kinds.
#[derive(Debug, State)]
struct PrivateState {
    /// Behind a pointer to a trait object.
    clock: Box<dyn Clock>,
    /// Shared.
    stock: Arc<Stock>,
    /// By value.
    limit: Limit,
}

/// A state without names.
#[derive(Debug, State)]
struct TupleState(Arc<Stock>, Limit);

/// What a tool takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Filter {
    /// Free text.
    pub text: Option<String>,
    /// How to sort.
    pub order: Order,
}

/// How to sort.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
}

/// What a tool gives.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Found {
    /// How many.
    pub count: u32,
}

/// Nothing in, nothing out.
#[tool]
pub fn nothing() {}

/// The first plain one.
#[tool(
    name = "plain.public",
    title = "Plain",
    read_only,
    open_world = false,
    scopes("a", "b")
)]
#[must_use]
pub fn plain(
    /// Any text.
    #[arg(length = 1..=9)]
    text: &str,
    /// Another one.
    language: Option<&str>,
    /// How often.
    #[arg(default = 2, range = 1..=5)]
    times: u8,
    /// A ratio.
    #[arg(default = -0.5, range = ..=1.0)]
    ratio: f64,
    /// A list.
    #[arg(default, length = ..=3)]
    list: Vec<String>,
) -> String {
    let mut words = list;
    words.extend(language.map(str::to_owned));
    format!(
        "{} {ratio} {}",
        text.repeat(usize::from(times)),
        words.join(" ")
    )
}

/// The same in private.
#[tool]
fn private_plain(
    /// A choice.
    #[arg(name = "orderBy", default = Order::Oldest)]
    order: Order,
    /// A choice that may be left out.
    other: Option<Order>,
    limit: &Limit,
) -> Result<u32> {
    if other == Some(order) {
        return Err(mcp_core::Error::new("give two"));
    }
    Ok(limit.0)
}

/// Looks everywhere.
///
/// # Errors
///
/// Never.
#[tool(timeout = "5s")]
pub async fn find(
    /// What to look for.
    filter: Filter,
    stock: &Stock,
    caller: Option<&Caller>,
    cx: &Context,
) -> Result<Found> {
    cx.progress(Progress::new(1_u8));
    tokio::task::yield_now().await;
    let text = filter.text.unwrap_or_default();
    let subject = caller.map_or("", Caller::subject);
    let length = text.len().saturating_add(subject.len());
    let count = stock.pieces.saturating_add(u32::try_from(length)?);
    Ok(Found { count })
}

/// Asks the clock, on a thread of its own.
#[tool(blocking, destructive, idempotent)]
fn time(clock: &dyn Clock, state: &PrivateState) -> u64 {
    clock.now().saturating_add(u64::from(state.limit.0))
}

/// A tool that nobody should use any more; its own definition is no use.
#[tool]
#[deprecated = "ask for the time"]
fn old() {}

/// Tools of a module that nobody else sees.
mod inner {
    /// A tool that is visible in this file only.
    #[mcp_core::tool]
    pub(super) fn restricted() -> bool {
        true
    }

    /// A tool that is visible from outside of its private module.
    #[mcp_core::tool(crate = ::mcp_core)]
    pub(crate) async fn crate_wide(
        /// A text.
        #[arg(default = "x")]
        text: &str,
    ) -> usize {
        core::future::ready(()).await;
        text.len()
    }
}

/// A macro that writes tools.
macro_rules! constant {
    ($($(#[$meta:meta])* $name:ident: $ty:ty = $value:expr;)*) => {
        $(
            $(#[$meta])*
            #[tool]
            #[must_use]
            pub fn $name() -> $ty {
                $value
            }
        )*
    };
}

constant! {
    /// The first.
    first: u8 = 1;
    /// The second.
    second: &'static str = "2";
}

/// A server over the state of this file.
fn private_server() -> core::result::Result<Server, BuildError> {
    let state = PrivateState {
        clock: Box::new(Stopped),
        stock: Arc::new(Stock { pieces: 3 }),
        limit: Limit(2),
    };
    Server::new(server_info!(), state)
        .tools(tools![
            nothing,
            plain,
            private_plain,
            find,
            time,
            inner::restricted,
            inner::crate_wide,
            first,
            second,
            old,
            #[cfg(any())]
            missing,
        ])
        .protocol_names()
        .build()
}

/// A server over a state that everybody may name.
///
/// # Errors
///
/// When two tools have one name, which they do not.
pub fn public_server(state: PublicState) -> core::result::Result<Server, BuildError> {
    /// A tool inside a function.
    #[tool]
    fn local(stock: &Stock) -> u32 {
        stock.pieces
    }

    Server::new(server_info!(), state)
        .tools(tools![find, local])
        .build()
}

/// The structured result of one tool.
async fn call(built: core::result::Result<Server, BuildError>, tool: &str) -> Value {
    match built {
        Ok(server) => {
            let mut result = Client::new(&server).call(tool, json!({})).await;
            result
                .get_mut("structuredContent")
                .map(Value::take)
                .unwrap_or_default()
        }
        Err(error) => Value::from(error.to_string()),
    }
}

/// Here and in the other file.
#[test]
fn silent_servers_build() {
    assert!(private_server().is_ok(), "tools");
    assert_eq!(
        kinds::servers().err().map(|error| error.to_string()),
        None,
        "three servers"
    );
}

/// The tools work as well.
#[tokio::test]
async fn silent_tools_run() {
    assert_eq!(call(private_server(), "time").await, 9_u64, "time");
    let stock = Arc::new(Stock { pieces: 3 });
    let state = PublicState {
        stock: Arc::clone(&stock),
        skipped: Vec::new(),
    };
    assert_eq!(state.skipped.len(), 0, "nothing in there");
    assert_eq!(call(public_server(state), "local").await, 3_u64, "local");
    let tuple = Server::new(server_info!(), TupleState(stock, Limit(4)))
        .tools(tools![private_plain, find])
        .build();
    assert_eq!(call(tuple, "private_plain").await, 4_u64, "limit");
}
