//! A resource as a constant: a URI or a template of URIs, and a function pointer.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde_core::Serialize;

use crate::content::{ResourceContents, Role};
use crate::inject::{Call, Request};
use crate::output::{self, Reply, ReplyKind};
use crate::text_args::TextArg;
use crate::tool::Outcome;
use crate::uri_template::Template;

/// What `#[resource]` implements for the marker type that shares the function's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource of a server with the state `{S}`",
    note = "mark the function with `#[resource(\"scheme://path\")]`"
)]
pub trait Resource<S> {
    /// The definition.
    const DEF: ResourceDef<S>;
}

/// A resource of servers with the state `S`.
#[derive(Debug)]
pub struct ResourceDef<S> {
    /// What the resource says about itself.
    pub spec: ResourceSpec,
    /// Reads the variables and runs the function.
    pub read: for<'c> fn(Call<'c, S>) -> Outcome<'c>,
}

impl<S> ResourceDef<S> {
    /// Stands for a definition that could not be expanded, next to the error that says why.
    pub const STUB: Self = Self {
        spec: ResourceSpec {
            uri: "",
            name: "",
            title: None,
            description: "",
            mime_type: None,
            size: None,
            audience: &[],
            priority: None,
            icons: &[],
            scopes: &[],
            step_up: false,
            timeout: None,
            blocking: false,
            variables: &[],
        },
        read: |_| Outcome::now(Reply::refused("this resource did not compile")),
    };
}

/// What a resource says about itself, independent of the state.
#[derive(Clone, Copy, Debug)]
pub struct ResourceSpec {
    /// The URI, or the template of URIs, as written.
    pub uri: &'static str,
    /// The name that programs show.
    pub name: &'static str,
    /// The name that people read.
    pub title: Option<&'static str>,
    /// What the resource holds.
    pub description: &'static str,
    /// Its media type, where it is always the same.
    pub mime_type: Option<&'static str>,
    /// Its size in bytes, where it is always the same.
    pub size: Option<u64>,
    /// For whom it is.
    pub audience: &'static [Role],
    /// How much it matters, from 0 to 1.
    pub priority: Option<f64>,
    /// URLs of pictures.
    pub icons: &'static [&'static str],
    /// Scopes that a caller needs, all of them, to see and read the resource.
    pub scopes: &'static [&'static str],
    /// Whether callers without them see it, and are asked for them when they use it.
    pub step_up: bool,
    /// How long a read may run, if it differs from the server's.
    pub timeout: Option<Duration>,
    /// Whether the function blocks its thread and so runs on the blocking pool.
    pub blocking: bool,
    /// The variables, in the order of the template.
    pub variables: &'static [TextArg],
}

/// What a resource can return: text, [`ResourceContents`], or any value that is `Serialize` and
/// `JsonSchema`, which is sent as JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from a resource",
    label = "not the contents of a resource",
    note = "return text, `mcp_core::ResourceContents` (for bytes, for several parts), or a type \
            that derives `serde::Serialize` and `schemars::JsonSchema` (schemars 1.x)",
    note = "guide: docs/guide/resources.md"
)]
pub trait ResourceOutput {
    /// Writes the contents.
    fn write_contents(self, request: &Request<'_>) -> Reply;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> ResourceOutput for T {
    fn write_contents(self, request: &Request<'_>) -> Reply {
        output::json(&self, request)
    }
}

#[diagnostic::do_not_recommend]
impl ResourceOutput for ResourceContents {
    fn write_contents(self, _: &Request<'_>) -> Reply {
        Reply(ReplyKind::Resource(Box::new(self)))
    }
}

/// A type of a resource variable: read from text, and written into a URI.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written into a URI",
    label = "the variable of a resource is text in both directions",
    note = "implement `std::str::FromStr` and `std::fmt::Display` for it"
)]
pub trait UriValue: fmt::Display {}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display + ?Sized> UriValue for T {}

/// The URI of a resource: its template with these values, in the order of the template.
///
/// The template was checked when it was compiled, so there always is one.
pub fn expand_uri(template: &str, values: &[&dyn UriValue]) -> String {
    let values: Vec<&dyn fmt::Display> = values.iter().map(|value| *value as _).collect();
    Template::parse(template).map_or_else(|_| String::new(), |template| template.expand(&values))
}
