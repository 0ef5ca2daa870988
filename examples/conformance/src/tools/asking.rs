//! Tools that ask one question, and return what came of it.
//!
//! On 2026-07-28 the client calls again with the answer, and the function runs from its start; on
//! older revisions it waits at the `.await`. The code is the same.

use mcp_core::{Answer, Context, Progress, Result, Sampling, tool};
use serde::Serialize;

use super::forms::{Account, Choices, Name, Profile};

/// Has the client's model answer a prompt.
#[tool]
pub(crate) async fn test_sampling(
    /// What to ask the model.
    prompt: &str,
    cx: &Context,
) -> Result<String> {
    let sampled = cx.sample("answer", Sampling::new(100).user(prompt)).await?;
    let text = sampled.text().unwrap_or_default();
    Ok(format!("LLM response: {text}"))
}

/// Needs a client that lets its model be used, and refuses any other.
#[tool]
pub(crate) async fn test_missing_capability(cx: &Context) -> Result<&'static str> {
    let wanted = Sampling::new(10).user("Say yes.");
    cx.sample("answer", wanted).await?;
    Ok("The client has what this tool needs.")
}

/// Asks the user for a name and an email address.
#[tool]
pub(crate) async fn test_elicitation(
    /// What to tell the user.
    message: &str,
    cx: &Context,
) -> Result<String> {
    let answer = cx.elicit::<Account>("account", message).await?;
    Ok(format!("User response: {}", in_words(&answer)?))
}

/// Asks the user to look over a form that is filled in already.
#[tool]
pub(crate) async fn test_elicitation_sep1034_defaults(cx: &Context) -> Result<String> {
    let answer = cx
        .elicit::<Profile>("profile", "Please look over your profile.")
        .await?;
    Ok(format!("Elicitation completed: {}", in_words(&answer)?))
}

/// Asks the user to choose.
#[tool]
pub(crate) async fn test_elicitation_sep1330_enums(cx: &Context) -> Result<String> {
    let answer = cx.elicit::<Choices>("choices", "Please choose.").await?;
    Ok(format!("Elicitation completed: {}", in_words(&answer)?))
}

/// Asks the user after it has reported progress, so that a client that wants progress gets both in
/// one stream.
#[tool]
pub(crate) async fn test_streaming_elicitation(cx: &Context) -> Result<String> {
    cx.progress(Progress::new(1).of(2).message("about to ask"));
    let answer = cx.elicit::<Name>("user_name", "What is your name?").await?;
    Ok(match answer.accepted() {
        Some(Name { name }) => format!("Hello, {name}!"),
        None => "Hello, whoever you are!".to_owned(),
    })
}

/// What the user did, as text.
fn in_words<T: Serialize>(answer: &Answer<T>) -> Result<String> {
    Ok(match answer {
        Answer::Accepted(content) => {
            let content = serde_json::to_string(content)?;
            format!("action=accept, content={content}")
        }
        Answer::Declined => "action=decline".to_owned(),
        Answer::Cancelled => "action=cancel".to_owned(),
    })
}
