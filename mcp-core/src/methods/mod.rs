//! The methods that clients can call.

mod complete;
mod legacy;
mod listen;
mod lists;
mod prompt;
mod resource;
mod resume;
mod run;
mod tool;

pub(crate) use complete::complete;
#[cfg(all(feature = "http", feature = "seal"))]
pub(crate) use legacy::AWAY;
pub(crate) use legacy::{initialize, one_way, set_log_level, subscribe, unsubscribe};
#[cfg(any(feature = "stdio", all(feature = "http", feature = "seal")))]
pub(crate) use listen::forward;
pub(crate) use listen::listen;
pub(crate) use lists::{list_prompts, list_resources, list_templates, list_tools};
pub(crate) use prompt::get_prompt;
pub(crate) use resource::read_resource;
pub(crate) use tool::call_tool;

/// The text for a caller whose own calls take every place that they may.
const TOO_MANY_OF_YOURS: &str =
    "you are at the limit of concurrent calls; wait until one of them has ended";

/// The text for a client that comes when every place is taken.
const TOO_MANY_CALLS: &str =
    "the server is at its limit of concurrent calls; try again in a moment";
