//! Who works here, from a table in the program. A real one would ask its database with the role of the
//! server: the user's token ends at the door, and nothing here could pass it on.

use mcp_core::{Caller, HostError};
use schemars::JsonSchema;
use serde::Serialize;

const TABLE: &str = include_str!("../data/employees.csv");

/// What one employee earns.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Employee {
    /// The name that they sign in with.
    pub(crate) username: String,
    /// Their full name.
    pub(crate) name: String,
    /// The team that they belong to.
    pub(crate) team: String,
    /// Their salary per year, in cents.
    pub(crate) salary_cents: i64,
}

/// All employees.
pub(crate) struct Employees(Vec<Employee>);

impl Employees {
    pub(crate) fn read() -> Result<Self, HostError> {
        let lines = TABLE.lines().skip(1).map(|line| {
            let mut fields = line.split(',').map(str::to_owned);
            let mut field = || {
                let missing = || HostError::new("a line of the table is too short");
                fields.next().ok_or_else(missing)
            };
            Ok::<_, HostError>(Employee {
                username: field()?,
                name: field()?,
                team: field()?,
                salary_cents: field()?.parse()?,
            })
        });
        lines.collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn named(&self, username: &str) -> Option<&Employee> {
        self.0.iter().find(|employee| employee.username == username)
    }

    /// Who the caller is among them. Cognito has the name in its access tokens; the subject is a number
    /// that no table of salaries knows.
    pub(crate) fn of(&self, caller: &Caller) -> Option<&Employee> {
        self.named(&caller.claim::<String>("username")?)
    }

    /// Those whose rows the caller may see: their own and, with the scope, those of their team.
    pub(crate) fn visible_to(&self, caller: &Caller) -> impl Iterator<Item = &Employee> {
        let own = self.of(caller);
        let leads = caller.has_scope("payroll:team");
        self.0.iter().filter(move |row| {
            own.is_some_and(|own| row.username == own.username || leads && row.team == own.team)
        })
    }

    pub(crate) fn total_cents(&self) -> i64 {
        self.0.iter().map(|row| row.salary_cents).sum()
    }
}
