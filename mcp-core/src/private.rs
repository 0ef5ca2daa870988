//! What the expansions of the macros name. Not part of the public interface.

pub use std::default::Default;
pub use std::marker::{Send, Sync};
pub use std::option::Option::{None, Some};
pub use std::result::Result::{self, Err, Ok};
pub use std::time::Duration;

pub use mcp_derive::tools;

pub use crate::args::{Arg, Args, Bounds, ClientArg, DefaultText, Measured, Ranged, as_text};
pub use crate::inject::{Call, Inject, Refusal, State};
pub use crate::output::{Output, PlainReturn, Reply, Returned};
pub use crate::tool::{For, Hints, Outcome, Tool, ToolDef, ToolSpec};
