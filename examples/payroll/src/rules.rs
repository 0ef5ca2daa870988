//! Who may see which row, decided in one place for tools, resources and prompts alike.

use mcp_core::{Access, Error, Result};

use crate::employees::Employees;

/// Lets nobody reach a row that they may not see. That row answers as one that does not exist.
pub(crate) fn decide(employees: &Employees, access: &Access<'_>) -> Result<()> {
    // Only these two are about no single row; what is added later is until somebody says otherwise.
    if matches!(access.name(), "list_team" | "total_salaries") {
        return Ok(());
    }
    let username = access.argument("username").unwrap_or_default();
    let seen = access.caller().is_some_and(|caller| {
        let mut visible = employees.visible_to(caller);
        visible.any(|row| row.username == username)
    });
    seen.then_some(()).ok_or_else(|| unknown(&username))
}

pub(crate) fn unknown(username: &str) -> Error {
    Error::not_found(format!("no employee `{username}`"))
}
