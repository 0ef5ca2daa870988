//! A tool as a constant: names, an argument table and a function pointer.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use schemars::{Schema, SchemaGenerator};

use crate::args::Arg;
use crate::inject::Call;
use crate::output::Reply;
use crate::prompt::{Prompt, PromptDef};
use crate::resource::{Resource, ResourceDef};

/// What `#[tool]` implements for the marker type that shares the function's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tool of a server with the state `{S}`",
    note = "mark the function with `#[tool]`"
)]
pub trait Tool<S> {
    /// The definition.
    const DEF: ToolDef<S>;
}

/// A tool of servers with the state `S`.
#[derive(Debug)]
pub struct ToolDef<S> {
    /// What the tool says about itself.
    pub spec: ToolSpec,
    /// Reads the arguments and runs the function.
    pub call: for<'c> fn(Call<'c, S>) -> Outcome<'c>,
}

impl<S> ToolDef<S> {
    /// Stands for a definition that could not be expanded, next to the error that says why.
    pub const STUB: Self = Self {
        spec: ToolSpec {
            name: "",
            title: None,
            description: "",
            hints: Hints {
                read_only: None,
                destructive: None,
                idempotent: None,
                open_world: None,
            },
            icons: &[],
            scopes: &[],
            step_up: false,
            timeout: None,
            blocking: false,
            single_use: false,
            budget: None,
            args: &[],
            output: |_| None,
        },
        call: |_| Outcome::now(Reply::refused("this tool did not compile")),
    };
}

/// What a tool says about itself, independent of the state.
#[derive(Clone, Copy, Debug)]
pub struct ToolSpec {
    /// The name that clients call.
    pub name: &'static str,
    /// The name that people read.
    pub title: Option<&'static str>,
    /// The text by which a model chooses the tool.
    pub description: &'static str,
    /// Behaviour hints.
    pub hints: Hints,
    /// URLs of pictures.
    pub icons: &'static [&'static str],
    /// Scopes that a caller needs, all of them, to see and call the tool.
    pub scopes: &'static [&'static str],
    /// Whether callers without them see it, and are asked for them when they use it.
    pub step_up: bool,
    /// How long a call may run, if it differs from the server's.
    pub timeout: Option<Duration>,
    /// Whether the function blocks its thread and so runs on the blocking pool.
    pub blocking: bool,
    /// Whether a state that the tool left with a client counts once.
    pub single_use: bool,
    /// The tokens that a result may have, if they differ from the server's.
    pub budget: Option<u32>,
    /// The arguments, in the order of the signature.
    pub args: &'static [Arg],
    /// The schema of the result, if it has one.
    pub output: fn(&mut SchemaGenerator) -> Option<Schema>,
}

/// Behaviour hints of a tool (`ToolAnnotations`); unset ones keep the protocol's defaults.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    /// The tool changes nothing. Default false.
    pub read_only: Option<bool>,
    /// The tool may destroy something. Default true.
    pub destructive: Option<bool>,
    /// Calling it again with the same arguments changes nothing more. Default false.
    pub idempotent: Option<bool>,
    /// The tool reaches beyond what the server controls. Default true.
    pub open_world: Option<bool>,
}

/// What a call comes to: a reply, or a future of one.
pub enum Outcome<'c> {
    /// The function returned.
    Now(Reply),
    /// The function is asynchronous.
    Later(Pin<Box<dyn Future<Output = Reply> + Send + 'c>>),
}

impl<'c> Outcome<'c> {
    /// The function returned.
    pub fn now(reply: Reply) -> Self {
        Self::Now(reply)
    }

    /// The function is asynchronous. The box has the size of this one future.
    pub fn later(future: impl Future<Output = Reply> + Send + 'c) -> Self {
        Self::Later(Box::pin(future))
    }
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Now(_) => "Now",
            Self::Later(_) => "Later",
        })
    }
}

/// The registrar that [`tools!`](crate::tools) calls, so that a missing provider is reported once,
/// at the tool's name in the list.
#[derive(Debug)]
pub struct For<S>(PhantomData<fn() -> S>);

impl<S> Clone for For<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for For<S> {}

impl<S: 'static> For<S> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }

    /// The definition of one tool.
    pub fn def<T: Tool<S>>(self) -> &'static ToolDef<S> {
        const { &T::DEF }
    }

    /// The definition of one resource.
    pub fn resource<T: Resource<S>>(self) -> &'static ResourceDef<S> {
        const { &T::DEF }
    }

    /// The definition of one prompt.
    pub fn prompt<T: Prompt<S>>(self) -> &'static PromptDef<S> {
        const { &T::DEF }
    }
}
