//! What is suggested while somebody types the name of a log.

use mcp_core::Completing;

use crate::App;

/// One more than a client gets, so that it hears that there are more.
const LIMIT: usize = 101;

/// The logs whose names begin with what was typed. None, when the directory cannot be read: a name can
/// be typed without suggestions.
pub(crate) fn log_names(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let app = with.state::<App>();
    let found = app.and_then(|app| app.logs.names_like(typed, LIMIT).ok());
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use mcp_core::HostError;
    use serde_json::{Value, json};

    use crate::testing::Desk;

    #[tokio::test]
    async fn names_are_suggested_by_their_beginning_and_as_they_come() -> Result<(), HostError> {
        let desk = Desk::new()?;
        desk.write("app.log", "")?;
        desk.write("web.log", "")?;
        assert_eq!(suggested(&desk, "a").await["values"], json!(["app.log"]));
        desk.write("access.log", "")?;
        let both = json!(["access.log", "app.log"]);
        assert_eq!(suggested(&desk, "a").await["values"], both);
        assert_eq!(suggested(&desk, "../").await["values"], json!([]));
        Ok(())
    }

    #[tokio::test]
    async fn of_many_names_the_first_are_suggested() -> Result<(), HostError> {
        let desk = Desk::new()?;
        for number in 100..=200 {
            desk.write(&format!("{number}.log"), "")?;
        }
        let suggested = suggested(&desk, "").await;
        assert_eq!(suggested["values"].as_array().map(Vec::len), Some(100));
        assert_eq!(suggested["hasMore"], true);
        Ok(())
    }

    async fn suggested(desk: &Desk, typed: &str) -> Value {
        let params = json!({
            "ref": {"type": "ref/resource", "uri": "logs://{name}/tail"},
            "argument": {"name": "name", "value": typed},
        });
        desk.ask("completion/complete", params).await["completion"].take()
    }
}
