//! Prompts: with text, with arguments and suggestions for them, with a resource, with a picture, and
//! one that asks the user.

use mcp_core::{Content, Context, Message, ResourceContents, Result, prompt};

use crate::media::PNG;
use crate::tools::forms::Background;

/// A prompt without arguments.
#[prompt]
pub(crate) fn test_simple_prompt() -> &'static str {
    "This is a simple prompt for testing."
}

/// A prompt that repeats its arguments.
#[prompt]
pub(crate) fn test_prompt_with_arguments(
    /// The first argument.
    #[arg(complete = examples)]
    arg1: &str,
    /// The second argument.
    arg2: &str,
) -> String {
    format!("Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")
}

/// What to suggest for what was typed so far.
fn examples(typed: &str) -> Vec<&'static str> {
    let known = ["hello", "test", "testing"];
    known
        .into_iter()
        .filter(|known| known.starts_with(typed))
        .collect()
}

/// A prompt with a resource in it.
#[prompt]
pub(crate) fn test_prompt_with_embedded_resource(
    /// The URI of the resource.
    #[arg(name = "resourceUri")]
    resource_uri: &str,
) -> [Message; 2] {
    let contents = ResourceContents::text("Embedded resource content for testing.");
    [
        Message::user(Content::embedded(
            resource_uri,
            contents.mime_type("text/plain"),
        )),
        Message::user("Please process the embedded resource above."),
    ]
}

/// A prompt with a picture in it.
#[prompt]
pub(crate) fn test_prompt_with_image() -> [Message; 2] {
    [
        Message::user(Content::image(PNG, "image/png")),
        Message::user("Please analyze the image above."),
    ]
}

/// A prompt that asks the user before there is a text.
#[prompt]
pub(crate) async fn test_input_required_result_prompt(cx: &Context) -> Result<String> {
    let answer = cx
        .elicit::<Background>("user_context", "What should the prompt be about?")
        .await?;
    Ok(match answer.accepted() {
        Some(Background { context }) => format!("Use this context: {context}"),
        None => "Do without a context.".to_owned(),
    })
}
