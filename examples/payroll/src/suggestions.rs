//! What is suggested while somebody types an argument.

use mcp_core::Completing;

use crate::App;

/// Those who begin with what was typed, as far as the user may know of them.
pub(crate) fn usernames(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let (Some(app), Some(caller)) = (with.state::<App>(), with.caller()) else {
        return Vec::new();
    };
    let visible = app.employees.visible_to(caller);
    let names = visible.map(|row| row.username.clone());
    names.filter(|name| name.starts_with(typed)).collect()
}
