//! The guide, as its pages are in `docs/guide`. `cargo test -p mcp-guide --doc` compiles their programs.

// The pages are prose about products, whose names need no backticks.
#![allow(clippy::doc_markdown)]

/// Declares a module for each page.
macro_rules! pages {
    ($($module:ident $file:literal)*) => {
        $(
            #[doc = include_str!(concat!("../../../docs/guide/", $file))]
            pub mod $module {}
        )*
    };
}

pages! {
    new_project "new-project.md"
    trying_it "trying-it.md"
    arguments "arguments.md"
    state_and_errors "state-and-errors.md"
    asking "asking.md"
    resources "resources.md"
    callers "callers.md"
    results "results.md"
    testing "testing.md"
    container "container.md"
    lambda "lambda.md"
    lambda_or_container "lambda-or-container.md"
    troubleshooting "troubleshooting.md"
}

#[cfg(feature = "exporters-and-secrets")]
#[doc = include_str!("../../../docs/guide/observing.md")]
pub mod observing {}

#[cfg(feature = "exporters-and-secrets")]
#[doc = include_str!("../../../docs/security.md")]
pub mod security {}
