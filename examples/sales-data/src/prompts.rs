//! Texts that a person starts with, in the client.

use mcp_core::{Content, Message, ResourceContents, Result, prompt};

use crate::db::SalesDb;
use crate::resources::customer_summary;
use crate::suggestions::{customer_ids, tones};
use crate::tone::Tone;

/// Drafts a reply to a customer who asks for a refund.
#[prompt(blocking)]
pub(crate) fn draft_refund_reply(
    /// Customer number, such as `C-1001`.
    #[arg(complete = customer_ids)]
    customer_id: &str,
    /// How the letter should sound: `formal`, `friendly` or `brief`.
    #[arg(complete = tones)]
    tone: Tone,
    sales: &SalesDb,
) -> Result<[Message; 2]> {
    // An unknown customer ends here, in the words of the resource.
    let summary = customer_summary(customer_id, sales)?;
    let json = ResourceContents::text(serde_json::to_string(&summary)?);
    let known = Content::embedded(
        customer_summary::uri(customer_id),
        json.mime_type("application/json"),
    );
    let task = format!(
        "Write a {} reply to {}, who asks for a refund. What they bought so far is above; promise \
         nothing.",
        tone.name(),
        summary.name
    );
    Ok([Message::user(known), Message::user(task)])
}

#[cfg(test)]
mod tests {
    use mcp_core::HostError;
    use serde_json::{Value, json};

    use crate::testing::Desk;

    async fn draft(customer_id: &str, tone: &str) -> Result<Value, HostError> {
        let arguments = json!({"customer_id": customer_id, "tone": tone});
        let params = json!({"name": "draft_refund_reply", "arguments": arguments});
        Ok(Desk::new()?.ask("prompts/get", params).await)
    }

    #[tokio::test]
    async fn a_draft_knows_the_customer() -> Result<(), HostError> {
        let drafted = draft("C-1001", "brief").await?;
        let drafted = &drafted["result"];
        let known = &drafted["messages"][0]["content"]["resource"];
        assert_eq!(known["uri"], "sales://customers/C-1001/summary");
        assert_eq!(known["mimeType"], "application/json");
        let task = drafted["messages"][1]["content"]["text"].as_str();
        let task = task.unwrap_or_default();
        assert!(
            task.contains("brief") && task.contains("Alder and Finch Bakery"),
            "{task}"
        );
        Ok(())
    }

    #[tokio::test]
    async fn an_unknown_customer_and_an_unknown_tone_are_refused() -> Result<(), HostError> {
        for (customer, tone, named) in [("C-9", "brief", "C-9"), ("C-1001", "rude", "tone")] {
            let refused = draft(customer, tone).await?;
            assert_eq!(refused["error"]["code"], -32602, "{refused}");
            let text = refused["error"]["message"].as_str().unwrap_or_default();
            assert!(text.contains(named), "{text}");
        }
        Ok(())
    }
}
