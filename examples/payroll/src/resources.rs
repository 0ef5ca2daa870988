//! What clients can read.

use mcp_core::{Result, resource};

use crate::employees::{Employee, Employees};
use crate::rules::unknown;
use crate::suggestions::usernames;

/// What an employee earns.
#[resource(
    "payroll://employees/{username}",
    mime = "application/json",
    scopes("payroll:read")
)]
pub(crate) fn employee_record(
    /// The name that the employee signs in with, such as `alice`.
    #[arg(complete = usernames)]
    username: &str,
    employees: &Employees,
) -> Result<Employee> {
    employees
        .named(username)
        .cloned()
        .ok_or_else(|| unknown(username))
}
