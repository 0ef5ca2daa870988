//! Texts that a person starts with, in the client.

use mcp_core::{Message, prompt};

use crate::suggestions::usernames;

/// Prepares a salary review with a member of the user's team.
#[prompt(scopes("payroll:team"))]
pub(crate) fn review(
    /// The name that the employee signs in with, such as `alice`.
    #[arg(complete = usernames)]
    username: &str,
) -> Message {
    Message::user(format!(
        "Prepare a salary review with {username}: compare their salary with the rest of the team."
    ))
}
