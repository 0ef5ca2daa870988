//! What the expansions of the macros name. Not part of the public interface.

pub use std::default::Default;
pub use std::marker::{Send, Sync};
pub use std::option::Option::{None, Some};
pub use std::result::Result::{self, Err, Ok};
pub use std::string::String;
pub use std::time::Duration;

pub use mcp_derive::{prompts, resources, tools};

pub use crate::args::{
    Arg, Args, Bounds, ClientArg, DefaultText, Items, Listed, Measured, Ranged, as_text,
};
pub use crate::complete::{Complete, Completing};
pub use crate::content::Role;
pub use crate::expose::Exposed;
pub use crate::inject::{Call, Inject, Refusal, State};
pub use crate::message::PromptOutput;
pub use crate::output::{Output, PlainReturn, Reply, Returned};
pub use crate::prompt::{Prompt, PromptDef, PromptSpec};
pub use crate::resource::{
    Resource, ResourceDef, ResourceOutput, ResourceSpec, UriValue, expand_uri,
};
pub use crate::text_args::{TextArg, TextArgs, TextValue};
pub use crate::tool::{For, Hints, Outcome, Tool, ToolDef, ToolSpec};
