//! Every way to write a text.

use mcp_core::{Server, server_info, tool, tools};

const TITLE: &str = "A title";
const TEXT: &str = "From a constant.";

mod texts {
    pub const MORE: &str = "From a constant of a module.";
}

/** A block comment
over two lines. */
#[tool]
fn block(
    /** A parameter. */
    #[arg(default)]
    text: &str,
) -> usize {
    text.len()
}

#[doc = "An attribute."]
#[doc = concat!("With ", "a macro.")]
#[tool(title = TITLE)]
fn attribute() {}

#[tool(description = TEXT)]
fn constant() {}

#[tool(description = texts::MORE, title = concat!("A", " title"))]
fn path() {}

/// This comment is for readers of the code.
#[tool(description = "This text is for models.")]
fn both() {}

///
/// After an empty line:
///
/// - a list
///     with indented lines
///
#[tool]
fn list() {}

/// "Quotes", \\ and {braces}, `code` and größe.
#[tool]
fn signs() {}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![block, attribute, constant, path, both, list, signs])
        .build();
}
