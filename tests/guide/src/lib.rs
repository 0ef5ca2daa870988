//! The guide, as its pages are in `docs/guide`. `cargo test -p mcp-guide --doc` compiles their programs.

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
    troubleshooting "troubleshooting.md"
}
