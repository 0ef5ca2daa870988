//! A prompt as a constant: names, arguments and a function pointer.

use std::time::Duration;

use crate::inject::Call;
use crate::output::Reply;
use crate::text_args::TextArg;
use crate::tool::Outcome;

/// What `#[prompt]` implements for the marker type that shares the function's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a prompt of a server with the state `{S}`",
    note = "mark the function with `#[prompt]`"
)]
pub trait Prompt<S> {
    /// The definition.
    const DEF: PromptDef<S>;
}

/// A prompt of servers with the state `S`.
#[derive(Debug)]
pub struct PromptDef<S> {
    /// What the prompt says about itself.
    pub spec: PromptSpec,
    /// Reads the arguments and runs the function.
    pub get: for<'c> fn(Call<'c, S>) -> Outcome<'c>,
}

impl<S> PromptDef<S> {
    /// Stands for a definition that could not be expanded, next to the error that says why.
    pub const STUB: Self = Self {
        spec: PromptSpec {
            name: "",
            title: None,
            description: "",
            icons: &[],
            scopes: &[],
            step_up: false,
            timeout: None,
            blocking: false,
            args: &[],
        },
        get: |_| Outcome::now(Reply::refused("this prompt did not compile")),
    };
}

/// What a prompt says about itself, independent of the state.
#[derive(Clone, Copy, Debug)]
pub struct PromptSpec {
    /// The name that clients ask for.
    pub name: &'static str,
    /// The name that people read.
    pub title: Option<&'static str>,
    /// What the prompt is for.
    pub description: &'static str,
    /// URLs of pictures.
    pub icons: &'static [&'static str],
    /// Scopes that a caller needs, all of them, to see and use the prompt.
    pub scopes: &'static [&'static str],
    /// Whether callers without them see it, and are asked for them when they use it.
    pub step_up: bool,
    /// How long the prompt may take, if it differs from the server's.
    pub timeout: Option<Duration>,
    /// Whether the function blocks its thread and so runs on the blocking pool.
    pub blocking: bool,
    /// The arguments, in the order of the signature.
    pub args: &'static [TextArg],
}
