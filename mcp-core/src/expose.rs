//! What `#[expose]` implements for a state whose methods are tools, resources and prompts.

use crate::prompt::PromptDef;
use crate::resource::ResourceDef;
use crate::tool::ToolDef;

/// A state whose methods are tools, resources and prompts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` exposes no methods",
    note = "put `#[expose]` on its `impl` block, and `#[tool]`, `#[resource(..)]` or `#[prompt]` \
            on the methods"
)]
pub trait Exposed: Sized + Send + Sync + 'static {
    /// Its tools, in the order written.
    const TOOLS: &'static [&'static ToolDef<Self>];

    /// Its resources, in the order written.
    const RESOURCES: &'static [&'static ResourceDef<Self>];

    /// Its prompts, in the order written.
    const PROMPTS: &'static [&'static PromptDef<Self>];
}
