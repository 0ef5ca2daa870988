//! What is suggested while somebody types an argument.

use mcp_core::Completing;

use crate::App;
use crate::tone::Tone;

/// One more than a client gets, so that it hears that there are more.
const LIMIT: u16 = 101;

/// The tones that begin with what was typed.
pub(crate) fn tones(typed: &str) -> Vec<&'static str> {
    let names = Tone::ALL.into_iter().map(Tone::name);
    names.filter(|name| name.starts_with(typed)).collect()
}

/// The customer numbers that begin with what was typed. None, when the database cannot be asked: a
/// number can be typed without suggestions.
pub(crate) fn customer_ids(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let app = with.state::<App>();
    let found = app.and_then(|app| app.sales.customers_like(typed, LIMIT).ok());
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use mcp_core::HostError;
    use serde_json::{Value, json};

    use crate::testing::Desk;

    /// What a server suggests for an argument.
    async fn suggested(reference: &Value, name: &str, typed: &str) -> Result<Value, HostError> {
        let argument = json!({"name": name, "value": typed});
        let params = json!({"ref": reference, "argument": argument});
        let mut answer = Desk::new()?.ask("completion/complete", params).await;
        Ok(answer["result"]["completion"]["values"].take())
    }

    #[tokio::test]
    async fn tones_are_suggested_by_their_beginning() -> Result<(), HostError> {
        let prompt = json!({"type": "ref/prompt", "name": "draft_refund_reply"});
        for (typed, expected) in [
            ("", json!(["formal", "friendly", "brief"])),
            ("f", json!(["formal", "friendly"])),
            ("x", json!([])),
        ] {
            assert_eq!(suggested(&prompt, "tone", typed).await?, expected);
        }
        Ok(())
    }

    #[tokio::test]
    async fn customers_are_suggested_for_the_prompt_and_the_resource() -> Result<(), HostError> {
        let prompt = json!({"type": "ref/prompt", "name": "draft_refund_reply"});
        let uri = "sales://customers/{customer_id}/summary";
        let resource = json!({"type": "ref/resource", "uri": uri});
        for reference in [prompt, resource] {
            let found = suggested(&reference, "customer_id", "C-102").await?;
            assert_eq!(found.as_array().map(Vec::len), Some(10), "{found}");
            assert_eq!(found[0], "C-1020");
            // What was typed is text, not a pattern.
            assert_eq!(
                suggested(&reference, "customer_id", "C-102_").await?,
                json!([])
            );
        }
        Ok(())
    }
}
