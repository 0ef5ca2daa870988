//! The tools. Which rows they are asked for was decided before they run, in `rules.rs`.

use mcp_core::{Caller, Result, tool};
use schemars::JsonSchema;
use serde::Serialize;

use crate::employees::{Employee, Employees};
use crate::resources::employee_record;

/// The employees of one team.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Team {
    /// Everybody in it.
    members: Vec<Employee>,
}

/// What one employee earns.
#[tool(read_only, scopes("payroll:read"))]
pub(crate) fn get_salary(
    /// The name that the employee signs in with, such as `alice`.
    username: &str,
    employees: &Employees,
) -> Result<Employee> {
    employee_record(username, employees)
}

/// The team of the user, and what everybody in it earns.
#[tool(read_only, scopes("payroll:team"))]
pub(crate) fn list_team(who: &Caller, employees: &Employees) -> Team {
    Team {
        members: employees.visible_to(who).cloned().collect(),
    }
}

/// What the company pays in salaries per year, in cents. Needs a permission that the user can give.
#[tool(read_only, scopes("payroll:all"), step_up)]
pub(crate) fn total_salaries(employees: &Employees) -> i64 {
    employees.total_cents()
}
